"""The command and its small verbs: help, audit, tick, token, and how errors are told."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from qizhi.cli import main
from qizhi.cli.commands import COMMANDS
from qizhi.cli.main import parser
from qizhi.cli.progress import Progress
from qizhi.kernel.accounts.models import Token, User
from qizhi.kernel.accounts.tokens import token_actor
from qizhi.kernel.loop.models import Seal, Step
from qizhi.kernel.loop.tests.tampering import rewrite
from qizhi.kernel.worktime.tests.samples import moment
from qizhi.testing.stories import open_request, walk_to
from qizhi.testing.world import TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

ROOT = Path(__file__).resolve().parents[3]
VERBS = [command.NAME for command in COMMANDS]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_of_its_own(verb, capsys):
    with pytest.raises(SystemExit) as left:
        parser().parse_args([verb, "--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert verb in said
    [command] = [one for one in COMMANDS if verb == one.NAME]
    assert command.HELP.split("：")[0][:6] in said


def test_help_needs_no_database(tmp_path):
    """On a machine where nothing is prepared, help still answers, and quickly: Django is not even loaded."""
    code = (
        "import sys; from qizhi.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert 'django' not in sys.modules, 'Django was loaded'"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"QIZHI_DATA": str(tmp_path), "PATH": "", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert all(verb in done.stdout for verb in VERBS)


@pytest.mark.parametrize("argv", [[], ["nonsense"], ["audit"], ["audit", "forge"], ["token", "create"]])
def test_what_it_does_not_understand_ends_with_usage(argv, capsys):
    with pytest.raises(SystemExit) as left:
        main(argv)
    assert left.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_an_error_of_ours_is_one_sentence_and_no_trace(capsys):
    assert main(["token", "create", f"clerk@{TOWN}", "--days", "9999"]) == 1
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "days：" in said


# --- audit -------------------------------------------------------------------------------------------


def test_the_audit_counts_what_is_whole(capsys):
    walk_to("in_progress")
    assert main(["audit", "verify"]) == 0
    told = capsys.readouterr()
    assert f"核验通过：1 件事项，{Step.objects.count()} 步" in told.out


def test_the_audit_names_what_is_broken_and_ends_with_failure(capsys):
    case = walk_to("in_progress")
    rewrite(Step.objects.get(matter=case.matter, seq=2), unit_name="别的单位")
    assert main(["audit", "verify"]) == 1
    said = capsys.readouterr().out
    assert f"断链 {case.number} 第2步" in said
    assert "不要再改动数据库" in said


# --- tick --------------------------------------------------------------------------------------------


def test_a_tick_does_all_that_is_due_and_a_second_one_nothing(capsys):
    case = open_request(at=moment("2026-11-02 Mon 09:00"))
    assert main(["tick"]) == 0
    first = capsys.readouterr().out
    assert case.reload().level == "county"
    assert not Step.objects.filter(sealed_no=None).exists()
    assert Seal.objects.count() == 1
    assert "日封印 1 个" in first
    assert main(["tick"]) == 0
    assert capsys.readouterr().out.startswith("到期时限 0 个，新编流水 0 步")


# --- token -------------------------------------------------------------------------------------------


def test_a_token_is_the_last_word_and_acts_as_its_owner(capsys):
    assert main(["token", "create", f"Clerk@{TOWN}", "--days", "30", "--label", "大厅叫号机"]) == 0
    raw = capsys.readouterr().out.split()[-1]
    actor = token_actor(raw, "127.0.0.1")
    assert actor.user_id == User.objects.get(username=f"clerk@{TOWN}").id
    token = Token.objects.get()
    assert (token.label, raw in token.digest) == ("大厅叫号机", False)
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)


@pytest.mark.parametrize("days", ["0", "366", "-1"])
def test_a_token_lives_a_year_at_most(days):
    assert main(["token", "create", f"clerk@{TOWN}", "--days", days]) == 1
    assert not Token.objects.exists()


def test_nobody_gets_a_token_for_an_account_that_is_not_there_or_closed(capsys):
    assert main(["token", "create", "nobody@610323"]) == 1
    User.objects.filter(username=f"clerk@{TOWN}").update(is_active=False)
    assert main(["token", "create", f"clerk@{TOWN}"]) == 1
    assert capsys.readouterr().err.count("没有账号") == 2
    assert not Token.objects.exists()


# --- progress ----------------------------------------------------------------------------------------


def test_progress_is_plain_lines_off_a_terminal(capsys):
    with Progress("导入", 3) as progress:
        for _row in range(3):
            progress.step()
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1].startswith("导入：3/3")
    assert "\r" not in "".join(lines)


def test_progress_is_a_bar_on_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with Progress("导入", 2) as progress:
        progress.step(2)
    said = capsys.readouterr().err
    assert "█" in said
    assert said.endswith("\n")


def test_progress_over_nothing_is_no_division_by_nothing(capsys):
    with Progress("导入", 0):
        pass
    assert "0/1" in capsys.readouterr().err
