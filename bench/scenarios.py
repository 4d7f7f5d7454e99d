"""What is measured: who asks for what, how many at once, and what is aimed at.

**Source:** issue 2, “Speed”.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from .load import Answer, Call, Chain
from .words import SPOTS, THINGS

Facts = dict[str, Any]
Headers = tuple[tuple[str, str], ...]
JSON = ("Content-Type", "application/json")
VILLAGE = "610323100211"


@dataclass(frozen=True)
class Target:
    """What a figure is held against: `p95_ms` milliseconds for 95 of 100 calls, `rate` calls per second."""

    p95_ms: float | None = None
    rate: float | None = None
    # as a share of the rate of the bare view that inserts as many rows
    share_of_insert: float | None = None


@dataclass(frozen=True)
class Scenario:
    """One thing to measure: what is asked for, by how many at once, and what is aimed at.

    `writes` says that a run changes what the next one finds: such runs come last. `uses` is how many registered
    matters each call uses up.
    """

    title: str
    concurrency: int
    chains: Callable[[Facts], Iterator[Chain]]
    target: Target = Target()
    writes: bool = False
    uses: float = 0.0


def bearer(facts: Facts, who: str) -> Headers:
    """Return the headers of a program that acts for `who`."""
    return (("Authorization", f"Bearer {facts['people'][who]['token']}"),)


def cookie(facts: Facts, who: str) -> Headers:
    """Return the headers of a browser in which `who` is signed in."""
    return (("Cookie", f"{facts['cookie']}={facts['people'][who]['session']}"), ("Accept-Language", "zh-CN"))


def by(headers: Callable[[Facts, str], Headers], who: str) -> Callable[[Facts], Headers]:
    """Return the headers of `who`, still waiting for the facts."""
    return lambda facts: headers(facts, who)


def same(path: str, headers: Callable[[Facts], Headers]) -> Callable[[Facts], Iterator[Chain]]:
    """Return what asks for one address again and again."""

    def chains(facts: Facts) -> Iterator[Chain]:
        return itertools.repeat([Call("GET", path, headers(facts))])

    return chains


def one_by_one(
    path: str, who: str, headers: Callable[[Facts, str], Headers]
) -> Callable[[Facts], Iterator[Chain]]:
    """Return what asks for the matters that `who` may see, one after another; `path` has a place for the number."""

    def chains(facts: Facts) -> Iterator[Chain]:
        numbers = itertools.cycle(facts["people"][who]["numbers"])
        return ([Call("GET", path.format(number), headers(facts, who))] for number in numbers)

    return chains


def inserts(facts: Facts) -> Iterator[Chain]:
    """Yield calls of the bare view that inserts as many rows as a create."""
    path = f"/bench/insert/{facts['rows_of_create']}/"
    return itertools.repeat([Call("POST", path, expected=201)])


def body_of(number: int) -> dict[str, Any]:
    """Return a request of about a hundred characters as an API takes it."""
    spot, (thing, trouble, wish) = SPOTS[number % len(SPOTS)], THINGS[number % len(THINGS)]
    return {
        "title": f"{spot}{thing}",
        "text": f"{spot}的{thing}{trouble}，附近住户都受影响，前后反映过一次，希望{wish}。第{number}次来信，盼有回音。",
        "category": "housing_construction.municipal_facilities",
        "region": VILLAGE,
        "address": spot,
        "reporter": {"name": "赵一", "phone": f"19900{number % 10**6:06d}"},
    }


_numbers = itertools.count(1)


def creates_by_staff(facts: Facts) -> Iterator[Chain]:
    """Yield creates by the clerk of the town."""
    headers = (*bearer(facts, "town_clerk"), JSON)
    while True:
        sent = {**body_of(next(_numbers)), "channel": "window"}
        yield [Call("POST", "/api/v1/matters", headers, json.dumps(sent).encode(), 201)]


def creates_by_citizens(_facts: Facts) -> Iterator[Chain]:
    """Yield creates by citizens, each from an address of its own, because what one address may send is limited."""
    while True:
        number = next(_numbers)
        address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        sent = {"kind": "request", **body_of(number)}
        headers = (JSON, ("X-Forwarded-For", address))
        yield [Call("POST", "/api/v1/public/matters", headers, json.dumps(sent).encode(), 201)]


# the whole way of a request, with who takes each step
WAY: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "triage",
        "town_dispatcher",
        {"category": "housing_construction.municipal_facilities", "difficulty": "general"},
    ),
    ("dispatch", "town_dispatcher", {"lead_unit": "tg-610323100", "note": "请到现场看一看。"}),
    ("accept", "town_handler", {"contacted": True}),
    ("start", "town_handler", {}),
    ("conclude", "town_handler", {"result": "solved", "conclusion": "已更换并加固。"}),
    ("reply", "town_handler", {"reply": "已经修好，欢迎监督。"}),
    ("revisit", "town_revisit", {"way": "phone", "satisfaction": "satisfied"}),
    ("archive", "town_revisit", {}),
)


def transitions(facts: Facts) -> Iterator[Chain]:
    """Yield the whole way of each registered matter in `facts["registered"]`, which are used up."""
    while facts["registered"]:
        number = facts["registered"].pop()
        yield [
            Call(
                "POST",
                f"/api/v1/matters/{number}/transitions/{name}",
                (*bearer(facts, who), JSON),
                json.dumps(inputs).encode(),
            )
            for name, who, inputs in WAY
        ]


def learn(facts: Facts) -> Callable[[Call, Answer], None]:
    """Return what notes the numbers of created matters in `facts["registered"]`."""

    def heard(_call: Call, answer: Answer) -> None:
        facts["registered"].append(json.loads(answer.body)["number"])

    return heard


PROMPT = Target(p95_ms=60)
PEOPLE = ("county_clerk", "town_dispatcher", "village_dispatcher", "department_handler")
# beside the filters, who is asked for them: one who sees the county, one who sees a town, all for what is late
FILTERS: tuple[tuple[dict[str, str], tuple[str, ...]], ...] = (
    ({"state": "in_progress"}, PEOPLE[:2]),
    ({"state": "archived,withdrawn,merged"}, PEOPLE[:2]),
    ({"open": "true"}, PEOPLE[:2]),
    ({"category": "transport.rural_roads"}, PEOPLE[:2]),
    ({"category": "transport"}, PEOPLE[:1]),
    ({"overdue": "true"}, PEOPLE),
    ({"region": "610323101"}, PEOPLE[:1]),
    ({"region": "610323101", "state": "in_progress"}, PEOPLE[:1]),
    ({"unit": "zhujian"}, PEOPLE[:2]),
    ({"channel": "letter"}, PEOPLE[:2]),
    ({"urgency": "emergency"}, PEOPLE[:2]),
    ({"opened_to": "2026-03-01"}, PEOPLE[:1]),
    ({"order": "opened_at"}, PEOPLE[:1]),
    ({"q": "井盖"}, PEOPLE[:2]),
    ({"q": "河堤便道的果园滴灌带"}, PEOPLE[:2]),
    ({"q": "火星基地"}, PEOPLE[:1]),
    ({"q": "SQ-2026-000010"}, PEOPLE[:1]),
)


def _lists() -> Iterator[Scenario]:
    for who in PEOPLE:
        yield Scenario(f"desk list, {who}", 1, same("/desk/matters/", by(cookie, who)), PROMPT)
        yield Scenario(
            f"API list of 100, {who}", 1, same("/api/v1/matters?limit=100", by(bearer, who)), PROMPT
        )
        path = "/api/v1/matters?limit=20"
        yield Scenario(f"API list of 20, {who}", 8, same(path, by(bearer, who)), Target(rate=200))
    for query, people in FILTERS:
        path = "/api/v1/matters?" + urlencode({**query, "limit": 100})
        said = "&".join(f"{name}={value}" for name, value in query.items())
        for who in people:
            yield Scenario(f"API list of 100, {said}, {who}", 1, same(path, by(bearer, who)), PROMPT)
    found = "/desk/matters/?" + urlencode({"q": "井盖"})
    yield Scenario("desk list, q=井盖, county_clerk", 1, same(found, by(cookie, "county_clerk")), PROMPT)


def _pages() -> Iterator[Scenario]:
    yield Scenario("desk work, town_dispatcher", 1, same("/desk/", by(cookie, "town_dispatcher")), PROMPT)
    yield Scenario("county page, county_clerk", 1, same("/county/", by(cookie, "county_clerk")), PROMPT)
    for who in PEOPLE[1::2]:
        yield Scenario(f"desk matter, {who}", 1, one_by_one("/desk/matters/{}/", who, cookie), PROMPT)
    for who in PEOPLE[:1]:
        yield Scenario(f"API matter, {who}", 1, one_by_one("/api/v1/matters/{}", who, bearer), PROMPT)
        yield Scenario(f"API steps, {who}", 1, one_by_one("/api/v1/matters/{}/steps", who, bearer), PROMPT)
        yield Scenario(f"API matter, {who}", 8, one_by_one("/api/v1/matters/{}", who, bearer))


HELLO, INSERT = "limit: hello", "limit: insert as many rows"


def scenarios() -> list[Scenario]:
    """Return everything that is measured, what only reads before what writes."""
    hello = same("/bench/hello/", lambda _facts: ())
    create = Target(rate=250, share_of_insert=1 / 3)
    step = 1 / len(WAY)
    return [
        Scenario(HELLO, 1, hello),
        Scenario(HELLO, 8, hello),
        *_lists(),
        *_pages(),
        Scenario("transition by API", 1, transitions, Target(p95_ms=40), writes=True, uses=step),
        Scenario("transition by API", 8, transitions, Target(rate=150), writes=True, uses=step),
        Scenario(INSERT, 8, inserts, writes=True),
        Scenario("create by API, clerk", 8, creates_by_staff, create, writes=True),
        Scenario("create by API, citizen", 8, creates_by_citizens, create, writes=True),
    ]
