"""What can go wrong with places.

Invalid
├── UnknownRegion      no such place
├── CodeSystemNeeded   the code means different places in different systems
└── OutsideCounty      the point lies outside the county
"""

from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.errors import Invalid


class UnknownRegion(Invalid):
    """No place has this code or name."""

    code = "unknown_region"
    title = _("没有找到这个地方，请从列表中选择镇和村（社区）。尚未保存，已填内容仍在。")


class CodeSystemNeeded(Invalid):
    """A code from outside came without the name of its code system."""

    code = "code_system_needed"
    title = _("外来区划代码必须注明代码体系（nbs 国家统计局，mca 民政部）：两套代码有重号，不能猜测。")


class OutsideCounty(Invalid):
    """The point is not inside the county's outline."""

    code = "outside_county"
    title = _("地图上的位置不在本县范围内，请重新选点，或只选择镇和村。")
