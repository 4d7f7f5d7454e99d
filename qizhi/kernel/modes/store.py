"""The versions of the mode as the running program reads them, kept per process."""

import time

from qizhi.kernel.worktime.calendar import Calendar

from .calendars import calendar_of
from .errors import NoMode
from .models import ModeVersion
from .schema import Kind, Mode

_FRESH_SECONDS = 2.0
_modes: dict[int, Mode] = {}
_calendars: dict[int, Calendar] = {}
_current: tuple[float, int] | None = None


def current_number() -> int:
    """Return the number of the version in force; looked up at most every two seconds.

    Raises:
        NoMode: no pack was applied yet.
    """
    global _current  # noqa: PLW0603 - one copy per process is the point
    if _current is None or time.monotonic() - _current[0] > _FRESH_SECONDS:
        number = ModeVersion.objects.order_by("-number").values_list("number", flat=True).first()
        if number is None:
            raise NoMode
        _current = (time.monotonic(), number)
    return _current[1]


def mode_at(number: int) -> Mode:
    """Return the compiled mode with this version number; versions never change, so they are kept for good."""
    if number not in _modes:
        _modes[number] = Mode.model_validate_json(ModeVersion.objects.get(number=number).compiled)
    return _modes[number]


def current() -> Mode:
    """Return the mode in force."""
    return mode_at(current_number())


def kind_at(number: int, name: str) -> Kind:
    """Return the kind `name` as version `number` has it."""
    return mode_at(number).kinds[name]


def forget() -> None:
    """Drop what is kept, after a version was applied in this process or a test rolled one back."""
    global _current  # noqa: PLW0603 - see current_number
    _current = None
    _modes.clear()
    _calendars.clear()


def calendar_at(number: int) -> Calendar:
    """Return the working calendar that version `number` of the mode carries."""
    if number not in _calendars:
        _calendars[number] = calendar_of(mode_at(number))
    return _calendars[number]
