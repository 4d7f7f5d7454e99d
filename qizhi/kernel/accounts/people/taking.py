"""A list of staff in earnest: accounts are made and posts given, a few rows at a time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import structlog
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from qizhi.kernel.kit.errors import QizhiError

from ..models import User
from ..scope import Actor
from .actions import Created, person_create
from .planning import Line, Verdict, Wanted, staff_plan
from .posts import post_add

_log = structlog.get_logger("qizhi.accounts")
# Rows of one transaction: on SQLite everybody else who writes waits for its end.
AT_ONCE = 25


def staff_take(actor: Actor, rows: Sequence[Wanted], reason: str) -> tuple[list[Line], list[Created]]:
    """Do what `staff_plan` says; return the lines, and the new accounts with the passwords that are told once.

    The list is checked anew. Whatever is stored is told of with its password, also when the database fails in the
    middle: the rows that were then left out say so, and the same list may be read again.

    Raises:
        NotAKeeper: the actor has no post of an administrator.
    """
    lines = staff_plan(actor, rows)
    made: dict[str, Created] = {}
    for place in range(0, len(lines), AT_ONCE):
        try:
            with transaction.atomic():
                done, fresh = _take(actor, lines[place : place + AT_ONCE], made, reason)
        except DatabaseError as failure:
            _log.warning("staff_list_broken_off", row=place, error=type(failure).__name__)
            lines[place:] = [_left_out(line) for line in lines[place:]]
            break
        lines[place : place + AT_ONCE] = done
        made |= fresh
    return lines, list(made.values())


def _take(
    actor: Actor, lines: Sequence[Line], before: dict[str, Created], reason: str
) -> tuple[list[Line], dict[str, Created]]:
    """Take a few rows; a row that somebody else has meanwhile made impossible is told of and left out."""
    done: list[Line] = []
    fresh: dict[str, Created] = {}
    for line in lines:
        try:
            with transaction.atomic():
                created = _take_one(actor, line, before | fresh, reason)
        except QizhiError as error:
            done.append(replace(line, verdict=Verdict.WRONG, said=str(error.message)))
            continue
        done.append(line)
        if created is not None:
            fresh[created.person.username] = created
    return done, fresh


def _take_one(actor: Actor, line: Line, made: dict[str, Created], reason: str) -> Created | None:
    row = line.seated
    if row is None or line.verdict not in (Verdict.NEW, Verdict.POST):
        return None
    post: dict[str, Any] = {
        "unit": row.unit,
        "role": row.role,
        "since_on": row.since_on,
        "place": row.place,
        "reason": reason,
    }
    if line.verdict is Verdict.NEW:
        return person_create(actor=actor, username=row.username, name=row.name, **post)
    before = made.get(row.username)
    person = before.person if before else User.objects.get(username=row.username)
    post_add(actor=actor, person=person, **post)
    return None


def _left_out(line: Line) -> Line:
    if line.verdict in (Verdict.NEW, Verdict.POST):
        return replace(
            line, verdict=Verdict.WRONG, said=_("系统忙，这一行没有导入。请过一会儿把同一份名单再导一次。")
        )
    return line
