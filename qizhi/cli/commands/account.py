"""`qizhi account create|reset|list`: accounts from the command line, first of all the first administrator's."""

import argparse
import sys
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qizhi.kernel.accounts.people.queries import PersonRow

NAME = "account"
HELP = "账号：建立第一个管理员、重置密码、列出人员（其余在网页“人员”里办）"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the three verbs."""
    verbs = parser.add_subparsers(dest="what", required=True, metavar="动作")
    create = verbs.add_parser("create", help="建立账号，最后一个词是一次性密码")
    create.add_argument("user", help="账号，例如 admin01")
    create.add_argument("--name", required=True, help="姓名")
    create.add_argument("--role", required=True, help="岗位，例如 admin")
    create.add_argument("--unit", required=True, help="单位的代码、全称或简称，例如 pingan_office")
    create.add_argument("--since", type=date.fromisoformat, help="到岗日期，例如 2026-11-24（默认今天）")
    create.add_argument("--place", default="", help="只管其中一处时，网格或区划的代码或名称")
    reset = verbs.add_parser("reset", help="重置密码，最后一个词是一次性密码")
    reset.add_argument("user", help="账号")
    listing = verbs.add_parser("list", help="列出在用账号和岗位")
    listing.add_argument("--role", default="", help="只列这个岗位")
    listing.add_argument("--unit", default="", help="只列这个单位，写代码")
    listing.add_argument("--all", action="store_true", help="连停用的一起列")


def run(options: argparse.Namespace) -> int:
    """Do one of the verbs; they act as the system, and the access log says that the command did it."""
    verbs = {"create": _create, "reset": _reset, "list": _list}
    return verbs[options.what](options)


def _create(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from qizhi.kernel.accounts.people.actions import person_create
    from qizhi.kernel.accounts.people.choices import place_meant, role_meant, roles_now, unit_meant
    from qizhi.kernel.accounts.people.log import BY_COMMAND
    from qizhi.kernel.accounts.scope import SYSTEM

    roles = roles_now()
    if not roles:
        sys.stderr.write("还没有启用工作模式包，没有岗位可选。先运行 qizhi mode apply 文件夹。\n")
        return 1
    unit = unit_meant(options.unit)
    created = person_create(
        actor=SYSTEM,
        username=options.user,
        name=options.name,
        unit=unit,
        role=role_meant(options.role, roles),
        since_on=options.since or timezone.localdate(),
        place=place_meant(options.place, unit),
        reason=BY_COMMAND,
    )
    _tell(created.person.username, created.password)
    return 0


def _reset(options: argparse.Namespace) -> int:
    from qizhi.kernel.accounts.models import User
    from qizhi.kernel.accounts.people.actions import person_reset
    from qizhi.kernel.accounts.people.log import BY_COMMAND
    from qizhi.kernel.accounts.scope import SYSTEM

    username = options.user.strip().lower()
    person = User.objects.filter(username=username).first()
    if person is None:
        sys.stderr.write(f"没有账号 {username}。用 qizhi account list 看有哪些。\n")
        return 1
    _tell(username, person_reset(actor=SYSTEM, person=person, reason=BY_COMMAND))
    return 0


def _list(options: argparse.Namespace) -> int:
    from qizhi.kernel.accounts.people.queries import ALL, IN_USE, Filters, people_list, rows_of
    from qizhi.kernel.accounts.scope import SYSTEM

    filters = Filters(unit=options.unit, role=options.role, active=ALL if options.all else IN_USE)
    rows = rows_of(people_list(SYSTEM, filters))
    for row in rows:
        sys.stdout.write(_line(row))
    if not rows:
        sys.stderr.write("没有符合条件的账号。建立第一个管理员：qizhi account create --help\n")
    return 0


def _line(row: "PersonRow") -> str:
    posts = "；".join(
        f"{one.unit} {one.role}" + (f"（{one.place}）" if one.place else "") for one in row.holdings
    )
    state = "在用" if row.person.is_active else "已停用"
    return f"{row.person.username}\t{row.person.name}\t{state}\t{posts or '没有岗位'}\n"


def _tell(username: str, password: str) -> None:
    sys.stdout.write(f"{username} 的一次性密码（只显示这一次，第一次登录后须修改）： {password}\n")
