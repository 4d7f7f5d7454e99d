"""The world of the tests is the county of the pack, and every state can be walked to."""

import pytest

from qizhi.kernel.accounts.models import User
from qizhi.kernel.loop.audit import matter_break
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.models import Region
from qizhi.testing import cast, world
from qizhi.testing.stories import PATHS, open_request, take, walk_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_the_county_is_there_with_its_accounts():
    assert Region.objects.filter(level="town").count() == 9
    assert Region.objects.filter(level__in=["village", "community"]).count() == 121
    assert User.objects.get(username="clerk@610323100").check_password(world.PASSWORD)
    assert current().name == "qishan-12521"


def test_a_path_leads_to_every_state_of_a_request():
    assert set(PATHS) == set(current().kinds["request"].states)


@pytest.mark.parametrize("state", PATHS)
def test_a_request_is_walked_to_its_state(state):
    case = walk_to(state)
    assert case.matter.state == state
    assert case.reload().version == len(PATHS[state]) + 1
    assert matter_break(case.matter) is None


def test_a_request_of_another_town_is_walked_by_that_town():
    case = walk_to("replied", region=world.OTHER_VILLAGE)
    assert case.matter.lead is not None
    assert case.matter.lead.code == "tg-610323101"


def test_a_step_is_taken_by_a_named_account_or_by_a_role():
    case = open_request()
    take(case, "triage", "dispatcher", category=case.matter.category, difficulty="simple")
    assert case.matter.state == "triaged"
    take(case, "note", cast.actor("clerk@610323100"), note="已电话核实。")
    assert case.matter.version == 3


def test_what_one_test_opens_the_next_does_not_see():
    assert not Matter.objects.exists()


def test_a_signed_in_browser_and_a_token_are_those_of_the_account():
    assert cast.browser("auditor@610323").session["_auth_user_id"] == str(cast.user("auditor@610323").pk)
    assert cast.token("clerk@610323100").startswith("qz_")
