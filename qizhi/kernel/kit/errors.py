"""The root of every error that a user or a program can meet.

QizhiError
├── NotFound          nothing there that you may see (404)
├── Refused           you may not do this (403)
├── SignInNeeded      nobody is signed in (401)
├── Invalid           the input cannot be taken as it is (422)
│   └── TooLarge      the input is larger than the limit (413)
├── Conflict          it changed while you were looking, or is not allowed now (409)
├── TooMany           too often in too short a time (429)
└── Unavailable       a part that is needed does not answer (503)

A room draws its own family under these in its `errors.py`; each class has one stable `code`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class QizhiError(Exception):
    """What went wrong, in the user's words, with a code that stays the same for programs.

    `message` says what happened, what is safe and what to do next. `fields` maps a field's name to
    its messages. `details` holds further facts for programs, such as the current version of a matter.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    title: ClassVar[Text] = _("出错了")

    def __init__(
        self,
        message: Text = "",
        *,
        fields: Mapping[str, Sequence[Text]] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        self.message: Text = message or self.title
        self.fields: dict[str, list[Text]] = {name: list(said) for name, said in (fields or {}).items()}
        self.details: dict[str, Any] = dict(details or {})
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class NotFound(QizhiError):
    """Nothing is there that the caller may see; it says no more, so that nothing leaks."""

    code = "not_found"
    status = 404
    title = _("没有找到，或者不在您的权限范围内。请核对后再试。")


class Refused(QizhiError):
    """The caller is known and may not do this; the message says why."""

    code = "refused"
    status = 403
    title = _("您没有办理这一步的权限。如有需要，请联系本单位管理员。")


class SignInNeeded(QizhiError):
    """Nobody is signed in, or the token is not valid any more."""

    code = "sign_in_needed"
    status = 401
    title = _("请先登录。")


class Invalid(QizhiError):
    """The input cannot be taken as it is; nothing was stored."""

    code = "invalid"
    status = 422
    title: ClassVar[Text] = _("填写的内容有误，尚未保存。请按提示修改后重新提交。")


class TooLarge(Invalid):
    """The input is larger than the limit; nothing was stored."""

    code = "too_large"
    status = 413
    title = _("提交的内容太大，尚未保存。")


class Conflict(QizhiError):
    """It changed while the caller was looking, or does not allow this now."""

    code = "conflict"
    status = 409
    title = _("这件事项刚刚有变化，您的操作没有生效，已填内容仍在。请刷新后再办。")


class TooMany(QizhiError):
    """Too often in too short a time; `details["retry_after"]` is in seconds."""

    code = "too_many"
    status = 429
    title = _("操作太频繁，请稍后再试。")


class Unavailable(QizhiError):
    """A part that is needed does not answer just now."""

    code = "unavailable"
    status = 503
    title = _("系统暂时不可用，请稍后再试。")
