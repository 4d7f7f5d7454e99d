"""Opening a matter: the first step, and all that lists, clocks and the citizen need from then on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db import transaction as database
from django.utils import timezone

from qizhi.kernel.accounts.scope import Actor, ActorKind, Seat
from qizhi.kernel.kit.models import next_number
from qizhi.kernel.kit.prepared import insert, inserting
from qizhi.kernel.modes.routes import choose
from qizhi.kernel.modes.schema import Kind, Mode, Relation
from qizhi.kernel.modes.store import calendar_at, current_number, mode_at
from qizhi.kernel.regions.scope import is_within
from qizhi.kernel.units.queries import Body, directory

from .. import flow
from ..board import Board
from ..choices import Channel, Urgency
from ..errors import AlreadyOpened, NotYours, OutsideScope, ReadOnly, UnknownKind
from ..facts import facts_of
from ..inputs import Desk, clean
from ..models import Leg, Matter, Passage, Step
from ..policy import new_query_code, query_code_key
from ..reporters import reporter_new
from ..sights import sight_keys, sight_rows
from ..steps import facts_digest, new_salt
from ..typed import Typed
from .record import step_close, step_keep, step_new, step_write

INTAKE = "intake"
TITLE_LENGTH, TITLE_MAX, ADDRESS_MAX = 40, 120, 200


@dataclass(frozen=True)
class Opened:
    """A new matter, its first step, and the query code in clear, which is told once and kept only as a hash."""

    matter: Matter
    step: Step
    query_code: str


def matter_open(
    *,
    kind: str,
    actor: Actor,
    inputs: Mapping[str, Any],
    channel: str,
    at: datetime | None = None,
    source_key: str = "",
) -> Opened:
    """Open a matter of `kind` with the raw values of its opening inputs.

    Arguments:
        channel: one of `choices.Channel`.
        at: when it came in; now, unless a past is being replayed.
        source_key: where it was imported from; the same key never opens a second matter.

    Raises:
        UnknownKind: the mode has no such kind, or citizens may not open it.
        ReadOnly, NotYours: the actor may not open this kind.
        OutsideScope: the place lies outside the actor's scope.
        BadInput: some input cannot be taken; nothing was stored.
        AlreadyOpened: a matter with this source key was opened before.

    **Source:** `architecture.md` §5, §8; `domain.md` §5.2.
    """
    moment = at or timezone.now()
    number = current_number()
    mode = mode_at(number)
    declared = mode.kinds.get(kind)
    if declared is None or (actor.kind == ActorKind.CITIZEN and not declared.public):
        raise UnknownKind(details={"kind": kind[:40]})
    _check_role(declared, actor)
    values = clean(declared.opening, inputs, Desk(mode=mode, actor=actor))
    role, seat = _acting(declared, actor, values["region"])
    matter = _matter(declared, values, channel, moment)
    matter.mode_version, matter.source_key = number, source_key
    matter.registrar_id = actor.user_id
    _placed(matter, mode)
    code = new_query_code()
    matter.query_code_key = query_code_key(code)
    paper = _paper(matter, declared, values, actor, (role, seat))
    try:
        with database.atomic():
            _write(matter, declared, paper)
    except IntegrityError:
        known = Matter.objects.filter(source_key=source_key).exclude(source_key="").first()
        if known is None:
            raise
        raise AlreadyOpened(details={"number": known.number}) from None
    return Opened(matter=matter, step=paper.step, query_code=code)


def _check_role(kind: Kind, actor: Actor) -> None:
    if not actor.may_write:
        raise ReadOnly
    declared = set(kind.opening.by)
    if actor.kind == ActorKind.STAFF and not declared & actor.roles:
        raise NotYours(details={"kind": kind.name})


def _acting(kind: Kind, actor: Actor, region: str) -> tuple[str, Seat | None]:
    """Return the role and post in which the actor opens a matter at `region`, or refuse."""
    opening = kind.opening
    if actor.kind == ActorKind.CITIZEN:
        return flow.REPORTER, None
    if actor.kind == ActorKind.SYSTEM:
        return flow.SYSTEM, None
    for seat in actor.seats:
        if Relation.REGION in opening.relations(seat.role) and is_within(region, seat.region_code):
            return seat.role, seat
    raise OutsideScope(fields={"region": [OutsideScope.title]})


def _matter(kind: Kind, values: dict[str, Any], channel: str, at: datetime) -> Matter:
    """Return the unsaved matter; what people typed of themselves is masked, and kept sealed as it was typed."""
    typed = Typed(values.get("title") or "", values["text"], values.get("address") or "")
    shown = typed.masked()
    point = values.get("point")
    matter = Matter(
        kind=kind.name,
        state=kind.opening.to,
        title=(shown.title or _first_words(shown.text))[:TITLE_MAX],
        text=shown.text,
        salt=new_salt(),
        category=values.get("category") or "",
        channel=Channel(channel),
        urgency=values.get("urgency") or Urgency.NORMAL,
        region_code=values["region"],
        address=shown.address[:ADDRESS_MAX],
        lon=point[0] if point else None,
        lat=point[1] if point else None,
        opened_at=at,
    )
    if shown != typed:
        matter.text_sealed = typed.sealed(matter.id)
    return matter


def _first_words(text: str) -> str:
    """Return the beginning of an already masked text: cut before masking, half a number would stay in clear."""
    line = " ".join(text.split("\n", maxsplit=1)[0].split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"


def _placed(matter: Matter, mode: Mode) -> None:
    """Choose the centre that takes the matter in, by the routing table of the mode."""
    centre = intake_centre(mode, facts_of(matter))
    matter.centre_id = matter.holder_id = centre.id
    matter.level = centre.level


def intake_centre(mode: Mode, facts: dict[str, str]) -> Body:
    """Return the centre that takes in a matter with these facts; the county's own when no rule finds one."""
    units = directory()
    table = mode.routes.get(INTAKE)
    choice = choose(table, facts, units.own_code) if table else None
    found = units.by_code.get(choice.unit_code) if choice and choice.unit_code else None
    if found is None:
        found = units.centre_of(mode.county, "county")
    if found is None:
        raise UnknownKind
    return found


@dataclass(frozen=True)
class _Paper:
    """Everything that opening a matter writes, finished before the transaction begins: others wait for its end."""

    step: Step
    kept: dict[str, Any]
    passages: list[Passage]
    board: Board


def _paper(
    matter: Matter, kind: Kind, values: dict[str, Any], actor: Actor, acting: tuple[str, Seat | None]
) -> _Paper:
    """Return the first step with its clocks and texts, and bring the matter to the state after it."""
    role, seat = acting
    board = Board(kind, calendar_at(matter.mode_version), ())
    facts = {"difficulty": "", "urgency": str(matter.urgency), "category": matter.category}
    for name in kind.opening.starts:
        board.start(matter.pk, name, facts, matter.opened_at)
    matter.due_at = board.next_due
    step = step_new(
        matter=matter, transition=kind.opens_with, actor=actor, role=role, seat=seat, at=matter.opened_at
    )
    step.from_state, step.to_state = "", matter.state
    step.inputs = {"facts": facts_digest(matter)}
    kept = {name: value for name, value in values.items() if name not in ("title", "text", "address")}
    passages = step_keep(step, kind.opening.inputs, kept)
    step.outcome = {"clocks": board.events, "centre": directory().by_id[matter.centre_id].code}
    matter.last_hash, matter.version = step_close(step, kind.opening), 1
    if values.get("reporter"):
        matter.reporter = reporter_new(values["reporter"])
    return _Paper(step, kept, passages, board)


def _write(matter: Matter, kind: Kind, paper: _Paper) -> None:
    """Write what hangs on the matter, and at last the matter itself with its number.

    Whoever has taken a number keeps all others from theirs until the commit; references are checked only then.
    """
    leg = Leg(matter=matter, seq=1, centre_id=matter.centre_id, level=matter.level, from_at=matter.opened_at)
    beside = [
        *inserting([matter.reporter] if matter.reporter is not None else []),
        *paper.board.statements(),
        *inserting([leg]),
        *inserting(sight_rows(matter, sight_keys(matter, kind, ()))),
    ]
    step_write(paper.step, kind.opening, paper.kept, paper.passages, beside)
    year = timezone.localtime(matter.opened_at).year
    matter.number = f"{kind.number}-{year}-{next_number(f'matter:{kind.number}:{year}'):06d}"
    insert([matter])
