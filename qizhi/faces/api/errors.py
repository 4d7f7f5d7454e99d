"""What can go wrong before a call reaches the rooms.

Invalid
├── MalformedJson        the body is no JSON (400)
├── BadForm              the multipart body cannot be read (400)
├── WrongMediaType       the body is of another media type than the call takes (415)
├── IfMatchInvalid       `If-Match` is no version
├── UnknownParameter     the list has no such filter
├── UnknownState         no kind has such a state
└── UnknownCategory      there is no such category
Refused
└── CsrfMissing          a write by cookie came without its token (403)
"""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.errors import Invalid, Refused, Text


class MalformedJson(Invalid):
    """The body is not JSON, or not in UTF-8."""

    code = "malformed_json"
    status = 400
    title = _("提交的内容不是有效的 JSON（UTF-8 编码），没有任何改动。请检查引号、逗号和括号后重新提交。")


class BadForm(Invalid):
    """The multipart body cannot be read."""

    code = "malformed_form"
    status = 400
    title = _("上传的表单没有看懂，没有保存。请用 multipart/form-data 提交，文件放在 file 项里。")


class WrongMediaType(Invalid):
    """The body is of another media type than the call takes."""

    code = "unsupported_media_type"
    status = 415
    title = _("这个地址不接受这种格式的内容，没有任何改动。请提交 JSON，Content-Type 写 application/json。")


class CsrfMissing(Refused):
    """A write by session cookie came without the token that proves our own page sent it."""

    code = "csrf_failed"
    title = _("用浏览器登录状态提交时须带 X-CSRFToken，没有任何改动。程序调用请改用接口令牌。")


class IfMatchInvalid(Invalid):
    """`If-Match` is neither a version nor `*`."""

    code = "if_match_invalid"
    title = _("If-Match 应写事项的版本号，例如 3，没有任何改动。")


class UnknownParameter(Invalid):
    """The list has no such filter; to leave it out silently would answer another question than was asked."""

    code = "unknown_parameter"
    title = _("没有这个筛选条件，请对照接口说明。")


class UnknownState(Invalid):
    """No kind of matter has such a state."""

    code = "unknown_state"
    title = _("没有这种状态，请从事项种类的说明中选择。")


class UnknownCategory(Invalid):
    """The mode has no such category."""

    code = "unknown_category"
    title: ClassVar[Text] = _("没有这个类别，请从类别列表中选择。")
