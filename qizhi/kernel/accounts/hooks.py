"""What rooms that stand above lend to this one: the work that waits for a role, and the roles of the mode."""

import uuid
from collections.abc import Callable, Mapping

OpenWork = Callable[[uuid.UUID, str], int]
Roles = Callable[[], Mapping[str, frozenset[str]]]

_open_work: list[OpenWork] = []
_roles: list[Roles] = []


def register_open_work(function: OpenWork) -> None:
    """Register a function that tells how much open work waits in a unit for a role.

    ``function(unit_id, role)`` gets the key of the unit and the key of the role; it may stop counting early.
    """
    _open_work.append(function)


def register_roles(function: Roles) -> None:
    """Register a function that returns the roles that may be given now, in order, each with its kinds of unit.

    An empty set of kinds says: in any unit. An empty answer says: nothing is declared, every known role counts.
    """
    _roles.append(function)


def open_work(unit_id: uuid.UUID, role: str) -> int:
    """Return how much open work of all rooms waits in the unit for somebody in `role`."""
    return sum(function(unit_id, role) for function in _open_work)


def declared_roles() -> dict[str, frozenset[str]]:
    """Return the roles that may be given now, in order, with the kinds of unit in which each may be held."""
    found: dict[str, frozenset[str]] = {}
    for function in _roles:
        found.update(function())
    return found
