"""Moments and texts in the words of the page's language."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from qizhi.faces import words
from qizhi.kernel.modes.schema import Words

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 12, 7, 18, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("language", "shown"),
    [("zh-hans", "2026年12月7日（星期一）18:00"), ("en", "Monday 7 December 2026, 18:00")],
)
def test_a_moment_in_full(language, shown):
    with translation.override(language):
        assert words.moment_words(MONDAY) == shown


def test_a_moment_is_that_of_the_county_not_of_the_server():
    with translation.override("zh-hans"):
        assert (
            words.moment_words(datetime(2026, 12, 7, 17, 30, tzinfo=ZoneInfo("UTC")))
            == "2026年12月8日（星期二）01:30"
        )


@pytest.mark.parametrize(
    ("language", "at", "shown"),
    [
        ("zh-hans", MONDAY, "12月7日 18:00"),
        ("zh-hans", MONDAY.replace(year=2025), "2025年12月7日 18:00"),
        ("en", MONDAY, "7 Dec, 18:00"),
        ("en", MONDAY.replace(year=2025), "7 Dec 2025, 18:00"),
    ],
)
def test_a_moment_in_a_list_names_only_another_year(language, at, shown, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 24, 12, tzinfo=SHANGHAI))
    with translation.override(language):
        assert words.short_words(at) == shown


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("zh-hans", Words(zh="登记", en="Register"), "登记"),
        ("en", Words(zh="登记", en="Register"), "Register"),
        ("en", Words(zh="登记"), "登记"),
        ("en", None, ""),
        ("en", "as it stands", "as it stands"),
    ],
)
def test_a_text_of_a_pack(language, text, shown):
    with translation.override(language):
        assert words.said(text) == shown
