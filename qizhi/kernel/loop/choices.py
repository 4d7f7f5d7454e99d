"""Value sets of the loop that no pack may change."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a matter came in.

    **Source:** `domain.md` §3.2 (channel), §5.1, §5.4.
    """

    WEB = "web", _("网上")
    WINDOW = "window", _("窗口")
    PHONE = "phone", _("电话")
    GRID = "grid", _("网格员上报")
    LETTER = "letter", _("来信")
    LEADER_BOARD = "leader_board", _("领导留言板")
    API = "api", _("接口")
    IMPORT = "import", _("导入")


class Urgency(models.TextChoices):
    """How soon something must happen.

    **Source:** `domain.md` §5.2 (normal, urgent within 24 hours, emergency handed over at once).
    """

    NORMAL = "normal", _("一般")
    URGENT = "urgent", _("紧急")
    EMERGENCY = "emergency", _("突发")


class AssignmentRole(models.TextChoices):
    """What a unit does in a matter."""

    LEAD = "lead", _("主办")
    ASSIST = "assist", _("协办")


class AssignmentState(models.TextChoices):
    """How far a unit is with its part."""

    ASSIGNED = "assigned", _("待受理")
    ACCEPTED = "accepted", _("办理中")
    ANSWERED = "answered", _("已答复")
    RELEASED = "released", _("已解除")


class ClockState(models.TextChoices):
    """How a promise stands."""

    RUNNING = "running", _("计时中")
    PAUSED = "paused", _("已暂停")
    MET = "met", _("按时完成")
    MISSED = "missed", _("超时完成")
    CANCELLED = "cancelled", _("已取消")


class ApplicationState(models.TextChoices):
    """What became of an application such as an extension or a dispatch objection."""

    PENDING = "pending", _("待批")
    GRANTED = "granted", _("同意")
    REFUSED = "refused", _("不同意")
