"""The lines that explain a deadline, in words."""

from datetime import UTC, datetime

import pytest

from qizhi.kernel.worktime.calendar import Calendar
from qizhi.kernel.worktime.deadlines import Deadline, due_at
from qizhi.kernel.worktime.errors import PauseInvalid, TermInvalid, TimeNaive
from qizhi.kernel.worktime.lines import TEXTS, Line, line_text
from qizhi.kernel.worktime.pauses import Pause
from qizhi.kernel.worktime.terms import Term
from qizhi.kernel.worktime.tests.samples import CALENDAR, moment, pause


def _explain(start: str, terms: str, *pauses: str) -> Deadline:
    term, *extensions = map(Term.parse, terms.split())
    return due_at(moment(start), term, CALENDAR, [pause(text) for text in pauses], extensions)


def _chinese(deadline: Deadline) -> list[str]:
    return [line_text(line, "zh-hans") for line in deadline.lines]


def _english(deadline: Deadline) -> list[str]:
    return [line_text(line, "en") for line in deadline.lines]


def test_a_festival_with_a_pause_and_an_extension_is_told_step_by_step() -> None:
    told = _explain("2026-09-24 Thu 10:00", "15wd 3wd", "2026-10-09 Fri 10:00 > 2026-10-13 Tue 09:00")
    assert _chinese(told) == [
        "自2026年9月24日（周四）10:00起计时，期限为15个工作日。",
        "当天不计入，第一个工作日是2026年9月28日（周一）。",
        "2026年9月25日（周五）至2026年9月27日（周日）中秋节放假，3天不计入。",
        "2026年10月1日（周四）至2026年10月7日（周三）国庆节放假，7天不计入。",
        "2026年10月10日（周六）是国庆节调休上班日，按工作日计算。",
        "其间周末5天不计入。",
        "2026年10月9日（周五）10:00至2026年10月13日（周二）09:00暂停计时，其间开始的3个工作日不计入。",
        "批准延长3个工作日，期限合计18个工作日。",
        "到期时间：2026年10月30日（周五）18:00（当日下班）。",
    ]
    assert _english(told)[1:3] == [
        "That day does not count; the first working day is Mon 28 Sep 2026.",
        "Fri 25 Sep 2026 to Sun 27 Sep 2026: Mid-Autumn Festival holiday, 3 days not counted.",
    ]


def test_natural_days_tell_the_rounding_and_the_moved_end() -> None:
    told = _explain("2026-09-04 Fri 10:00", "30d", "2026-09-07 Mon 10:00 > 2026-09-07 Mon 12:30")
    assert _chinese(told)[1:] == [
        "当天不计入，第一天是2026年9月5日（周六）。",
        "2026年9月7日（周一）10:00至2026年9月7日（周一）12:30暂停计时，共2小时30分钟不计入。",
        "暂停时间合计顺延1天，不足一天按一天算。",
        "最后一天2026年10月5日（周一）不是工作日，顺延到下一个工作日2026年10月8日（周四）。",
        "2026年10月5日（周一）至2026年10月7日（周三）国庆节放假，3天不计入。",
        "到期时间：2026年10月8日（周四）24:00。",
    ]


def test_a_last_day_that_is_a_worked_saturday_says_why_it_stays() -> None:
    told = _explain("2026-02-04 Wed 10:00", "10d")
    assert "最后一天2026年2月14日（周六）是春节调休上班日，不顺延。" in _chinese(told)


def test_working_hours_tell_the_office_hours_and_the_days_between() -> None:
    told = _explain("2026-02-14 Sat 17:00", "2wh", "2026-02-14 Sat 17:10 > 2026-02-14 Sat 17:20")
    assert _chinese(told)[1:] == [
        "只计上班时间（08:00-12:00,14:00-18:00），从2026年2月14日（周六）17:00开始计算。",
        "2026年2月14日（周六）是春节调休上班日，按工作日计算。",
        "2026年2月15日（周日）至2026年2月23日（周一）春节放假，9天不计入。",
        "2026年2月14日（周六）17:10至2026年2月14日（周六）17:20暂停计时，其中上班时间10分钟不计入。",
        "到期时间：2026年2月24日（周二）09:10。",
    ]


def test_working_hours_begin_with_the_next_span_when_the_office_just_closed() -> None:
    told = _explain("2026-03-02 Mon 12:00", "1wh")
    assert told.lines[1].params["first_at"] == "2026-03-02T14:00:00+08:00"


def test_holidays_of_one_name_with_days_between_are_told_apart() -> None:
    days = [("2026-01-01", "known_year"), ("2026-10-01", "holiday"), ("2026-10-06", "holiday")]
    calendar = Calendar.parse([{"date": day, "kind": kind, "name": "国庆节"} for day, kind in days])
    told = due_at(moment("2026-09-30 Wed 10:00"), Term.parse("5wd"), calendar)
    assert [line.params["first_on"] for line in told.lines if line.kind == "holiday"] == [
        "2026-10-01",
        "2026-10-06",
    ]


def test_pauses_that_touch_are_told_as_one() -> None:
    told = _explain(
        "2026-03-06 Fri 10:00",
        "3wd",
        "2026-03-10 Tue 07:00 > 2026-03-10 Tue 12:00",
        "2026-03-09 Mon 07:00 > 2026-03-10 Tue 07:00",
    )
    (line,) = [line for line in told.lines if "from_at" in line.params]
    assert line.params["from_at"] == "2026-03-09T07:00:00+08:00"
    assert line.params["lost_term"] == "2wd"


def test_a_pause_that_an_open_one_continues_is_told_as_one() -> None:
    told = _explain(
        "2026-03-06 Fri 10:00",
        "3wd",
        "2026-03-10 Tue 07:00 > open",
        "2026-03-09 Mon 07:00 > 2026-03-10 Tue 12:00",
    )
    (line,) = [line for line in told.lines if "from_at" in line.params]
    assert (line.kind, line.params["from_at"]) == ("stopped", "2026-03-09T07:00:00+08:00")


def test_an_unpublished_year_is_told_last() -> None:
    told = _explain("2026-12-31 Thu 10:00", "1wd")
    assert told.is_provisional
    assert _chinese(told)[-1] == "2027年放假安排尚未公布，暂按周末休息推算，公布后以系统重新提示为准。"
    assert _english(told)[-1].startswith("The holidays of 2027 are not published yet")


def test_each_unpublished_year_has_its_own_line() -> None:
    told = _explain("2026-12-31 Thu 10:00", "300wd")
    assert [line.params["year"] for line in told.lines if line.kind == "unpublished"] == [2027, 2028]


def test_a_year_before_the_calendar_is_not_called_unpublished() -> None:
    told = _explain("2022-12-30 Fri 10:00", "1wd")
    assert _chinese(told)[-1] == "日历中没有2022年的放假安排，按周末休息推算，请核对。"


def test_an_open_pause_says_that_the_clock_stands() -> None:
    told = _explain("2026-09-24 Thu 10:00", "15wd", "2026-09-29 Tue 10:00 > open")
    assert told.due_at is None
    assert not told.is_provisional
    assert _chinese(told) == [
        "自2026年9月24日（周四）10:00起计时，期限为15个工作日。",
        "当天不计入，第一个工作日是2026年9月28日（周一）。",
        "2026年9月29日（周二）10:00起暂停计时，尚未恢复，恢复后重新推算到期时间。",
    ]


def test_a_stopped_clock_keeps_its_extensions_without_counting_them() -> None:
    told = _explain("2026-09-24 Thu 10:00", "15wd 3wd 24h", "2026-09-29 Tue 10:00 > open")
    assert _chinese(told)[2:4] == [
        "批准延长3个工作日，期限合计18个工作日。",
        "批准延长24小时，恢复计时后一并计算。",
    ]


def test_a_pause_that_begins_after_the_end_says_so() -> None:
    told = _explain("2026-03-06 Fri 10:00", "3wd", "2026-03-12 Thu 10:00 > open")
    assert "2026年3月12日（周四）10:00起暂停计时，但期限在此之前已经届满，到期时间不变。" in _chinese(told)


def test_a_pause_without_effect_says_so() -> None:
    told = _explain("2026-03-06 Fri 10:00", "3wd", "2026-03-07 Sat 10:00 > 2026-03-08 Sun 10:00")
    assert any(text.endswith("没有影响到期时间。") for text in _chinese(told))


def test_an_end_inside_a_pause_is_told_once() -> None:
    told = _explain("2026-03-06 Fri 10:00", "3wd", "2026-03-11 Wed 10:00 > 2026-03-13 Fri 07:00")
    assert [line.kind for line in told.lines if "from_at" in line.params] == ["resumed"]
    assert _chinese(told)[-2].endswith("期限在此期间届满，顺延到恢复后的工作日2026年3月13日（周五）。")


def test_an_extension_of_another_unit_counts_on_from_the_end_so_far() -> None:
    told = _explain("2026-03-06 Fri 10:00", "24h 1wd")
    assert "批准延长1个工作日，自2026年3月7日（周六）10:00起接着计算。" in _chinese(told)


def test_a_festival_of_two_names_is_said_in_english_too() -> None:
    told = _explain("2023-09-28 Thu 10:00", "1wd")
    assert any("Mid-Autumn Festival and National Day holiday, 8 days" in text for text in _english(told))


def test_every_kind_of_line_has_both_languages_with_the_same_facts() -> None:
    facts: dict[str, str | int] = {
        "start_at": "2026-03-02T10:00:00+08:00", "term": "5wd", "first_on": "2026-03-03",
        "last_on": "2026-03-03", "first_at": "2026-03-02T10:00:00+08:00", "hours": "08:00-12:00",
        "name": "春节", "skipped_days": 1, "makeup_on": "2026-02-14", "from_at": "2026-03-02T10:00:00+08:00",
        "to_at": "2026-03-02T10:00:00+08:00", "lost_term": "1wd", "lost_seconds": 3661, "lost_days": 1,
        "extension_term": "1wd", "total_term": "6wd", "base_at": "2026-03-02T10:00:00+08:00",
        "moved_on": "2026-03-03", "due_at": "2026-03-02T10:00:00+08:00", "due_on": "2026-03-03", "year": 2027,
    }  # fmt: skip
    for kind in TEXTS:
        chinese, english = line_text(Line(kind, facts), "zh-hans"), line_text(Line(kind, facts), "EN-gb")
        assert "{" not in chinese + english
        assert english.isascii()
        assert chinese.endswith("。")


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (3661, "1小时1分钟1秒", "1 hour 1 minute 1 second"),
        (7200, "2小时", "2 hours"),
        (90, "1分钟30秒", "1 minute 30 seconds"),
    ],
)
def test_lengths_are_said_in_words(seconds: int, zh: str, en: str) -> None:
    at = "2026-03-02T10:00:00+08:00"
    line = Line("pause_elapsed", {"from_at": at, "to_at": at, "lost_seconds": seconds})
    assert zh in line_text(line, "zh")
    assert en in line_text(line, "en")


def test_a_time_of_another_zone_is_read_as_the_same_moment() -> None:
    # 20:00 on Monday in UTC is already Tuesday in Qishan.
    found = due_at(datetime(2026, 3, 2, 20, tzinfo=UTC), Term.parse("1wd"), CALENDAR)
    assert found.due_at == moment("2026-03-04 Wed 18:00")
    assert str(found.due_at) == "2026-03-04 18:00:00+08:00"


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 3, 2, 10)  # noqa: DTZ001 (this is the point)
    with pytest.raises(TimeNaive):
        due_at(naive, Term.parse("1wd"), CALENDAR)
    with pytest.raises(TimeNaive):
        Pause(naive)
    with pytest.raises(TimeNaive):
        Pause(moment("2026-03-02 Mon 10:00"), naive)


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(PauseInvalid):
        Pause(moment("2026-03-02 Mon 10:00"), moment("2026-03-02 Mon 09:59"))


def test_a_term_that_extensions_make_too_long_is_refused() -> None:
    with pytest.raises(TermInvalid):
        due_at(moment("2026-03-02 Mon 10:00"), Term.parse("99999d"), CALENDAR, (), [Term.parse("1d")])
