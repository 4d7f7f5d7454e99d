"""What can go wrong with a mode pack.

Unavailable
└── NoMode        no pack was applied yet
Invalid
├── PackBroken    the pack has errors; `findings` lists every one with file, line and field
└── NoCounty      the pack is law for others and has no county to be applied to
Conflict
└── StillUsed     applying would drop what live data uses
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.errors import Conflict, Invalid, Unavailable


class NoMode(Unavailable):
    """No pack was applied yet."""

    code = "no_mode"
    title = _("还没有启用工作模式包。请管理员先运行 qizhi mode apply。")


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or (when `is_warning`) worth knowing, in a pack."""

    file: str
    line: int
    field: str
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.message}"


class PackBroken(Invalid):
    """The pack has errors; nothing was applied."""

    code = "pack_broken"
    title = _("工作模式包有错误，没有启用。")

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        lines = "\n".join(str(finding) for finding in findings)
        super().__init__(f"{self.title}\n{lines}")


class NoCounty(Invalid):
    """The pack has no county: it is law for packs that extend it, and cannot be applied itself."""

    code = "no_county"
    title = _("这个模式包没有写明是哪个县（county），只能作为上级依据，不能直接启用。请启用县的模式包。")


class StillUsed(Conflict):
    """Applying the pack would drop what live data uses; nothing was changed."""

    code = "still_used"
    title = _("新版本删去了正在使用的内容，没有启用。")
