"""What can go wrong with sign-in, tokens and personal data.

SignInNeeded
└── TokenRefused         the bearer token is unknown, expired, or its owner has left
Refused
├── SecondFactorNeeded   the role asks for a second factor that this session has not shown
└── UnmaskRefused        no post of the caller allows to see personal data in full
Invalid
├── ReasonNeeded         personal data is shown in full only for a stated reason
└── TermNotAllowed       a token must run between one day and one year
Conflict
└── AccessIsFixed        the access log is only added to
Unavailable
├── DemoIncomplete       a unit or a role that the demo accounts need is not there
└── ProviderSilent       the provider of single sign-on does not answer
"""

from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.errors import Conflict, Invalid, Refused, SignInNeeded, Unavailable


class TokenRefused(SignInNeeded):
    """The bearer token is not valid; it does not say whether it ever was."""

    code = "token_refused"
    title = _("接口令牌无效、已到期，或者所属账号已停用。请联系系统管理员重新开具。")


class SecondFactorNeeded(Refused):
    """The role asks for a second factor that this session has not shown."""

    code = "second_factor_needed"
    title = _("您的岗位须先完成二次验证。请在浏览器中登录，按提示绑定手机验证器后再试。")


class UnmaskRefused(Refused):
    """No post of the caller allows to see personal data in full."""

    code = "unmask_refused"
    title = _("您的岗位不能查看完整的个人信息。如工作确有需要，请联系经办单位。")


class ReasonNeeded(Invalid):
    """Personal data is shown in full only for a stated reason."""

    code = "reason_needed"
    title = _("请写明查看完整个人信息的事由（至少 2 个字），这次查看会留下记录。")


class TermNotAllowed(Invalid):
    """A token must run between one day and one year."""

    code = "term_not_allowed"
    title = _("接口令牌的有效期须在 1 至 365 天之间，尚未建立。请修改后重试。")


class AccessIsFixed(Conflict):
    """The access log is only added to."""

    code = "access_is_fixed"
    title = _("访问记录只能新增，不能修改或删除。")


class DemoIncomplete(Unavailable):
    """A unit or a role that the demo accounts need is not there."""

    code = "demo_incomplete"
    title = _("演示账号没有建立：缺少所需的单位或岗位角色。请先启用工作模式包（qizhi mode apply）。")


class ProviderSilent(Unavailable):
    """The provider of single sign-on does not answer."""

    code = "provider_silent"
    title = _("统一身份认证平台没有响应，没有登录。请稍后再试，或者改用账号密码登录。")
