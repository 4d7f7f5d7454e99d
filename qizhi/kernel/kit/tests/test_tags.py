"""Icons, badges and times in templates."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template

from qizhi.kernel.kit.templatetags.kit import TONES, ago, clock_badge, icon, local_time, state_badge

# Tuesday, 10:20 in Shanghai
NOW = datetime(2026, 11, 24, 2, 20, tzinfo=UTC)


def before(**length):
    return NOW - timedelta(**length)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (None, ""),
        (before(seconds=20), "刚刚"),
        (before(minutes=1), "1 分钟前"),
        (before(minutes=59, seconds=59), "59 分钟前"),
        (before(hours=2), "2 小时前"),
        (before(hours=10), "10 小时前"),
        (before(hours=11), "昨天 23:20"),
        (before(hours=30), "昨天 04:20"),
        (before(hours=36), "2 天前"),
        (before(days=7), "7 天前"),
        (before(days=8), "2026-11-16"),
        (before(days=400), "2025-10-20"),
        (NOW + timedelta(seconds=30), "刚刚"),
        (NOW + timedelta(hours=3), "2026-11-24 13:20"),
    ],
)
def test_how_long_ago(when, said):
    assert ago(when, NOW) == said


def test_shortly_after_midnight_it_is_not_yesterday_for_a_few_minutes():
    midnight = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)  # 00:05 in Shanghai
    assert ago(midnight - timedelta(minutes=10), midnight) == "10 分钟前"


@pytest.mark.parametrize(("when", "said"), [(NOW, "2026-11-24 10:20"), (None, "")])
def test_local_time(when, said):
    assert local_time(when) == said


@pytest.mark.parametrize(
    ("due_at", "state", "tone", "said"),
    [
        (NOW + timedelta(days=5, hours=2), "running", "busy", "还剩 5 天"),
        (NOW + timedelta(hours=24), "running", "wait", "还剩 1 天"),
        (NOW + timedelta(hours=3, minutes=59), "running", "wait", "还剩 3 小时"),
        (NOW + timedelta(seconds=5), "running", "wait", "还剩 1 分钟"),
        (NOW - timedelta(minutes=5), "running", "warn", "已超期 5 分钟"),
        (NOW - timedelta(days=2, hours=23), "running", "warn", "已超期 2 天"),
        (NOW, "paused", "ended", "计时已暂停"),
        (NOW, "met", "done", "按期办结"),
        (NOW, "broken", "warn", "超期办结"),
        (None, "met", "done", "按期办结"),
    ],
)
def test_a_clock_says_its_standing_in_words(due_at, state, tone, said):
    html = clock_badge(due_at, state, NOW)
    assert f"state-{tone}" in html
    assert f"<span>{said}</span>" in html
    assert 'aria-hidden="true"' in html


def test_without_a_promise_nothing_is_said():
    assert clock_badge(None) == ""


@pytest.mark.parametrize("tone", sorted(TONES))
def test_a_state_says_its_word_beside_an_icon(tone):
    html = state_badge("办理中", tone)
    assert f'class="state state-{tone}"' in html
    assert "<span>办理中</span>" in html
    assert f"#{TONES[tone]}" in html


def test_an_unknown_tone_is_the_quiet_one():
    assert "state-ended" in state_badge("其他", 'x" onload="')


def test_words_are_escaped_and_no_style_or_handler_is_inline():
    html = state_badge("<b>", "new") + icon('a"b', label='"><script>')
    assert "<b>" not in html
    assert "<script>" not in html
    assert "style=" not in html


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in icon("check")
    labelled = icon("check", "已完成")
    assert 'role="img" aria-label="已完成"' in labelled
    assert "aria-hidden" not in labelled


def test_the_tags_work_in_a_template():
    template = Template(
        '{% load kit %}{% icon "check" %}{% state_badge "新" "new" %}{% clock_badge due %}'
        "{{ due|ago }}{{ due|local_time }}"
    )
    html = template.render(Context({"due": NOW}))
    assert "icons.svg#check" in html
    assert "2026-11-24 10:20" in html
