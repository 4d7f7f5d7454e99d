"""Files: handed in before the step that names them, and given out through the same gate as on pages."""

import uuid
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import File, Router
from ninja.files import UploadedFile

from qizhi.kernel.accounts.addresses import client_address
from qizhi.kernel.accounts.scope import CITIZEN, Actor
from qizhi.kernel.kit.errors import NotFound, TooMany
from qizhi.kernel.kit.uploads import refusals
from qizhi.kernel.loop.actions import attachment_draft
from qizhi.kernel.loop.errors import BadInput
from qizhi.kernel.loop.models import Attachment
from qizhi.kernel.loop.policy import citizen_at

from ..files import file_answer, preview_answer, staff_may
from ..limits import upload_spend
from .auth import STAFF, ApiRequest
from .contract import BY_CODE, FORM, REPEAT, REPLAYED, STAFF_READ, STAFF_WRITE, told
from .repeats import written
from .schemas.parts import FileOut
from .telling.names import file_told
from .telling.public import public_files

router = Router(tags=["files"], auth=STAFF)
public = Router(tags=["public"])
REFUSALS = (
    refusals.ActiveContent,
    refusals.FileEmpty,
    refusals.FileTooLarge,
    refusals.HeicRefused,
    refusals.ImageBroken,
    refusals.ImageTooLarge,
    refusals.Infected,
    refusals.KindRefused,
    refusals.MacrosRefused,
    refusals.PackageBomb,
    refusals.PackageBroken,
    refusals.ScannerUnavailable,
)
# of whatever kind the file is; with `preview=true` a small WebP picture
CONTENT = {"*/*": {"schema": {"type": "string", "format": "binary"}}}


@router.post(
    "/uploads",
    summary=gettext_noop("上传文件"),
    **told(FileOut, (*STAFF_WRITE, *FORM, *REFUSALS), status=201, headers=REPLAYED, parameters=(REPEAT,)),
)
def upload(request: ApiRequest, file: File[UploadedFile]) -> HttpResponse:
    """Hand in a file of at most 20 MB; its `id` goes into the files of a following step within a day."""
    return _handed_in(request, file, request.auth)


@public.post(
    "/uploads",
    summary=gettext_noop("来信人上传文件"),
    **told(FileOut, (*FORM, *REFUSALS, TooMany), status=201, headers=REPLAYED, parameters=(REPEAT,)),
)
def public_upload(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
    """Hand in a file without an account; its `id` goes into `photos` of a request or of a following step."""
    upload_spend(client_address(request))
    return _handed_in(request, file, CITIZEN)


def _handed_in(request: HttpRequest, file: UploadedFile, actor: Actor) -> HttpResponse:
    def run() -> tuple[int, dict[str, Any]]:
        row = attachment_draft(file=file, name=file.name or "", actor=actor)
        return 201, file_told(row)

    return written(request, run, file=file)


@router.get(
    "/attachments/{key}",
    summary=gettext_noop("下载文件"),
    **told(None, (*STAFF_READ, BadInput, NotFound, refusals.FileMissing), content=CONTENT),
)
def attachment(request: ApiRequest, key: uuid.UUID, preview: bool = False) -> FileResponse:
    """The content of a file of a matter that you may see, or of a draft of your own."""
    row = Attachment.objects.select_related("step").filter(pk=key).first()
    if row is None or not staff_may(request.auth, row):
        raise NotFound
    return preview_answer(row) if preview else file_answer(row)


@public.get(
    "/matters/{number}/attachments/{key}",
    summary=gettext_noop("来信人下载文件"),
    **told(None, (*BY_CODE, NotFound, refusals.FileMissing), content=CONTENT),
)
def public_attachment(
    request: HttpRequest, number: str, key: uuid.UUID, query_code: str, preview: bool = False
) -> FileResponse:
    """The content of a public file of the matter, or of one that the citizen handed in."""
    citizen = citizen_at(number, query_code, client_address(request))
    row = next((one for one in public_files(citizen.matter_id) if one.pk == key), None)
    if row is None:
        raise NotFound
    return preview_answer(row) if preview else file_answer(row)
