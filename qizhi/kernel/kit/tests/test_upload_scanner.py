"""The virus scanner, against a server that speaks its protocol."""

import socket
import struct
import threading

import pytest

from qizhi.kernel.kit.uploads.refusals import Infected, ScannerUnavailable
from qizhi.kernel.kit.uploads.scanner import scan

VIRUS = b"X5O-A-HARMLESS-STAND-IN"


def read_exactly(line, size):
    data = b""
    while len(data) < size:
        part = line.recv(size - len(data))
        if not part:
            raise ConnectionError
        data += part
    return data


def serve_one(server, seen, answer):
    """Take one file as clamd does and answer."""
    line, _ = server.accept()
    with line:
        assert read_exactly(line, 10) == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack("!L", read_exactly(line, 4))[0]:
            data += read_exactly(line, size)
        seen.append(data)
        line.sendall(answer or (b"stream: Test.Virus FOUND\0" if VIRUS in data else b"stream: OK\0"))


@pytest.fixture(params=["unix", "tcp"])
def clamd(request, tmp_path, settings):
    """A scanner on a socket of its own; returns what it was sent, and a way to set its answer."""
    if request.param == "unix":
        server = socket.socket(socket.AF_UNIX)
        address = str(tmp_path / "c")
        server.bind(address)
    else:
        server = socket.socket()
        server.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{server.getsockname()[1]}"
    server.listen()
    settings.QIZHI = settings.QIZHI.model_copy(update={"clamd_socket": address})
    threads = []

    def start(answer=b""):
        seen: list[bytes] = []
        thread = threading.Thread(target=serve_one, args=(server, seen, answer), daemon=True)
        thread.start()
        threads.append(thread)
        return seen

    yield start
    for thread in threads:
        thread.join(10)
    server.close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "draft"


def test_a_clean_file_passes_and_was_sent_whole(clamd, path):
    path.write_bytes(b"a" * 200_000)
    seen = clamd()
    scan(path)
    assert seen == [b"a" * 200_000]


def test_a_virus_is_named(clamd, path):
    path.write_bytes(b"x" + VIRUS)
    clamd()
    with pytest.raises(Infected) as caught:
        scan(path)
    assert caught.value.details == {"found": "Test.Virus"}
    assert caught.value.code == "file_infected"


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"\xff\xfe\0", b"\0"])
def test_no_clear_answer_is_no_pass(clamd, path, answer):
    path.write_bytes(b"x")
    clamd(answer)
    with pytest.raises(ScannerUnavailable) as caught:
        scan(path)
    assert caught.value.code == "scanner_unavailable"


@pytest.mark.parametrize("address", ["/nowhere/clamd.ctl", "127.0.0.1:1", "clamd"])
def test_a_scanner_that_is_not_there_lets_nothing_pass(settings, path, address):
    path.write_bytes(b"x")
    settings.QIZHI = settings.QIZHI.model_copy(update={"clamd_socket": address})
    with pytest.raises(ScannerUnavailable):
        scan(path)


def test_without_a_setting_nothing_is_asked(settings, path):
    settings.QIZHI = settings.QIZHI.model_copy(update={"clamd_socket": ""})
    scan(path)
