"""Which unit a matter is proposed to, with the reason, by the routing table of its mode."""

import pytest

from qizhi.governance.triage.queries import proposed_units
from qizhi.kernel.modes.store import mode_at
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_it_proposes_a_unit_and_says_why():
    choice = proposed_units(walk_to("triaged").matter)
    assert choice.unit_code
    assert choice.because.zh
    assert [tried for tried in choice.tried if tried.matched][-1].rule == choice.rule


def test_the_reasons_name_categories_and_places_as_people_do():
    tried = proposed_units(walk_to("triaged").matter).tried
    assert tried[-1].why.zh == "类别是“路灯井盖与排水”"
    assert tried[-1].why.en == "It fits: category “Street lamps, manholes and drainage”"
    by_rule = {one.rule: one.why.zh for one in tried}
    assert by_rule["at_village"].startswith("类别是“路灯井盖与排水”，要求垃圾清运与乱倒、")
    assert not [why for why in by_rule.values() if "_" in why or VILLAGE in why]


def test_it_agrees_with_the_table_of_the_matters_own_mode():
    matter = walk_to("triaged").matter
    rules = {rule.name for rule in mode_at(matter.mode_version).routes["dispatch"].rules}
    assert proposed_units(matter).rule in rules


def test_a_unit_complained_of_is_not_proposed():
    case = open_request(region=VILLAGE)
    before = proposed_units(case.matter)
    take(
        case,
        "triage",
        "dispatcher",
        category=case.matter.category,
        difficulty="general",
        against_unit=before.unit_code,
    )
    after = proposed_units(case.matter)
    assert after.unit_code != before.unit_code
    assert after.tried


def test_without_a_table_there_is_no_proposal(monkeypatch):
    matter = open_request(region=TOWN).matter
    mode = mode_at(matter.mode_version).model_copy(update={"routes": {}})
    monkeypatch.setattr("qizhi.governance.triage.queries.mode_at", lambda _number: mode)
    assert proposed_units(matter) is None
