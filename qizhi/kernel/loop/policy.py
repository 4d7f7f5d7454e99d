"""Who may see a matter. Every list and every single object starts at `visible_to`; there is no other door."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from functools import cache

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from qizhi.kernel.accounts.scope import Actor, ActorKind
from qizhi.kernel.kit import limits
from qizhi.kernel.kit.prepared import Prepared
from qizhi.kernel.kit.sealing import lookup_hash

from .errors import MatterNotFound, WrongQueryCode
from .models import Matter, Sight

# No 0/O, 1/I/L: a code is read out over the telephone.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
CODE_TRIES = 5
# one address may be a whole village hall
CODE_TRIES_OF_ADDRESS = 30
CODE_WAIT_SECONDS = 900
NUMBER_SHAPE = re.compile(r"[A-Z]{1,4}-\d{4}-\d{6,}", re.ASCII)


def visible_to(actor: Actor) -> QuerySet[Matter]:
    """Return the matters that `actor` may see.

    Staff see what carries one of their sight keys, a citizen the one matter opened by its query code, the
    clock everything.
    """
    if actor.kind == ActorKind.SYSTEM:
        return Matter.objects.all()
    if actor.kind == ActorKind.CITIZEN:
        return Matter.objects.filter(pk=actor.matter_id) if actor.matter_id else Matter.objects.none()
    return Matter.objects.filter(is_seen(actor.sight_keys))


def is_seen(keys: Sequence[str], matter: str = "pk") -> Exists:
    """Return the condition that a matter carries one of the sight keys `keys`.

    Arguments:
        matter: the way from the row that is asked for to its matter.
    """
    return Exists(Sight.objects.filter(matter=OuterRef(matter), key__in=keys))


def matter_seen(actor: Actor, number: str, *, locked: bool = False) -> Matter | None:
    """Return the matter with this number out of `visible_to(actor)`, None when it is not among them.

    Arguments:
        locked: inside a transaction, let nobody else change it until the end.
    """
    if actor.kind == ActorKind.STAFF:
        keys = actor.sight_keys
        found: Matter | None = _seen_of_staff(len(keys), locked=locked).first(number, *keys)
        return found
    rows = visible_to(actor).filter(number=number)
    return (rows.select_for_update(of=("self",)) if locked else rows).first()


@cache
def _seen_of_staff(count: int, *, locked: bool) -> Prepared:
    """Return the query of `matter_seen` for a member of staff with `count` sight keys."""

    def build(number: str, *keys: str) -> QuerySet[Matter]:
        rows = Matter.objects.filter(is_seen(keys), number=number)
        return rows.select_for_update(of=("self",)) if locked else rows

    return Prepared(build, *[str] * (count + 1))


def matter_get(actor: Actor, number: str) -> Matter:
    """Return the matter with this number.

    Raises:
        MatterNotFound: there is none that the actor may see; the two cases look the same.
    """
    matter = matter_seen(actor, number.strip().upper())
    if matter is None:
        raise MatterNotFound
    return matter


def new_query_code() -> str:
    """Return a random query code, such as ``7KQ2M9XA`` (about 40 bits)."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def query_code_key(code: str) -> str:
    """Return the keyed hash under which a query code is kept."""
    return lookup_hash("query_code", re.sub(r"[\s-]", "", code).upper())


def citizen_at(number: str, code: str, address: str) -> Actor:
    """Return the citizen who may see the matter `number`, proven by its query code.

    Five wrong codes for one number (thirty from one address for any) and the next must wait a quarter of an
    hour, also with the right code.

    Arguments:
        address: the network address that asks; only its keyed hash is counted.

    Raises:
        WrongQueryCode: number and code do not fit; whether the number exists is not told.
        TooMany: too many wrong codes before.
    """
    wanted = number.strip().upper()
    tallies = (
        (f"code:number:{wanted}", CODE_TRIES),
        (f"code:address:{address}", CODE_TRIES_OF_ADDRESS),
    )
    now = timezone.now()
    for tally, limit in tallies:
        limits.check(tally, limit=limit, per_seconds=CODE_WAIT_SECONDS, now=now)
    row = None
    if NUMBER_SHAPE.fullmatch(wanted):
        row = Matter.objects.filter(number=wanted).values_list("id", "query_code_key").first()
    expected = row[1] if row and row[1] else hashlib.sha256(wanted.encode()).hexdigest()
    if not hmac.compare_digest(expected, query_code_key(code)) or row is None:
        for tally, limit in tallies:
            limits.spend(tally, limit=limit, per_seconds=CODE_WAIT_SECONDS, now=now)
        raise WrongQueryCode
    return Actor(kind=ActorKind.CITIZEN, name="来信人", matter_id=row[0], address=address)
