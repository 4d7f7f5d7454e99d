"""The two commands of the repository do what the papers beside them say."""

import re
import subprocess
import sys
import tomllib

import pytest
import yaml

import qizhi
from scripts import check, environment, interpreter, needs, postgres
from scripts.base import ROOT, VENV_PYTHON

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(name):
    """Read a lock into package → the set of its entries (versions with their markers), and its hashes."""
    entries, hashes, package = {}, {}, ""
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([a-z0-9][a-z0-9._-]*)(==\S+.*?) \\$", line):
            package = found[1]
            entries.setdefault(package, set()).add(found[2])
        elif found := re.match(r"    --hash=(sha256:[0-9a-f]{64})", line):
            hashes.setdefault(package, set()).add(found[1])
    return entries, hashes


def test_the_continuous_integration_calls_exactly_make_test():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == [
        "set -eu",
        'cd "$(dirname "${BASH_SOURCE[0]}")/.."',
        "exec make test",
    ]


def test_make_help_names_every_target():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    promised = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split())
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make (\w+)", shown, re.MULTILINE)) == promised


def test_the_version_is_the_same_everywhere():
    public = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert {PYPROJECT["project"]["version"], public["softwareVersion"]} == {qizhi.__version__}


def test_the_publiccode_file_keeps_the_limits_of_its_standard():
    public = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert public["publiccodeYmlVersion"] == "0.4"
    assert public["legal"]["license"] == PYPROJECT["project"]["license"]
    for said in public["description"].values():
        assert len(said["shortDescription"]) <= 150
        assert 150 <= len(said["longDescription"]) <= 10_000
        assert said["features"]


def test_the_licence_is_there_in_both_languages():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("木兰宽松许可证, 第2版\n")
    assert "Mulan Permissive Software License，Version 2 (Mulan PSL v2)" in text
    assert text.count("See the Mulan PSL v2 for more details.") == 2


def test_tests_run_with_the_very_packages_that_run_in_production():
    run, run_hashes = pins("requirements.lock")
    test, test_hashes = pins("requirements-dev.lock")
    assert len(run) > 40
    assert {name: test.get(name) for name in run} == run
    assert {name: test_hashes.get(name) for name in run_hashes} == run_hashes


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_hashes_and_no_address(name):
    entries, hashes = pins(name)
    assert set(entries) == set(hashes)
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


def test_every_dependency_is_locked():
    run, _ = pins("requirements.lock")
    test, _ = pins("requirements-dev.lock")
    named = [re.match(r"[\w.-]+", line)[0].lower() for line in PYPROJECT["project"]["dependencies"]]
    named_for_tests = [
        re.match(r"[\w.-]+", line)[0].lower() for line in PYPROJECT["dependency-groups"]["dev"]
    ]
    assert set(named) <= set(run)
    assert set(named_for_tests) <= set(test)


@pytest.mark.parametrize(
    ("version", "answer"),
    [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False), ((2, 7), False)],
)
def test_the_supported_pythons_are_those_that_the_project_names(version, answer):
    assert interpreter.suits(version) is answer
    assert PYPROJECT["project"]["requires-python"] == ">=3.11,<3.14"


@pytest.mark.parametrize(
    "line",
    [
        "12 passed in 0.03s",
        "===== 3 failed, 12 passed, 1 skipped in 61.20s (0:01:01) =====",
        "no tests ran in 0.01s",
        "======================== 1 passed, 2 warnings in 1.25s =========================",
    ],
)
def test_the_closing_line_of_pytest_is_known(line):
    assert check.CLOSING.match(line)


@pytest.mark.parametrize("line", ["FAILED a.py::test_b", "ok in 3s", "=== short test summary info ===", ""])
def test_no_other_line_counts_as_closing(line):
    assert not check.CLOSING.match(line)


def stage(report, code, *words):
    report.run(
        "a stage", [sys.executable, "-c", f"print('2 passed in 0.10s'); raise SystemExit({code})", *words]
    )


def test_a_failed_stage_fails_the_whole_and_stops_nothing(tmp_path, capsys):
    report = check.Report(tmp_path)
    stage(report, 1)
    stage(report, 0)
    report.leave_out("another", "no browser")
    assert report.failed
    assert [result.ended for result in report.results] == ["FAILED (1)", "ok", "not run: no browser"]
    assert report.summary().splitlines()[-1] == "2 passed in 0.10s"


def test_good_stages_do_not_fail(tmp_path):
    report = check.Report(tmp_path)
    stage(report, 0)
    assert not report.failed


def test_only_the_browser_stage_may_find_no_test(tmp_path):
    report = check.Report(tmp_path)
    stage(report, 5, "browser")
    assert not report.failed
    stage(report, 5)
    assert report.failed


def test_a_stage_does_not_see_the_settings_of_a_persons_own_instance(tmp_path, monkeypatch):
    monkeypatch.setenv("QIZHI_DATABASE_URL", "postgresql://somewhere/else")
    monkeypatch.setenv("PORT", "80")
    seen = check.clean_environment(tmp_path)
    assert {"QIZHI_DATABASE_URL", "PORT"}.isdisjoint(seen)
    assert seen["QIZHI_DATA"] == str(tmp_path)


def test_what_is_missing_is_said_in_one_line(monkeypatch, capsys):
    absent = needs.Need("a dragon", "dragon", "the dragon tests", lambda: False)
    monkeypatch.setattr(needs, "NEEDS", (absent,))
    monkeypatch.setattr(needs.debian, "why_not", lambda: "you are not root")
    assert needs.provide() == [absent]
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert said.startswith("Missing: a dragon (you are not root); therefore not run: the dragon tests.")


def test_the_stamp_changes_with_what_is_locked(tmp_path, monkeypatch):
    for name in ("requirements.lock", "pyproject.toml", "scripts/environment.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    before = environment.stamp("run")
    assert environment.stamp("run") == before
    (tmp_path / "requirements.lock").write_text("2")
    assert environment.stamp("run") != before


def test_the_command_starts_python_also_from_a_folder_with_a_long_or_odd_name(tmp_path):
    folder = tmp_path / ("齐治 " + "a" * 120)
    folder.mkdir()
    (folder / "python").symlink_to(VENV_PYTHON if VENV_PYTHON.exists() else sys.executable)
    command = folder / "qizhi"
    text = environment.COMMAND.format(python=folder / "python")
    command.write_text(text.replace("from qizhi.cli import main", "main = lambda: print(sys.argv[1])"))
    command.chmod(0o755)
    told = subprocess.run([command, "a b"], capture_output=True, text=True, check=True)
    assert told.stdout == "a b\n"


@pytest.mark.skipif(postgres.programs() is None, reason="no PostgreSQL server on this machine")
def test_a_cluster_is_lent_and_leaves_nothing_behind():
    import psycopg

    with postgres.cluster() as url:
        with psycopg.connect(url) as connection:
            folder = connection.execute("SHOW data_directory").fetchone()[0]
            assert connection.execute("SHOW listen_addresses").fetchone()[0] == "127.0.0.1"
        assert not subprocess.run(["test", "-d", folder], check=False).returncode
    assert subprocess.run(["test", "-d", folder], check=False).returncode
