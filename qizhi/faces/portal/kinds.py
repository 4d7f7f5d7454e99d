"""Which kind of matter a citizen opens here."""

from qizhi.kernel.kit.errors import Unavailable
from qizhi.kernel.modes.schema import Kind
from qizhi.kernel.modes.store import current

# What the person who sorts it decides, not the person who brings it; for emergencies there are telephone numbers.
NOT_ASKED = frozenset({"category", "urgency"})
# The least that is needed: an identity number is asked for at a window only, where a rule wants it.
REPORTER_ASKED = ("name", "phone")


def public_kind() -> Kind:
    """Return the first kind of the mode in force that citizens may open.

    Raises:
        Unavailable: the mode has none.
    """
    found = next((kind for kind in current().kinds.values() if kind.public), None)
    if found is None:
        raise Unavailable
    return found
