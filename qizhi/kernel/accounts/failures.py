"""How many attempts and failures are borne: counted in the database, for all workers together.

The lock-out of one name at one address is django-axes' (five tries, a quarter of an hour). Here stand the limits
beside it: for all names from one network, and for guesses inside a session.

**Source:** issue 2, “Accounts”; 等级保护 level 2, “lockout” (`domain.md` §12).
"""

from contextlib import suppress
from dataclasses import dataclass

from django.forms import ValidationError
from django.utils import timezone

from qizhi.kernel.kit import limits
from qizhi.kernel.kit.errors import TooMany

QUARTER_HOUR = 900


@dataclass(frozen=True)
class Limit:
    """At most `most` events in each window of `seconds`, for each key."""

    name: str
    most: int
    seconds: int


# A hall of people may begin work in the same minute; more than this is a machine, and each try costs a hash.
SIGN_IN_ATTEMPTS = Limit("sign-in", 60, 60)
# Ten people who each forgot their password; more than this tries passwords on many names.
SIGN_IN_FAILURES = Limit("sign-in-failed", 50, QUARTER_HOUR)
# Inside a session somebody else may sit at the desk.
PASSWORD_FAILURES = Limit("password-failed", 5, QUARTER_HOUR)
# Whoever reaches the code knows the password: counted for the person, from whatever address.
CODE_FAILURES = Limit("code-failed", 5, QUARTER_HOUR)
TOKEN_FAILURES = Limit("token-failed", 30, QUARTER_HOUR)


def spend(limit: Limit, key: str) -> None:
    """Count one event.

    Raises:
        TooMany: the window is used up; `details["retry_after"]` is in seconds.
    """
    limits.spend(f"{limit.name}:{key}", limit.most, limit.seconds, timezone.now())


def note(limit: Limit, key: str) -> None:
    """Count one failure, also past the limit."""
    with suppress(TooMany):
        spend(limit, key)


def is_used_up(limit: Limit, key: str) -> bool:
    """Tell whether so many were counted that the window is closed."""
    try:
        limits.check(f"{limit.name}:{key}", limit.most, limit.seconds, timezone.now())
    except TooMany:
        return True
    return False


def clear(limit: Limit, key: str) -> None:
    """Forget what was counted in this window."""
    limits.clear(f"{limit.name}:{key}", limit.seconds, timezone.now())


def form_spend(limit: Limit, key: str) -> None:
    """Count one event of a form.

    Raises:
        ValidationError: the window is used up; what was typed stays in the form.
    """
    try:
        spend(limit, key)
    except TooMany as refusal:
        raise _told(refusal) from refusal


def form_check(limit: Limit, key: str) -> None:
    """Count nothing, but refuse once the window is used up.

    Raises:
        ValidationError: so many failures were noted before.
    """
    try:
        limits.check(f"{limit.name}:{key}", limit.most, limit.seconds, timezone.now())
    except TooMany as refusal:
        raise _told(refusal) from refusal


def _told(refusal: TooMany) -> ValidationError:
    return ValidationError(str(refusal), code="too_many_login_attempts")
