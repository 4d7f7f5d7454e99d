"""From which network address a request comes."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 - the unspecified address, never bound to
_IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """Return the address of the caller, or the unspecified address when the server does not tell.

    Behind a reverse proxy the last entry of ``X-Forwarded-For`` counts: the proxy itself wrote it, while
    everything before it can be made up by the caller. Without a proxy the header is not looked at.
    """
    if settings.QIZHI.behind_proxy:
        forwarded = _plain(request.headers.get("X-Forwarded-For", "").rpartition(",")[2])
        if forwarded:
            return forwarded
    return _plain(request.META.get("REMOTE_ADDR", "")) or UNKNOWN


def network_of(address: str) -> str:
    """Return what limits count under: an IPv4 address itself, of an IPv6 address the /64 that one customer holds."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, _IPV6_PREFIX), strict=False))
    return str(parsed)


def _plain(text: str) -> str:
    """Return `text` as an address in its usual form, without brackets, zone or port; empty when it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(parsed)
