"""What everything in a pack is made of: parts, words for people, rules by name. Pure."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from .strings import Key


class Part(BaseModel):
    """Base of everything in a pack: frozen, and a field that the schema does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Part):
    """A text for people, Chinese first."""

    zh: Annotated[str, StringConstraints(min_length=1)]
    en: str = ""

    def say(self, language: str) -> str:
        """Return the text in `language` (``en…`` gives English where there is one, else Chinese)."""
        return self.en if language.startswith("en") and self.en else self.zh


class RuleRef(Part):
    """A need or an effect named with its parameters; the function lives in some room's `rules.py`."""

    rule: Key
    params: dict[str, str | int | bool] = {}
