"""What can go wrong with units.

Invalid
└── UnknownUnit    no active unit has this code
"""

from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.errors import Invalid


class UnknownUnit(Invalid):
    """No active unit has this code."""

    code = "unknown_unit"
    title = _("没有找到这个单位，请从列表中选择。尚未保存，已填内容仍在。")
