"""The list as a sheet: the same rows as the list, masked, without persons for those who need not know, and logged."""

import io

import pytest
from python_calamine import CalamineWorkbook

from qizhi.kernel.accounts.models import Access
from qizhi.testing import cast
from qizhi.testing.stories import open_request, walk_to
from qizhi.testing.world import OTHER_VILLAGE, TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def sheet(username, query=""):
    answer = cast.browser(username).get(f"/desk/matters/export/?{query}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    content = b"".join(answer.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_it_holds_the_rows_of_the_list_in_its_order():
    done, open_one = walk_to("archived"), open_request()
    open_request(region=OTHER_VILLAGE)
    head, *rows = sheet(f"clerk@{TOWN}")
    assert head[:5] == ["编号", "种类", "标题", "类别", "地点"]
    assert [row[0] for row in rows] == [open_one.number, done.number]
    assert rows[1][8] == "已归档"
    assert rows[1][10] == "凤鸣镇政府"
    assert rows[1][15] == "是"
    assert [row[0] for row in sheet(f"clerk@{TOWN}", "open=1")[1:]] == [open_one.number]


def test_persons_are_masked():
    open_request()
    head, row = sheet(f"clerk@{TOWN}")
    assert row[head.index("来信人")] == "王*兰"
    assert row[head.index("电话")] == "138****0021"
    assert "13800000021" not in str(row)


@pytest.mark.parametrize(
    "username", ["leader@610323", "analyst@610323", "inspector@610323", "auditor@610323"]
)
def test_who_need_not_know_persons_gets_no_column_of_them(username):
    open_request()
    head, row = sheet(username)
    assert "来信人" not in head
    assert "王" not in "".join(str(cell) for cell in row)


def test_each_export_is_logged_with_what_was_taken():
    open_request()
    sheet("analyst@610323", f"region={TOWN}&state=registered")
    line = Access.objects.get(event="export")
    assert (line.username, line.reason) == ("analyst@610323", f"state=registered&region={TOWN}")


def test_a_text_that_looks_like_a_formula_stays_a_text():
    open_request(title='=HYPERLINK("http://x")')
    assert sheet(f"clerk@{TOWN}")[1][2].startswith("=HYPERLINK")


def test_the_rows_cost_queries_by_hundreds_and_not_each(django_assert_max_num_queries):
    for _ in range(12):
        open_request()
    client = cast.browser(f"clerk@{TOWN}")
    b"".join(client.get("/desk/matters/export/").streaming_content)
    with django_assert_max_num_queries(16):
        b"".join(client.get("/desk/matters/export/").streaming_content)
