"""The stream protocol of clamd, for an installation that has a virus scanner; off without its setting.

**Source:** clamd(8), command INSTREAM.
"""

import socket
import struct
from pathlib import Path

from django.conf import settings

from .refusals import Infected, ScannerUnavailable

TIMEOUT_SECONDS = 30
_CHUNK = 1 << 16


def scan(path: Path) -> None:
    """Send the file to the scanner of the setting `clamd_socket` (a path, or `host:port`); without one do nothing.

    Raises `Infected` when something was found, `ScannerUnavailable` when there is no clear answer: what could not
    be scanned does not pass.
    """
    address: str = settings.QIZHI.clamd_socket
    if not address:
        return
    try:
        answer = _ask(address, path)
    except OSError as error:
        raise ScannerUnavailable() from error
    if answer.endswith("FOUND"):
        raise Infected(details={"found": answer.removeprefix("stream: ").removesuffix(" FOUND")})
    if not answer.endswith("OK"):
        raise ScannerUnavailable()


def _ask(address: str, path: Path) -> str:
    with _connect(address) as line, path.open("rb") as file:
        line.sendall(b"zINSTREAM\0")
        while chunk := file.read(_CHUNK):
            line.sendall(struct.pack("!L", len(chunk)) + chunk)
        line.sendall(struct.pack("!L", 0))
        answer = b""
        while len(answer) < 4096 and (part := line.recv(4096)):
            answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(TIMEOUT_SECONDS)
        line.connect(address)
        return line
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        raise OSError("clamd_socket must be a path or host:port")
    return socket.create_connection((host, int(port)), TIMEOUT_SECONDS)
