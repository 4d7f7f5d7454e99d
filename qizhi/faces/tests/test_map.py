"""The county's outline for maps."""

import json

import pytest

from qizhi.faces import maps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_the_outline_is_that_of_the_pack_in_force(client):
    answer = client.get("/map/outline.json")
    drawing = json.loads(answer.content)
    assert drawing["features"][0]["properties"]["code"] == "610323"
    assert len([one for one in drawing["features"] if one["properties"]["level"] == "town"]) == 9
    assert "max-age=3600" in answer["Cache-Control"]


def test_it_is_not_sent_twice(client):
    mark = client.get("/map/outline.json")["ETag"]
    assert client.get("/map/outline.json", HTTP_IF_NONE_MATCH=mark).status_code == 304


def test_a_pack_without_an_outline_has_no_map(client, monkeypatch):
    monkeypatch.setattr(maps, "outline_file", lambda: None)
    assert client.get("/map/outline.json").status_code == 404
