"""Tables in files: read whatever people save, write nothing that can act."""

import io
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qizhi.kernel.kit.errors import Invalid
from qizhi.kernel.kit.sheets import (
    MAX_CELL,
    ColumnsMissing,
    SheetTooLong,
    SheetUnreadable,
    read_rows,
    stream_xlsx,
    write_xlsx,
    xlsx_response,
)
from qizhi.kernel.kit.uploads.refusals import PackageBroken

MAPPING = {"标题": "title", "电话": "phone"}


def xlsx(rows, start=0):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows, start=start):
            for place, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(number, place, value, day)
                else:
                    sheet.write(number, place, value)
    return io.BytesIO(out.getvalue())


def csv_file(text, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_is_read_in_every_usual_form(encoding, delimiter):
    text = '标题,电话,多余\r\n路灯坏了,13812345678,x\r\n"井盖,丢了",0917-8212345,y\r\n'.replace(
        ",", delimiter
    )
    rows = list(read_rows(csv_file(text, encoding), MAPPING))
    assert rows[0] == {"title": "路灯坏了", "phone": "13812345678"}
    assert rows[1]["title"] == f"井盖{delimiter}丢了"
    assert [row.number for row in rows] == [2, 3]


def test_an_excel_file_is_read_as_people_see_it():
    rows = xlsx(
        [
            ["标题", "电话", "数", "日", "时", "是"],
            ["路灯", 13812345678, 2.5, datetime(2026, 11, 24), datetime(2026, 11, 24, 10, 20), True],  # noqa: DTZ001
            [None, None, None, None, None, None],
            [" 井盖 ", "0917-8212345", 3.0, "", "", False],
        ]
    )
    names = {"标题": "title", "电话": "phone", "数": "n", "日": "day", "时": "time", "是": "is"}
    first, second = read_rows(rows, names)
    assert first == {
        "title": "路灯",
        "phone": "13812345678",
        "n": "2.5",
        "day": "2026-11-24",
        "time": "2026-11-24 10:20:00",
        "is": "true",
    }
    assert (second["title"], second["n"]) == ("井盖", "3")
    assert (first.number, second.number) == (2, 4)


def test_rows_are_numbered_as_excel_does_below_empty_ones():
    (row,) = read_rows(xlsx([["标题", "电话"], ["路灯", "1"]], start=4), MAPPING)
    assert row.number == 6


def test_a_path_is_read_in_place(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("标题,电话\n路灯,1\n", "utf-8")
    assert [dict(row) for row in read_rows(path, MAPPING)] == [{"title": "路灯", "phone": "1"}]
    assert path.exists()


def test_no_mapping_takes_every_column():
    assert [dict(row) for row in read_rows(csv_file("a, b ,\n1,2,3\n"), {})] == [{"a": "1", "b": "2"}]


def test_missing_columns_are_named_unless_optional():
    with pytest.raises(ColumnsMissing) as caught:
        list(read_rows(csv_file("标题\n路灯\n"), MAPPING))
    assert "电话" in str(caught.value)
    assert caught.value.details == {"missing": ["电话"]}
    assert [dict(row) for row in read_rows(csv_file("标题\n路灯\n"), MAPPING, optional=["phone"])] == [
        {"title": "路灯"}
    ]


def test_short_rows_are_filled_up_and_empty_ones_passed_over():
    rows = list(read_rows(csv_file("标题,电话\n路灯\n\n , \n,1\n"), MAPPING))
    assert [dict(row) for row in rows] == [{"title": "路灯", "phone": ""}, {"title": "", "phone": "1"}]


@pytest.mark.parametrize("data", [b"", b"\n\n"])
def test_an_empty_file_has_no_columns(data):
    with pytest.raises(ColumnsMissing):
        list(read_rows(io.BytesIO(data), {}))


@pytest.mark.parametrize(
    "data", [b"\xff\xff\xff\xff", b"a\x00b,c\n", b'a,b\n"open,1\n', b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_is_no_table_is_refused(data):
    with pytest.raises(SheetUnreadable) as caught:
        list(read_rows(io.BytesIO(data), {}))
    assert caught.value.code == "sheet_unreadable"


def test_a_broken_package_is_refused():
    with pytest.raises((PackageBroken, SheetUnreadable)):
        list(read_rows(io.BytesIO(b"PK\x03\x04" + bytes(200)), {}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reading(data):
    try:
        rows = list(read_rows(io.BytesIO(data), {}))
    except Invalid:
        return
    assert all(isinstance(value, str) for row in rows for value in row.values())


def test_nothing_is_left_of_a_copy(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    list(read_rows(csv_file("a\n1\n"), {}))
    with pytest.raises(Invalid):
        list(read_rows(io.BytesIO(b"a\x00"), {}))
    b"".join(stream_xlsx(["a"], [["1"]]))
    assert list(tmp_path.iterdir()) == []


def cells(data):
    return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_an_export_holds_texts_numbers_and_times():
    rows = [
        ["路灯", 3, 2.5, date(2026, 11, 24), datetime(2026, 11, 24, 2, 20, tzinfo=UTC), True, None],
        ["", 0, -7, None, None, False, 13812345678123],
    ]
    data = b"".join(stream_xlsx(list("ABCDEFG"), iter(rows), widths=[20, 8]))
    head, first, second = cells(data)
    assert head == list("ABCDEFG")
    assert first == ["路灯", 3, 2.5, date(2026, 11, 24), datetime(2026, 11, 24, 10, 20), "是", ""]  # noqa: DTZ001
    assert second == ["", 0, -7, "", "", "否", "13812345678123"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "http://x.cn", "{=1}", "0012", "1e5"]
)
def test_a_text_never_becomes_a_formula_a_link_or_a_number(text):
    data = b"".join(stream_xlsx([text], [[text]]))
    assert cells(data) == [[text], [text]]
    assert cells(data)[1][0].__class__ is str


def test_a_text_that_is_too_long_is_cut_and_marked():
    (_, (cell,)) = cells(b"".join(stream_xlsx(["a"], [["长" * (MAX_CELL + 5)]])))
    assert cell == "长" * (MAX_CELL - 1) + "…"


def test_too_many_rows_are_refused_before_the_download_begins(tmp_path, monkeypatch):
    monkeypatch.setattr("qizhi.kernel.kit.sheets.MAX_ROWS", 3)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert write_xlsx(Path(tmp_path / "a.xlsx"), ["a"], [["1"]] * 3) == 3
    with pytest.raises(SheetTooLong):
        stream_xlsx(["a"], [["1"]] * 4)
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_what_was_written_can_be_read_again():
    data = b"".join(stream_xlsx(["标题", "电话"], [["=路灯", "13812345678"]]))
    assert [dict(row) for row in read_rows(io.BytesIO(data), MAPPING)] == [
        {"title": "=路灯", "phone": "13812345678"}
    ]


@pytest.mark.parametrize("name", ["事项清单", "事项清单.xlsx"])
def test_a_download_has_a_chinese_name(name):
    response = xlsx_response(name, ["a"], [["1"]])
    assert "%E4%BA%8B%E9%A1%B9%E6%B8%85%E5%8D%95.xlsx" in response["Content-Disposition"]
    assert b"".join(response).startswith(b"PK")
