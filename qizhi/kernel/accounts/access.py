"""The record of access: writing a line, and who may read it."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from qizhi.kernel.regions.choices import CODE_LENGTHS
from qizhi.kernel.regions.scope import within
from qizhi.kernel.units.models import Post

from .models import Access, User
from .scope import Actor, Seat

ORDER = ("-at", "-id")
READERS = frozenset({"admin", "auditor"})
COUNTY_LENGTH = CODE_LENGTHS[0]


def access_add(
    event: Access.Event,
    *,
    user: User | None = None,
    username: str = "",
    address: str = "",
    subject: str = "",
    reason: str = "",
    about: User | None = None,
    at: datetime | None = None,
) -> Access:
    """Add one line to the access log and return it; texts that are too long are cut, never refused.

    Without `user` the line is filed under the account that bears `username`, if there is one. `about` is whose
    account was changed.
    """
    if user is None and username:
        user = User.objects.filter(username=username.lower()).first()
    name = username or (user.username if user else "")
    return Access.objects.create(
        at=at or timezone.now(),
        event=event,
        user=user,
        username=name[:80],
        address=address[:45],
        subject=subject[:120],
        reason=reason[:200],
        about=about,
    )


def may_read_access(actor: Actor) -> bool:
    """Tell whether the actor may read the access log: administrators and auditors."""
    return bool(_reading_seats(actor))


def access_list(actor: Actor) -> QuerySet[Access]:
    """Return the lines that the actor may read, newest first; callers page by `ORDER`.

    An administrator or auditor of the county reads all; one of a town reads the lines of people who hold
    or held a post in that town.
    """
    seats = _reading_seats(actor)
    rows = Access.objects.select_related("user").order_by(*ORDER)
    if not seats:
        return rows.none()
    if any(len(seat.region_code) == COUNTY_LENGTH for seat in seats):
        return rows
    places = Q()
    for seat in seats:
        places |= within(seat.region_code, "unit__region_code")
    return rows.filter(user__in=Post.objects.filter(places).values("user"))


def _reading_seats(actor: Actor) -> list[Seat]:
    return [seat for seat in actor.seats if seat.role in READERS]
