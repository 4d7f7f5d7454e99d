"""The lines that explain a deadline: structured facts, and their words in Chinese and English.

A line is stored and compared as facts; the words are made when it is shown. What a parameter is, its name
tells: `_at` a moment (ISO 8601), `_on` a day, `_term` a term, `_days` and `_seconds` lengths, `name` a
festival, anything else is shown as it stands.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from qizhi.kernel.worktime.terms import Term, TermUnit


@dataclass(frozen=True, slots=True)
class Line:
    """One step of an explanation: its kind (a key of TEXTS) and the facts, ready for JSON."""

    kind: str
    params: Mapping[str, str | int]


TEXTS: dict[str, tuple[str, str]] = {
    "start": ("自{start_at}起计时，期限为{term}。", "Runs from {start_at}; the term is {term}."),
    "first_working_day": (
        "当天不计入，第一个工作日是{first_on}。",
        "That day does not count; the first working day is {first_on}.",
    ),
    "first_natural_day": (
        "当天不计入，第一天是{first_on}。",
        "That day does not count; the first day is {first_on}.",
    ),
    "all_hours": (
        "按小时连续计算，夜间、周末和节假日都计入。",
        "Hours run on through nights, weekends and holidays.",
    ),
    "office_hours": (
        "只计上班时间（{hours}），从{first_at}开始计算。",
        "Only office hours count ({hours}), beginning {first_at}.",
    ),
    "holiday": (
        "{span}{name}放假，{skipped_days}不计入。",
        "{span}: {name} holiday, {skipped_days} not counted.",
    ),
    "makeup": (
        "{makeup_on}是{name}调休上班日，按工作日计算。",
        "{makeup_on} is worked in exchange for {name} and counts as a working day.",
    ),
    "weekend": ("其间周末{skipped_days}不计入。", "Weekends in between: {skipped_days} not counted."),
    "pause_working_days": (
        "{from_at}至{to_at}暂停计时，其间开始的{lost_term}不计入。",
        "Paused from {from_at} to {to_at}; {lost_term} that began meanwhile not counted.",
    ),
    "pause_elapsed": (
        "{from_at}至{to_at}暂停计时，共{lost_seconds}不计入。",
        "Paused from {from_at} to {to_at}; {lost_seconds} not counted.",
    ),
    "pause_office_hours": (
        "{from_at}至{to_at}暂停计时，其中上班时间{lost_seconds}不计入。",
        "Paused from {from_at} to {to_at}; {lost_seconds} of office hours not counted.",
    ),
    "pause_whole_days": (
        "暂停时间合计顺延{lost_days}，不足一天按一天算。",
        "The pauses move the end by {lost_days}; a part of a day counts as a day.",
    ),
    "pause_idle": (
        "{from_at}至{to_at}暂停计时，没有影响到期时间。",
        "Paused from {from_at} to {to_at}; this did not change the due time.",
    ),
    "pause_late": (
        "{from_at}起暂停计时，但期限在此之前已经届满，到期时间不变。",
        "Paused since {from_at}, but the term had ended before; the due time stays.",
    ),
    "extension": (
        "批准延长{extension_term}，期限合计{total_term}。",
        "Extended by {extension_term}; the term is {total_term} in all.",
    ),
    "extension_on": (
        "批准延长{extension_term}，自{base_at}起接着计算。",
        "Extended by {extension_term}, counted on from {base_at}.",
    ),
    "extension_kept": (
        "批准延长{extension_term}，恢复计时后一并计算。",
        "Extended by {extension_term}, counted once the clock runs again.",
    ),
    "moved": (
        "最后一天{last_on}不是工作日，顺延到下一个工作日{moved_on}。",
        "The last day, {last_on}, is not a working day; it moves to the next one, {moved_on}.",
    ),
    "last_makeup": (
        "最后一天{last_on}是{name}调休上班日，不顺延。",
        "The last day, {last_on}, is worked in exchange for {name} and stays.",
    ),
    "resumed": (
        "{from_at}至{to_at}暂停计时，期限在此期间届满，顺延到恢复后的工作日{moved_on}。",
        "Paused from {from_at} to {to_at}; the term would have ended meanwhile and ends on {moved_on} instead.",
    ),
    "due_at_closing": ("到期时间：{due_at}（当日下班）。", "Due {due_at}, when the office closes."),
    "due_at_day_end": ("到期时间：{due_on}24:00。", "Due at the end of {due_on} (24:00)."),
    "due_at_moment": ("到期时间：{due_at}。", "Due {due_at}."),
    "stopped": (
        "{from_at}起暂停计时，尚未恢复，恢复后重新推算到期时间。",
        "Paused since {from_at} and not resumed; the due time is worked out again then.",
    ),
    "unpublished": (
        "{year}年放假安排尚未公布，暂按周末休息推算，公布后以系统重新提示为准。",
        "The holidays of {year} are not published yet; only weekends are taken as days off for now, "
        "and a new notice will follow.",
    ),
    "unrecorded": (
        "日历中没有{year}年的放假安排，按周末休息推算，请核对。",
        "The calendar does not hold the holidays of {year}; only weekends were taken as days off. Please check.",
    ),
}

_FEASTS = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Qingming Festival",
    "劳动节": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
    "国庆节": "National Day",
}
_WEEKDAYS = "一二三四五六日"
_UNITS: dict[TermUnit, tuple[str, str]] = {
    TermUnit.HOURS: ("小时", "hour"),
    TermUnit.WORKING_HOURS: ("个工作小时", "working hour"),
    TermUnit.WORKING_DAYS: ("个工作日", "working day"),
    TermUnit.NATURAL_DAYS: ("个自然日", "calendar day"),
}


def line_text(line: Line, language: str) -> str:
    """The line in words. `language` is a code such as zh-hans or en; all but English is read as Chinese."""
    english = language.lower().startswith("en")
    params = {name: _shown(name, value, english) for name, value in line.params.items()}
    if "first_on" in params and "last_on" in params:
        params["span"] = _span(params["first_on"], params["last_on"], english)
    return TEXTS[line.kind][english].format(**params)


def term_text(term: Term, language: str) -> str:
    """The term in words: 5个工作日, 5 working days. `language` as in `line_text`."""
    return _term(str(term), language.lower().startswith("en"))


def _shown(name: str, value: str | int, english: bool) -> str:
    shown = _SHOWN.get(name.rpartition("_")[2])
    return shown(value, english) if shown else str(value)


def _span(first: str, last: str, english: bool) -> str:
    if first == last:
        return first
    return f"{first} to {last}" if english else f"{first}至{last}"


def _day(value: str | int, english: bool) -> str:
    day = date.fromisoformat(str(value))
    if english:
        return f"{day:%a} {day.day} {day:%b %Y}"
    return f"{day.year}年{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"


def _moment(value: str | int, english: bool) -> str:
    moment = datetime.fromisoformat(str(value))
    day = _day(moment.date().isoformat(), english)
    return f"{day}, {moment:%H:%M}" if english else f"{day}{moment:%H:%M}"


def _term(value: str | int, english: bool) -> str:
    term = Term.parse(str(value))
    unit = _UNITS[term.unit][english]
    return _counted(term.amount, unit) if english else f"{term.amount}{unit}"


def _days(value: str | int, english: bool) -> str:
    return _counted(int(value), "day") if english else f"{value}天"


def _duration(value: str | int, english: bool) -> str:
    minutes, seconds = divmod(int(value), 60)
    hours, minutes = divmod(minutes, 60)
    units = ("hour", "minute", "second") if english else ("小时", "分钟", "秒")
    parts = [(amount, unit) for amount, unit in zip((hours, minutes, seconds), units, strict=True) if amount]
    if english:
        return " ".join(_counted(amount, unit) for amount, unit in parts)
    return "".join(f"{amount}{unit}" for amount, unit in parts)


def _name(value: str | int, english: bool) -> str:
    names = str(value).split("、")
    return " and ".join(_FEASTS.get(name, name) for name in names) if english else str(value)


def _counted(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"


_SHOWN: dict[str, Callable[[str | int, bool], str]] = {
    "at": _moment,
    "on": _day,
    "term": _term,
    "days": _days,
    "seconds": _duration,
    "name": _name,
}
