"""`qizhi import`: rows of a file become matters, once, and what cannot be taken is told by its line."""

import csv
from pathlib import Path

import pytest
from django.utils import timezone

from qizhi.cli import main
from qizhi.cli.commands.importing import source_key
from qizhi.kernel.kit.sheets import write_xlsx
from qizhi.kernel.loop.audit import audit_verify
from qizhi.kernel.loop.models import Matter, Step
from qizhi.kernel.loop.reporters import reporter_facts
from qizhi.testing.world import TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

HEAD = ["text", "region", "title", "opened_at"]
ROWS = [
    ["井盖松了，请修。", VILLAGE, "井盖", "2026-11-02 09:30"],
    ["路灯不亮。", VILLAGE, "", "2026/11/3 8:05"],
    ["河边有垃圾。", TOWN, "垃圾", ""],
]


def table(path: Path, head, rows, encoding="utf-8") -> str:
    with path.open("w", encoding=encoding, newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(head)
        writer.writerows(rows)
    return str(path)


def errors_of(path: str) -> list[list[str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.reader(handle))[1:]


def test_every_row_becomes_a_matter_with_its_time_and_channel(tmp_path, capsys):
    rows = [row if "8:05" not in row[3] else [*row[:3], "2026/11/03 08:05"] for row in ROWS]
    assert main(["import", "request", table(tmp_path / "a.csv", HEAD, rows)]) == 0
    assert "已导入 3 行，已有 0 行，有错 0 行" in capsys.readouterr().out
    first = Matter.objects.get(title="井盖")
    assert (first.channel, first.text, first.region_code) == ("import", "井盖松了，请修。", VILLAGE)
    assert timezone.localtime(first.opened_at).isoformat() == "2026-11-02T09:30:00+08:00"
    assert Matter.objects.get(text="路灯不亮。").title == "路灯不亮。"
    assert Step.objects.filter(actor_kind="system").count() == 3
    assert list(audit_verify()) == []


def test_a_second_run_imports_nothing(tmp_path, capsys):
    file = table(tmp_path / "a.csv", HEAD, ROWS[:1])
    main(["import", "request", file])
    numbers = list(Matter.objects.values_list("number", flat=True))
    assert main(["import", "request", file]) == 0
    assert "已导入 0 行，已有 1 行" in capsys.readouterr().out
    assert list(Matter.objects.values_list("number", flat=True)) == numbers


def test_a_row_is_known_again_by_its_id_though_its_words_changed(tmp_path):
    head = ["id", "text", "region"]
    main(
        [
            "import",
            "request",
            table(tmp_path / "a.csv", head, [["7", "井盖松了。", VILLAGE]]),
            "--source",
            "12345",
        ]
    )
    main(
        [
            "import",
            "request",
            table(tmp_path / "b.csv", head, [["7", "井盖松了！", VILLAGE]]),
            "--source",
            "12345",
        ]
    )
    assert Matter.objects.count() == 1
    main(
        [
            "import",
            "request",
            table(tmp_path / "b.csv", head, [["7", "井盖松了！", VILLAGE]]),
            "--source",
            "热线",
        ]
    )
    assert Matter.objects.count() == 2


def test_the_same_row_twice_in_one_file_is_imported_once(tmp_path, capsys):
    file = table(tmp_path / "a.csv", HEAD, [ROWS[0], ROWS[0]])
    main(["import", "request", file, "--dry-run"])
    assert "可以导入 1 行，已有 1 行" in capsys.readouterr().out
    main(["import", "request", file])
    assert "已导入 1 行，已有 1 行" in capsys.readouterr().out


def test_a_dry_run_checks_everything_and_keeps_nothing(tmp_path, capsys):
    file = table(tmp_path / "a.csv", HEAD, [ROWS[0], ["", VILLAGE, "空", ""]])
    assert main(["import", "request", file, "--dry-run"]) == 1
    assert "可以导入 1 行，已有 0 行，有错 1 行" in capsys.readouterr().out
    assert (Matter.objects.count(), Step.objects.count()) == (0, 0)
    main(["import", "request", file])
    assert Matter.objects.get().number.endswith("000001")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_that_offices_use(tmp_path, encoding):
    file = table(tmp_path / "a.csv", ["诉求内容", "地点"], [["井盖松了。", VILLAGE]], encoding)
    assert main(["import", "request", file, "--map", "text=诉求内容", "--map", "region=地点"]) == 0
    assert Matter.objects.get().text == "井盖松了。"


def test_excel_is_read_and_its_rows_counted_as_excel_shows_them(tmp_path):
    file = tmp_path / "a.xlsx"
    write_xlsx(file, ["text", "region"], [["井盖松了。", VILLAGE], ["", ""], ["", VILLAGE]])
    assert main(["import", "request", str(file)]) == 1
    assert Matter.objects.get().text == "井盖松了。"
    assert [line[:2] for line in errors_of(f"{file}.errors.csv")] == [["4", "bad_input"]]


def test_set_gives_every_row_the_same_value(tmp_path):
    file = table(tmp_path / "a.csv", ["text"], [["井盖松了。"], ["路灯不亮。"]])
    main(["import", "request", file, "--set", f"region={TOWN}", "--set", "urgency=urgent"])
    assert set(Matter.objects.values_list("region_code", "urgency")) == {(TOWN, "urgent")}


def test_set_makes_no_matter_of_a_row_that_says_nothing(tmp_path, capsys):
    file = table(tmp_path / "a.csv", ["text", "备注"], [["井盖松了。", ""], ["", "合计"]])
    main(["import", "request", file, "--set", f"region={TOWN}"])
    assert "已导入 1 行，已有 0 行，有错 0 行" in capsys.readouterr().out


@pytest.mark.parametrize("option", [["--map", "text"], ["--map", "nonsense=a"], ["--set", "=x"]])
def test_an_option_that_says_nothing_is_refused_before_anything_happens(tmp_path, option):
    file = table(tmp_path / "a.csv", HEAD, ROWS)
    with pytest.raises(SystemExit) as refused:
        main(["import", "request", file, *option])
    assert "看不懂" in str(refused.value)
    assert Matter.objects.count() == 0


def test_a_person_and_a_point_are_taken_along(tmp_path):
    head = ["text", "region", "name", "phone", "lon", "lat"]
    file = table(
        tmp_path / "a.csv", head, [["井盖松了。", VILLAGE, "王秀兰", "138-0000-0021", "107.63", "34.45"]]
    )
    main(["import", "request", file])
    matter = Matter.objects.get()
    assert (str(matter.lon), str(matter.lat)) == ("107.630000", "34.450000")
    facts = reporter_facts(matter.reporter)
    assert (facts.name, facts.phone) == ("王秀兰", "13800000021")


def test_a_code_of_another_system_is_translated(tmp_path):
    """610323111 is 故郡镇 for the statisticians and 凤鸣镇 for the civil affairs."""
    head = ["text", "region", "code_system"]
    file = table(tmp_path / "a.csv", head, [["甲", "610323111", "mca"], ["乙", "610323111000", "nbs"]])
    main(["import", "request", file])
    assert dict(Matter.objects.values_list("text", "region_code")) == {"甲": TOWN, "乙": "610323111"}


WRONG = [
    (["", VILLAGE, "", ""], "bad_input", "text"),
    (["井盖", "999999", "", ""], "bad_input", "region"),
    (["井盖", VILLAGE, "", "昨天"], "invalid", "opened_at"),
    (["井盖", VILLAGE, "", "2126-11-02 09:30"], "invalid", "opened_at"),
    (["长" * 100_001, VILLAGE, "", ""], "bad_input", "text"),
]


@pytest.mark.parametrize(("row", "code", "name"), WRONG, ids=[name + code for _row, code, name in WRONG])
def test_what_cannot_be_taken_is_written_with_line_code_and_reason(tmp_path, capsys, row, code, name):
    file = table(tmp_path / "a.csv", HEAD, [ROWS[0], row])
    target = tmp_path / "wrong.csv"
    assert main(["import", "request", file, "--errors", str(target)]) == 1
    assert str(target) in capsys.readouterr().out
    [[line, found, said]] = errors_of(str(target))
    assert (line, found) == ("3", code)
    assert said.startswith(f"{name}：")
    assert Matter.objects.count() == 1


def test_after_the_wrong_rows_are_mended_only_they_are_imported(tmp_path, capsys):
    main(["import", "request", table(tmp_path / "a.csv", HEAD, [ROWS[0], ["", VILLAGE, "", ""]])])
    capsys.readouterr()
    main(["import", "request", table(tmp_path / "a.csv", HEAD, [ROWS[0], ["路灯不亮。", VILLAGE, "", ""]])])
    assert "已导入 1 行，已有 1 行，有错 0 行" in capsys.readouterr().out


def test_an_unknown_kind_is_told_for_every_row(tmp_path):
    file = table(tmp_path / "a.csv", HEAD, ROWS[:1])
    assert main(["import", "nonsense", file]) == 1
    assert errors_of(f"{file}.errors.csv")[0][1] == "unknown_kind"


def test_a_file_that_is_not_there_or_no_table_is_told_in_one_sentence(tmp_path, capsys):
    assert main(["import", "request", str(tmp_path / "none.csv")]) == 1
    assert "没有找到文件" in capsys.readouterr().err
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"\x00\x01\x02" * 50)
    assert main(["import", "request", str(broken)]) == 1
    assert "没有导入" in capsys.readouterr().err


def test_a_key_holds_nothing_of_a_row_in_clear():
    values = {"text": "井盖", "phone": "13800000021"}
    key = source_key("a.csv", values)
    assert key == source_key("a.csv", dict(reversed(values.items())))
    assert len(key) <= Matter._meta.get_field("source_key").max_length
    assert not any(part in key for part in ("井盖", "1380000"))
    assert key != source_key("b.csv", values)
