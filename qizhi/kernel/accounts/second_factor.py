"""The second factor: whose role asks for it, and what is still missing in this session."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from .models import User
from .scope import Actor

SET_UP = "mfa_activate_totp"
SHOW = "mfa_reauthenticate"
_SESSION_KEY = "second_factor_of"


def second_factor_step(request: HttpRequest, user: User, actor: Actor) -> str:
    """Return the URL name of the page that `user` must pass first, or an empty string when nothing is missing.

    A role that needs a second factor has either shown it in this session, or is led to show it, or, without
    a device, to set one up. Demo accounts are exempt while the installation says that it is a demo, so that
    the demo can be tried; outside a demo never.

    **Source:** issue 2, “Accounts”; `modes/national/roles.yaml`, `needs_second_factor`.
    """
    if has_shown(request, user) or (user.is_demo and settings.QIZHI.demo):
        return ""
    if not actor.needs_second_factor:
        return ""
    return SHOW if has_device(user) else SET_UP


def has_device(user: User) -> bool:
    """Tell whether `user` has bound an authenticator."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def has_shown(request: HttpRequest, user: User) -> bool:
    """Tell whether `user` has shown the second factor in this session."""
    return request.session.get(_SESSION_KEY) == user.pk.hex


def mark_shown(request: HttpRequest, user: User) -> None:
    """Remember in the session that `user` has just shown the second factor, or bound a device."""
    request.session[_SESSION_KEY] = user.pk.hex


def unmark(request: HttpRequest) -> None:
    """Forget it, after the device was removed."""
    request.session.pop(_SESSION_KEY, None)


@transaction.atomic
def spend(authenticator: Authenticator, code: str) -> bool:
    """Spend a right code, and tell whether it was still unspent: none counts twice, nor any older one.

    allauth remembers spent codes in the cache of one process; with several workers only the database knows.
    Recovery codes are spent by allauth itself.

    **Source:** RFC 6238 §5.2.
    """
    if authenticator.type != Authenticator.Type.TOTP:
        return True
    stored = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    step = _step_of(code, stored.wrap())
    if step <= stored.data.get("last_step", -1):
        return False
    stored.data["last_step"] = authenticator.data["last_step"] = step
    stored.save(update_fields=["data"])
    return True


def _step_of(code: str, device: totp.TOTP) -> int:
    """Return the half-minute to which `code` belongs, or -1 when it belongs to none that counts now."""
    secret = totp.decrypt(device.instance.data["secret"])
    fitting = [
        step
        for step in totp.yield_hotp_counters_from_time()
        if totp.compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, step)))
    ]
    return max(fitting, default=-1)
