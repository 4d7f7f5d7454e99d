"""What a person typed when a matter was opened, before personal data in it was masked."""

import json
import uuid
from dataclasses import asdict, dataclass

from qizhi.kernel.kit.personal import mask_personal
from qizhi.kernel.kit.sealing import seal, unseal

from .models import Matter

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
