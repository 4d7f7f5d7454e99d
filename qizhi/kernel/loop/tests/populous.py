"""A county in full swing: matters in all states and places, for questions about many of them."""

from datetime import timedelta

from qizhi.kernel.loop.choices import Urgency
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.worktime.tests.samples import moment
from qizhi.testing import cast
from qizhi.testing.stories import PATHS, open_request, take, walk_to
from qizhi.testing.world import COUNTY, GRID, OTHER_TOWN, OTHER_VILLAGE, TOWN, VILLAGE

BEGAN = moment("2026-10-12 Mon 09:00")
PLACES = (COUNTY, TOWN, VILLAGE, GRID, OTHER_TOWN, OTHER_VILLAGE)
CATEGORIES = (
    "environment.noise",
    "environment.waste",
    "labour_security.wages",
    "housing_construction.municipal_facilities",
    "housing_construction",
)
# what the centre of a town takes in, so that the shared paths fit
TOWN_CATEGORIES = (
    "housing_construction.municipal_facilities",
    "transport.rural_roads",
    "land_resources.homestead",
)
TOWN_CHANNELS = ("web", "window", "phone", "grid", "letter")
USERS = (f"clerk@{TOWN}", f"gridworker@{TOWN}", f"mediator@{COUNTY}")


def populate() -> list[Matter]:
    """Make some sixty matters, by all channels, some of them at the same moment, and return them all."""
    for number, state in enumerate(PATHS):
        at = BEGAN + timedelta(days=2 * number)
        kind = {"category": TOWN_CATEGORIES[number % 3], "channel": TOWN_CHANNELS[number % 5]}
        walk_to(state, at=at, **kind)
        open_request(
            at=at,
            region=PLACES[number % 6],
            category=CATEGORIES[number % 5],
            urgency=Urgency.values[number % 3],
        )
        if number % 3 == 0:
            walk_to(state, at=at, region=OTHER_VILLAGE, **kind)
    for username in USERS[:2]:
        open_request(actor=cast.actor(username), at=BEGAN)
    _handed_on()
    return list(Matter.objects.all())


def _handed_on() -> None:
    """Matters whose units changed: an objection upheld, one helped with, one sent up, one given anew, one kept."""
    objected = walk_to("objected")
    take(objected, "uphold", "dispatcher", ruling="确应由住建局办。")
    joint = walk_to("dispatched")
    take(joint, "assist_add", "dispatcher", assist_units=["zhujian", "gongan"])
    take(joint, "assist_answer", "handler.gongan@610323", answer="已到场。")
    take(joint, "assist_release", "dispatcher", unit="zhujian", reason="用不着。")
    take(walk_to("registered"), "take_up", "dispatcher@610323")
    again = walk_to("reopened")
    take(again, "redispatch", "dispatcher", reason="换一个单位。")
    kept = walk_to("triaged")
    take(kept, "take", "dispatcher")
    take(kept, "conclude", "dispatcher", result="solved", conclusion="中心已办。")
    take(kept, "reply", "dispatcher", reply="已办好。")
