"""What was done to an account, as a line of the access log."""

from django.utils.translation import gettext_noop

from ..access import access_add
from ..models import Access, User
from ..scope import Actor

SUBJECT_JOIN = " · "
# The reason of a line that the command wrote; `Access.reason_said` translates it.
BY_COMMAND = gettext_noop("命令行")


def person_log(
    event: Access.Event, actor: Actor, person: User, *, what: str = "", reason: str = ""
) -> Access:
    """Note that `actor` changed the account of `person`, and why.

    Arguments:
        what: what it was about beside the person, such as a post.
        reason: in the actor's own words; may be empty.
    """
    by = User.objects.get(pk=actor.user_id) if actor.user_id else None
    subject = SUBJECT_JOIN.join(part for part in (f"{person.username} {person.name}", what) if part)
    return access_add(event, user=by, address=actor.address, subject=subject, reason=reason, about=person)
