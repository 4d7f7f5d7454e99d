"""Saying something: one page, a look at what others said nearby, and the slip with number and query code."""

import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qizhi.faces.citizen import citizen_of, drafts_note, matter_grant
from qizhi.faces.forms import Row, TransitionForm, attempt, form_for, raw
from qizhi.faces.forms.form import KEPT
from qizhi.faces.limits import upload_spend
from qizhi.governance.triage.queries import Similar, similar_open
from qizhi.kernel.kit.errors import Refused, TooMany
from qizhi.kernel.kit.idempotency import IdempotencyMismatch
from qizhi.kernel.loop.inputs import Desk, clean
from qizhi.kernel.loop.queries.story import public_due
from qizhi.kernel.modes.schema import InputType
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.queries import gazetteer

from ..kinds import NOT_ASKED, REPORTER_ASKED, public_kind
from ..limits import spend_try
from ..opening import Sent, request_send, was_sent
from ..slips import qr_code, slip_keep, slip_read

TRAP = "website"
UNPROCESSABLE = 422
# Beside the inputs themselves, what is carried over the look at similar matters.
NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "same", "back"})


class Trapped(Refused):
    """A field that people do not see was filled in."""

    code = "trapped"
    title = gettext_lazy("没有发送，写好的内容还在。请把浏览器的自动填写关掉，再发一次。")


class Part(NamedTuple):
    """One numbered part of the page."""

    title: str
    help: str
    rows: list[Row]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest) -> HttpResponse:
    """Show the form; take what was sent; before it goes, show what others have said nearby."""
    form = _form(request)
    if request.method != "POST":
        return _ask(request, form, once=str(uuid.uuid4()))
    once = request.POST.get("once", "")[:40] or str(uuid.uuid4())
    if not _files_counted(request, form):
        return _ask(request, form, once=once)
    if "back" in request.POST:
        raw(form)
        return _ask(request, form, once=once)
    sent = attempt(form, lambda values: _step(request, form, values, once))
    drafts_note(request, [key for keys in form.drafts.values() for key in keys])
    if isinstance(sent, Sent):
        slip_keep(request, sent)
        matter_grant(request, sent.matter)
        return redirect("portal_said")
    if sent is not None:
        return _show_similar(request, form, sent)
    if isinstance(form.refusal, IdempotencyMismatch):
        once = str(uuid.uuid4())
    return _ask(request, form, once=once)


@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Show number, query code and promise. The code is shown for a short while only; after that, the way to follow."""
    slip = slip_read(request)
    if slip is None:
        return redirect("portal_follow")
    link = request.build_absolute_uri(slip.address)
    context = {"slip": slip, "due_at": public_due(slip.matter), "link": link, "qr": qr_code(link)}
    return render(request, "portal/said.html", context)


def _form(request: HttpRequest) -> TransitionForm:
    is_sent = request.method == "POST"
    region = request.GET.get("region", "")
    return form_for(
        public_kind().opening,
        mode=current(),
        actor=citizen_of(request),
        data=request.POST if is_sent else None,
        files=request.FILES if is_sent else None,
        initial={"region": region} if region in gazetteer().by_code else None,
        leave_out=NOT_ASKED,
        reporter_parts=REPORTER_ASKED,
    )


def _files_counted(request: HttpRequest, form: TransitionForm) -> bool:
    """Count the files that were handed in; with too many the form says so, and none is stored."""
    try:
        for name in request.FILES:
            for _file in request.FILES.getlist(name):
                upload_spend(form.actor.address)
    except TooMany as refusal:
        form.take(refusal)
        return False
    return True


def _step(
    request: HttpRequest, form: TransitionForm, values: Mapping[str, Any], once: str
) -> Sent | list[Similar]:
    """Send it, or return what is similar nearby when the person has not seen that yet.

    Raises:
        QizhiError: something typed cannot be taken, or it was too often; nothing was stored but the files.
    """
    if request.POST.get(TRAP):
        raise Trapped
    spend_try(form.actor.address)
    kind = public_kind()
    checked = clean(kind.opening, values, Desk(mode=current(), actor=form.actor))
    similar = [] if was_sent(once) else _similar(checked)
    if similar and "same" not in request.POST:
        return similar
    same = next((one for one in similar if str(one.matter_id) == request.POST.get("same")), None)
    return request_send(kind, form.actor, values, checked, once_key=once, same=same)


def _similar(checked: Mapping[str, Any]) -> list[Similar]:
    lon, lat = checked.get("point") or (None, None)
    words = " ".join(filter(None, (checked.get("title"), checked.get("address"), checked["text"])))
    return similar_open(region_code=checked["region"], text=words, lon=lon, lat=lat)


def _ask(request: HttpRequest, form: TransitionForm, *, once: str) -> HttpResponse:
    status = 200
    if form.errors:
        status = form.refusal.status if form.refusal else UNPROCESSABLE
    context = {"form": form, "parts": parts_of(form), "once": once, "trap": TRAP}
    return render(request, "portal/say.html", context, status=status)


def parts_of(form: TransitionForm) -> list[Part]:
    """Return the rows in the order in which people tell something: what, where, pictures, who.

    Which part a row belongs to is told by its type, so that an input that a pack adds has its place.
    """
    rows: dict[str, list[Row]] = {"what": [], "where": [], "files": [], "who": []}
    for row in form.rows:
        rows[_part_of(row)].append(row)
    rows["what"].sort(key=lambda row: row.declared.type is not InputType.TEXT)
    hint = _("不用讲格式，写清楚就行。电话、身份证号不用写在这里，写了也会自动遮住。")
    who = _("可以不留。留下电话，办事的人能找您问清楚，办完了能告诉您；只有办这件事的人看得到。")
    said = {
        "what": Part(_("什么事"), hint, rows["what"]),
        "where": Part(_("在哪里"), "", rows["where"]),
        "files": Part(_("照片"), _("拍一张，比说半天清楚。"), rows["files"]),
        "who": Part(_("怎么找您"), who, rows["who"]),
    }
    return [part for part in said.values() if part.rows]


def _part_of(row: Row) -> str:
    match row.declared.type:
        case InputType.REGION | InputType.POINT:
            return "where"
        case InputType.FILES:
            return "files"
        case InputType.REPORTER:
            return "who"
        case InputType.LINE if row.name == "address":
            return "where"
        case _:
            return "what"


def _show_similar(request: HttpRequest, form: TransitionForm, similar: list[Similar]) -> HttpResponse:
    """Show what is similar, and carry everything typed along in hidden fields."""
    left_out = {*NOT_CARRIED, *(row.kept_name for row in form.rows)}
    carried = [
        (name, value) for name, values in request.POST.lists() if name not in left_out for value in values
    ]
    carried += [(f"{name}{KEPT}", str(key)) for name, keys in form.drafts.items() for key in keys]
    return render(request, "portal/similar.html", {"similar": similar, "carried": carried})
