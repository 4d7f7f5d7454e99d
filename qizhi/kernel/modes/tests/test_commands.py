"""What the command line prints: plain lines, an exit code, and what to do next."""

import io

import pytest

from qizhi.kernel.modes import commands, hooks, store
from qizhi.kernel.modes.models import ModeVersion
from qizhi.kernel.modes.tests.test_trying import past
from qizhi.kernel.modes.tests.tools import Slip, stack

TIGHTER = Slip("county/kinds/letter.yaml", "light: 3wd", "light: 2wd")
TIGHTER_CASE = Slip("county/tests/routes.yaml", "2026-03-05T18", "2026-03-04T18")


@pytest.fixture(autouse=True)
def only_our_hooks(monkeypatch):
    for name in ("_usage", "_carry_over", "_past_cases"):
        monkeypatch.setattr(hooks, name, [])
    store.forget()
    yield
    store.forget()


def run(command, *arguments, **named):
    out = io.StringIO()
    return command(*arguments, out, **named), out.getvalue()


def test_check_says_that_all_is_well_and_what_to_do_next(tmp_path):
    code, text = run(commands.cmd_check, stack(tmp_path))
    assert code == 0
    assert "《样例县》1 通过检查（nation → province → county）：1类事项、6个状态、8个步骤" in text
    assert f"下一步：qizhi mode try {tmp_path / 'county'}" in text
    assert "还在计划中的部分 1 处：\n  “12”工作模式（1）：一个目标\n" in text


def test_check_counts_what_is_worth_knowing_and_lists_it_when_asked(tmp_path):
    folder = stack(tmp_path, Slip("nation/roles.yaml", "{zh: 登记员, en: Clerk}", "{zh: 登记员}"))
    code, text = run(commands.cmd_check, folder)
    assert code == 0
    assert "提醒 1 处（不影响启用，加 --all 逐条列出）：\n  nation/roles.yaml：1 处\n" in text
    text = run(commands.cmd_check, folder, all_warnings=True)[1]
    assert "nation/roles.yaml:2: clerk.title: “登记员”没有英文（en）。" in text


def test_check_prints_every_error_and_fails(tmp_path):
    folder = stack(
        tmp_path,
        Slip("nation/kinds/letter.yaml", "to: refused", "to: refusd"),
        Slip("county/units.csv", "990101,office,false", "990101,nobody,false"),
    )
    code, text = run(commands.cmd_check, folder)
    assert code == 1
    assert "错误 2 处：" in text
    assert (
        "  nation/kinds/letter.yaml:87: transitions.refuse.to: 没有“refusd”这个状态，是不是想写“refused”？"
        in text
    )
    assert "没有通过检查" in text


@pytest.mark.django_db
def test_try_counts_the_cases_and_compares_the_past(tmp_path):
    run(commands.cmd_apply, stack(tmp_path / "old"))
    hooks.register_past_cases(lambda: [past(), past(number="LX-2", facts={"weight": "heavy"})])
    code, text = run(commands.cmd_try, stack(tmp_path / "new", TIGHTER, TIGHTER_CASE))
    assert code == 0
    assert "模式包自带用例 4 个，通过 4 个。" in text
    assert "往事 2 件，换成新模式后有 1 件不一样。" in text
    assert "LX-1 到期时间 handle：2026-03-05T18:00+08:00 → 2026-03-04T18:00+08:00" in text
    assert "下一步：qizhi mode plan" in text


@pytest.mark.django_db
def test_try_fails_when_a_case_comes_out_otherwise(tmp_path):
    code, text = run(commands.cmd_try, stack(tmp_path, TIGHTER))
    assert code == 1
    assert "通过 3 个" in text
    assert "✗ 简单来信3个工作日" in text
    assert "还没有启用过模式，没有往事可比。" in text


@pytest.mark.django_db
def test_plan_shows_the_difference(tmp_path):
    run(commands.cmd_apply, stack(tmp_path / "old"))
    code, text = run(commands.cmd_plan, stack(tmp_path / "new", TIGHTER))
    assert code == 0
    assert "新增 0 处，修改 1 处，删去 0 处。" in text
    assert "～ kinds.letter.clocks.handle.term.terms.light：3wd → 2wd" in text
    assert "与现行模式相同" in run(commands.cmd_plan, tmp_path / "old" / "county")[1]


@pytest.mark.django_db
def test_plan_of_the_first_pack_is_all_new_and_short(tmp_path):
    code, text = run(commands.cmd_plan, stack(tmp_path))
    assert code == 0
    assert "还没有启用过模式" in text
    assert "＋ units 另有 " in text
    assert "＋ kinds.letter：样例县来信" in text


@pytest.mark.django_db
def test_apply_says_the_number_and_that_nothing_changed_the_second_time(tmp_path):
    folder = stack(tmp_path)
    assert run(commands.cmd_apply, folder)[1].startswith("已启用《样例县》1，为第 1 版。")
    code, text = run(commands.cmd_apply, folder)
    assert (code, text) == (0, "与现行模式（第 1 版）相同，没有任何改动。\n")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("slips", "pack", "says"),
    [
        ([Slip("county/units.csv", "990101,office,false", "990101,nobody,false")], "county", "没有“nobody”"),
        ([], "province", "只能作为上级依据"),
    ],
)
def test_apply_that_is_refused_fails_and_says_why(tmp_path, slips, pack, says):
    code, text = run(commands.cmd_apply, stack(tmp_path, *slips).parent / pack)
    assert code == 1
    assert says in text
    assert not ModeVersion.objects.exists()


def test_charts_are_written_for_every_kind_and_language(tmp_path):
    code, text = run(commands.cmd_chart, stack(tmp_path), tmp_path / "charts", languages=("zh", "en"))
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "charts").iterdir()) == ["letter.en.svg", "letter.svg"]
    assert "letter.svg" in text
