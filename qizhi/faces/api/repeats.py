"""Writes that a phone may send twice: `Idempotency-Key` on every call that changes something.

**Source:** `architecture.md` §5, §8; issue 2, “It must hold”.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.files import UploadedFile

from qizhi.kernel.accounts.addresses import client_address, network_of
from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.idempotency import Answer, once, request_digest
from qizhi.kernel.kit.sealing import lookup_hash

from .bodies import etag, reply

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"


def written(
    request: HttpRequest, run: Callable[[], tuple[int, dict[str, Any]]], *, file: UploadedFile | None = None
) -> HttpResponse:
    """Run a write and answer with its status and body; the same key again gets the first answer again.

    Arguments:
        run: does the work and returns status and body; a body with a `version` also gets an ETag.
        file: the uploaded file, which stands for the body in telling a repeat from another write.

    Raises:
        IdempotencyMismatch, IdempotencyKeyInvalid: as `kit.idempotency.once`; and whatever `run` raises.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return _answer(Answer(*run()))
    body = _digest_of(file) if file is not None else request.body
    digest = request_digest(request.method or "", request.path, body)
    return _answer(once(_scope(request), key, digest, lambda: Answer(*run())))


def _scope(request: HttpRequest) -> str:
    """Return whose key it is: the member of staff's, or the network address's, of which only a hash is kept."""
    actor = getattr(request, "auth", None)
    if isinstance(actor, Actor):
        return f"user:{actor.user_id}"
    return f"address:{lookup_hash('idempotency', network_of(client_address(request)))}"


def _digest_of(file: UploadedFile) -> bytes:
    total = sha256(f"{file.name}\0".encode())
    for chunk in file.chunks():
        total.update(chunk)
    file.seek(0)
    return total.digest()


def _answer(answer: Answer) -> HttpResponse:
    headers = etag(answer.body["version"]) if "version" in answer.body else {}
    if answer.repeated:
        headers[REPLAYED] = "true"
    return reply(answer.body, answer.status, headers)
