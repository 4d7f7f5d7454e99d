"""Every sign-in, failed sign-in, lock-out and sign-out becomes a line of the access log.

And every change of reference data is filed under the person who made it.
"""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import password_changed
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from auditlog.models import LogEntry
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from . import second_factor
from .access import access_add
from .addresses import UNKNOWN, client_address, network_of
from .failures import SIGN_IN_FAILURES, note
from .middleware import ACTING
from .models import Access, User
from .sessions import mark_signed_in

Event = Access.Event
# The log is written in Chinese, in whatever language the page was shown; `Access.reason_said` translates it.
WAYS = {
    "password": gettext_noop("密码"),
    "mfa": gettext_noop("手机验证器"),
    "socialaccount": gettext_noop("统一身份认证"),
}
WRONG_CODE = gettext_noop("验证码不正确")


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **_more: Any) -> None:
    """Note a sign-in and how it was done; the session's hours begin here."""
    mark_signed_in(request)
    access_add(Event.SIGN_IN, user=user, address=client_address(request), reason=_ways(request, user))


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: User | None, **_more: Any) -> None:
    """Note a sign-out."""
    if user is not None:
        access_add(Event.SIGN_OUT, user=user, address=client_address(request))


@receiver(user_login_failed)
def sign_in_refused(credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any) -> None:
    """Note a wrong name or password and count it against the network address."""
    address = client_address(request) if request is not None else UNKNOWN
    note(SIGN_IN_FAILURES, network_of(address))
    access_add(Event.SIGN_IN_FAILED, username=str(credentials.get("username") or ""), address=address)


@receiver(user_locked_out)
def locked_out(request: HttpRequest, username: str, **_more: Any) -> None:
    """Note that name and address were locked, or tried again while they are."""
    access_add(Event.LOCKED, username=username or "", address=client_address(request))


@receiver(mfa_signals.authentication_failed)
def code_refused(request: HttpRequest, user: User, **_more: Any) -> None:
    """Note a wrong code of the second step."""
    access_add(Event.SIGN_IN_FAILED, user=user, address=client_address(request), reason=WRONG_CODE)


@receiver(mfa_signals.authenticator_used)
def code_accepted(request: HttpRequest, user: User, **_more: Any) -> None:
    """Remember that this session has shown the second factor."""
    second_factor.mark_shown(request, user)


@receiver(mfa_signals.authenticator_added)
def device_added(request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    """Note a bound authenticator; binding it has shown it."""
    if authenticator.type == Authenticator.Type.TOTP:
        second_factor.mark_shown(request, user)
        access_add(Event.DEVICE_ADDED, user=user, address=client_address(request))


@receiver(mfa_signals.authenticator_removed)
def device_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    """Note a removed authenticator."""
    if authenticator.type == Authenticator.Type.TOTP:
        second_factor.unmark(request)
        access_add(Event.DEVICE_REMOVED, user=user, address=client_address(request))


@receiver(password_changed)
def password_was_changed(request: HttpRequest, user: User, **_more: Any) -> None:
    """Note a changed password; one that the administrator made is spent with it."""
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
    access_add(Event.PASSWORD, user=user, address=client_address(request))


@receiver(pre_save, sender=LogEntry)
def entry_made(instance: LogEntry, **_more: Any) -> None:
    """File a change of reference data under the person whose request makes it, with the address it came from.

    django-auditlog's own `set_actor` connects and disconnects a signal in every request, after which Django asks
    anew who follows each model.
    """
    request = ACTING.get()
    if request is None:
        return
    instance.remote_addr = client_address(request)
    user = request.user
    if isinstance(user, User) and instance.actor is None:
        instance.actor = user


def _ways(request: HttpRequest, user: User) -> str:
    """Return by which ways the person has shown who they are, such as “密码、手机验证器”."""
    records = get_authentication_records(request, user)
    return "、".join(WAYS[record["method"]] for record in records if record["method"] in WAYS)
