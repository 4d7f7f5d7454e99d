"""Needs: what must hold before a step. Each returns None when it holds, else the sentence that the user reads."""

from datetime import timedelta

from django.db import OperationalError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.errors import Text
from qizhi.kernel.modes.registry import need
from qizhi.kernel.regions.choices import Level
from qizhi.kernel.regions.scope import is_within
from qizhi.kernel.units.queries import directory

from ..firing import Firing
from ..models import Matter
from .standing import higher_centre, waits


@need
def lead_in_reach(firing: Firing) -> Text | None:
    """The lead unit lies in the area of the centre; co-handling units may also sit above it, never beside it.

    **Source:** Beijing's 接诉即办 regulation art. 17: matters of departments are not pushed down or sideways.
    """
    lead, assists = firing.inputs.get("lead_unit"), firing.inputs.get("assist_units") or ()
    area = firing.centre.region_code
    if lead is not None and not is_within(lead.region_code, area):
        return _("主办单位不在本中心管辖范围内。需要上级部门办理的，请先“上报上一级”。")
    if lead is not None and lead in assists:
        return _("主办单位不能同时是协办单位。")
    if any(not (is_within(one.region_code, area) or is_within(area, one.region_code)) for one in assists):
        return _("协办单位不能选其他镇的单位。")
    return None


@need
def lead_not_complained_of(firing: Firing) -> Text | None:
    """A complaint against a unit is never given to that unit as lead.

    **Source:** `architecture.md` §7; 《信访工作条例》 on reports of wrongdoing.
    """
    lead = firing.inputs.get("lead_unit")
    if lead is not None and lead.id == firing.matter.against_unit_id:
        return _("被投诉的单位不能主办自己的投诉，请选其他单位。")
    return None


@need
def centre_not_complained_of(firing: Firing) -> Text | None:
    """A centre does not itself handle a complaint against itself."""
    if firing.matter.against_unit_id == firing.matter.centre_id:
        return _("被投诉的单位不能办理自己的投诉，请上报上一级。")
    return None


@need
def not_at_county(firing: Firing) -> Text | None:
    """There is still a level above."""
    return _("已经在县一级，不能再上报。") if firing.matter.level == Level.COUNTY else None


@need
def above_centre(firing: Firing) -> Text | None:
    """The actor sits in a centre above the one that holds the matter."""
    return None if higher_centre(firing) else _("事项已经在您这一级或更高一级。")


@need
def target_is_open(firing: Firing) -> Text | None:
    """The matter into which this one is merged is still being handled, and of the same kind."""
    wanted = firing.inputs.get("target")
    if wanted is None:
        return None
    try:
        # Locked, or two matters that are merged into each other at once would both be gone; and without waiting, or
        # the two would wait for each other.
        with transaction.atomic():
            target = Matter.objects.select_for_update(nowait=True).get(pk=wanted.pk)
    except OperationalError:
        return _("要并入的那件事项正有人在办，请稍等一下再并案。")
    if not target.is_open or target.kind != firing.matter.kind:
        return _("只能并入一件正在办理的同类事项。")
    return None


@need
def objection_unused(firing: Firing) -> Text | None:
    """A unit objects to a dispatch only once in a matter.

    **Source:** Weifang's 12345 regulation art. 22: once ruled, no second return.
    """
    used = any(one.name == "objection" and one.unit_id == firing.matter.lead_id for one in firing.asked())
    return _("本单位对这件事项已经提过一次异议，裁定后不能再提。") if used else None


@need
def none_pending(firing: Firing, name: str) -> Text | None:
    """No application of this name waits for its decision."""
    return _("还有一份申请等待审核，请先等审核结果。") if firing.pending(name) else None


@need
def some_pending(firing: Firing, name: str) -> Text | None:
    """An application of this name waits for its decision."""
    return None if firing.pending(name) else _("没有待审核的申请。")


@need
def decider_is_other(firing: Firing) -> Text | None:
    """Nobody decides on the application of their own unit."""
    asked = {one.unit_id for one in firing.pending("extension")}
    if firing.seat is not None and firing.seat.unit_id in asked:
        return _("不能审核本单位自己的申请，请由上级中心审核。")
    return None


@need
def assists_answered(firing: Firing) -> Text | None:
    """Every co-handling unit has answered or was released.

    **Source:** `architecture.md` §5 (joint handling).
    """
    waiting = [directory().by_id[one.unit_id].short_name for one in firing.open_assignments if waits(one)]
    if waiting:
        return str(_("还有协办单位没有答复：%(units)s。请等答复，或由中心解除协办。")) % {
            "units": gettext("、").join(waiting)
        }
    return None


@need
def has_lead(firing: Firing) -> Text | None:
    """The matter has a lead unit."""
    return None if firing.matter.lead_id else _("这件事项没有主办单位。")


@need
def reopened_at_most(firing: Firing, times: int) -> Text | None:
    """The matter was reopened at most so often."""
    return None if firing.matter.reopened <= times else _("这件事项已经重办过，仍不满意的转督办。")


@need
def reopened_at_least(firing: Firing, times: int) -> Text | None:
    """The matter was reopened at least so often."""
    return None if firing.matter.reopened >= times else _("这件事项还没有重办过，请先退回重办。")


@need
def closed_within(firing: Firing, days: int) -> Text | None:
    """The matter is open, or was closed at most so many natural days ago."""
    closed = firing.matter.closed_at
    if closed is not None and firing.at - closed > timedelta(days=days):
        return _("归档已经超过期限，请作为新的诉求提出。")
    return None
