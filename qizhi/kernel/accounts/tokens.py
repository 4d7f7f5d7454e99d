"""Tokens: keys for programs that act as a member of staff.

**Source:** `stack.md` §10 (SHA-256 of 32 random bytes, never Argon2); `architecture.md` §8.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils import timezone

from qizhi.kernel.kit.prepared import Prepared

from .access import access_add
from .addresses import network_of
from .errors import TermNotAllowed, TokenRefused
from .failures import TOKEN_FAILURES, spend
from .models import Access, Token, User
from .scope import Actor, staff_actor

PREFIX = "qz_"
LONGEST_DAYS = 365


def token_create(user: User, label: str, days: int) -> str:
    """Make a token that acts as `user` for `days` days and return it; it cannot be shown a second time.

    Only the digest is stored. The making is written to the access log with `label`, what the token is for.

    Raises:
        TermNotAllowed: `days` is not within 1 and 365.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise TermNotAllowed(fields={"days": [TermNotAllowed.title]})
    raw = PREFIX + secrets.token_urlsafe(32)
    expires_at = timezone.now() + timedelta(days=days)
    Token.objects.create(user=user, digest=_digest(raw), label=label[:80], expires_at=expires_at)
    access_add(Access.Event.TOKEN, user=user, subject=label)
    return raw


def token_actor(raw: str, address: str) -> Actor:
    """Return the actor behind the bearer token `raw` that came from the network `address`.

    Two queries; the first use on a day adds one that notes the day. Only failures are counted against the
    address, so that a program with a good token is never slowed down by it.

    Raises:
        TokenRefused: the token is unknown or expired, or its owner is no longer active.
        TooMany: too many tokens from this address were refused.
    """
    now = timezone.now()
    found = _owner.first(_digest(raw), now)
    if found is None:
        spend(TOKEN_FAILURES, network_of(address))
        raise TokenRefused
    token_id, last_used_on, user_id, name = found
    today = timezone.localdate(now)
    if last_used_on != today:
        Token.objects.filter(pk=token_id).update(last_used_on=today)
    return staff_actor(user_id, name, on=today, address=address)


_owner = Prepared(
    lambda digest, now: Token.objects.filter(
        digest=digest, expires_at__gt=now, user__is_active=True
    ).values_list("pk", "last_used_on", "user_id", "user__name"),
    str,
    datetime,
)


def _digest(raw: str) -> str:
    return hashlib.sha256(raw.encode(errors="surrogatepass")).hexdigest()
