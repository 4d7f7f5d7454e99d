"""What a person typed, when a matter was opened and later, before personal data in it was masked."""

import json
import uuid
from dataclasses import asdict, dataclass

from qizhi.kernel.kit.personal import mask_personal
from qizhi.kernel.kit.sealing import seal, unseal

from .models import Matter, Passage

FIELD = "text"


@dataclass(frozen=True)
class Typed:
    """The three places where people write of themselves; a title that nobody typed is empty."""

    title: str
    text: str
    address: str

    def masked(self) -> "Typed":
        """Return the same words with telephone and identity numbers and the like masked."""
        return Typed(*(mask_personal(words) for words in (self.title, self.text, self.address)))

    def sealed(self, matter_id: uuid.UUID) -> bytes:
        """Return all three, sealed for this matter."""
        return seal(json.dumps(asdict(self), ensure_ascii=False), matter_id, FIELD)


def matter_typed(matter: Matter) -> Typed | None:
    """Return what was typed; None when nothing had to be masked and the matter itself says it all.

    The caller has checked the right and logged the reason (`accounts.unmasking`).

    Raises:
        SealBroken: the sealed words do not belong to this matter or were changed.
    """
    sealed = bytes(matter.text_sealed)
    return Typed(**json.loads(unseal(sealed, matter.id, FIELD))) if sealed else None


def passage_seal(passage: Passage, text: str) -> None:
    """Keep `text` as it was typed, sealed for this passage."""
    passage.text_sealed = seal(text, passage.id, FIELD)


def passages_typed(matter: Matter) -> list[str]:
    """Return what citizens wrote of this matter later, oldest first, as far as it had to be masked.

    The right and the reason are the caller's business, as in `matter_typed`.

    Raises:
        SealBroken: sealed words do not belong to their passage or were changed.
    """
    found = Passage.objects.filter(matter=matter, erased_at=None).exclude(text_sealed=b"")
    rows = found.order_by("step__seq", "field").values_list("pk", "text_sealed")
    return [unseal(bytes(sealed), key, FIELD) for key, sealed in rows]
