"""The pages in both languages: English ones show no Chinese but names, Chinese ones no English of a library."""

import re
import uuid
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from qizhi.kernel.accounts.models import User
from qizhi.kernel.loop.models import Matter, Passage, SavedView
from qizhi.kernel.modes.schema import Kind
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.models import Region
from qizhi.kernel.units.models import Unit
from qizhi.testing import cast
from qizhi.testing.stories import REQUEST, Case, open_request, take, walk_to
from qizhi.testing.world import PASSWORD, TOWN, VILLAGE

from .source import report
from .words import CHINESE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

# Attributes that a person sees or hears, or that a script shows.
SHOWN = re.compile(
    r"alt|title|placeholder|label|aria-(?:label|description|roledescription|valuetext)|data-.+|content"
)
# `pre`, `code`: examples of the API, which are Chinese as the data are, and codes
UNSEEN = {"script", "style", "pre", "code"}


class Shown(HTMLParser):
    """Collects what a page shows: its texts, and the attributes that are read out or shown by scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _is_aside(self) -> bool:
        return any(aside for _tag, aside in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        # what says by itself that it is in another language: the button that leads there, notes for programmers
        foreign = "lang" in given and tag != "html"
        if not self._is_aside and not foreign:
            self.texts += [value for name, value in attrs if value and SHOWN.fullmatch(name)]
        if tag not in VOID:
            self._open.append((tag, foreign or tag in UNSEEN))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._is_aside:
            self.texts.append(" ".join(data.split()))


VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def shown(answer: Any) -> list[str]:
    """Return the texts that a page shows."""
    reader = Shown()
    reader.feed(answer.content.decode())
    return reader.texts


def names() -> list[str]:
    """Return what has no English: names of places, units and people, words of citizens, laws; longest first."""
    found = {"王*兰", *_laws(current().kinds["request"])}
    found |= {written for written in REQUEST.values() if isinstance(written, str)}
    for model, *columns in (
        (Region, "name"),
        (Unit, "name", "short_name"),
        (User, "name"),
        (Matter, "title", "text", "address"),
        (Passage, "text"),
        (SavedView, "name"),
    ):
        for column in columns:
            found |= set(model._default_manager.values_list(column, flat=True))
    return sorted((one for one in found if isinstance(one, str) and one), key=len, reverse=True)


def _laws(kind: Kind) -> set[str]:
    declared = [kind.law, *(one.law for one in kind.transitions.values())]
    return {law for laws in (*declared, *(clock.source for clock in kind.clocks.values())) for law in laws}


def opened(case: Case) -> Client:
    """Return a browser in which the person has shown number and query code."""
    client = Client()
    assert client.post("/follow/", {"number": case.number, "code": case.query_code}).status_code == 302
    return client


def sent(**other: Any) -> tuple[Client, Any]:
    """Send something as a citizen does; return the browser and the answer."""
    client = Client()
    written = {"once": str(uuid.uuid4()), "text": REQUEST["text"], "title": "", "region": VILLAGE, **other}
    return client, client.post("/say/", written)


def said() -> Any:
    client, answer = sent(website="")
    return client.get(answer["Location"])


def followed(state: str) -> Any:
    """The citizen's page of a matter in `state`."""
    case = walk_to(state)
    return opened(case).get(f"/follow/{case.number}/")


def similar() -> Any:
    open_request()
    return sent()[1]


def assisted() -> Case:
    """A matter with a co-handling unit, an objection that was refused and an extension that is asked for."""
    case = walk_to("triaged")
    government = f"tg-{TOWN}"
    take(case, "dispatch", DISPATCHER, lead_unit=government, assist_units=["zhujian"])
    take(case, "object", HANDLER, reason="归住建部门管。", basis="职责清单第3条")
    take(case, "overrule", DISPATCHER, ruling="仍由镇上办。")
    take(case, "accept", HANDLER, contacted=True)
    take(case, "start", HANDLER)
    take(case, "progress", HANDLER, progress="材料已经到场。")
    return case


def assisted_page() -> Any:
    return cast.browser(DISPATCHER).get(f"/desk/matters/{assisted().number}/")


def keeping(rest: str) -> Callable[[], Any]:
    """Return what asks for a page about an account, as the administrator."""
    return lambda: cast.browser("admin@610323").get(f"/accounts/people/{cast.user(DISPATCHER).pk}/{rest}")


def common_password() -> Any:
    written = {"oldpassword": PASSWORD, "password1": "1234567890", "password2": "1234567890"}
    return cast.browser(DISPATCHER).post("/accounts/password/change/", written)


def by(username: str, address: str, **query: Any) -> Callable[[], Any]:
    return lambda: cast.browser(username).get(address, query)


def about(state: str, username: str, rest: str = "") -> Callable[[], Any]:
    return lambda: cast.browser(username).get(f"/desk/matters/{walk_to(state).number}/{rest}")


DISPATCHER, HANDLER, AUDITOR = f"dispatcher@{TOWN}", f"handler@{TOWN}", "auditor@610323"
PAGES: dict[str, Callable[[], Any]] = {
    "the first page": lambda: Client().get("/"),
    "the centres": lambda: Client().get("/places/"),
    "say": lambda: Client().get("/say/"),
    "say, something missing": lambda: sent(text="", region="")[1],
    "said": said,
    "similar": similar,
    "follow": lambda: Client().get("/follow/"),
    "follow, wrong code": lambda: Client().post("/follow/", {"number": "SQ-2026-000001", "code": "AAAA2222"}),
    **{
        f"followed, {state}": partial(followed, state)
        for state in ("registered", "suspended", "replied", "archived", "not_accepted", "merged")
    },
    "sign in": lambda: Client().get("/accounts/login/"),
    "sign in, wrong": lambda: Client().post("/accounts/login/", {"login": DISPATCHER, "password": "x"}),
    "sign in, empty": lambda: Client().post("/accounts/login/", {}),
    "not found": lambda: Client().get("/nowhere/"),
    "not found, staff": by(DISPATCHER, "/desk/matters/SQ-2026-999999/"),
    "refused": by(DISPATCHER, "/accounts/access/"),
    "my day, dispatcher": lambda: (open_request(), walk_to("triaged"), by(DISPATCHER, "/desk/")())[-1],
    "my day, handler": lambda: (assisted(), by(HANDLER, "/desk/")())[-1],
    "my day, auditor": by(AUDITOR, "/desk/"),
    "matters": lambda: (open_request(), walk_to("archived"), by(AUDITOR, "/desk/matters/")())[-1],
    "matters, filtered": by(
        AUDITOR,
        "/desk/matters/?state=registered&state=triaged&region=610323100&here=1&open=1&overdue=1&channel=web"
        "&urgency=urgent&category=housing_construction&unit=zhujian&opened_from=2026-01-01&q=x&nonsense=1",
    ),
    **{
        f"matter, {state}": about(state, DISPATCHER)
        for state in ("registered", "triaged", "objected", "suspended", "reopened", "archived", "merged")
    },
    "matter with all that can be": assisted_page,
    "beside": about("replied", DISPATCHER, "beside/"),
    "receipt": about("registered", DISPATCHER, "receipt/"),
    "form of a step": about("triaged", DISPATCHER, "do/dispatch/"),
    "form of a step too late": about("archived", DISPATCHER, "do/dispatch/?version=1"),
    "unmask": about("registered", DISPATCHER, "unmask/"),
    "register": by(f"clerk@{TOWN}", "/desk/new/"),
    "notices": by(DISPATCHER, "/desk/notices/"),
    "kind": by(AUDITOR, "/desk/kinds/request/"),
    "county": lambda: (open_request(), walk_to("revisited"), by(AUDITOR, "/county/")())[-1],
    "town": by(DISPATCHER, "/county/"),
    "account": by(AUDITOR, "/accounts/me/"),
    "access": by(AUDITOR, "/accounts/access/"),
    "password": by(DISPATCHER, "/accounts/password/change/"),
    "password, wrong": lambda: cast.browser(DISPATCHER).post("/accounts/password/change/", {}),
    "password, too common": common_password,
    "people": by("admin@610323", "/accounts/people/"),
    "person": keeping(""),
    "new person": by("admin@610323", "/accounts/people/new/"),
    "import of people": by("admin@610323", "/accounts/people/import/"),
    "new post": keeping("posts/new/"),
    **{f"account, {verb}": keeping(f"{verb}/") for verb in ("rename", "reset", "deactivate")},
    "authenticator": by(DISPATCHER, "/accounts/2fa/totp/activate/"),
    "sign out": by(DISPATCHER, "/accounts/logout/"),
    "single sign-on cancelled": lambda: Client().get("/accounts/social/cancelled/"),
    "closed account": lambda: Client().get("/accounts/inactive/"),
    "API": lambda: Client().get("/api/v1/docs"),
}


EXPECTED = {
    "say, something missing": {422},
    "follow, wrong code": {403},
    "not found": {404},
    "not found, staff": {404},
    "refused": {403},
}
# the brand
SIGNS = {"齐"}


@pytest.fixture(params=["en", "zh-hans"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let every browser of the test ask for pages in this language."""
    chosen: str = request.param

    class Browser(Client):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            self.cookies[settings.LANGUAGE_COOKIE_NAME] = chosen

    monkeypatch.setattr(cast, "Client", Browser)
    monkeypatch.setitem(globals(), "Client", Browser)
    return chosen


# Words by which a library's own English would be known on a Chinese page.
STRAY = re.compile(
    r"\b(?:the|this|is|are|not|your|you|please|enter|required|field|sign|log ?(?:in|out)|password|e-?mail|invalid|zoom"
    r"|search|next|previous|close|open|submit|cancel|page|error|ago|days?|hours?|minutes?)\b",
    re.IGNORECASE,
)
# What stands in Latin letters on Chinese pages, too: addresses, keys, names of attributes' values.
LATIN = re.compile(r"[\w.:/#-]*[_/.@:#][\w.:/#@-]*|[a-z-]+|\{.*\}|width=.*|Enter|Ctrl|Esc")


@pytest.mark.parametrize("name", PAGES)
def test_an_english_page_shows_no_chinese_but_names(name: str, language: str) -> None:
    texts = shown(PAGES[name]())
    if language == "en":
        known = re.compile("|".join(map(re.escape, names())))
        wrong = [text for text in texts if CHINESE.search(known.sub("", text)) and text not in SIGNS]
    else:
        wrong = [text for text in texts if STRAY.search(text) and not LATIN.fullmatch(text)]
    assert not wrong, report(wrong)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_reached(name: str) -> None:
    """A page that answered with another one, such as the sign-in, would prove nothing."""
    answer = PAGES[name]()
    assert answer.status_code in EXPECTED.get(name, {200}), answer.get("Location")


def test_the_reader_of_pages_sees_what_people_see() -> None:
    """Texts, and attributes that are read out; no scripts, and nothing that says to be in another language."""
    page = HttpResponse(
        '<body data-leave="甲"><script>var a = "乙";</script><img alt="丙"><input placeholder="丁" value="戊">'
        '<button lang="zh-CN" title="子">己<span>庚</span></button><p>辛<br>壬</p></body>'
    )
    assert shown(page) == ["甲", "丙", "丁", "辛", "壬"]
