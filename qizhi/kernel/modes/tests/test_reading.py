"""Files are read strictly: what is written is what is meant, and every fault has its file and line."""

import pytest

from qizhi.kernel.modes.checking import check_pack
from qizhi.kernel.modes.nodes import plain
from qizhi.kernel.modes.reading import read_pack
from qizhi.kernel.modes.report import Report
from qizhi.kernel.modes.tests.tools import Slip, checked, line_of, stack, told
from qizhi.kernel.modes.yaml_reading import read_yaml


def read(tmp_path, text):
    path = tmp_path / "a.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    report = Report()
    node = read_yaml(path, "p/a.yaml", report)
    return (None if node is None else plain(node)), [str(one) for one in report.findings]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no", "no"),
        ("a: on", "on"),
        ("a: Yes", "Yes"),
        ("a: True", "True"),
        ("a: true", True),
        ("a: false", False),
        ("a: 2026-01-01", "2026-01-01"),
        ("a: 12:30:15", "12:30:15"),
        ("a: 0123", "0123"),
        ("a: 0x1f", "0x1f"),
        ("a: 1_000", "1_000"),
        ("a: 12", 12),
        ("a: -3", -3),
        ("a: 1.5", 1.5),
        ("a: 1e3", "1e3"),
        ("a: .inf", ".inf"),
        ("a: ~", None),
        ("a:", None),
        ("a: '12'", "12"),
        ('a: "true"', "true"),
        ("a: 610323", 610323),
    ],
)
def test_only_plain_forms_are_more_than_words(tmp_path, text, value):
    assert read(tmp_path, text) == ({"a": value}, [])


def test_the_key_on_is_a_word(tmp_path):
    assert read(tmp_path, "on: 1\nno: 2\n1: 3")[0] == {"on": 1, "no": 2, "1": 3}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", "p/a.yaml:3: a: “a”写了两次，第1行已有"),
        ("a:\n  b: 1\n  b: 2\n", "p/a.yaml:3: a.b: “b”写了两次，第2行已有"),
        ("a: &x 1\nb: *x\n", "p/a.yaml:2: b: 不支持“*名称”这种引用"),
        ("a: &x [*x]\n", "p/a.yaml:1: a[1]: 不支持“*名称”这种引用"),
        ("a: !!python/name:os.system x\n", "p/a.yaml:1: a: 不支持"),
        ("a:\n\tb: 1\n", "p/a.yaml:2: : 这里有不能直接使用的符号"),
        ("a: b: c\n", "p/a.yaml:1: : 这一行多了一个冒号"),
        ("a: 'x\n", "引号没有成对"),
        ("a: [1, 2\n", "括号没有成对"),
        ("a: 1\n---\nb: 2\n", "一个文件里只能有一份内容"),
        ("? [a]\n: 1\n", "名称只能是一个词"),
        ("a: 群众\n".encode("gbk"), "p/a.yaml:1: : 文件不是 UTF-8 编码"),
        ("a: 1\nb: 群众\n".encode("gbk"), "p/a.yaml:2: : 文件不是 UTF-8 编码"),
    ],
)
def test_a_fault_of_writing_is_told_with_its_line(tmp_path, text, says):
    findings = read(tmp_path, text)[1]
    assert len(findings) == 1
    assert says in findings[0]


def test_a_byte_order_mark_of_excel_does_no_harm(tmp_path):
    assert read(tmp_path, b"\xef\xbb\xbfa: 1") == ({"a": 1}, [])


def test_an_empty_file_is_nothing(tmp_path):
    assert read(tmp_path, "# only a comment\n") == (None, [])


CSV_SLIPS = [
    ("regions.csv", "lon,lat\n", "lon,latt\n", "latt", "latt", "不认识的列“latt”，是不是想写“lat”？"),
    ("units.csv", "short_name,kind", "short_name,sort", "sort", "kind", "表头缺少“kind”这一列"),
    ("units.csv", "purposes\n", "purposes,code\n", "purposes,code", "code", "“code”这一列出现了两次"),
    ("regions.csv", "西镇,town,990101,,", "西镇,town,990101,东,", "西镇", "lon", "“东”不是数字"),
    (
        "units.csv",
        "990101,,true",
        "990101,,是",
        "县平安办",
        "is_official",
        "“是”应写成 true（是）或 false（否）",
    ),
    ("aliases.csv", ",,东街,", ",,东街,旧名,", "东街", "", "这一行有5格，表头只有4列"),
    ("regions.csv", "西镇,town", ",town", "990101101,,town", "name", "缺少必填项“name”（名称"),
]


@pytest.mark.parametrize("case", CSV_SLIPS, ids=lambda case: f"{case[0]}-{case[4]}")
def test_a_fault_in_a_table_is_told_with_line_and_column(tmp_path, case):
    file, old, new, line, field, says = case
    errors = checked(tmp_path, Slip(f"county/{file}", old, new)).errors
    found = [one for one in errors if says in one.message]
    assert found, told(errors)
    number = line_of(tmp_path, f"county/{file}", line)
    assert (found[0].file, found[0].line, found[0].field) == (f"county/{file}", number, field)


def test_an_open_quote_stops_the_table_with_one_finding(tmp_path):
    errors = checked(
        tmp_path, Slip("nation/calendar.csv", "holiday,元旦\n2026-01-03", 'holiday,"元旦\n2026-01-03')
    ).errors
    assert [one.message for one in errors] == ["这一行的引号没有成对，后面的内容读不下去。"]


def test_lines_are_counted_over_a_cell_of_several_lines(tmp_path):
    slip = Slip("county/units.csv", "样例县平安办,", '"样例县\n平安办",')
    pack = checked(tmp_path, slip, Slip("county/units.csv", "990101,office,false", "990101,nobody,false"))
    assert [(one.line, one.field) for one in pack.errors] == [(4, "parent")]


def test_a_missing_file_is_an_empty_part(tmp_path):
    folder = stack(tmp_path)
    (folder / "aliases.csv").unlink()
    report = Report()
    pack = read_pack(folder, report)
    assert not report.findings
    assert plain(pack.series("aliases")) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("routes", "route", "county/route:1: : 没有读这个名称，是不是想写“routes”？"),
        ("regions.csv", "region.csv", "county/region.csv:1: : 没有读这个名称，是不是想写“regions.csv”？"),
        ("routes/intake.yaml", "routes/intake.yml", "county/routes/intake.yml:1: : 没有读这个文件"),
    ],
)
def test_a_name_that_looks_like_a_slip_is_warned_of(tmp_path, old, new, says):
    folder = stack(tmp_path)
    (folder / old).rename(folder / new)
    report = Report()
    read_pack(folder, report)
    assert says in told(report.findings)
    assert all(one.is_warning for one in report.findings)


def test_other_folders_are_nobodys_business(tmp_path):
    folder = stack(tmp_path)
    (folder / "demo").mkdir()
    (folder / "demo" / "broken.yaml").write_text(":::")
    assert not checked(tmp_path / "again").errors
    report = Report()
    read_pack(folder, report)
    assert not report.findings


def test_two_files_may_not_declare_the_same_kind(tmp_path):
    text = (stack(tmp_path / "plain").parent / "nation/kinds/letter.yaml").read_text()
    pack = checked(tmp_path / "twice", Slip("nation/kinds/zweiter.yaml", "", text))
    assert [one.message for one in pack.errors] == [
        "“letter”已经写在 nation/kinds/letter.yaml 里，请只留一处。"
    ]


def test_a_name_beside_the_key_must_be_the_key(tmp_path):
    pack = checked(tmp_path, Slip("nation/roles.yaml", "clerk:\n", "clerk:\n  key: klerk\n"))
    assert [(one.line, one.field) for one in pack.errors] == [(2, "clerk.key")]


def test_a_folder_without_mode_yaml_is_no_pack(tmp_path):
    (tmp_path / "empty").mkdir()
    assert [one.message for one in check_pack(tmp_path / "empty").errors] == [
        "没有找到 mode.yaml，这里不是一个工作模式包。"
    ]
