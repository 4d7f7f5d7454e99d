"""A person of one town meets nothing of another town's matter, by no call of the API."""

import json

import pytest
from django.test import Client

from qizhi.kernel.loop.models import Attachment, Matter
from qizhi.testing import cast
from qizhi.testing.program import Program
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import OTHER_TOWN, OTHER_VILLAGE, TOWN

from .routes import ALL, BY_CODE, OPEN, STAFF, VALUES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
SECRET = "隐秘的柿子林"
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
STRANGERS = [
    *(f"{role}@{OTHER_TOWN}" for role in TOWN_ROLES),
    "handler@610323",
    "head@610323",
    "mediator@610323",
    "admin@610323",
    "handler.gongan@610323",
    f"dispatcher@{OTHER_VILLAGE}",
]
BODIES = {
    "matters/{number}/transitions/{name}": {"category": "health", "difficulty": "simple"},
    "matters": {"region": f"{TOWN}211", "text": "越界登记"},
}


@pytest.fixture
def secret(tmp_path):
    """A matter of the other town with a file, in work."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    handler = Program(f"handler@{TOWN}")
    key = handler.upload("uploads", SimpleUploadedFile("a.txt", SECRET.encode())).json()["id"]
    case = walk_to("in_progress", title=f"{SECRET}里的路灯", text=f"{SECRET}边上的路灯不亮。", address=SECRET)
    take(case, "progress", "handler", progress=f"{SECRET}已到现场。", photos=[key])
    return case


def body_of(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(
        "utf-8", "replace"
    )


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_meets_nothing_of_it_by_any_call(secret, who):
    values = {**VALUES, "number": secret.number, "key": str(Attachment.objects.get(matter=secret.matter).pk)}
    before = Matter.objects.values("version", "state", "last_hash").get(pk=secret.matter.pk)
    client, headers = Client(), {"Authorization": f"Bearer {cast.token(who)}"}
    for method, path in STAFF:
        address = "/api/v1/" + path.format(**values)
        sent = (
            {"data": json.dumps(BODIES.get(path, {})), "content_type": "application/json"}
            if method == "post"
            else {}
        )
        answer = getattr(client, method)(address, headers=headers, **sent)
        assert SECRET not in body_of(answer), (method, path)
        if "{number}" in path or "{key}" in path:
            assert answer.status_code == 404, (method, path)
    assert Matter.objects.values("version", "state", "last_hash").get(pk=secret.matter.pk) == before


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize(
    "query", [{"region": TOWN}, {"q": SECRET}, {"unit": f"tg-{TOWN}"}, {"state": "in_progress"}]
)
def test_no_filter_of_a_list_shows_it(secret, who, query):
    assert Program(who).get("matters", **query).json()["items"] == []
    assert Program(who).get("matters", q=secret.number).json()["items"] == []


def test_who_is_asked_to_help_sees_it_and_only_it():
    case = walk_to("triaged", title=SECRET)
    open_request(title="别的事")
    take(case, "dispatch", "dispatcher", lead_unit=f"tg-{TOWN}", assist_units=["gongan"])
    items = Program("handler.gongan@610323").get("matters").json()["items"]
    assert [item["number"] for item in items] == [case.number]


def test_who_is_released_before_doing_anything_sees_it_no_more():
    case = walk_to("triaged")
    take(case, "dispatch", "dispatcher", lead_unit=f"tg-{TOWN}", assist_units=["gongan"])
    take(case, "assist_release", "dispatcher", unit="gongan", reason="不需要了。")
    assert Program("handler.gongan@610323").get(f"matters/{case.number}").status_code == 404


def test_the_county_sees_both_towns_and_a_town_its_own():
    ours, theirs = open_request(), open_request(region=OTHER_VILLAGE)
    seen = {
        who: {item["number"] for item in Program(who).get("matters").json()["items"]}
        for who in ("auditor@610323", f"clerk@{TOWN}", f"clerk@{OTHER_TOWN}")
    }
    assert seen == {
        "auditor@610323": {ours.number, theirs.number},
        f"clerk@{TOWN}": {ours.number},
        f"clerk@{OTHER_TOWN}": {theirs.number},
    }


def test_the_code_of_one_matter_opens_no_other(secret):
    mine = open_request()
    values = {**VALUES, "number": secret.number, "name": "withdraw", "key": str(Attachment.objects.get().pk)}
    for method, path in BY_CODE:
        address = "/api/v1/" + path.format(**values)
        sent = {"data": json.dumps({"satisfied": True, "score": 5}), "content_type": "application/json"}
        answer = getattr(Client(REMOTE_ADDR="203.0.113.9"), method)(
            address, query_params={"query_code": mine.query_code}, **(sent if method == "post" else {})
        )
        assert answer.status_code == 403, (method, path)
        assert SECRET not in body_of(answer)


def test_every_call_is_known_to_these_tests():
    assert set(ALL) >= OPEN
    assert sorted({*STAFF, *BY_CODE, *OPEN}) == sorted(ALL)
    assert all("/{number}" in path for _, path in BY_CODE)
