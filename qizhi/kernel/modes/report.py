"""The list of everything that is found wrong in one run over a pack."""

from .errors import Finding
from .nodes import Spot


class Report:
    """Collects findings in the order in which they are met, each only once."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}

    def error(self, spot: Spot, message: str) -> None:
        """Note that what stands at `spot` is wrong; `message` is a plain Chinese sentence."""
        self._found[Finding(spot.file, spot.line, spot.field, message)] = None

    def warning(self, spot: Spot, message: str) -> None:
        """Note something worth knowing that keeps nothing from being applied."""
        self._found[Finding(spot.file, spot.line, spot.field, message, is_warning=True)] = None

    @property
    def findings(self) -> list[Finding]:
        """All findings, errors before warnings, each group by file and line."""
        return in_order(self._found)


def in_order(findings: "dict[Finding, None] | list[Finding]") -> list[Finding]:
    """Return `findings` without repetition, errors before warnings, each group by file and line."""
    once = dict.fromkeys(findings)
    return sorted(once, key=lambda found: (found.is_warning, found.file, found.line, found.field))


def errors_in(findings: list[Finding]) -> list[Finding]:
    """Return the findings that keep a pack from being applied."""
    return [finding for finding in findings if not finding.is_warning]
