"""What an administrator does for an account: make, rename, stop, start; its password, second factor and lock."""

import re
from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.units.models import Post, Role
from qizhi.kernel.units.queries import Body

from ..errors import (
    AccountInactive,
    AccountIsSo,
    PersonNameNotAllowed,
    ReasonNeeded,
    UsernameNotAllowed,
    UsernameTaken,
)
from ..models import Access, User
from ..passwords import OnceHasher, one_time_password
from ..scope import Actor
from ..unmasking import LONGEST_REASON, SHORTEST_REASON
from . import vacancies
from .choices import title_said
from .locks import unlock
from .log import person_log
from .policy import keep
from .posts import post_add
from .queries import person_locked, posts_coming

Event = Access.Event
USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{2,79}")
LONGEST_NAME = 40


@dataclass(frozen=True)
class Created:
    """A new account with its first post, and the password that is told once."""

    person: User
    post: Post
    unit: str
    role: str
    password: str


@transaction.atomic
def person_create(
    *,
    actor: Actor,
    username: str,
    name: str,
    unit: Body,
    role: Role,
    since_on: date,
    place: str = "",
    reason: str = "",
) -> Created:
    """Make an account with its first post and a one-time password, which must be changed at the first sign-in.

    Arguments:
        username: kept in lower case.
        place: narrows the post, as for `post_give`.

    Raises:
        NotAKeeper, BeyondReach: see `policy.keep`.
        UsernameNotAllowed, PersonNameNotAllowed, UsernameTaken: the name cannot be taken.
        UnknownRole, RoleNotForUnit, PlaceOutsideUnit, DayNotAllowed: the post cannot be given.

    **Source:** issue 2, “No default passwords”.
    """
    keep(actor, region_code=unit.region_code)
    raw = one_time_password()
    person = User(
        username=username_allowed(username),
        name=name_allowed(name),
        password=make_password(raw, hasher=OnceHasher()),
        must_change_password=True,
    )
    _stored(person)
    person_log(Event.CREATED, actor, person, reason=reason)
    post = post_add(
        actor=actor, person=person, unit=unit, role=role, since_on=since_on, place=place, reason=reason
    )
    return Created(person, post, unit.short_name, title_said(role.title) or role.key, raw)


@transaction.atomic
def person_rename(*, actor: Actor, person: User, name: str, reason: str = "") -> User:
    """Put the person's name right.

    Raises:
        NotAKeeper, OwnAccount, BeyondReach: see `policy.keep`.
        PersonNameNotAllowed: the name is missing or too long.
        AccountIsSo: it is the same name.
    """
    keep(actor, person)
    person = person_locked(person)
    before, person.name = person.name, name_allowed(name)
    if person.name == before:
        raise AccountIsSo
    person.save(update_fields=["name"])
    person_log(Event.RENAMED, actor, person, what=before, reason=reason)
    return person


@transaction.atomic
def person_reset(*, actor: Actor, person: User, reason: str) -> str:
    """Give a new one-time password, end all sessions of the person, and return it; it is told once.

    Sessions end because Django ties each of them to the stored password.

    Raises:
        NotAKeeper, OwnAccount, BeyondReach: see `policy.keep`.
        ReasonNeeded: the reason is missing, too short or too long.
        AccountInactive: the account is not in use.
    """
    keep(actor, person)
    said = stated(reason)
    person = person_locked(person)
    if not person.is_active:
        raise AccountInactive
    raw = one_time_password()
    person.password = make_password(raw, hasher=OnceHasher())
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    unlock(person)
    person_log(Event.PASSWORD_RESET, actor, person, reason=said)
    return raw


@transaction.atomic
def device_reset(*, actor: Actor, person: User, reason: str) -> None:
    """Take a lost second factor from the person, with its recovery codes; a role that needs one leads to a new one.

    Raises:
        NotAKeeper, OwnAccount, BeyondReach: see `policy.keep`.
        ReasonNeeded: the reason is missing, too short or too long.
        AccountIsSo: none is bound.
    """
    keep(actor, person)
    said = stated(reason)
    devices = Authenticator.objects.filter(user=person)
    if not devices.filter(type=Authenticator.Type.TOTP).exists():
        raise AccountIsSo
    devices.delete()
    person_log(Event.DEVICE_RESET, actor, person, reason=said)


@transaction.atomic
def person_deactivate(*, actor: Actor, person: User, reason: str, sure: bool = False) -> User:
    """Stop an account at once: no sign-in, no session, no token. Posts stay, and count again when it is started.

    Arguments:
        sure: whether it stops although nobody is left for open matters.

    Raises:
        NotAKeeper, OwnAccount, BeyondReach: see `policy.keep`.
        ReasonNeeded: the reason is missing, too short or too long.
        AccountIsSo: it is stopped already.
        LeftAlone: nobody would be left in a role while matters wait, and `sure` was not said.
    """
    keep(actor, person)
    said = stated(reason)
    person = person_locked(person)
    if not person.is_active:
        raise AccountIsSo
    vacancies.agree(posts_coming(person), timezone.localdate(), sure=sure)
    person.is_active = False
    person.save(update_fields=["is_active"])
    person_log(Event.DEACTIVATED, actor, person, reason=said)
    return person


@transaction.atomic
def person_activate(*, actor: Actor, person: User, reason: str = "") -> User:
    """Start a stopped account again, with the password and the posts that it had.

    Raises:
        NotAKeeper, OwnAccount, BeyondReach: see `policy.keep`.
        AccountIsSo: it is in use.
    """
    keep(actor, person)
    person = person_locked(person)
    if person.is_active:
        raise AccountIsSo
    person.is_active = True
    person.save(update_fields=["is_active"])
    person_log(Event.ACTIVATED, actor, person, reason=reason)
    return person


@transaction.atomic
def person_unlock(*, actor: Actor, person: User, reason: str = "") -> None:
    """Let the person try again at once after too many wrong passwords or codes.

    Raises:
        NotAKeeper, OwnAccount, BeyondReach: see `policy.keep`.
    """
    keep(actor, person)
    unlock(person)
    person_log(Event.UNLOCKED, actor, person, reason=reason)


def username_allowed(said: str) -> str:
    """Return the name of an account as it is kept.

    Raises:
        UsernameNotAllowed: it is too short, too long, or has other signs than small letters, digits and ``._@-``.
    """
    username = said.strip().lower()
    if not USERNAME.fullmatch(username):
        raise UsernameNotAllowed(fields={"username": [UsernameNotAllowed.title]})
    return username


def name_allowed(said: str) -> str:
    """Return the name of a person as it is kept, with single gaps.

    Raises:
        PersonNameNotAllowed: it is empty or longer than 40 characters.
    """
    name = " ".join(said.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise PersonNameNotAllowed(fields={"name": [PersonNameNotAllowed.title]})
    return name


def stated(reason: str) -> str:
    """Return the reason without gaps around it.

    Raises:
        ReasonNeeded: it has fewer than 2 or more than 200 characters.
    """
    said = reason.strip()
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        message = _("请写明事由（2 至 200 个字），没有任何改动。这次办理会留下记录。")
        raise ReasonNeeded(message, fields={"reason": [message]})
    return said


def _stored(person: User) -> None:
    """Store a new account; the database alone knows whether its name is free at this moment.

    Raises:
        UsernameTaken: it is not.
    """
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        raise UsernameTaken(fields={"username": [UsernameTaken.title]}) from error
