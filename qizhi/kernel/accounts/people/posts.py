"""Giving and ending posts."""

import uuid
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from qizhi.kernel.kit.errors import NotFound
from qizhi.kernel.regions.scope import is_within
from qizhi.kernel.units.models import Post, Role
from qizhi.kernel.units.queries import Body

from ..errors import AccountInactive, DayNotAllowed, PlaceOutsideUnit, PostHeld, PostIsOver
from ..hooks import declared_roles
from ..models import Access, User
from ..scope import Actor
from . import vacancies
from .choices import LATEST, day_fits, fit
from .log import person_log
from .policy import held_from, keep
from .queries import person_locked


@transaction.atomic
def post_give(
    *, actor: Actor, person: User, unit: Body, role: Role, since_on: date, place: str = "", reason: str = ""
) -> Post:
    """Let `person` hold `role` in `unit` from the day `since_on`, and note it in the access log.

    Arguments:
        place: the code of a place below the unit's own, to which the post is narrowed; empty for the whole of it.
        reason: what the appointment rests on, such as the number of a paper; may be empty.

    Raises:
        NotAKeeper, OwnAccount, BeyondReach: see `policy.keep`.
        AccountInactive: the account is not in use.
        UnknownRole, RoleNotForUnit, PlaceOutsideUnit, DayNotAllowed: see `choices`.
        PostHeld: the same post is held already on that day or later.
    """
    keep(actor, person, region_code=unit.region_code)
    person = person_locked(person)
    return post_add(
        actor=actor, person=person, unit=unit, role=role, since_on=since_on, place=place, reason=reason
    )


def post_add(
    *, actor: Actor, person: User, unit: Body, role: Role, since_on: date, place: str, reason: str
) -> Post:
    """Do what `post_give` does for somebody whose account the actor was found to look after."""
    if not person.is_active:
        raise AccountInactive
    fit(role, unit, declared_roles())
    day_fits(since_on)
    if place and not is_within(place, unit.region_code):
        raise PlaceOutsideUnit(fields={"place": [PlaceOutsideUnit.title]})
    held = Q(region_code=place) & held_from(since_on)
    same = Post.objects.filter(user=person, unit=unit.id, role=role)
    if same.filter(held | Q(since_on=since_on)).exists():
        raise PostHeld
    post = Post.objects.create(user=person, unit_id=unit.id, role=role, region_code=place, since_on=since_on)
    what = f"{unit.short_name} · {role} · {since_on.isoformat()}"
    person_log(Access.Event.POST_GIVEN, actor, person, what=what, reason=reason)
    return post


@transaction.atomic
def post_end(
    *, actor: Actor, post_id: uuid.UUID, until_on: date, reason: str = "", sure: bool = False
) -> Post:
    """Let a post end with the day `until_on`, its last, and note it in the access log.

    A post that was given by mistake ends with the day before it began: it then never counts, and is still told of.

    Arguments:
        sure: whether it ends although nobody is left for open matters.

    Raises:
        NotFound: there is no such post.
        NotAKeeper, OwnAccount, BeyondReach: see `policy.keep`.
        PostIsOver: its last day lies in the past.
        DayNotAllowed: the day lies before the post began, or more than a year ahead.
        LeftAlone: nobody would be left in the role while matters wait in the unit, and `sure` was not said.
    """
    rows = Post.objects.select_for_update(of=("self",)).select_related("user", "unit", "role")
    post = rows.filter(pk=post_id).first()
    if post is None:
        raise NotFound
    keep(actor, post.user, region_code=post.unit.region_code)
    if post.until_on is not None and post.until_on < timezone.localdate():
        raise PostIsOver
    if not post.since_on - timedelta(days=1) <= until_on <= timezone.localdate() + LATEST:
        raise DayNotAllowed(fields={"until_on": [DayNotAllowed.title]})
    vacancies.agree([post], until_on, sure=sure)
    post.until_on = until_on
    post.save(update_fields=["until_on"])
    what = f"{post.unit} · {post.role} · {until_on.isoformat()}"
    person_log(Access.Event.POST_ENDED, actor, post.user, what=what, reason=reason)
    return post
