"""What the mode lends to the room of accounts: the roles that may be given, and where each may be held."""

from .errors import NoMode
from .store import current


def roles() -> dict[str, frozenset[str]]:
    """Return the roles of the mode in force in their declared order, each with its kinds of unit.

    Nothing before a pack was applied.

    **Source:** `modes/national/roles.yaml`, `unit_kinds`.
    """
    try:
        declared = current().roles
    except NoMode:
        return {}
    return {key: frozenset(role.unit_kinds) for key, role in declared.items()}
