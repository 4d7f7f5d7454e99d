"""The steps offered are those that can be taken: a need that does not hold takes its button away, with a reason."""

import pytest

from qizhi.kernel.loop.queries.possible import possible_for_each
from qizhi.kernel.loop.queries.story import matter_story
from qizhi.testing import cast
from qizhi.testing.stories import take, walk_to
from qizhi.testing.world import TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def offered(case, actor):
    return [step.name for step in matter_story(case.reload(), actor).buttons]


def test_a_decision_is_offered_only_when_something_was_asked_for():
    case = walk_to("in_progress")
    dispatcher = cast.actor(f"dispatcher@{TOWN}")
    assert not {"extension_grant", "extension_refuse"} & set(offered(case, dispatcher))
    take(case, "extension_ask", "handler", term="wd5", reason="配件在路上。")
    assert offered(case, dispatcher)[:2] == ["extension_grant", "extension_refuse"]


def test_nobody_is_offered_to_decide_on_what_their_own_unit_asked_for():
    case = walk_to("triaged")
    take(case, "take", "dispatcher")
    take(case, "extension_ask", "dispatcher", term="wd3", reason="等天晴。")
    assert "extension_grant" not in offered(case, cast.actor(f"dispatcher@{TOWN}"))
    assert "extension_grant" in offered(case, cast.actor("dispatcher@610323"))


def test_a_second_dissatisfaction_goes_to_supervision_and_not_round_again():
    case = walk_to("replied")
    revisit = cast.actor(f"revisit@{TOWN}")
    assert "revisit_unsatisfied" in offered(case, revisit)
    assert "revisit_supervise" not in offered(case, revisit)
    take(case, "revisit_unsatisfied", revisit, comment="还是响。")
    take(case, "start", "handler")
    take(case, "conclude", "handler", result="solved", conclusion="重新安装。")
    take(case, "reply", "handler", reply="已重新安装。")
    assert "revisit_unsatisfied" not in offered(case, revisit)
    assert "revisit_supervise" in offered(case, revisit)


def test_a_main_step_that_waits_says_for_what():
    case = walk_to("triaged")
    take(case, "dispatch", "dispatcher", lead_unit=f"tg-{TOWN}", assist_units=["zhujian"])
    take(case, "accept", "handler", contacted=True)
    take(case, "start", "handler")
    handler = cast.actor(f"handler@{TOWN}")
    story = matter_story(case.reload(), handler)
    assert "conclude" not in [step.name for step in story.buttons]
    [(waiting, why)] = story.possible.waiting
    assert waiting.name == "conclude"
    assert "县住建局" in str(why)


def test_an_objection_is_offered_once():
    case = walk_to("objected")
    take(case, "overrule", "dispatcher", ruling="按职责清单由你镇办理。")
    assert "object" not in offered(case, cast.actor(f"handler@{TOWN}"))


def test_every_step_offered_to_anybody_is_taken_or_refused_only_for_its_inputs():
    case = walk_to("registered")
    for username in (f"dispatcher@{TOWN}", f"clerk@{TOWN}", f"gridworker@{TOWN}", "supervisor@610323"):
        for step in matter_story(case.reload(), cast.actor(username)).buttons:
            assert case.matter.state in step.source_states


def test_readers_and_strangers_are_offered_nothing():
    case = walk_to("in_progress")
    assert offered(case, cast.actor("auditor@610323")) == []
    assert offered(case, cast.actor("handler.gongan@610323")) == []


def test_a_page_of_a_list_asks_twice_in_all(django_assert_num_queries):
    matters = [walk_to(state).matter for state in ("registered", "in_progress", "replied")]
    actor = cast.actor(f"dispatcher@{TOWN}")
    with django_assert_num_queries(2):
        found = possible_for_each(actor, matters)
    assert found[matters[0].pk].main.name == "triage"
    assert found[matters[2].pk].main is None
