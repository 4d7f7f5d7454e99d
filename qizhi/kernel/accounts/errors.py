"""What can go wrong with sign-in, tokens, personal data, and the accounts of others.

SignInNeeded
└── TokenRefused          the bearer token is unknown, expired, or its owner has left
Refused
├── SecondFactorNeeded    the role asks for a second factor that this session has not shown
├── PasswordChangeNeeded  the password is still the one that the administrator made
├── UnmaskRefused         no post of the caller allows to see personal data in full
├── NotAKeeper            no post of the caller is that of an administrator
├── OwnAccount            nobody changes their own account or posts as an administrator
└── BeyondReach           the person or the unit lies outside the administrator's places
Invalid
├── ReasonNeeded          personal data is shown, and accounts are changed, only for a stated reason
├── TermNotAllowed        a token must run between one day and one year
├── UsernameNotAllowed    the name of the account has signs that are hard to type or to tell apart
├── PersonNameNotAllowed  the person's name is missing or too long
├── UnknownRole           the mode has no such role
├── RoleNotForUnit        the role cannot be held in such a unit
├── PlaceOutsideUnit      a post is narrowed only to a place below its unit
├── DayNotAllowed         the day lies too far away, or before the post began
├── StaffListLong         the list of staff has no rows, or too many for once
└── StaffListExpired      the checked list was kept too long, or belongs to somebody else
Conflict
├── AccessIsFixed         the access log is only added to
├── UsernameTaken         an account with this name is there already
├── PostHeld              the person holds this post already in that time
├── PostIsOver            the post ended before
├── AccountIsSo           the account is in that state already
├── AccountInactive       an account that is not in use gets no post and no password
└── LeftAlone             nobody would be left for open matters of the unit
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


class PasswordChangeNeeded(Refused):
    """The password is still the one that the administrator made."""

    code = "password_change_needed"
    title = _("您用的还是一次性密码。请先在浏览器中登录并改成自己的密码，再继续使用。")


class UnmaskRefused(Refused):
    """No post of the caller allows to see personal data in full."""

    code = "unmask_refused"
    title = _("您的岗位不能查看完整的个人信息。如工作确有需要，请联系经办单位。")


class NotAKeeper(Refused):
    """No post of the caller is that of an administrator."""

    code = "not_a_keeper"
    title = _("账号和岗位由系统管理员办理，您的岗位不能更改，没有任何改动。")


class OwnAccount(Refused):
    """Nobody changes their own account or posts as an administrator."""

    code = "own_account"
    title = _("不能更改自己的账号和岗位，没有任何改动。请由另一位系统管理员办理；改密码请到“我的账号”。")


class BeyondReach(Refused):
    """The person or the unit lies outside the administrator's places."""

    code = "beyond_reach"
    title = _("这个人有您管理范围以外的岗位，没有任何改动。请由县级系统管理员办理。")


class ReasonNeeded(Invalid):
    """Personal data is shown in full, and accounts are changed, only for a stated reason."""

    code = "reason_needed"
    title = _("请写明查看完整个人信息的事由（至少 2 个字），这次查看会留下记录。")


class TermNotAllowed(Invalid):
    """A token must run between one day and one year."""

    code = "term_not_allowed"
    title = _("接口令牌的有效期须在 1 至 365 天之间，尚未建立。请修改后重试。")


class UsernameNotAllowed(Invalid):
    """The name of the account has signs that are hard to type or to tell apart."""

    code = "username_not_allowed"
    title = _("账号用 3 至 80 个小写字母、数字和 . _ - @，以字母或数字开头。")


class PersonNameNotAllowed(Invalid):
    """The person's name is missing or too long."""

    code = "person_name_not_allowed"
    title = _("请填写姓名，最多 40 个字。")


class UnknownRole(Invalid):
    """The mode has no such role."""

    code = "unknown_role"
    title = _("没有这个岗位，请从列表中选择。")


class RoleNotForUnit(Invalid):
    """The role cannot be held in such a unit."""

    code = "role_not_for_unit"
    title = _("这个岗位不能设在这类单位，请换一个岗位或单位。")


class PlaceOutsideUnit(Invalid):
    """A post is narrowed only to a place below its unit."""

    code = "place_outside_unit"
    title = _("网格或区划须在单位所在地方以内，请重新选择；不用缩小范围就不选。")


class DayNotAllowed(Invalid):
    """The day lies too far away, or before the post began."""

    code = "day_not_allowed"
    title = _("日期写成 2026-11-24 这样；到岗日期不早于 2000 年，不晚于一年以后。")


class StaffListLong(Invalid):
    """The list of staff has no rows, or too many for once."""

    code = "staff_list_long"
    title = _("表里要有 1 至 1000 个人，没有导入。请核对后再试，人多时分几次。")


class StaffListExpired(Invalid):
    """The checked list was kept too long, or belongs to somebody else."""

    code = "staff_list_expired"
    title = _("检查结果已过一小时，没有导入。请重新选择文件检查一遍。")


class AccessIsFixed(Conflict):
    """The access log is only added to."""

    code = "access_is_fixed"
    title = _("访问记录只能新增，不能修改或删除。")


class UsernameTaken(Conflict):
    """An account with this name is there already."""

    code = "username_taken"
    title = _("这个账号已经有人用了，请换一个。")


class PostHeld(Conflict):
    """The person holds this post already in that time."""

    code = "post_held"
    title = _("这个人在这段时间已经有同样的岗位，没有重复安排。")


class PostIsOver(Conflict):
    """The post ended before."""

    code = "post_is_over"
    title = _("这个岗位早已结束，不能再改。")


class AccountIsSo(Conflict):
    """The account is in that state already."""

    code = "account_is_so"
    title = _("这个账号已经是这个状态，没有任何改动。请刷新页面。")


class AccountInactive(Conflict):
    """An account that is not in use gets no post and no password."""

    code = "account_inactive"
    title = _("这个账号已停用，没有任何改动。请先恢复账号。")


class LeftAlone(Conflict):
    """Nobody would be left for open matters of the unit; `details["left"]` says where and how many."""

    code = "left_alone"
    title = _("还有在办事项没有人接手，没有任何改动。请先安排接手的人，或者勾选“仍要办理”。")


class DemoIncomplete(Unavailable):
    """A unit or a role that the demo accounts need is not there."""

    code = "demo_incomplete"
    title = _("演示账号没有建立：缺少所需的单位或岗位角色。请先启用工作模式包（qizhi mode apply）。")


class ProviderSilent(Unavailable):
    """The provider of single sign-on does not answer."""

    code = "provider_silent"
    title = _("统一身份认证平台没有响应，没有登录。请稍后再试，或者改用账号密码登录。")
