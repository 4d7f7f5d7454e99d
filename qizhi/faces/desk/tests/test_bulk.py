"""One step with many matters: each on its own, each result told, nothing lost."""

import pytest

from qizhi.kernel.loop.models import Matter
from qizhi.kernel.units.queries import directory
from qizhi.testing import cast
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import OTHER_VILLAGE, TOWN

from .pages import HTMX, cost_of, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def at_county(category="housing_construction.heating"):
    case = open_request(category=category)
    if case.matter.level != "county":
        take(case, "escalate", "dispatcher", reason="需要县级部门。")
    take(case, "triage", "dispatcher@610323", category=category, difficulty="general")
    return case


def items(*cases):
    return [f"{case.number}:{case.matter.version}" for case in cases]


def leads(*cases):
    return [
        directory().by_id[case.reload().lead_id].code if case.reload().lead_id else None for case in cases
    ]


@pytest.fixture
def county():
    return cast.browser("dispatcher@610323")


def test_only_matters_with_a_step_for_many_can_be_ticked():
    ready, other = walk_to("triaged"), walk_to("registered")
    page = page_of(cast.browser(f"dispatcher@{TOWN}").get("/desk/matters/"))
    assert f'value="{ready.number}:{ready.matter.version}"' in page
    assert f'value="{other.number}:' not in page
    assert 'data-steps="dispatch"' in page
    assert "data-tick" not in page_of(cast.browser("leader@610323").get("/desk/matters/"))


def test_the_form_shows_each_matter_with_its_proposed_unit(county):
    heat, police = at_county(), at_county("law_order.public_security")
    page = page_of(county.get("/desk/matters/bulk/dispatch/", {"item": items(heat, police)}, headers=HTMX))
    assert "县住建局" in page
    assert "县公安局" in page
    assert "各按上面的建议交办" in page
    assert "<html" not in page


def test_each_goes_where_it_is_proposed(county):
    heat, police = at_county(), at_county("law_order.public_security")
    answer = county.post(
        "/desk/matters/bulk/dispatch/",
        {"item": items(heat, police), "as_proposed": "1", "note": "请尽快。"},
        headers=HTMX,
    )
    page = page_of(answer)
    assert "办好 2 件，没有办成 0 件" in page
    assert leads(heat, police) == ["zhujian", "gongan"]
    assert "list-changed" in answer["HX-Trigger-After-Settle"]


def test_all_go_to_one_unit_when_that_is_chosen(county):
    heat, police = at_county(), at_county("law_order.public_security")
    said = {"item": items(heat, police), "as_proposed": "0", "lead_unit": "xinfang"}
    assert "办好 2 件" in page_of(county.post("/desk/matters/bulk/dispatch/", said, headers=HTMX))
    assert leads(heat, police) == ["xinfang", "xinfang"]


def test_one_that_fails_leaves_the_others_done_and_says_why(county):
    heat, moved, gone = at_county(), at_county(), at_county()
    chosen = items(heat, moved, gone)
    take(moved, "note", "dispatcher@610323", note="刚刚有人备注。")
    take(gone, "withdraw", "dispatcher@610323", reason="来信人撤回。")
    page = page_of(
        county.post("/desk/matters/bulk/dispatch/", {"item": chosen, "as_proposed": "1"}, headers=HTMX)
    )
    assert "办好 1 件，没有办成 2 件" in page
    assert "刚刚被别人办理过" in page
    assert [one.reload().state for one in (heat, moved, gone)] == ["dispatched", "triaged", "withdrawn"]


def test_without_a_unit_nothing_is_done_and_the_form_says_so(county):
    heat = at_county()
    said = {"item": items(heat), "as_proposed": "0", "note": "请尽快办理。"}
    answer = county.post("/desk/matters/bulk/dispatch/", said, headers=HTMX)
    assert answer.status_code == 422
    assert "请填写“主办单位”" in answer.content.decode()
    assert "请尽快办理。" in answer.content.decode()
    assert heat.reload().state == "triaged"


def test_many_are_archived_at_once():
    cases = [walk_to("revisited") for _ in range(3)]
    client = cast.browser(f"revisit@{TOWN}")
    assert "归档" in page_of(client.get("/desk/matters/bulk/archive/", {"item": items(*cases)}, headers=HTMX))
    page = page_of(client.post("/desk/matters/bulk/archive/", {"item": items(*cases)}, headers=HTMX))
    assert "办好 3 件" in page
    assert {one.reload().state for one in cases} == {"archived"}


def test_a_matter_of_another_town_is_neither_shown_nor_touched():
    mine, other = walk_to("triaged"), walk_to("triaged", region=OTHER_VILLAGE)
    client = cast.browser(f"dispatcher@{TOWN}")
    said = {"item": items(mine, other), "as_proposed": "0", "lead_unit": f"tg-{TOWN}"}
    assert other.number not in page_of(client.post("/desk/matters/bulk/dispatch/", said, headers=HTMX))
    assert other.reload().state == "triaged"


@pytest.mark.parametrize(
    ("username", "step", "status"),
    [
        (f"dispatcher@{TOWN}", "triage", 422),
        (f"handler@{TOWN}", "dispatch", 422),
        ("auditor@610323", "archive", 422),
        (f"dispatcher@{TOWN}", "dispatch", 422),
    ],
)
def test_what_cannot_be_done_with_many_is_refused(username, step, status):
    case = walk_to("registered")
    chosen = [] if (username, step) == (f"dispatcher@{TOWN}", "dispatch") else items(case)
    answer = cast.browser(username).post(f"/desk/matters/bulk/{step}/", {"item": chosen}, headers=HTMX)
    assert answer.status_code == status
    assert Matter.objects.get(pk=case.matter.pk).state == "registered"


def test_without_scripts_it_is_a_page_of_its_own(county):
    heat = at_county()
    page = page_of(county.get("/desk/matters/bulk/dispatch/", {"item": items(heat)}))
    assert "<html" in page
    answer = county.post("/desk/matters/bulk/dispatch/", {"item": items(heat), "as_proposed": "1"})
    assert "办好 1 件" in page_of(answer)


def test_the_form_costs_few_queries_whatever_was_chosen(county):
    chosen = "&".join(f"item={one}" for one in items(*[at_county() for _ in range(4)]))
    assert cost_of(county, f"/desk/matters/bulk/dispatch/?{chosen}", **HTMX) <= 5
