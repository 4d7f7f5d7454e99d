"""Showing personal data in full: a right, a reason, and a line in the log before anything is decrypted."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from .access import access_add
from .errors import ReasonNeeded, UnmaskRefused
from .models import Access, User
from .scope import Actor

SHORTEST_REASON = 2
LONGEST_REASON = 200


def unmask(actor: Actor, subject: str, reason: str, at: datetime) -> None:
    """Record that `actor` is about to see the personal data of `subject` in full, and why; decrypt only afterwards.

    Arguments:
        subject: what is looked at, in words that are not personal themselves, such as a matter's number.
        reason: 2 to 200 characters in the actor's own words.
        at: the moment, with its zone.

    Raises:
        UnmaskRefused: no post of the actor allows it.
        ReasonNeeded: the reason is missing, too short or too long.

    **Source:** `domain.md` §12 (unmask = reason + right + log).
    """
    if not actor.may_unmask or actor.user_id is None:
        raise UnmaskRefused
    stated = reason.strip()
    if len(stated) < SHORTEST_REASON:
        raise ReasonNeeded(fields={"reason": [ReasonNeeded.title]})
    if len(stated) > LONGEST_REASON:
        said = _("事由请控制在 200 字以内，这次没有显示完整信息。")
        raise ReasonNeeded(said, fields={"reason": [said]})
    access_add(
        Access.Event.UNMASK,
        user=User.objects.get(pk=actor.user_id),
        address=actor.address,
        subject=subject,
        reason=stated,
        at=at,
    )
