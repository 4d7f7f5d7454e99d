"""Who looks after whose account: the one policy of people, posts and passwords."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from qizhi.kernel.regions.choices import CODE_LENGTHS
from qizhi.kernel.regions.scope import is_within, within
from qizhi.kernel.units.models import Post

from ..errors import BeyondReach, NotAKeeper, OwnAccount
from ..models import User
from ..scope import Actor, ActorKind

KEEPERS = frozenset({"admin"})
READERS = KEEPERS | {"auditor"}
COUNTY_LENGTH = CODE_LENGTHS[0]


def may_read(actor: Actor) -> bool:
    """Tell whether the actor may read the list of people: administrators and auditors."""
    return bool(_places(actor, READERS))


def may_keep(actor: Actor) -> bool:
    """Tell whether the actor may change accounts at all; `keep` tells of which people."""
    return bool(_places(actor, KEEPERS))


def keep(actor: Actor, person: User | None = None, *, region_code: str = "") -> None:
    """Let `actor` change the account of `person`, or give a post in a unit that sits in `region_code`.

    An administrator of the county looks after everybody; one of a town after those whose present and coming posts
    all lie in the town, and gives posts in its units only: whoever resets the password of somebody can act as they
    do. Nobody looks after themselves. The command acts as the system and may do everything.

    Raises:
        NotAKeeper: the actor has no post of an administrator.
        OwnAccount: `person` is the actor.
        BeyondReach: a post of `person`, or the unit, lies outside the places of the actor.

    **Source:** issue 2, “Accounts”; 等级保护 level 2, separation of duties (`domain.md` §12).
    """
    places = _places(actor, KEEPERS)
    if not places:
        raise NotAKeeper
    if person is not None and person.pk == actor.user_id:
        raise OwnAccount
    if region_code and not _covered(region_code, places):
        raise BeyondReach(fields={"unit": [BeyondReach.title]})
    if person is not None and not _is_whole(places):
        posts = Post.objects.filter(held_from(timezone.localdate()), user=person)
        held = posts.values_list("unit__region_code", flat=True)
        if not all(_covered(code, places) for code in held):
            raise BeyondReach


def held_from(day: date) -> Q:
    """Return the condition “this post is held on `day` or later”; one that ended before it began is never held."""
    return Q(until_on=None) | Q(until_on__gte=day) & Q(until_on__gte=F("since_on"))


def visible_to(actor: Actor) -> QuerySet[User]:
    """Return the people whom the actor may read, by their names of account.

    In the county all; in a town those who hold or held a post in one of its units.
    """
    people = User.objects.order_by("username")
    places = _places(actor, READERS)
    if not places:
        return people.none()
    if _is_whole(places):
        return people
    here = Q()
    for place in places:
        here |= within(place, "unit__region_code")
    return people.filter(Exists(Post.objects.filter(here, user=OuterRef("pk"))))


def places_of(actor: Actor, *, reading: bool = False) -> tuple[str, ...]:
    """Return the places in whose units the actor gives posts, or only reads who holds them; "" is everywhere."""
    return _places(actor, READERS if reading else KEEPERS)


def _places(actor: Actor, roles: frozenset[str]) -> tuple[str, ...]:
    if actor.kind == ActorKind.SYSTEM:
        return ("",)
    return tuple(seat.region_code for seat in actor.seats if seat.role in roles)


def _is_whole(places: tuple[str, ...]) -> bool:
    return any(len(place) <= COUNTY_LENGTH for place in places)


def _covered(region_code: str, places: tuple[str, ...]) -> bool:
    return any(is_within(region_code, place) for place in places)
