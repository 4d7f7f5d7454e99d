"""How allauth is bent to this house: no sign-up, our words, sealed secrets, staff known beforehand."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from io import BytesIO
from typing import Any, NoReturn, cast
from uuid import UUID

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.forms import ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qizhi.kernel.kit.sealing import seal, unseal

from .access import access_add
from .addresses import client_address, network_of
from .failures import SIGN_IN_ATTEMPTS, SIGN_IN_FAILURES, form_check, form_spend
from .models import Access, User
from .scope import actor_of
from .sessions import signed_in_lately

WRONG = _("账号或密码不正确，请核对后再试。连续输错 5 次，账号将锁定 15 分钟。")
WRONG_CODE = _("验证码不正确或已用过，请等手机上换出新的 6 位数字再填。")
# What the access log says, in Chinese; `Access.reason_said` translates it.
NOT_FINISHED = gettext_noop("统一身份认证失败")
_ANY_ROW, _FIELD = UUID(int=0), "mfa"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by name and password."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "incorrect_password": _("密码不正确，请核对后再试。"),
        "enter_current_password": _("当前密码不正确，密码没有修改。"),
        "incorrect_code": WRONG_CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Return False: accounts are made by the administrator."""
        return False

    def pre_authenticate(self, request: HttpRequest, **_credentials: Any) -> None:
        """Count the attempt against the network address.

        Raises:
            ValidationError: too many attempts or failures came from there.
        """
        network = network_of(client_address(request))
        form_check(SIGN_IN_FAILURES, network)
        form_spend(SIGN_IN_ATTEMPTS, network)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return the user behind name and password.

        The name is compared in lower case; so the lock-out counts `Clerk` and `clerk` as one.
        """
        if "username" in credentials:
            credentials["username"] = credentials["username"].lower()
        found = super().authenticate(request, **credentials)
        return found if isinstance(found, User) else None

    def is_reauthentication_required(self, *, app: str, **_kwargs: Any) -> bool:
        """Ask for the password again only when the sign-in is longer ago than five minutes."""
        if signed_in_lately(self.request):
            return False
        return bool(super().is_reauthentication_required(app=app))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth's signature
        """Return the page “my account”."""
        return reverse("accounts_me")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to confirm who is there, in Chinese."""
        words = {"reauthenticate": _("改用密码确认"), "mfa_reauthenticate": _("改用手机验证器确认")}
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": words[method["id"]]} for method in methods]


class MfaAdapter(DefaultMFAAdapter):
    """The authenticator: secrets are sealed in the database, the QR code is drawn here."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": _("您的岗位必须使用二次验证，不能解除绑定。换手机请联系系统管理员。"),
        "cannot_generate_recovery_codes": _("还没有绑定手机验证器，没有生成恢复码。请先绑定手机验证器。"),
    }

    def encrypt(self, text: str) -> str:
        """Return `text` sealed, as it is stored.

        allauth does not say whose secret it is, so the seal is not bound to one row as other fields are.
        """
        return urlsafe_b64encode(seal(text, _ANY_ROW, _FIELD)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text that was sealed."""
        return unseal(urlsafe_b64decode(encrypted_text), _ANY_ROW, _FIELD)

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code of `url` as an SVG drawing."""
        drawing = BytesIO()
        segno.make(url, error="m").save(drawing, kind="svg", scale=5, light="white", xmldecl=False)
        return drawing.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Refuse while some post of the person needs the second factor."""
        if authenticator.type != Authenticator.Type.TOTP:
            return True
        return not actor_of(authenticator.user).needs_second_factor


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Sign-in by the county's OpenID Connect provider: only for people who have an account here already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        """Return False: nobody is made by the provider."""
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:  # noqa: ARG002
        """Keep only the name under which the provider knows the person; telephone, mail and the rest are dropped."""
        sociallogin.account.extra_data = {}
        user = cast(User, sociallogin.user)
        user.username = str(data.get("username") or "").strip().lower()
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Lead the provider's identity to the account with the same name, once; afterwards its key counts.

        Raises:
            ImmediateHttpResponse: no such account, it has left, or it belongs to another identity already.
        """
        if sociallogin.state.get("process") == "connect":
            self._refuse(request, request.user.get_username(), gettext_noop("不支持自行关联"))
        if sociallogin.is_existing:
            return
        name = cast(User, sociallogin.user).username
        user = User.objects.filter(username=name, is_active=True).first() if name else None
        if user is None:
            self._refuse(request, name, gettext_noop("没有对应的账号"))
        if SocialAccount.objects.filter(user=user, provider=sociallogin.account.provider).exists():
            self._refuse(request, name, gettext_noop("账号已关联另一身份"))
        sociallogin.connect(request, user)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,  # noqa: ARG002 - allauth's signature
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Note in the access log that the provider's answer was not good; a made-up answer leaves no line."""
        if (extra_context or {}).get("state"):
            said = type(exception).__name__ if exception else str(error)
            self._note(request, "", f"{NOT_FINISHED}：{said}")

    def _refuse(self, request: HttpRequest, name: str, reason: str) -> NoReturn:
        self._note(request, name, reason)
        page = render(request, "socialaccount/not_opened.html", {"username": name}, status=403)
        raise ImmediateHttpResponse(page)

    def _note(self, request: HttpRequest, name: str, reason: str) -> None:
        address = client_address(request)
        access_add(Access.Event.SIGN_IN_FAILED, username=name, address=address, reason=reason)


def mfa_error(key: str) -> ValidationError:
    """Return allauth's validation error `key` in our words."""
    error: ValidationError = MfaAdapter().validation_error(key)
    return error
