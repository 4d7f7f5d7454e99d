"""Each proof names a minimal broken pack at the exact file, line and field."""

import pytest

from qizhi.kernel.modes import registry
from qizhi.kernel.modes.tests.tools import Slip, cases_of, checked, line_of, told

LETTER = "nation/kinds/letter.yaml"

BROKEN = cases_of("broken.yaml")


@pytest.fixture(autouse=True)
def two_channels(monkeypatch):
    monkeypatch.setitem(registry.VALUES, "channel", frozenset({"web", "phone"}))


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: f"{case['proof']}-{case['field']}")
def test_a_broken_pack_is_named_at_its_file_line_and_field(tmp_path, case):
    errors = checked(tmp_path, Slip(case["file"], case["old"], case["new"])).errors
    found = [one for one in errors if case["says"] in one.message]
    assert found, told(errors)
    where = case.get("in", case["file"])
    line = line_of(tmp_path, where, case["at"])
    assert (where, line, case["field"]) in [(one.file, one.line, one.field) for one in found], told(found)


@pytest.mark.parametrize("proof", sorted({case["proof"] for case in BROKEN}))
def test_every_proof_runs(proof):
    from qizhi.kernel.modes.checking import PROOFS

    assert any(prove.__module__.endswith(f".{proof}") for prove in PROOFS)


def test_a_text_without_english_is_a_warning(tmp_path):
    pack = checked(tmp_path, Slip("nation/roles.yaml", "{zh: 登记员, en: Clerk}", "{zh: 登记员}"))
    assert not pack.errors
    warning = next(one for one in pack.findings if "没有英文" in one.message)
    assert (warning.file, warning.line, warning.field) == ("nation/roles.yaml", 2, "clerk.title")


def test_a_wrong_state_name_brings_no_chain_of_errors(tmp_path):
    errors = checked(tmp_path, Slip(LETTER, "    to: answered", "    to: answred")).errors
    assert [one.message for one in errors] == ["没有“answred”这个状态，是不是想写“answered”？"]


def test_a_kind_without_an_end_is_named(tmp_path):
    pack = checked(
        tmp_path,
        Slip(LETTER, "    end: true\n    done: true", "    done: true"),
        Slip(LETTER, "    end: true\n    tone: ended\n\nclocks", "    tone: ended\n\nclocks"),
    )
    assert any("没有一个结束状态" in one.message for one in pack.errors)


@pytest.mark.parametrize(
    ("by", "says"),
    [
        ("{clerk: centre}", True),
        ("{clerk: centre, handler: lead}", False),
        ("{clerk: centre, reporter: reporter}", False),
    ],
)
def test_the_same_desk_is_not_asked_twice(tmp_path, by, says):
    """`weigh` must follow `assign` before anything is done: it may not ask for the weight again at the same desk."""
    again = f"""
  weigh:
    title: {{zh: 再定难易, en: Weigh again}}
    from: [weighing]
    to: working
    by: {by}
    inputs:
      - name: weight
        type: choice
        title: {{zh: 难易, en: Weight}}
        required: true
        choices:
          - {{value: light, title: {{zh: 简单, en: Light}}}}
          - {{value: heavy, title: {{zh: 复杂, en: Heavy}}}}
"""
    state = "  weighing:\n    title: {zh: 称量, en: Weighing}\n    held_by: centre\n    public: {zh: 稍候, en: Wait}\n"
    pack = checked(
        tmp_path,
        Slip(LETTER, "    from: [received]\n    to: working", "    from: [received]\n    to: weighing"),
        Slip(LETTER, "states:\n", f"states:\n{state}"),
        Slip(LETTER, "", again),
    )
    found = [one for one in pack.errors if "已经由同一个人填过" in one.message]
    assert bool(found) is says, told(pack.errors)
    if found:
        assert (found[0].file, found[0].field) == (LETTER, "transitions.weigh.inputs[weight]")
    else:
        assert not pack.errors, told(pack.errors)


def test_giving_a_matter_to_another_unit_may_ask_for_the_unit_again(tmp_path):
    again = """
  reassign:
    title: {zh: 改派, en: Reassign}
    from: [working]
    to: "="
    by: {clerk: centre}
    inputs:
      - {name: unit, type: unit, title: {zh: 承办单位, en: Unit}, required: true}
"""
    pack = checked(tmp_path, Slip(LETTER, "", again))
    assert not pack.errors, told(pack.errors)
