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


def test_the_codes_of_every_error_are_told(client):
    page = client.get("/api/v1/docs").content.decode()
    for code in document()["components"]["examples"]:
        assert f"<code>{code}</code>" in page
