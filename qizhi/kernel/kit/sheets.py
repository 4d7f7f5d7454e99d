"""Tables that people keep in files: read from CSV and Excel, written as Excel.

What is read is text throughout, as it stands in the cell: numbers without a false `.0`, days as `2026-11-24`.
What is written can never act as a formula.
"""

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

import python_calamine
import xlsxwriter
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .errors import Invalid
from .uploads.packages import check_package

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 1_048_575  # what a sheet of Excel holds below its first row
MAX_CELL = 32_767  # characters in a cell of Excel
_CHUNK = 1 << 16
_ENCODINGS = ("utf-8-sig", "gb18030")


class SheetUnreadable(Invalid):
    """The file is neither CSV nor Excel, or is broken."""

    code = "sheet_unreadable"
    title = gettext_lazy(
        "这个文件不是可以读取的 CSV 或 Excel（xlsx）表格，没有导入。请另存为 xlsx 或 CSV（UTF-8）后再试。"
    )


class ColumnsMissing(Invalid):
    """Columns that are needed are not in the first row; `details["missing"]` names them."""

    code = "sheet_columns_missing"
    title = gettext_lazy("表格缺少需要的列，没有导入。请对照模板补上后再试。")


class SheetTooLong(Invalid):
    """There are more rows than a sheet of Excel can hold."""

    code = "sheet_too_long"
    title = gettext_lazy("要导出的行数超过 Excel 的上限（1048575 行）。请缩小范围后分次导出。")


class SheetRow(dict[str, str]):
    """The cells of one row by field; `number` is the row's number as Excel shows it (the header is 1)."""

    number: int = 0


def read_rows(
    source: Path | str | IO[bytes], mapping: Mapping[str, str], *, optional: Iterable[str] = ()
) -> Iterator[SheetRow]:
    """Yield the rows of a CSV (UTF-8, UTF-16 or GB 18030) or XLSX file, the first row being its header.

    `mapping` is header → field; columns that it does not name are left out, and an empty mapping takes every column
    under its own header. Rows without any content are passed over. Cells are trimmed texts.

    Raises `SheetUnreadable` when the file cannot be read, `ColumnsMissing` when a header of `mapping` is not there,
    unless its field is in `optional`. A packed bomb is refused as an upload would be.
    """
    path, is_copy = _on_disk(source)
    try:
        with path.open("rb") as file:
            is_xlsx = file.read(4) == b"PK\x03\x04"
        rows = _read_xlsx(path) if is_xlsx else _read_csv(path)
        yield from _named(rows, mapping, frozenset(optional))
    finally:
        if is_copy:
            path.unlink(missing_ok=True)


def write_xlsx(
    target: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, widths: Sequence[int] = ()
) -> int:
    """Write a sheet with a header to `target`, row by row, in constant memory; return the number of rows.

    A cell is a text, a whole or decimal number, a truth value, a day, a moment (shown in local time) or nothing. Texts
    stay texts, also when they begin with `=`, `+`, `-` or `@`; longer ones than Excel takes are cut and marked by `…`.
    `widths` are in characters.

    Raises `SheetTooLong`.
    """
    folder = tempfile.gettempdir()
    with xlsxwriter.Workbook(target, {"constant_memory": True, "tmpdir": folder}) as book:
        formats = {
            "head": book.add_format({"bold": True, "text_wrap": True}),
            "text": book.add_format({"quote_prefix": True}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        for place, title in enumerate(columns):
            sheet.write_string(0, place, _cut(title), formats["head"])
        count = 0
        for count, row in enumerate(rows, start=1):
            if count > MAX_ROWS:
                raise SheetTooLong()
            for place, value in enumerate(row):
                _write_cell(sheet, count, place, value, formats)
    return count


def stream_xlsx(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, widths: Sequence[int] = ()
) -> Iterator[bytes]:
    """Return the bytes of the sheet that `write_xlsx` writes, piece by piece; the temporary file goes with the last.

    The sheet is written before this returns, so that an error is still an error and not a broken download.
    """
    path = _temporary()
    try:
        write_xlsx(path, columns, rows, widths=widths)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return _pieces(path)


def xlsx_response(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, widths: Sequence[int] = ()
) -> StreamingHttpResponse:
    """Return the sheet as a download named `name` (with or without `.xlsx`)."""
    response = StreamingHttpResponse(stream_xlsx(columns, rows, widths=widths), content_type=XLSX_TYPE)
    filename = f"{name.removesuffix('.xlsx')}.xlsx"
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=filename) or "attachment"
    )
    return response


def _on_disk(source: Path | str | IO[bytes]) -> tuple[Path, bool]:
    """Return a path to read, and whether it is a copy to be deleted."""
    if isinstance(source, str | Path):
        return Path(source), False
    path = _temporary()
    with path.open("wb") as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)
    return path, True


def _temporary() -> Path:
    """Return a new empty file that only its owner may read."""
    handle, name = tempfile.mkstemp(prefix="qizhi-", suffix=".xlsx")
    os.close(handle)
    return Path(name)


def _read_csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV file with the number that Excel would show."""
    try:
        with path.open(encoding=_encoding(path), newline="") as file:
            start = file.read(4096)
            file.seek(0)
            delimiter = max(",\t;", key=start.partition("\n")[0].count)
            yield from enumerate(csv.reader(file, delimiter=delimiter, strict=True), start=1)
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise SheetUnreadable() from error


def _encoding(path: Path) -> str:
    """Return the first encoding that the whole file fits: UTF-16 by its mark, UTF-8, GB 18030."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if b"\x00" in start:
        raise SheetUnreadable()
    for encoding in _ENCODINGS:
        try:
            with path.open(encoding=encoding) as file:
                while file.read(_CHUNK):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise SheetUnreadable()


def _read_xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the first sheet with the number that Excel shows."""
    check_package(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_index(0)
        first = (sheet.start or (0, 0))[0] + 1
        for number, row in enumerate(sheet.to_python(skip_empty_area=True), start=first):
            yield number, [_text(cell) for cell in row]
    except (python_calamine.CalamineError, OSError) as error:
        raise SheetUnreadable() from error


def _named(
    rows: Iterator[tuple[int, list[str]]], mapping: Mapping[str, str], optional: frozenset[str]
) -> Iterator[SheetRow]:
    """Give each cell the name of its field."""
    head = [
        cell.strip() for cell in next((cells for _number, cells in rows if any(map(str.strip, cells))), [])
    ]
    fields = dict(mapping) or {title: title for title in head if title}
    missing = [title for title, field in fields.items() if title not in head and field not in optional]
    if missing or not fields:
        message = _("表格缺少这些列：%(columns)s，没有导入。请对照模板补上后再试。") % {
            "columns": _("、").join(missing)
        }
        raise ColumnsMissing(message if missing else "", details={"missing": missing})
    places = {field: head.index(title) for title, field in fields.items() if title in head}
    for number, cells in rows:
        row = SheetRow(
            (field, cells[place].strip() if place < len(cells) else "") for field, place in places.items()
        )
        row.number = number
        if any(row.values()):
            yield row


def _text(cell: Any) -> str:
    """Return a cell of Excel as the text somebody would read there."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)


def _write_cell(sheet: Any, row: int, place: int, value: Any, formats: Mapping[str, Any]) -> None:
    """Write one value by its type; whatever is not a number or a time is a text, never a formula or a link."""
    match value:
        case None | "":
            return
        case bool():
            sheet.write_string(row, place, _("是") if value else _("否"), formats["text"])
        case int() | float() if abs(value) < 10**11:
            sheet.write_number(row, place, value)
        case datetime():
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            sheet.write_datetime(row, place, local.replace(tzinfo=None), formats["moment"])
        case date():
            sheet.write_datetime(row, place, datetime.combine(value, time()), formats["day"])
        case _:
            sheet.write_string(row, place, _cut(str(value)), formats["text"])


def _cut(text: str) -> str:
    """Shorten a text to what a cell holds: a longer one would be dropped without a word."""
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"


def _pieces(path: Path) -> Iterator[bytes]:
    """Return the content in pieces; the name goes at once, so that nothing stays when a download breaks off."""
    file = path.open("rb")
    path.unlink()
    return iter(lambda: file.read(_CHUNK), b"")
