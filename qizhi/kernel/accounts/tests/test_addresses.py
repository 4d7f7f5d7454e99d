"""The address of the caller: a header that anybody can write is believed only behind our own proxy."""

import pytest
from django.test import RequestFactory

from qizhi.kernel.accounts.addresses import UNKNOWN, client_address, network_of


def ask(remote, forwarded=None):
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("10.1.2.3", None, "10.1.2.3"),
        ("10.1.2.3", "203.0.113.9", "10.1.2.3"),
        ("::ffff:10.1.2.3", None, "10.1.2.3"),
        ("2001:db8:0:0::1", None, "2001:db8::1"),
        ("fe80::1%eth0", None, "fe80::1"),
        ("", None, UNKNOWN),
        ("unix:", None, UNKNOWN),
    ],
)
def test_without_a_proxy_only_the_connection_counts(remote, forwarded, address):
    assert client_address(ask(remote, forwarded)) == address


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the first entry was made up by the caller
        ("203.0.113.9:51234", "203.0.113.9"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("", "127.0.0.1"),
        ("somebody", "127.0.0.1"),
        (None, "127.0.0.1"),
    ],
)
def test_behind_a_proxy_its_own_entry_counts(settings, forwarded, address):
    settings.QIZHI = settings.QIZHI.model_copy(update={"behind_proxy": True})
    assert client_address(ask("127.0.0.1", forwarded)) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("nonsense", UNKNOWN),
    ],
)
def test_limits_count_a_whole_ipv6_network_as_one(address, network):
    assert network_of(address) == network
