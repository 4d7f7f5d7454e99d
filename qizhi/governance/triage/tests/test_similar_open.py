"""What is similar and open nearby: found by place and words, shown only as far as it is public."""

from dataclasses import fields
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from qizhi.governance.triage.queries import Similar, similar_open, similar_to
from qizhi.testing import cast
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import OTHER_TOWN, OTHER_VILLAGE, TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

MANHOLE = "东街小学门口井盖松了，车一过咣当响，孩子容易绊倒"
RATHER_LIKE = "井盖松动，夜里看不见，电动车差点栽进去"
OTHER_THING = "村里大喇叭早上五点半就喊，能不能晚点"


def _found(text: str = MANHOLE, region: str = VILLAGE, **more) -> list[Similar]:
    return similar_open(region_code=region, text=text, **more)


def test_it_finds_the_same_thing_in_the_village():
    case = open_request()
    assert [one.matter_id for one in _found()] == [case.matter.pk]


def test_it_finds_nothing_else():
    open_request()
    assert _found(OTHER_THING) == []


def test_it_shows_only_what_is_public():
    open_request()
    (one,) = _found()
    assert {field.name for field in fields(Similar)} == {
        "matter_id",
        "title",
        "state",
        "opened_at",
        "region_code",
        "score",
    }
    assert one.title == "东街小学门口井盖松动"
    assert one.state.title.zh == "已登记"
    assert one.region_code == VILLAGE


def test_a_title_made_from_the_text_is_not_shown_for_the_text_is_not_public():
    case = open_request(title=None)
    (one,) = _found()
    assert one.title == "路灯井盖与排水"
    assert case.matter.title not in one.title
    with override("en"):
        assert _found()[0].title == "Street lamps, manholes and drainage"


def test_without_title_and_category_it_says_so():
    open_request(title=None, category=None)
    assert _found()[0].title == "一件还没有分类的事"


def test_a_closed_matter_is_not_shown():
    walk_to("archived")
    assert _found() == []


def test_a_matter_of_two_months_ago_is_not_shown():
    open_request(at=timezone.now() - timedelta(days=61))
    assert _found() == []


def test_another_village_of_the_town_shows_only_what_is_very_alike():
    open_request(region=f"{TOWN}210")
    assert [one.region_code for one in _found(MANHOLE)] == [f"{TOWN}210"]
    assert _found(RATHER_LIKE) == []
    assert len(_found(RATHER_LIKE, region=f"{TOWN}210")) == 1


def test_another_town_is_never_looked_at():
    open_request(region=OTHER_VILLAGE)
    assert _found() == []
    assert len(_found(region=OTHER_TOWN)) == 1


def test_a_place_near_on_the_map_counts_as_here():
    open_request(region=f"{TOWN}210", point={"lon": "107.6195", "lat": "34.4440"})
    assert _found(RATHER_LIKE) == []
    assert _found(RATHER_LIKE, lon=107.7000, lat=34.4441) == []
    assert len(_found(RATHER_LIKE, lon=107.6200, lat=34.4441)) == 1


def test_a_complaint_against_a_unit_is_not_shown():
    case = open_request()
    take(
        case,
        "triage",
        "dispatcher",
        category="discipline.conduct",
        difficulty="general",
        against_unit=f"tg-{TOWN}",
    )
    assert _found() == []


def test_the_whole_county_has_nothing_nearby():
    open_request()
    assert _found(region="610323") == []


def test_the_likeliest_come_first_and_no_more_than_asked_for():
    for text in (MANHOLE, "东街小学门口的井盖响", "小学门口有个井盖松动，车过就响"):
        open_request(title="井盖", text=text)
    found = _found(limit=2)
    assert len(found) == 2
    assert found[0].score >= found[1].score
    assert found[0].score <= 100


def test_it_asks_three_questions_of_the_database(django_assert_num_queries):
    for _ in range(3):
        open_request()
    with django_assert_num_queries(3):  # the village, the town, the matters
        assert len(_found()) == 3


def test_it_reads_no_more_than_its_limit(monkeypatch):
    monkeypatch.setattr("qizhi.governance.triage.queries.READ_MAX", 2)
    newest = [open_request(at=timezone.now() - timedelta(days=day)).matter.pk for day in (3, 2, 1)][1:]
    assert {one.matter_id for one in _found()} == set(newest)


def test_staff_see_the_whole_matter_but_only_those_they_may_see():
    first, second = open_request(), open_request()
    mine = similar_to(second.matter, cast.actor(f"dispatcher@{TOWN}"))
    assert [matter.pk for matter, _score in mine] == [first.matter.pk]
    assert similar_to(second.matter, cast.actor(f"dispatcher@{OTHER_TOWN}")) == []
