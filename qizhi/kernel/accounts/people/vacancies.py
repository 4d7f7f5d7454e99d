"""Who would be missed: posts whose end leaves a unit without anybody in the role while work waits there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qizhi.kernel.units.models import Post

from ..errors import LeftAlone
from ..hooks import open_work
from .choices import title_said
from .policy import held_from


@dataclass(frozen=True)
class Vacancy:
    """A unit in which nobody would be left in a role, and how many open matters wait there for it."""

    unit: str
    role: str
    count: int


def vacancies(posts: Sequence[Post], last_on: date) -> list[Vacancy]:
    """Return what would be left alone if `posts`, all of one person, ended with the day `last_on`.

    Somebody else is there when another active person holds the role in the unit on the day after. How much waits is
    told by the rooms above (`hooks.register_open_work`).
    """
    found = []
    for post in _one_of_each(posts):
        if not _others(post, posts, last_on) and (count := open_work(post.unit_id, post.role.key)):
            found.append(Vacancy(post.unit.short_name, title_said(post.role.title), count))
    return found


def agree(posts: Sequence[Post], last_on: date, *, sure: bool) -> None:
    """Let `posts` end with the day `last_on`, when somebody is left for the open matters or `sure` is said.

    Raises:
        LeftAlone: nobody would be left; `details["left"]` has unit, role and count of each.
    """
    found = [] if sure else vacancies(posts, last_on)
    if found:
        left = [{"unit": one.unit, "role": one.role, "count": one.count} for one in found]
        raise LeftAlone(fields={"sure": [LeftAlone.title]}, details={"left": left})


def _one_of_each(posts: Iterable[Post]) -> Iterable[Post]:
    return {(post.unit_id, post.role_id): post for post in posts}.values()


def _others(post: Post, posts: Sequence[Post], last_on: date) -> bool:
    day_after = last_on + timedelta(days=1)
    there = Post.objects.filter(
        held_from(day_after),
        since_on__lte=day_after,
        unit=post.unit_id,
        role=post.role_id,
        user__is_active=True,
    )
    return there.exclude(pk__in=[one.pk for one in posts]).exists()
