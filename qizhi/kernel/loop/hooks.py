"""What the loop lends to other rooms: what live data uses, past cases, carrying matters over, and waiting work."""

from collections.abc import Iterator, Sequence

from qizhi.kernel.accounts.hooks import register_open_work
from qizhi.kernel.modes import hooks as modes
from qizhi.kernel.modes.models import ModeVersion
from qizhi.kernel.modes.trying import PastCase
from qizhi.kernel.units.queries import directory

from .facts import facts_of
from .models import Clock, Matter
from .staffing import open_work

PAST_CASES = 500


def register() -> None:
    """Register all four; called once when the program starts."""
    modes.register_usage(usage)
    modes.register_past_cases(past_cases)
    modes.register_carry_over(carry_over)
    register_open_work(open_work)


def usage() -> modes.Usage:
    """Return what matters use. Units count while a matter is open, kinds and places for good: old pages show them."""
    still = Matter.objects.filter(is_open=True)
    ids = {key for row in still.values_list("holder", "lead", "centre").distinct() for key in row if key}
    ids |= set(
        still.filter(assignments__ended_at=None).values_list("assignments__unit", flat=True).distinct()
    )
    units = directory().by_id
    return modes.Usage(
        kinds=frozenset(Matter.objects.values_list("kind", flat=True).distinct()),
        states=frozenset(still.values_list("kind", "state").distinct()),
        units=frozenset(units[key].code for key in ids if key in units),
        regions=frozenset(Matter.objects.values_list("region_code", flat=True).distinct()),
    )


def past_cases() -> Iterator[PastCase]:
    """Yield the latest matters as far as a mode decides about them, newest first."""
    matters = list(Matter.objects.order_by("-opened_at")[:PAST_CASES])
    starts: dict[object, dict[str, object]] = {}
    for clock in Clock.objects.filter(matter__in=[m.pk for m in matters], round=1):
        starts.setdefault(clock.matter_id, {})[clock.name] = clock.started_at
    for matter in matters:
        yield PastCase(
            number=matter.number,
            kind=matter.kind,
            opened_at=matter.opened_at,
            facts={**facts_of(matter), "difficulty": matter.difficulty},
            starts=starts.get(matter.pk, {}),  # type: ignore[arg-type]
        )


def carry_over(version: ModeVersion, kinds: Sequence[str]) -> None:
    """Let open matters of `kinds` go on under `version`; their states exist there, `apply` has made sure."""
    Matter.objects.filter(is_open=True, kind__in=kinds).update(mode_version=version.number)
