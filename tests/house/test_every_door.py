"""Nobody reaches what is not theirs: every address is tried with every role, and without any.

The table of parameters is the only thing typed here. A new address whose parameters it does not know fails the
first test, so that nobody can forget it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from qizhi.kernel.loop.models import Matter, Step
from qizhi.kernel.loop.sealer import seal_steps
from qizhi.kernel.search.indexing import index_steps
from qizhi.testing import cast
from qizhi.testing.stories import Case, open_request, walk_to
from qizhi.testing.world import OTHER_TOWN, OTHER_VILLAGE, VILLAGE

from .doors import Door, all_doors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

# words that stand in the other town's matter and nowhere else
SECRET = "隐秘的柿子林"
# what a stranger may type and find nothing with; a page may show it as typed
ASKED = "柿子林"
TOWN_ROLES = (
    "clerk",
    "gridworker",
    "mediator",
    "dispatcher",
    "director",
    "handler",
    "head",
    "supervisor",
    "revisit",
)
COUNTY_UNIT_ROLES = (
    "handler@610323",
    "head@610323",
    "mediator@610323",
    "admin@610323",
    "handler.gongan@610323",
)
STRANGERS = (*(f"{role}@{OTHER_TOWN}" for role in TOWN_ROLES), *COUNTY_UNIT_ROLES, "dispatcher@610323101001")
# what may be seen without signing in, and why
PUBLIC = {
    "": "the citizens' home",
    "say/": "the citizens say it here",
    "follow/": "asks for number and query code",
}


@pytest.fixture(scope="module")
def secret(world: None, django_db_blocker: Any) -> Iterator[Case]:
    """A matter of 凤鸣镇, worked on, that no stranger may see."""
    with django_db_blocker.unblock():
        case = walk_to(
            "in_progress", title=f"{SECRET}里的路灯", text=f"{SECRET}边上的路灯不亮。", address=SECRET
        )
        while seal_steps():
            continue
        yield case


@pytest.fixture(autouse=True)
def findable(secret: Case, db: None) -> None:
    """Let search find the matter; for each test anew, since what a test undoes takes the index's rows along."""
    index_steps(Step.objects.filter(matter=secret.matter, seq=1).select_related("matter"))


def values_for(case: Case) -> dict[str, str]:
    """Return a value for every parameter that an address may have."""
    step = Step.objects.filter(matter=case.matter).latest("seq")
    return {
        "number": case.number,
        "name": "conclude",
        "transition": "conclude",
        "kind": "request",
        "code": VILLAGE,
        "region": VILLAGE,
        "file_id": "00000000-0000-7000-8000-000000000000",
        "attachment_id": "00000000-0000-7000-8000-000000000000",
        "key": "00000000-0000-7000-8000-000000000000",
        "pk": "00000000-0000-7000-8000-000000000000",
        "id": str(step.pk),
        "view_id": "00000000-0000-7000-8000-000000000000",
        "provider_id": "county",
        "state": "in_progress",
    }


def test_every_address_has_known_parameters(secret: Case) -> None:
    """A new address with a new parameter must be named in `values_for`, so that it is tried."""
    known = values_for(secret)
    unknown = {f"/{door.route}: {name}" for door in all_doors() for name in door.params if name not in known}
    assert not unknown


def test_there_are_addresses_to_try() -> None:
    """The walk finds the faces; a test that tries nothing would prove nothing."""
    routes = {door.route for door in all_doors()}
    assert any(route.startswith("api/v1/matters/") for route in routes)
    assert any(route.startswith("desk/matters/") for route in routes)


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_sees_nothing_of_another_town(secret: Case, who: str) -> None:
    """By no address, read or written, by page or token, does a stranger meet the other town's matter."""
    values = values_for(secret)
    before = Matter.objects.values("version", "state", "last_hash").get(pk=secret.matter.pk)
    visits = [(cast.browser(who), {}), (Client(), {"HTTP_AUTHORIZATION": f"Bearer {cast.token(who)}"})]
    for client, headers in visits:
        for door in all_doors():
            _try(client, door, values, headers, who)
    assert Matter.objects.values("version", "state", "last_hash").get(pk=secret.matter.pk) == before


def _try(client: Client, door: Door, values: dict[str, str], headers: Any, who: str) -> None:
    address = door.address(values)
    if "logout" in address:
        return
    for url in (address, f"{address}?q={ASKED}&region={VILLAGE}&number={values['number']}"):
        told = client.get(url, **headers)
        assert told.status_code < 500, f"{who} GET {url}: {told.status_code}"
        assert SECRET not in _body(told), f"{who} GET {url} shows what is not theirs"
    typed: Any = {"number": values["number"]}
    for told in (
        client.post(address, typed, **headers),
        client.post(
            address, {"conclusion": "x", "result": "solved"}, content_type="application/json", **headers
        ),
    ):
        assert told.status_code < 500, f"{who} POST {address}: {told.status_code}"
        assert SECRET not in _body(told), f"{who} POST {address} shows what is not theirs"


def _body(answer: Any) -> str:
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(raw).decode("utf-8", "replace")


def test_without_sign_in_only_the_public_part_answers(secret: Case) -> None:
    """Every page and call is asked without sign-in: the desk, the county page and the API's own part refuse."""
    values = values_for(secret)
    open_request(region=OTHER_VILLAGE)
    for door in all_doors():
        address = door.address(values)
        told = Client().get(address)
        assert told.status_code < 500, address
        assert SECRET not in _body(told), address
        guarded = address.startswith(
            ("/desk/", "/county/", "/accounts/access", "/accounts/me", "/accounts/people", "/api/v1/matters")
        )
        if guarded:
            assert told.status_code in {302, 401, 403, 404, 405}, (
                f"{address} answers a stranger: {told.status_code}"
            )
            assert told.status_code != 302 or "/accounts/login" in told["Location"], address


@pytest.mark.parametrize("who", ["auditor@610323"])
def test_the_auditor_reads_and_changes_nothing(secret: Case, who: str) -> None:
    """A reader sees the matter, and no write gets through by any address."""
    values = values_for(secret)
    client = cast.browser(who)
    assert SECRET in _body(client.get(f"/desk/matters/{secret.number}/"))
    assert SECRET in _body(client.get(f"/desk/matters/?q={ASKED}"))
    before = Matter.objects.values("version", "state", "last_hash").get(pk=secret.matter.pk)
    steps = Step.objects.count()
    for door in all_doors():
        address = door.address(values)
        if "logout" not in address:
            assert client.post(address, {}).status_code < 500, address
    assert Matter.objects.values("version", "state", "last_hash").get(pk=secret.matter.pk) == before
    assert Step.objects.count() == steps
