"""Codes and keys with their names: places, units, categories, states; and moments as JSON writes them."""

import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from qizhi.kernel.loop.models import Attachment, Matter
from qizhi.kernel.modes.schema import Kind, Words
from qizhi.kernel.modes.store import kind_at, mode_at
from qizhi.kernel.regions.queries import gazetteer
from qizhi.kernel.units.models import Unit
from qizhi.kernel.units.queries import directory


def moment(at: datetime | None) -> str | None:
    """Return a moment in ISO 8601 with the county's offset, to the second."""
    return at.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds") if at else None


def degrees(value: Any) -> float | None:
    """Return decimal degrees as a number."""
    return None if value is None else float(value)


def file_told(row: Attachment) -> dict[str, Any]:
    """Return a file as `FileOut`."""
    return {
        "id": str(row.pk),
        "name": row.name,
        "media_type": row.media_type,
        "size": row.size,
        "has_preview": row.has_preview,
    }


class Names:
    """The names for one answer: its language, and what is kept per process, looked up once."""

    def __init__(self) -> None:
        self.language = get_language() or "zh-hans"
        self._places = gazetteer()
        self._units = directory().by_id
        self._categories: dict[int, dict[str, dict[str, str]]] = {}
        self._kinds: dict[tuple[int, str], Kind] = {}

    def say(self, words: Words | None) -> str:
        """Return a text of the pack in the caller's language."""
        return words.say(self.language) if words is not None else ""

    def plain(self, value: Any) -> Any:
        """Return a value as JSON takes it: words of the pack in the caller's language."""
        return self.say(value) if isinstance(value, Words) else value

    def kind(self, matter: Matter) -> Kind:
        """Return the kind of `matter` as its version of the mode has it."""
        key = (matter.mode_version, matter.kind)
        if key not in self._kinds:
            self._kinds[key] = kind_at(*key)
        return self._kinds[key]

    def place(self, code: str) -> dict[str, str]:
        """Return a place as `NamedPlace`; one that is no longer in use keeps its code as name."""
        known = code in self._places.by_code
        return {"code": code, "name": self._places.path_name(code) if known else code}

    def unit(self, key: uuid.UUID | None) -> dict[str, str] | None:
        """Return a unit as `NamedUnit`, also one that is no longer in use; None for none."""
        if key is None:
            return None
        body = self._units.get(key) or Unit.objects.get(pk=key)
        return {"code": body.code, "name": body.short_name}

    def category(self, matter: Matter) -> dict[str, str] | None:
        """Return the category as `NamedCategory`; None while it has none."""
        if not matter.category:
            return None
        version = matter.mode_version
        if version not in self._categories:
            english = self.language.startswith("en")
            self._categories[version] = {
                one.code: {"code": one.code, "title": (english and one.en) or one.zh}
                for one in mode_at(version).categories
            }
        found = self._categories[version].get(matter.category)
        return found or {"code": matter.category, "title": matter.category}
