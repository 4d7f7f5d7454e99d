"""One person: the page, a new one, and what is done for an account, each after a page that explains it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from qizhi.kernel.kit.errors import QizhiError, Refused, Text
from qizhi.kernel.units.models import Role

from ...middleware import ActorRequest
from ...models import User
from ...scope import Actor
from .. import actions
from ..choices import role_meant, unit_meant
from ..forms import PersonForm, ReasonForm, RenameForm
from ..policy import keep, may_keep
from ..queries import person_facts, person_get, posts_coming
from ..vacancies import vacancies
from .door import UNPROCESSABLE, keeper, reader, refused


@require_safe
@reader
def person(request: ActorRequest, key: uuid.UUID) -> HttpResponse:
    """Show a person: posts, second factor, last sign-ins, lock, and what administrators did.

    Raises:
        NotFound: there is none whom the actor may read.
    """
    found = person_get(request.actor, key)
    why_not = _why_not(request.actor, found)
    context = {
        "facts": person_facts(found),
        "may_change": why_not is None,
        "why_not": why_not if may_keep(request.actor) else None,
    }
    return render(request, "accounts/people/person.html", context)


def _why_not(actor: Actor, person: User) -> Text | None:
    try:
        keep(actor, person)
    except Refused as error:
        return error.message
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@keeper
@sensitive_variables("created")
def person_new(request: ActorRequest) -> HttpResponse:
    """Make an account; the answer to the form shows its password, and nothing else ever does."""
    form = PersonForm(request.POST or None, actor=request.actor)
    status = UNPROCESSABLE if form.is_bound else 200
    if form.is_valid():
        said = form.cleaned_data
        try:
            created = actions.person_create(
                actor=request.actor,
                username=said["username"],
                name=said["name"],
                unit=unit_meant(said["unit"]),
                role=role_meant(said["role"], Role.objects.all()),
                since_on=said["since_on"],
                place=said["place"],
                reason=said["reason"],
            )
        except QizhiError as error:
            status = refused(form, error)
        else:
            return once(request, created.person, created.password, is_new=True)
    return render(request, "accounts/people/new.html", {"form": form}, status=status)


def once(request: ActorRequest, person: User, password: str, *, is_new: bool) -> HttpResponse:
    """Show a one-time password. It is not kept: loading the page again cannot show it."""
    context = {
        "person": person,
        "password": password,
        "is_new": is_new,
        "sign_in_url": request.build_absolute_uri(reverse("account_login")),
    }
    return render(request, "accounts/people/once.html", context)


@dataclass(frozen=True)
class Verb:
    """One thing that is done for an account: how its page explains it, what it asks, and what is said afterwards."""

    name: str
    title: Text
    explains: Text
    act: Callable[..., Any]
    done: Text = ""
    is_grave: bool = False
    needs_reason: bool = False
    may_leave_alone: bool = False
    form: type[ReasonForm] = ReasonForm


VERBS = {
    verb.name: verb
    for verb in (
        Verb(
            "rename",
            _("更正姓名"),
            _("姓名会显示在办理记录里；以前的记录不变。"),
            actions.person_rename,
            done=_("姓名已更正。"),
            form=RenameForm,
        ),
        Verb(
            "reset",
            _("重置密码"),
            _(
                "生成一个新的一次性密码，只显示这一次。原来的密码马上作废，所有电脑和手机上的登录都会退出，锁定也一并解除。"
            ),
            actions.person_reset,
            needs_reason=True,
        ),
        Verb(
            "device",
            _("解除遗失的验证器"),
            _(
                "手机丢失或更换、恢复码也找不到时使用。请先当面或打电话核实是本人。解除后，岗位要求二次验证的，下次登录要重新绑定。"
            ),
            actions.device_reset,
            done=_("手机验证器已解除。手机丢失的，建议同时重置密码。"),
            is_grave=True,
            needs_reason=True,
        ),
        Verb(
            "deactivate",
            _("停用账号"),
            _("马上不能登录，正在用的也会退出，接口令牌同时失效。办过的记录不受影响，以后可以恢复。"),
            actions.person_deactivate,
            done=_("账号已停用。"),
            is_grave=True,
            needs_reason=True,
            may_leave_alone=True,
        ),
        Verb(
            "activate",
            _("恢复账号"),
            _("恢复后可以用原来的密码登录，没有结束的岗位继续有效。"),
            actions.person_activate,
            done=_("账号已恢复。"),
        ),
        Verb(
            "unlock",
            _("解除锁定"),
            _("密码或验证码连续输错后会暂时锁定。解除后马上可以再试；忘记密码的，请重置密码。"),
            actions.person_unlock,
            done=_("锁定已解除。"),
        ),
    )
}


@require_http_methods(["GET", "HEAD", "POST"])
@keeper
@sensitive_variables("result")
def person_do(request: ActorRequest, key: uuid.UUID, verb: str) -> HttpResponse:
    """Explain one of the `VERBS`, and do it.

    Raises:
        NotFound: there is no such person whom the actor may read.
        OwnAccount, BeyondReach: the actor may not look after this account.
    """
    found, asked = person_get(request.actor, key), VERBS[verb]
    keep(request.actor, found)
    left = vacancies(posts_coming(found), timezone.localdate()) if asked.may_leave_alone else []
    form = asked.form(
        request.POST if request.method == "POST" else None,
        needs_reason=asked.needs_reason,
        asks_sure=bool(left),
        initial={"name": found.name},
    )
    status = UNPROCESSABLE if form.is_bound else 200
    if form.is_valid():
        try:
            result = asked.act(actor=request.actor, person=found, **form.cleaned_data)
        except QizhiError as error:
            status = refused(form, error)
        else:
            return _done(request, found, asked, result)
    context = {"person": found, "verb": asked, "form": form, "left": left}
    return render(request, "accounts/people/do.html", context, status=status)


def _done(request: ActorRequest, person: User, verb: Verb, result: Any) -> HttpResponse:
    if verb.name == "reset":
        return once(request, person, result, is_new=False)
    messages.success(request, str(verb.done))
    return redirect("accounts_person", key=person.pk)
