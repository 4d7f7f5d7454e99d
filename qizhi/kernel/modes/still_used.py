"""What a new mode would drop although live data uses it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from qizhi.kernel.units.models import Post

from . import hooks
from .errors import StillUsed
from .hooks import Usage
from .schema import Mode

_SHOWN = 10
_WORDS = {"kinds": "事项种类", "states": "状态", "units": "单位", "regions": "区划", "roles": "角色"}


def refuse_what_is_used(old: Mode | None, new: Mode, at: datetime) -> None:
    """Refuse when `new` lacks something that `old` has and live data uses.

    Raises:
        StillUsed: `details` lists by sort what is still used, the message names it.
    """
    if old is None:
        return
    used = hooks.usage().joined(_held(at))
    lost = {sort: names for sort, names in _lost(old, new, used).items() if names}
    if lost:
        raise StillUsed(_message(old, lost), details={"still_used": lost})


def _held(at: datetime) -> Usage:
    """What the posts of today use: units, roles and the places to which posts are narrowed."""
    day = timezone.localdate(at)
    posts = Post.objects.filter(Q(until_on=None) | Q(until_on__gte=day))
    rows = list(posts.values_list("unit__code", "role__key", "region_code"))
    return Usage(
        units=frozenset(unit for unit, _, _ in rows),
        roles=frozenset(role for _, role, _ in rows),
        regions=frozenset(region for _, _, region in rows if region),
    )


def _lost(old: Mode, new: Mode, used: Usage) -> dict[str, list[str]]:
    return {
        "kinds": sorted(used.kinds & set(old.kinds) - set(new.kinds)),
        "states": sorted(f"{kind}.{state}" for kind, state in used.states & _states(old) - _states(new)),
        "units": sorted(used.units & _codes(old.units) - _codes(new.units)),
        "regions": sorted(used.regions & _codes(old.regions) - _codes(new.regions)),
        "roles": sorted(used.roles & set(old.roles) - set(new.roles)),
    }


def _states(mode: Mode) -> set[tuple[str, str]]:
    return {(kind.name, state) for kind in mode.kinds.values() for state in kind.states}


def _codes(rows: Iterable[object]) -> set[str]:
    return {str(getattr(row, "code", "")) for row in rows}


def _message(old: Mode, lost: dict[str, list[str]]) -> str:
    lines = [str(StillUsed.title), "现在的数据没有任何改动。正在使用的有："]
    for sort, names in lost.items():
        shown = "、".join(_titled(old, sort, name) for name in names[:_SHOWN])
        more = f" 等{len(names)}个" if len(names) > _SHOWN else ""
        lines.append(f"  {_WORDS[sort]}：{shown}{more}")
    lines.append("请把它们放回模式包，或先办结有关事项、调整有关岗位，再重新启用。")
    return "\n".join(lines)


def _titled(old: Mode, sort: str, name: str) -> str:
    titles = {
        "kinds": {kind.name: kind.title.zh for kind in old.kinds.values()},
        "states": {f"{k.name}.{s.name}": s.title.zh for k in old.kinds.values() for s in k.states.values()},
        "units": {unit.code: unit.short_name for unit in old.units},
        "regions": {region.code: region.name for region in old.regions},
        "roles": {role.key: role.title.zh for role in old.roles.values()},
    }
    title = titles[sort].get(name)
    return f"{title}（{name}）" if title else name
