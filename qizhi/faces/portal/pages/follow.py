"""Following a matter: number and query code open it for this browser, and then its story and what may be done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qizhi.faces.citizen import (
    citizen_of,
    drafts_note,
    forget,
    matter_grant,
    matter_granted,
    numbers_granted,
)
from qizhi.faces.forms import TransitionForm, attempt, form_for
from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.errors import QizhiError
from qizhi.kernel.loop.actions import fire
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.loop.policy import citizen_at, matter_get
from qizhi.kernel.modes.schema import Transition
from qizhi.kernel.modes.store import kind_at, mode_at

from ..slips import slip_drop
from ..tale import tale_of

UNPROCESSABLE = 422
NUMBER_MAX, CODE_MAX = 24, 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for number and query code, and open the matter for this browser."""
    if request.method != "POST":
        return _ask(request, number=request.GET.get("number", "")[:NUMBER_MAX])
    number = request.POST.get("number", "").strip().upper()[:NUMBER_MAX]
    code = request.POST.get("code", "").strip()[:CODE_MAX]
    try:
        actor = citizen_at(number, code, citizen_of(request).address)
    except QizhiError as error:
        return _ask(request, number=number, code=code, error=error)
    matter_grant(request, matter_get(actor, number))
    return redirect("portal_matter", number=number)


def _ask(
    request: HttpRequest, *, number: str, code: str = "", error: QizhiError | None = None
) -> HttpResponse:
    context = {"number": number, "code": code, "error": error, "known": numbers_granted(request)}
    return render(request, "portal/follow.html", context, status=error.status if error else 200)


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close everything that this browser has opened, for whoever uses it next."""
    forget(request)
    slip_drop(request)
    messages.success(request, _("已经退出查看，这台设备上不再显示您的事项。"))
    return redirect("portal_follow")


@never_cache
@require_safe
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """Show one matter that this browser has opened; ask for the query code when it has not."""
    actor = _actor(request, number)
    if actor is None:
        return _ask(request, number=number.upper()[:NUMBER_MAX])
    return _show(request, actor, matter_get(actor, number))


@never_cache
@require_POST
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Take one step as the person who brought the matter; what was typed stays when it is refused."""
    actor = _actor(request, number)
    if actor is None:
        messages.warning(request, _("离开太久了，请再输一次查询码。"))
        return redirect("portal_matter", number=number)
    found = matter_get(actor, number)
    declared = kind_at(found.mode_version, found.kind).transitions.get(name)
    if declared is None:
        return redirect("portal_matter", number=number)
    form = _form(found, declared, actor, request)
    done = attempt(form, lambda values: _fire(request, found, name, actor, values))
    drafts_note(request, [key for keys in form.drafts.values() for key in keys])
    if done is None:
        status = form.refusal.status if form.refusal else UNPROCESSABLE
        return _show(request, actor, matter_get(actor, number), refused=form, status=status)
    messages.success(request, _("收到了，谢谢您。"))
    return redirect("portal_matter", number=number)


def _fire(request: HttpRequest, found: Matter, name: str, actor: Actor, values: Any) -> Any:
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isdecimal() else None
    return fire(number=found.number, transition=name, actor=actor, inputs=values, version=version)


def _actor(request: HttpRequest, number: str) -> Actor | None:
    key = matter_granted(request, number.upper())
    return citizen_of(request, key) if key else None


def _form(
    found: Matter, declared: Transition, actor: Actor, request: HttpRequest | None = None
) -> TransitionForm:
    return form_for(
        declared,
        mode=mode_at(found.mode_version),
        actor=actor,
        matter=found,
        data=request.POST if request else None,
        files=request.FILES if request else None,
    )


def _show(
    request: HttpRequest,
    actor: Actor,
    found: Matter,
    *,
    refused: TransitionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    tale = tale_of(found, actor)
    forms = [_form(found, button, actor) for button in tale.buttons]
    if refused is not None:
        forms = [refused if form.transition.name == refused.transition.name else form for form in forms]
        if refused not in forms:
            forms.insert(0, refused)
    context = {"tale": tale, "matter": found, "forms": forms, "refused": refused}
    return render(request, "portal/matter.html", context, status=status)
