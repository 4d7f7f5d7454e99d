"""The gate before every file: staff see the files of matters they see, citizens the public ones and their own."""

import uuid
from typing import BinaryIO

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.accounts.scope import Actor, ActorKind
from qizhi.kernel.kit.errors import NotFound
from qizhi.kernel.kit.uploads import open_file, open_preview
from qizhi.kernel.loop.models import Attachment, Matter
from qizhi.kernel.loop.policy import visible_to
from qizhi.kernel.loop.queries.story import handled_by

from .citizen import draft_noted, ids_granted

# Shown in the browser; everything else is saved to disk and never opened in our name.
INLINE = ("image/", "audio/", "video/", "application/pdf")
PREVIEW_TYPE = "image/webp"
PDF_TYPE = "application/pdf"
# Should a reader of pictures or texts run what it finds, it runs it with no right to anything of ours. A browser's
# own reader of PDF does not start in a sandbox; it has one itself.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; img-src 'self'"


@require_safe
def file_get(request: ActorRequest, key: uuid.UUID) -> FileResponse:
    """Give the content of a file.

    Raises:
        NotFound: there is none that the caller may see; the two cases look the same.
    """
    return file_answer(_row(request, key))


@require_safe
def file_preview(request: ActorRequest, key: uuid.UUID) -> FileResponse:
    """Give the small picture of a photo.

    Raises:
        NotFound: there is none that the caller may see, or the file has no picture.
    """
    return preview_answer(_row(request, key))


def file_answer(row: Attachment) -> FileResponse:
    """Return the content of a file that the caller may see; whoever calls this has asked at the gate."""
    inline = row.media_type.startswith(INLINE)
    return _answer(open_file(row.pk), row.media_type, row.name, inline=inline)


def preview_answer(row: Attachment) -> FileResponse:
    """Return the small picture of a photo that the caller may see.

    Raises:
        NotFound: the file has no picture.
    """
    if not row.has_preview:
        raise NotFound
    return _answer(open_preview(row.pk), PREVIEW_TYPE, f"{row.pk}.webp", inline=True)


def _answer(content: BinaryIO, media_type: str, name: str, *, inline: bool) -> FileResponse:
    answer = FileResponse(content, as_attachment=not inline, filename=name, content_type=media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=600"
    answer["Content-Security-Policy"] = PDF_POLICY if media_type == PDF_TYPE else POLICY
    return answer


def _row(request: ActorRequest, key: uuid.UUID) -> Attachment:
    row = Attachment.objects.select_related("matter", "step").filter(pk=key).first()
    if row is None or not (staff_may(request.actor, row) or _citizen_may(request, row)):
        raise NotFound
    return row


def staff_may(actor: Actor, row: Attachment) -> bool:
    """Tell whether a member of staff may see a file: of a matter that they see, or a draft of their own."""
    if actor.kind != ActorKind.STAFF:
        return False
    if row.step is None:
        return row.uploaded_by_id == actor.user_id
    return visible_to(actor).filter(pk=row.step.matter_id).exists()


def _citizen_may(request: HttpRequest, row: Attachment) -> bool:
    """Tell whether this browser has handed the file in, or may read it in a matter that it has opened."""
    if row.step is None:
        return draft_noted(request, row.pk)
    granted = ids_granted(request)
    if row.matter_id in granted:
        return row.is_public or row.step.actor_kind == ActorKind.CITIZEN
    return row.is_public and _is_handled_for(row.matter_id, granted)


def _is_handled_for(matter_id: uuid.UUID | None, granted: list[uuid.UUID]) -> bool:
    merged = Matter.objects.filter(pk__in=granted, merged_into__isnull=False)
    return any(handled_by(matter).pk == matter_id for matter in merged)
