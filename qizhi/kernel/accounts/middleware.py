"""Who acts in a request, and what they must do before anything else."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from qizhi.kernel.kit.htmx import hx_redirect, is_fragment
from qizhi.kernel.kit.middleware import is_api
from qizhi.kernel.kit.problems import problem_response

from .addresses import client_address
from .errors import PasswordChangeNeeded, SecondFactorNeeded
from .models import User
from .scope import CITIZEN, Actor, actor_of
from .second_factor import second_factor_step
from .sessions import is_over

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# What stays open to somebody who still has to set up or to show the second factor.
OPEN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "switch_language",
        "switch_large",
    }
)
# What stays open to somebody whose password is one that the administrator made.
CHANGE_PASSWORD = "account_change_password"  # noqa: S105 - the name of a page
OPEN_BEFORE_CHANGE = frozenset(
    {
        CHANGE_PASSWORD,
        "account_login",
        "account_logout",
        "account_inactive",
        "switch_language",
        "switch_large",
    }
)


# the request that may be changing something, for what is filed under its person (`signals.entry_made`)
ACTING: ContextVar[HttpRequest | None] = ContextVar("acting", default=None)


class ActorRequest(HttpRequest):
    """A request that has passed `ActorMiddleware`; for type annotations of views."""

    actor: Actor


class ActorMiddleware:
    """Gives every request its `actor`, ends old sessions, asks for a new password and for the second factor.

    `request.actor` is made when it is first asked for, by one query; a request without sign-in gets a citizen.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give the request its actor."""
        request.actor = SimpleLazyObject(lambda: request_actor(request))  # type: ignore[attr-defined]
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        token = ACTING.set(request)
        try:
            return self.get_response(request)
        finally:
            ACTING.reset(token)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Sign out whoever stayed too long; lead to a password of one's own, then to the second factor."""
        user = request.user
        if not isinstance(user, User):
            return None
        if is_over(request):
            logout(request)
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if user.must_change_password:
            return None if name in OPEN_BEFORE_CHANGE else lead_to(request, CHANGE_PASSWORD)
        if name in OPEN:
            return None
        step = second_factor_step(request, user, request.actor)  # type: ignore[attr-defined]
        return lead_to(request, step) if step else None


def request_actor(request: HttpRequest) -> Actor:
    """Return who acts in `request`: the signed-in member of staff with today's posts, or a citizen."""
    address = client_address(request)
    user = request.user
    if isinstance(user, User):
        return actor_of(user, address=address)
    return replace(CITIZEN, address=address)


def lead_to(request: HttpRequest, step: str) -> HttpResponse:
    """Return the answer that leads to the page named `step`: people go there, programs are told why not."""
    url = reverse(step)
    if request.method == "GET":
        url += "?" + urlencode({"next": request.get_full_path()})
    if is_api(request):
        needed = PasswordChangeNeeded() if step == CHANGE_PASSWORD else SecondFactorNeeded()
        return problem_response(needed, request)
    return hx_redirect(url) if is_fragment(request) else redirect(url)
