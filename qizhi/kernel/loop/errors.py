"""What can go wrong in the loop.

NotFound
└── MatterNotFound      no matter with this number that you may see
Refused
├── NotYours            no post of yours may take this step
├── ReadOnly            your posts only read
└── NeedNotMet          a condition of the step does not hold; the reason says which
Invalid
├── BadInput            some input of the step cannot be taken
├── OutsideScope        the place lies outside your scope
├── UnknownTransition   this kind has no such step
└── UnknownKind         there is no such kind
Conflict
├── AlreadyOpened       what comes from this source was opened before
├── NotAllowedNow       not from the present state
└── Stale               it changed since you looked; `details["steps"]` says how
QizhiError
└── OutsideFire         a programming error: a matter was to be changed outside `fire`
WrongQueryCode          (Refused) the query code does not fit the number
"""

from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.errors import Conflict, Invalid, NotFound, QizhiError, Refused


class MatterNotFound(NotFound):
    """No matter with this number that the actor may see."""

    code = "matter_not_found"
    title = _("没有找到这件事项，或者不在您的权限范围内。请核对编号。")


class NotYours(Refused):
    """No post of the actor may take this step."""

    code = "not_yours"
    title = _("这一步不由您的岗位办理，没有任何改动。")


class ReadOnly(Refused):
    """All posts of the actor only read."""

    code = "read_only"
    title = _("您的岗位只能查看，不能改动。")


class NeedNotMet(Refused):
    """A condition of the step does not hold."""

    code = "need_not_met"
    title = _("还不能办理这一步，没有任何改动。")
    status = 409


class WrongQueryCode(Refused):
    """The query code does not fit the number."""

    code = "wrong_query_code"
    title = _("编号或查询码不对，请核对回执。连续五次不对须稍等再试。")


class BadInput(Invalid):
    """Some input of the step cannot be taken; `fields` says which and why."""

    code = "bad_input"
    title = _("填写的内容有误，尚未保存，已填内容仍在。请按提示修改。")


class OutsideScope(Invalid):
    """The place lies outside the scope of the actor's posts."""

    code = "outside_scope"
    title = _(
        "这个地方不在您的管辖范围内，不能在这里登记。尚未保存，已填内容仍在。请选本区域内的村（社区），或请对方所在镇登记。"
    )


class UnknownTransition(Invalid):
    """The kind has no such transition."""

    code = "unknown_transition"
    title = _("没有这种操作，没有任何改动。")


class UnknownKind(Invalid):
    """The mode has no such kind."""

    code = "unknown_kind"
    title = _("没有这类事项。")


class AlreadyOpened(Conflict):
    """A matter with this source key was opened before; `details["number"]` says which."""

    code = "already_opened"
    title = _("这件事项以前已经登记过，没有重复登记。")


class NotAllowedNow(Conflict):
    """The step is not allowed from the present state."""

    code = "not_allowed_now"
    title = _("事项现在的状态不能办理这一步，没有任何改动。请看最新进展。")


class Stale(Conflict):
    """The matter changed since the caller looked; nothing was changed, `details` says what happened meanwhile."""

    code = "stale_version"
    title = _("这件事项刚刚被别人办理过，您的操作没有生效，已填内容仍在。请看新的进展后再决定。")


class OutsideFire(QizhiError):
    """A matter was to be changed outside `fire`, or a step was to be rewritten."""

    code = "outside_fire"
    title = _("事项只能通过办理步骤改变。")
