"""The page that lists the calls: ours alone, without a script of its own, under the strict policy."""

import re

import pytest

from qizhi.faces.api.openapi import calls, document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_every_call_is_on_the_page(client):
    answer = client.get("/api/v1/docs")
    assert answer.status_code == 200
    page = answer.content.decode()
    for path, _, call in calls(document()):
        assert f"<code>{path}</code>" in page
        assert f'id="{call["operationId"]}"' in page


def test_nothing_comes_from_elsewhere_and_nothing_is_inline(client):
    answer = client.get("/api/v1/docs")
    page = answer.content.decode()
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert not re.findall(r"<script(?![^>]*\bsrc=)", page)
    assert not re.findall(r'\sstyle="|\son\w+="', page)


@pytest.mark.parametrize(
    ("cookie", "header", "words"),
    [
        ("", "", "提交诉求"),
        ("", "en", "Bring a request"),
        ("en", "zh", "Bring a request"),
        ("zh-hans", "en", "提交诉求"),
    ],
)
def test_it_is_a_page_and_follows_the_switch_of_pages(client, cookie, header, words):
    client.cookies["language"] = cookie
    answer = client.get("/api/v1/docs", headers={"Accept-Language": header} if header else {})
    page = answer.content.decode()
    assert f"<span>{words}</span>" in page
    assert f'<html lang="{"en" if words.startswith("Bring") else "zh-CN"}"' in page
    assert answer["Content-Language"] == ("en" if words.startswith("Bring") else "zh-hans")
    assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))


def test_the_codes_of_every_error_are_told(client):
    page = client.get("/api/v1/docs").content.decode()
    for code in document()["components"]["examples"]:
        assert f"<code>{code}</code>" in page
