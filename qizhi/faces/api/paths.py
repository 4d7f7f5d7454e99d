"""What stands in the path of a call."""

from qizhi.kernel.loop.errors import MatterNotFound
from qizhi.kernel.loop.policy import NUMBER_SHAPE

LONGEST = 24


def read_number(text: str) -> str:
    """Return the number of a matter in its one form.

    Raises:
        MatterNotFound: no number looks like this, so none can be found.
    """
    number = text.strip().upper()
    if len(number) > LONGEST or NUMBER_SHAPE.fullmatch(number) is None:
        raise MatterNotFound
    return number
