"""Files handed in before the step that uses them."""

from typing import IO, Any

from django.utils import timezone

from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.uploads import discard, save_upload

from ..models import Attachment


def attachment_draft(*, file: IO[bytes] | Any, name: str, actor: Actor) -> Attachment:
    """Check and store an uploaded file as a draft that a following step can name; return it.

    The draft belongs to the user who uploaded it (to nobody when a citizen did). Drafts that no step took up
    are swept after a day.

    Raises:
        Invalid: the file is of a kind that is not taken, broken, or larger than 20 MB; nothing is kept.
    """
    stored = save_upload(file, name)
    row = Attachment(
        id=stored.id,
        name=stored.name,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        has_preview=stored.has_preview,
        lon=stored.lon,
        lat=stored.lat,
        taken_at=stored.taken_at,
        uploaded_by_id=actor.user_id,
        uploaded_at=timezone.now(),
    )
    try:
        row.save(force_insert=True)
    except Exception:
        discard(stored.id)
        raise
    return row
