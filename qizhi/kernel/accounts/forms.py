"""The forms of sign-in, with Chinese labels and our own counting of failures."""

from typing import Any, ClassVar, cast

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.errors import Text

from .adapter import mfa_error
from .failures import CODE_FAILURES, PASSWORD_FAILURES, form_check, note
from .models import User
from .second_factor import spend


class LoginForm(account_forms.LoginForm):
    """Name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "login", _("账号"), _("请填写账号。"))
        _say(self, "password", _("密码"), _("请填写密码。"))
        self.fields["login"].widget.attrs |= {
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
        }


class ReauthenticateForm(account_forms.ReauthenticateForm):
    """The password once more, before something that touches the account's safety."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password", _("密码"), _("请填写密码。"))


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """Old and new password; guesses at the old one are counted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "oldpassword", _("当前密码"), _("请填写当前密码。"))
        _say(self, "password1", _("新密码"), _("请填写新密码。"))
        self.fields["password1"].help_text = _(
            "至少 10 个字符，不能全是数字，不能太常见，也不能和账号、姓名相近。"
        )
        _say(self, "password2", _("再填一遍新密码"), _("请再填一遍新密码。"))

    def clean_oldpassword(self) -> str:
        """Check the old password, at most a few times in a quarter of an hour."""
        form_check(PASSWORD_FAILURES, _key(self.user))
        try:
            return str(super().clean_oldpassword())
        except forms.ValidationError:
            note(PASSWORD_FAILURES, _key(self.user))
            raise

    def clean(self) -> dict[str, Any]:
        """Refuse the old password as the new one.

        Raises:
            ValidationError: what allauth itself finds wrong.
        """
        cleaned: dict[str, Any] = super().clean()  # type: ignore[no-untyped-call]
        if cleaned.get("password1") and cleaned.get("password1") == cleaned.get("oldpassword"):
            self.add_error("password1", _("新密码不能和当前密码一样。"))
        return cleaned


class CodeMixin:
    """A field for a code; wrong ones are counted for the person, in the database, for all workers together."""

    user: User
    fields: dict[str, forms.Field]
    help_text: ClassVar[Any] = _("打开手机验证器查看 6 位数字；手机不在身边时，可填一个备用恢复码。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "code", _("验证码"), _("请填写验证码。"))
        self.fields["code"].help_text = self.help_text
        self.fields["code"].widget.attrs |= {"autofocus": True, "maxlength": "20"}

    def clean_code(self) -> str:
        """Check the code.

        Raises:
            ValidationError: it is wrong, or there were too many wrong ones.
        """
        form_check(CODE_FAILURES, _key(self.user))
        try:
            return self.checked_code()
        except forms.ValidationError:
            note(CODE_FAILURES, _key(self.user))
            raise

    def checked_code(self) -> str:
        """Return the code when it is right and unspent.

        Raises:
            ValidationError: it is wrong or was used before.
        """
        code = str(super().clean_code())  # type: ignore[misc]
        authenticator = getattr(self, "authenticator", None)
        if authenticator is not None and not spend(authenticator, code):
            self._emit_authentication_failed(authenticator)  # type: ignore[attr-defined]
            raise mfa_error("incorrect_code")
        return code


class AuthenticateForm(CodeMixin, mfa_forms.AuthenticateForm):
    """The second step of sign-in."""


class CodeReauthenticateForm(CodeMixin, mfa_forms.ReauthenticateForm):
    """The code once more, inside a session."""


class ActivateForm(CodeMixin, totp_forms.ActivateTOTPForm):
    """Binding an authenticator: the first code proves that it was scanned."""

    help_text: ClassVar[Any] = _("扫码后，手机上会显示 6 位数字，每半分钟换一次。")


def _say(form: Any, name: str, label: Text, missing: Text) -> None:
    """Give the field `name` its label, its look and the sentence for an empty value; the placeholder goes."""
    field = form.fields[name]
    field.label = label
    field.error_messages["required"] = missing
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs["class"] = "form-control"
    field.help_text = ""


def _key(user: object) -> str:
    """Return under which key the failures of `user` are counted."""
    return cast(User, user).pk.hex
