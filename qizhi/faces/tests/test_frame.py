"""The frame of every page: what it says, what it forbids, and that it stands when the database does not."""

import re

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import Client, RequestFactory

from qizhi.faces import context, menu
from qizhi.faces.context import Page
from qizhi.kernel.accounts.scope import CITIZEN
from qizhi.testing import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

PAGES = ["/", "/places/", "/say/", "/follow/", "/accounts/login/", "/nothing-here/"]


@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_inline_so_that_the_strict_policy_holds(client, address):
    answer = client.get(address)
    page = answer.content.decode()
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not re.findall(r"<style|<script(?![^>]* src=)| style=| on[a-z]+=", page)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


@pytest.mark.parametrize("address", PAGES)
def test_the_way_to_the_content_comes_first(client, address):
    page = client.get(address).content.decode()
    assert re.search(r'<body[^>]*>\s*<a class="skip" href="#content">跳到正文</a>', page)
    assert page.count('<main id="content"') == 1
    assert page.count("<h1") == 1


def test_the_page_names_the_county(client):
    assert "岐山县社会治理" in client.get("/").content.decode()


def test_the_strip_says_that_this_is_a_demonstration(client, monkeypatch):
    assert "演示系统" not in client.get("/").content.decode()
    monkeypatch.setattr(settings.QIZHI, "demo", True)
    assert "演示系统" in client.get("/").content.decode()


def test_staff_see_their_own_bar_and_citizens_the_other():
    page = cast.browser("clerk@610323100").get("/accounts/me/").content.decode()
    assert 'id="desk-menu"' in page
    assert "退出登录" in page
    assert 'id="desk-menu"' not in Client().get("/").content.decode()


def test_staff_who_open_the_portal_see_the_citizens_page():
    assert 'id="desk-menu"' not in cast.browser("clerk@610323100").get("/").content.decode()


def test_a_page_stands_when_the_database_does_not_answer(monkeypatch):
    def broken(*_args):
        raise DatabaseError

    for name in ("gazetteer", "unread_count", "entries"):
        monkeypatch.setattr(context, name, broken)
    request = RequestFactory().get("/")
    request.resolver_match = None
    request.actor = cast.actor("clerk@610323100")
    page = Page(request)
    assert (page.county, page.site, page.unread, page.menu, page.here) == ("", "社会治理", "", [], "")


def test_before_the_middleware_there_is_nobody():
    page = Page(RequestFactory().get("/"))
    assert (page.actor, page.is_staff, page.unread, page.menu) == (None, False, "", [])


@pytest.mark.parametrize(("count", "shown"), [(0, ""), (1, "1"), (99, "99"), (100, "99+")])
def test_the_bell_shows_at_most_99(monkeypatch, count, shown):
    monkeypatch.setattr(context, "unread_count", lambda _actor: count)
    request = RequestFactory().get("/")
    request.actor = cast.actor("clerk@610323100")
    assert Page(request).unread == shown


def test_the_menu_shows_what_one_may_use_and_marks_the_deepest(monkeypatch):
    monkeypatch.setattr(menu, "_items", {})
    menu.register(
        menu.Item("portal_home", "首页", "home", order=2),
        menu.Item("portal_follow", "查", "search", order=1),
        menu.Item("portal_say", "说", "send", may_use=lambda actor: bool(actor.roles)),
    )
    shown = menu.entries(CITIZEN, "/follow/SQ-2026-000001/")
    assert [(entry.title, entry.is_here) for entry in shown] == [("查", True), ("首页", False)]
    menu.register(menu.Item("portal_say", "都能说", "send"))
    assert "都能说" in [entry.title for entry in menu.entries(CITIZEN, "/")]
