"""Errors of shape: each is told in words, at its file, line and field, all of them in one run."""

import re

import pytest

from qizhi.kernel.modes.schema import Head, Mode
from qizhi.kernel.modes.tests.tools import Slip, cases_of, checked, line_of, told
from qizhi.kernel.modes.wording import PATTERNS

LETTER = "nation/kinds/letter.yaml"
SLIPS = cases_of("misshapen.yaml")


@pytest.mark.parametrize("case", SLIPS, ids=lambda case: case["field"])
def test_a_wrong_value_is_told_where_it_stands(tmp_path, case):
    errors = checked(tmp_path, Slip(case["file"], case["old"], case["new"])).errors
    found = [one for one in errors if case["says"] in one.message]
    assert found, told(errors)
    line = line_of(tmp_path, case["file"], case["at"])
    assert (found[0].file, found[0].line, found[0].field) == (case["file"], line, case["field"])


def test_a_slip_in_a_word_brings_no_other_error(tmp_path):
    assert len(checked(tmp_path, Slip(LETTER, "    tone: wait", "    tune: wait")).errors) == 1


def test_all_errors_of_all_files_are_told_in_one_run(tmp_path):
    # Of slips in one place, which exclude each other, the first is taken.
    once: list[dict[str, str]] = []
    for case in SLIPS:
        beside = [one for one in once if one["file"] == case["file"]]
        meets = any(case["old"] in one["old"] or one["old"] in case["old"] for one in beside)
        if case["file"] != "county/mode.yaml" and not meets:
            once.append(case)
    errors = checked(tmp_path, *(Slip(case["file"], case["old"], case["new"]) for case in once)).errors
    messages = told(errors)
    assert len(once) > 20
    assert not [case["says"] for case in once if case["says"] not in messages], messages


def test_an_error_of_words_does_not_keep_the_flow_from_being_proven(tmp_path):
    pack = checked(
        tmp_path,
        Slip(LETTER, "number: LX", "number: lx"),
        Slip(LETTER, "    to: refused", "    to: answered"),
    )
    messages = told(pack.errors)
    assert "大写英文字母" in messages
    assert "从任何一步都到不了" in messages


def test_an_error_in_the_flow_is_told_once_and_the_flow_is_left(tmp_path):
    pack = checked(
        tmp_path, Slip(LETTER, "    from: [working]\n    to: paused", "    form: [working]\n    to: paused")
    )
    assert [one.message for one in pack.errors] == ["不认识“form”，是不是想写“from”？"]
    assert any("这次没有检查流程" in one.message for one in pack.findings)


def test_nothing_else_is_blamed_for_what_was_left_out(tmp_path):
    pack = checked(tmp_path, Slip("county/units.csv", "lights,样例县城管局,县城管局", "lights,样例县城管局,"))
    assert [(one.file, one.field) for one in pack.errors] == [("county/units.csv", "short_name")]


def test_every_pattern_of_the_schema_has_its_sentence():
    patterns = set(re.findall(r"'pattern': '((?:[^'\\]|\\.)*)'", str(Mode.model_json_schema())))
    patterns |= set(re.findall(r"'pattern': '((?:[^'\\]|\\.)*)'", str(Head.model_json_schema())))
    assert {one.replace("\\\\", "\\") for one in patterns} <= set(PATTERNS)
