"""Errors of working time.

Invalid
├── CalendarInvalid       calendar rows that cannot be a calendar
├── OfficeHoursInvalid    office hours that are empty, reversed or overlapping
├── TermInvalid           a text that is no term
├── TermsNotComparable    two terms of different units: neither is the tighter one
├── PauseInvalid          a pause that ends before it begins
└── TimeNaive             a time without a time zone
"""

from qizhi.kernel.kit.errors import Invalid


class CalendarInvalid(Invalid):
    """`details["problems"]` lists every fault as {line, field, message}; the header is line 1."""

    code = "calendar_invalid"
    title = "日历有误，没有采用。请按提示逐行改正后重新导入。"


class OfficeHoursInvalid(Invalid):
    """The day's spans must be non-empty, in order and apart from each other."""

    code = "office_hours_invalid"
    title = "上班时间有误，没有采用。请写成“08:00-12:00,14:00-18:00”的样子，先后有序、互不重叠。"


class TermInvalid(Invalid):
    """The text is no term; nothing was counted."""

    code = "term_invalid"
    title = (
        "期限写法有误，没有采用。请写成“5wd”（工作日）、“30d”（自然日）、“24h”（小时）或“4wh”（工作小时）。"
    )


class TermsNotComparable(Invalid):
    """How many days a working day stands for depends on the date, so nothing can be said in general."""

    code = "terms_not_comparable"
    title = "两个期限的单位不同，无法比较长短。请改用相同的单位。"


class PauseInvalid(Invalid):
    """The pause ends before it begins."""

    code = "pause_invalid"
    title = "暂停的结束时间早于开始时间，期限没有改变。请核对两个时间。"


class TimeNaive(Invalid):
    """A time without a zone could mean two moments; nothing was counted."""

    code = "time_naive"
    title = "时间缺少时区，期限没有推算。请提供带时区的时间。"
