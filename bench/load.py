"""The load generator: a few threads, each with one kept connection over loopback, and a bounded number of calls.

It writes requests to plain sockets, because the machine that measures is the machine that is measured: Python's own
HTTP client would take a third of a core for itself.
"""

import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

HOST = "127.0.0.1"
TIMEOUT_SECONDS = 60.0
PIECE = 65536


@dataclass(frozen=True)
class Call:
    """One request, ready to be sent, and the status that it must get."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    expected: int = 200

    def encoded(self) -> bytes:
        """Return the bytes of the request."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {HOST}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body or self.method == "POST":
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True)
class Answer:
    """Status and body of an answer."""

    status: int
    body: bytes


class Connection:
    """One kept connection; opened anew when the server closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._socket: socket.socket | None = None
        self._left = b""

    def ask(self, call: Call) -> Answer:
        """Send one request and read its answer.

        Raises:
            OSError: the server does not answer; asked once more when a kept connection had been closed meanwhile.
        """
        kept = self._socket is not None
        try:
            return self._ask(call)
        except ConnectionError:
            self.close()
            if not kept:
                raise
            return self._ask(call)

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._left = None, b""

    def _ask(self, call: Call) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection((HOST, self.port), TIMEOUT_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(call.encoded())
        return self._read()

    def _read(self) -> Answer:
        while b"\r\n\r\n" not in self._left:
            self._left += self._more()
        head, _, self._left = self._left.partition(b"\r\n\r\n")
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])
        }
        body = (
            self._chunks() if b"transfer-encoding" in headers else self._take(int(headers[b"content-length"]))
        )
        answer = Answer(int(head[9:12]), body)
        if headers.get(b"connection", b"").lower() == b"close":
            self.close()
        return answer

    def _take(self, length: int) -> bytes:
        pieces = [self._left]
        had = len(self._left)
        while had < length:
            pieces.append(self._more())
            had += len(pieces[-1])
        whole = b"".join(pieces)
        self._left = whole[length:]
        return whole[:length]

    def _chunks(self) -> bytes:
        body = b""
        while True:
            while b"\r\n" not in self._left:
                self._left += self._more()
            size, _, self._left = self._left.partition(b"\r\n")
            piece = self._take(int(size, 16) + 2)[:-2]
            if not piece:
                return body
            body += piece

    def _more(self) -> bytes:
        assert self._socket is not None
        piece = self._socket.recv(PIECE)
        if not piece:
            raise ConnectionResetError
        return piece


@dataclass
class Result:
    """What one or several runs gave: the time of each call in seconds, calls per second by run, and what went wrong.

    `size` is the largest answer in bytes: two runs are compared only when they were told as much.
    """

    seconds: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    size: int = 0

    def add(self, other: "Result") -> None:
        """Take in what another run gave."""
        self.seconds += other.seconds
        self.rates += other.rates
        self.wrong += other.wrong
        self.size = max(self.size, other.size)

    @property
    def median_ms(self) -> float:
        """The middle time of a call in milliseconds."""
        return statistics.median(self.seconds) * 1000 if self.seconds else float("nan")

    @property
    def p95_ms(self) -> float:
        """The time in milliseconds under which 95 of 100 calls stayed."""
        if not self.seconds:
            return float("nan")
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] * 1000

    @property
    def rate(self) -> float:
        """The middle number of calls per second."""
        return statistics.median(self.rates) if self.rates else float("nan")


Chain = Iterable[Call]
Heard = Callable[[Call, Answer], None]


def run(
    port: int,
    chains: Iterator[Chain],
    *,
    concurrency: int,
    seconds: float,
    most: int,
    heard: Heard | None = None,
) -> Result:
    """Send calls from `concurrency` connections until `seconds` are over or `most` calls were sent.

    Arguments:
        chains: each connection takes the next one and sends its calls one after another; every connection gets
            its own next one, so that no two meet on one matter.
        heard: told of each answer, to learn numbers for what follows.
    """
    crew = _Crew(port, chains, time.perf_counter() + seconds, most, heard)
    threads = [threading.Thread(target=crew.work) for _ in range(concurrency)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result = crew.result
    result.rates.append(len(result.seconds) / (time.perf_counter() - begun))
    return result


class _Crew:
    """What the threads of one run share."""

    def __init__(
        self, port: int, chains: Iterator[Chain], until: float, most: int, heard: Heard | None
    ) -> None:
        self.port, self.chains, self.until, self.left, self.heard = port, chains, until, most, heard
        self.lock = threading.Lock()
        self.result = Result()

    def work(self) -> None:
        """Take chains and send their calls, until time or number is used up."""
        connection = Connection(self.port)
        mine = Result()
        while chain := self._next():
            for call in chain:
                if not self._may():
                    break
                self._send(connection, call, mine)
        connection.close()
        with self.lock:
            self.result.add(mine)

    def _next(self) -> Chain | None:
        with self.lock:
            return next(self.chains, None) if self.left > 0 and time.perf_counter() < self.until else None

    def _may(self) -> bool:
        with self.lock:
            self.left -= 1
            return self.left >= 0 and time.perf_counter() < self.until

    def _send(self, connection: Connection, call: Call, mine: Result) -> None:
        begun = time.perf_counter()
        try:
            answer = connection.ask(call)
        except OSError as error:
            connection.close()
            mine.wrong[f"{call.method} {call.path}: {type(error).__name__}"] += 1
            return
        mine.seconds.append(time.perf_counter() - begun)
        mine.size = max(mine.size, len(answer.body))
        if answer.status != call.expected:
            said = answer.body[:300].decode(errors="replace")
            mine.wrong[f"{call.method} {call.path}: {answer.status} {said}"] += 1
        elif self.heard is not None:
            self.heard(call, answer)
