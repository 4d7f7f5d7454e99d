"""The rules that the sample packs name."""

from typing import Any

import pytest

from qizhi.kernel.modes import registry


def sample_need(firing: Any, times: int, note: str = "") -> None:
    """A need that always holds."""


def sample_effect(firing: Any, clock: str, state: str = "", term: str = "", input: str = "") -> None:
    """An effect that does nothing."""


@pytest.fixture(autouse=True)
def sample_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register the rules that the sample packs name, for the length of a test."""
    for known, function in ((registry.NEEDS, sample_need), (registry.EFFECTS, sample_effect)):
        monkeypatch.setitem(known, function.__name__, registry.named(function))
