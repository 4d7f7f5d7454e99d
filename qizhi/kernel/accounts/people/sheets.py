"""Lists of staff as files: the columns, the empty form, reading one, the list of now, and one-time passwords."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import IO, Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from qizhi.kernel.kit.sheets import XLSX_TYPE, ColumnsMissing, read_rows, stream_xlsx, xlsx_response

from ..errors import StaffListLong
from ..models import User
from .actions import Created
from .planning import FIELDS, Wanted
from .queries import PersonRow, rows_of

ROWS_MAX = 1000
CHUNK = 200
# The headers of the file by field, in order; in a file they stand in Chinese or in the language of the page.
HEADERS = {
    "username": gettext_noop("账号"),
    "name": gettext_noop("姓名"),
    "unit": gettext_noop("单位代码或名称"),
    "role": gettext_noop("岗位"),
    "since_on": gettext_noop("到岗日期"),
    "place": gettext_noop("网格或区划"),
}
OPTIONAL = frozenset({"since_on", "place"})
WIDTHS = (24, 16, 32, 20, 14, 24)


def headers() -> list[str]:
    """Return the headers in the language of the page."""
    return [gettext(header) for header in HEADERS.values()]


def staff_template() -> StreamingHttpResponse:
    """Return the empty form as a download."""
    return xlsx_response(gettext("人员导入模板"), headers(), [], widths=WIDTHS)


def staff_read(file: IO[bytes]) -> list[Wanted]:
    """Return the rows of a list of staff, as they stand.

    Raises:
        SheetUnreadable: the file is neither CSV nor Excel.
        ColumnsMissing: a needed column is not there.
        StaffListLong: there are no rows, or more than a thousand.
    """
    rows = list(islice(read_rows(file, {}), ROWS_MAX + 1))
    if not 1 <= len(rows) <= ROWS_MAX:
        raise StaffListLong(fields={"file": [StaffListLong.title]})
    columns = _columns(rows[0])
    return [
        Wanted(row.number, **{field: row.get(columns.get(field, ""), "") for field in FIELDS}) for row in rows
    ]


def _columns(row: Mapping[str, str]) -> dict[str, str]:
    """Return the header under which each field stands in the file."""
    found = {}
    for field, header in HEADERS.items():
        said = next((one for one in (header, gettext(header)) if one in row), None)
        if said is not None:
            found[field] = said
    missing = [gettext(HEADERS[field]) for field in FIELDS if field not in found and field not in OPTIONAL]
    if missing:
        message = gettext("表格缺少这些列：%(columns)s，没有导入。请对照模板补上后再试。")
        raise ColumnsMissing(message % {"columns": gettext("、").join(missing)}, details={"missing": missing})
    return found


def staff_sheet(people: Iterable[User]) -> StreamingHttpResponse:
    """Return the list of staff as a download: one row for each present or coming post.

    Its first columns are those of the form, so that it can be read again.
    """
    name = gettext("人员名册 %(day)s") % {"day": timezone.localdate().isoformat()}
    more = [gettext("最后在岗日"), gettext("账号状态"), gettext("手机验证器"), gettext("最近登录")]
    return xlsx_response(name, [*headers(), *more], _lines(people), widths=(*WIDTHS, 14, 12, 12, 18))


def _lines(people: Iterable[User]) -> Iterator[list[Any]]:
    rest = iter(people)
    while chunk := list(islice(rest, CHUNK)):
        for row in rows_of(chunk):
            yield from _lines_of(row)


def _lines_of(row: PersonRow) -> Iterator[list[Any]]:
    person = row.person
    state = gettext("在用") if person.is_active else gettext("已停用")
    device = gettext("已绑定") if row.has_device else gettext("未绑定")
    posts: list[list[Any]] = [
        [held.unit, held.role, held.post.since_on, held.place, held.post.until_on] for held in row.holdings
    ]
    for post in posts or [[None] * 5]:
        yield [person.username, person.name, *post, state, device, person.last_login]


def passwords_sheet(made: Iterable[Created]) -> str:
    """Return the one-time passwords as an Excel sheet in the form of a ``data:`` address.

    So the sheet goes to the administrator with the page itself and is kept nowhere.
    """
    titles = [gettext("账号"), gettext("姓名"), gettext("单位"), gettext("岗位"), gettext("一次性密码")]
    rows = [[one.person.username, one.person.name, one.unit, one.role, one.password] for one in made]
    content = b"".join(stream_xlsx(titles, rows, widths=(24, 16, 32, 20, 20)))
    return f"data:{XLSX_TYPE};base64,{b64encode(content).decode()}"
