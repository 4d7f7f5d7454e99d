"""No test reaches another machine: what passes here passes on a closed network."""

import socket

import pytest

from tests.environment import OutsideNetworkError, is_loopback

PLACES = [
    (("127.0.0.1", 80), True),
    (("127.8.8.8", 80), True),
    (("::1", 80, 0, 0), True),
    (("localhost", 80), True),
    (("", 0), True),
    ("/tmp/a.socket", True),
    (("192.0.2.1", 80), False),
    (("10.0.0.1", 80), False),
    (("2001:db8::1", 80, 0, 0), False),
    (("example.org", 80), False),
]


@pytest.mark.parametrize(("address", "stays"), PLACES)
def test_only_loopback_counts_as_this_machine(address, stays):
    assert is_loopback(address) is stays


def test_it_refuses_a_connection_to_another_machine():
    with socket.socket() as outside, pytest.raises(OutsideNetworkError):
        outside.connect(("192.0.2.1", 9))


def test_it_refuses_to_look_up_a_foreign_name():
    with pytest.raises(OutsideNetworkError):
        socket.getaddrinfo("example.org", 80)


def test_it_lets_a_connection_to_this_machine_through():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        assert server.accept()[1][0] == "127.0.0.1"
