"""Every address of the house, found by walking Django's own URL table."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

# addresses of libraries that hold no data of ours, each with its reason
FOREIGN: dict[str, str] = {}


@dataclass(frozen=True)
class Door:
    """One address: its route as the URL table has it, with the names of its parameters."""

    route: str
    params: tuple[str, ...]

    def address(self, values: dict[str, str]) -> str:
        """Return a real address with `values` for the parameters; a parameter nobody knows is a KeyError."""
        return "/" + _PARAM.sub(lambda found: values[found.group("name")], self.route)


_PARAM = re.compile(r"<(?:(?P<kind>[a-z_]+):)?(?P<name>[a-z_]+)>")


def all_doors() -> list[Door]:
    """Return every address of the house in the order of their routes."""
    return sorted(set(_walk(get_resolver().url_patterns, "")), key=lambda door: door.route)


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[Door]:
    for pattern in patterns:
        route = prefix + _plain(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield Door(route, tuple(found.group("name") for found in _PARAM.finditer(route)))


def _plain(route: str) -> str:
    """Turn the regular expressions of libraries into the plain form: ``^(?P<key>[^/]+)/$`` → ``<key>/``."""
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route)
    return plain.removeprefix("^").removesuffix("$").replace(r"\Z", "")
