"""From the body of a call to the raw inputs that the loop takes: places from outside, a point from two numbers."""

from collections.abc import Mapping
from typing import Any

from qizhi.kernel.kit import phones
from qizhi.kernel.kit.errors import QizhiError
from qizhi.kernel.loop.choices import Channel
from qizhi.kernel.loop.errors import BadInput
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.queries import region_from_outside

from .schemas.sent import PublicMatterIn

# Of a staff intake: what says how it came in, and is no input of the opening step.
HOW = ("kind", "channel", "code_system")


def public_inputs(sent: PublicMatterIn) -> dict[str, Any]:
    """Return the opening inputs of a citizen's request.

    Raises:
        UnknownRegion, CodeSystemNeeded: as `inside` does.
    """
    said = sent.model_dump(exclude_none=True, exclude={"kind"})
    return with_point(inside(said))


def inside(said: dict[str, Any]) -> dict[str, Any]:
    """Return `said` without `code_system`, its region as the county's own code.

    Raises:
        UnknownRegion, CodeSystemNeeded: the code cannot be read in the named system.
    """
    system = said.pop("code_system", None)
    if system is not None:
        said["region"] = region_from_outside(str(said.get("region", "")), str(system)).code
    return said


def with_point(said: dict[str, Any]) -> dict[str, Any]:
    """Return `said` with `lon` and `lat` joined to the one input `point`."""
    found = {name: said.pop(name) for name in ("lon", "lat") if name in said}
    if found:
        said["point"] = {"lon": None, "lat": None, **found}
    return said


def staff_intake(said: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Return kind, channel and opening inputs of a matter that staff register.

    `channel` is ``api`` and `kind` the mode's only kind when they are absent.

    Raises:
        BadInput: there is no such channel.
        UnknownRegion, CodeSystemNeeded: as `inside` does.
    """
    inputs = {name: value for name, value in said.items() if name not in HOW}
    if "code_system" in said:
        inputs["code_system"] = said["code_system"]
    channel = said.get("channel", Channel.API)
    if channel not in Channel.values:
        raise BadInput(fields={"channel": [BadInput.title]})
    kind = said.get("kind") or next(iter(current().kinds))
    return str(kind), str(channel), with_point(inside(inputs))


def phone_of(sent: PublicMatterIn) -> str:
    """Return the telephone that the limit counts under, in its one form; empty when none can be read."""
    typed = sent.reporter.phone if sent.reporter else None
    try:
        return phones.normalise(typed) if typed else ""
    except QizhiError:
        # the loop will refuse it, and say why
        return ""
