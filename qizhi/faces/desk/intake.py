"""Registering a matter at the window, on the telephone or in the grid: one form, and beside it what is known."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from qizhi.faces.forms import TransitionForm, attempt, form_for
from qizhi.governance.triage.actions import duplicate_hint
from qizhi.governance.triage.queries import similar_open
from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.canonical import canonical, digest
from qizhi.kernel.kit.errors import Invalid, QizhiError
from qizhi.kernel.kit.idempotency import Answer, IdempotencyMismatch, once
from qizhi.kernel.kit.phones import normalise
from qizhi.kernel.loop.actions import matter_open
from qizhi.kernel.loop.choices import Channel
from qizhi.kernel.loop.errors import NotYours
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.loop.policy import visible_to
from qizhi.kernel.loop.queries.listing import Filters, matter_list
from qizhi.kernel.modes.schema import Kind
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.queries import gazetteer

from .actions import UNPROCESSABLE
from .door import opening_kinds, staff
from .receipt import slip_keep
from .rows import rows_of

CREATED = 201
EARLIER_SHOWN = 5
# the ways by which people reach staff, the first being what most posts use; web and programs register themselves
CHANNELS = (Channel.WINDOW, Channel.PHONE, Channel.GRID, Channel.LETTER, Channel.LEADER_BOARD)
CHANNEL_OF_ROLE = {"gridworker": Channel.GRID}
SIMILAR_FROM = 6


class ChannelUnknown(Invalid):
    """The channel is none that staff register."""

    code = "channel_unknown"
    title = gettext_lazy("还没有登记，写好的内容都在。请选择来源。")


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: ActorRequest) -> HttpResponse:
    """Show the form; register what was put in and lead to the receipt.

    Raises:
        NotYours: no post of the actor registers matters.
    """
    kind = _kind(request)
    form = _form(request, kind)
    if request.method != "POST":
        return _ask(request, kind, form, str(uuid.uuid4()))
    key = request.POST.get("once", "")[:40] or str(uuid.uuid4())
    opened = attempt(form, lambda values: _open(request, kind, values, key))
    if opened is None:
        is_used = isinstance(form.refusal, IdempotencyMismatch)
        return _ask(request, kind, form, str(uuid.uuid4()) if is_used else key)
    matter, code = opened
    slip_keep(request, matter, code)
    return redirect("desk_receipt", number=matter.number)


def _kind(request: ActorRequest) -> Kind:
    kinds = opening_kinds(request.actor)
    if not kinds:
        raise NotYours(_("您的岗位不登记事项。群众来反映，请带到综治中心窗口，或请对方在网上、电话反映。"))
    wanted = request.POST.get("kind") or request.GET.get("kind")
    return next((kind for kind in kinds if kind.name == wanted), kinds[0])


def _form(request: ActorRequest, kind: Kind) -> TransitionForm:
    is_sent = request.method == "POST"
    return form_for(
        kind.opening,
        mode=current(),
        actor=request.actor,
        data=request.POST if is_sent else None,
        files=request.FILES if is_sent else None,
        initial=_begun(request),
    )


def _begun(request: ActorRequest) -> dict[str, Any]:
    """Return the place that the form begins with: the one of the post, when that is a village or a town."""
    wanted = request.GET.get("region", "")
    codes = [wanted, *(seat.region_code[:12] for seat in request.actor.seats)]
    known = gazetteer()
    usable = [code for code in codes if code in known.by_code and code != known.root.code]
    return {"region": usable[0]} if usable else {}


def channel_of(actor: Actor) -> str:
    """Return the channel that the actor's posts use most."""
    return next(
        (CHANNEL_OF_ROLE[role] for role in sorted(actor.roles) if role in CHANNEL_OF_ROLE), Channel.WINDOW
    )


def _open(request: ActorRequest, kind: Kind, values: Mapping[str, Any], key: str) -> tuple[Matter, str]:
    """Open the matter once, however often the button is pressed; note that it is perhaps the same as another.

    Raises:
        QizhiError: as `matter_open` says; nothing was stored but the files.
    """
    channel = request.POST.get("channel", "")
    if channel not in CHANNELS:
        raise ChannelUnknown

    def run() -> Answer:
        opened = matter_open(kind=kind.name, actor=request.actor, inputs=values, channel=channel)
        _note_same(request, opened.matter)
        return Answer(CREATED, {"matter": str(opened.matter.pk), "code": opened.query_code})

    said = {name: str(values.get(name) or "") for name in ("title", "text", "region")}
    answer = once(f"desk:{request.actor.user_id}", key, digest(canonical(said)), run)
    return Matter.objects.get(pk=answer.body["matter"]), str(answer.body["code"])


def _note_same(request: ActorRequest, matter: Matter) -> None:
    """Note the matter that the clerk ticked as the same, for the one who sorts it."""
    number = request.POST.get("same", "")
    other = visible_to(request.actor).filter(number=number).first() if number else None
    if other is not None:
        duplicate_hint(matter=matter, other_id=other.pk, score=100, by_reporter=True)


def _ask(request: ActorRequest, kind: Kind, form: TransitionForm, key: str) -> HttpResponse:
    context = {
        "form": form,
        "kind": kind,
        "kinds": opening_kinds(request.actor),
        "once": key,
        "channels": [(value, value.label) for value in CHANNELS],
        "channel": request.POST.get("channel") or channel_of(request.actor),
        "rows": {row.name: row for row in form.rows},
    }
    status = (form.refusal.status if form.refusal else UNPROCESSABLE) if form.errors else 200
    return render(request, "desk/new.html", context, status=status)


@require_POST
@staff
def earlier(request: ActorRequest) -> HttpResponse:
    """Give the latest matters of the same telephone that the actor may see; the number stands in no address or log."""
    typed = next((str(value) for name, value in request.POST.items() if name.endswith("_phone")), "")
    try:
        phone = normalise(typed) if typed.strip() else ""
    except QizhiError:
        phone = ""
    found = matter_list(request.actor, Filters(q=phone), limit=EARLIER_SHOWN).items if phone else []
    return render(request, "desk/_earlier.html", {"rows": rows_of(found), "phone_given": bool(phone)})


@require_POST
@staff
def similar(request: ActorRequest) -> HttpResponse:
    """Give open matters nearby that are perhaps the same as what is being typed."""
    text = f"{request.POST.get('title', '')} {request.POST.get('text', '')}".strip()
    region = request.POST.get("region", "")
    found = []
    if len(text) >= SIMILAR_FROM and region in gazetteer().by_code:
        found = similar_open(region_code=region, text=text)
    seen = visible_to(request.actor).defer("text", "text_sealed").in_bulk([one.matter_id for one in found])
    rows = rows_of(seen[one.matter_id] for one in found if one.matter_id in seen)
    return render(request, "desk/_similar.html", {"rows": rows, "chosen": request.POST.get("same", "")})
