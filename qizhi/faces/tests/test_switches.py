"""The two switches: remembered in a cookie, back to the page, and to no other site."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.mark.parametrize(
    ("pressed", "kept", "is_large"), [("1", "1", True), ("0", "0", False), ("x", "0", False)]
)
def test_large_text_is_remembered(client, pressed, kept, is_large):
    answer = client.post("/switch/large/", {"large": pressed, "next": "/follow/"})
    assert answer["Location"] == "/follow/"
    cookie = answer.cookies["large"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (kept, True, "Lax")
    assert (' large"' in client.get("/follow/").content.decode()) is is_large


def test_english_is_remembered(client):
    client.post("/switch/language/", {"language": "en", "next": "/"})
    assert '<html lang="en"' in client.get("/").content.decode()
    client.post("/switch/language/", {"language": "zh-hans", "next": "/"})
    assert '<html lang="zh-CN"' in client.get("/").content.decode()


@pytest.mark.parametrize("language", ["", "fr", "en'><script>"])
def test_an_unknown_language_changes_nothing(client, language):
    answer = client.post("/switch/language/", {"language": language, "next": "/"})
    assert "language" not in answer.cookies


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
@pytest.mark.parametrize("switch", ["large", "language"])
def test_it_never_leads_to_another_site(client, switch, target):
    assert client.post(f"/switch/{switch}/", {"next": target})["Location"] == "/"


@pytest.mark.parametrize("switch", ["large", "language"])
def test_a_link_cannot_press_a_switch(client, switch):
    assert client.get(f"/switch/{switch}/").status_code == 405
