"""Pages of the room: my account, and the access log for administrators and auditors."""

from collections.abc import Callable
from typing import Any

import structlog
from allauth.account.views import LoginView as AllauthLoginView
from allauth.account.views import PasswordChangeView as AllauthPasswordChangeView
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from requests import RequestException

from qizhi.kernel.kit.errors import Refused
from qizhi.kernel.kit.paging import page
from qizhi.kernel.regions.queries import gazetteer

from .access import ORDER, access_list, may_read_access
from .errors import ProviderSilent
from .middleware import ActorRequest
from .models import Access, User
from .second_factor import has_device

_log = structlog.get_logger("qizhi.accounts")
PAGE_SIZE = 50
MY_SIGN_INS = 10


class LoginView(AllauthLoginView):
    """Sign-in; too many attempts from one address answer 429 with the form as it was typed."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again; what was typed as name is kept."""
        response: HttpResponse = super().form_invalid(form)
        if form.has_error("__all__", "too_many_login_attempts"):
            response.status_code = 429
        return response


class PasswordChangeView(AllauthPasswordChangeView):
    """Change of password, for those who have one here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send people without a password, who come by single sign-on, back to their account."""
        if isinstance(request.user, User) and not request.user.has_usable_password():
            messages.info(request, _("您使用统一身份认证登录，请到统一身份认证平台修改密码。"))
            return redirect("accounts_me")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


def oidc_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Ask whether to go to the provider, and lead there.

    Raises:
        ProviderSilent: it does not answer.
    """
    return _by_provider(oidc.login, request, provider_id)


def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the provider's answer and sign in whom it names.

    Raises:
        ProviderSilent: it does not say where its tokens are.
    """
    return _by_provider(oidc.callback, request, provider_id)


def _by_provider(view: Callable[..., HttpResponse], request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return view(request, provider_id)
    except (RequestException, KeyError) as failure:  # it is silent, or its description lacks an address
        _log.warning("provider_silent", error=type(failure).__name__)
        raise ProviderSilent from failure


@require_GET
@never_cache
@login_required
def me(request: ActorRequest) -> HttpResponse:
    """Show who I am here: my posts, my second factor and my last sign-ins."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - login_required
    events = (Access.Event.SIGN_IN, Access.Event.SIGN_IN_FAILED, Access.Event.LOCKED)
    known = gazetteer().by_code
    language = "en" if (get_language() or "").startswith("en") else "zh"
    seats = [
        {
            "unit": seat.unit_name,
            "role": seat.role_title.get(language) or seat.role_title.get("zh", seat.role),
            "place": known[seat.region_code].name if seat.region_code in known else "",
        }
        for seat in request.actor.seats
    ]
    context = {
        "seats": seats,
        "has_device": has_device(user),
        "needs_second_factor": request.actor.needs_second_factor,
        "sign_ins": Access.objects.filter(user=user, event__in=events).order_by("-at")[:MY_SIGN_INS],
        "may_read_access": may_read_access(request.actor),
    }
    return render(request, "accounts/me.html", context)


@require_GET
@never_cache
@login_required
def access(request: ActorRequest) -> HttpResponse:
    """Show the access log, newest first, fifty lines at a time; filters and place live in the address.

    An account filters for what was done by it and what was done to it.

    Raises:
        Refused: the actor is neither administrator nor auditor.
        CursorInvalid: the place in the list is not one that we gave.
    """
    if not may_read_access(request.actor):
        raise Refused
    rows = access_list(request.actor)
    event, username = request.GET.get("event", ""), request.GET.get("username", "").strip().lower()
    if event in Access.Event.values:
        rows = rows.filter(event=event)
    if username:
        account = User.objects.filter(username=username)
        rows = rows.filter(Q(username=username) | Q(about__in=account))
    context = {
        "page_of_lines": page(rows, order=ORDER, cursor=request.GET.get("cursor"), limit=PAGE_SIZE),
        "event": event,
        "username": username,
        "events": Access.Event.choices,
    }
    return render(request, "accounts/access.html", context)
