"""A write that a phone may send twice happens once: the second time it gets the first answer.

**Source:** `architecture.md` §5, "idempotency keys on every write that a phone may repeat".
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .canonical import digest
from .errors import Conflict, Invalid
from .models import Row
from .sealing import seal, unseal

KEEP_DAYS = 3
MAX_KEY_LENGTH = 200


class IdempotencyMismatch(Conflict):
    """The key was used before, with another content."""

    code = "idempotency_mismatch"
    title = _("这个提交编号已经用于另一份内容，这一份没有保存。请重新打开页面后再提交。")


class IdempotencyKeyInvalid(Invalid):
    """The key is empty, too long, or holds signs that cannot be printed."""

    code = "idempotency_key_invalid"
    title = _("提交编号（Idempotency-Key）应为 1 到 200 个可见的英文字符，内容没有保存。")


class Answer(NamedTuple):
    """What a write answered: the HTTP status, the body as JSON values, and whether it is a repeat."""

    status: int
    body: Any
    repeated: bool = False


class IdempotencyKey(Row):
    """One key that was used, with the answer it got; the answer may name a person, so it is sealed."""

    scope = models.CharField(max_length=100)
    key = models.CharField(max_length=MAX_KEY_LENGTH)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "提交编号"
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="kit_idempotencykey_scope_key")]

    objects: ClassVar[models.Manager["IdempotencyKey"]] = models.Manager()


def request_digest(method: str, path: str, body: bytes) -> str:
    """Return the hash of a request by which a repeat is told from another request."""
    return digest(b"\0".join([method.upper().encode(), path.encode(), body]))


@transaction.atomic
def once(scope: str, key: str, digest: str, run: Callable[[], Answer]) -> Answer:
    """Run `run` if this key is new in its scope, else return the answer it got then, marked as repeated.

    The answer is stored in the transaction of the work itself: either both stay or neither, and a run that raises
    leaves the key free. Of parallel callers with one key one runs; the others wait for its commit and repeat its
    answer. `scope` names the caller (`user:<id>`, `public`), so that nobody meets a stranger's key; `digest` is
    `request_digest` of the request.

    Raises `IdempotencyMismatch` when the key came with another digest, `IdempotencyKeyInvalid` for an unusable key,
    and whatever `run` raises.
    """
    if not (0 < len(key) <= MAX_KEY_LENGTH and key.isascii() and key.isprintable()):
        raise IdempotencyKeyInvalid()
    earlier = _find(scope, key)
    if earlier is None:
        row = IdempotencyKey(scope=scope, key=key, request_digest=digest)
        if _insert(row):
            answer = run()
            row.status = answer.status
            row.body = seal(json.dumps(answer.body, ensure_ascii=False), row.id, "body")
            row.save(update_fields=["status", "body"])
            return answer
        earlier = IdempotencyKey.objects.get(scope=scope, key=key)
    if earlier.request_digest != digest:
        raise IdempotencyMismatch()
    return _stored_answer(earlier)


def sweep(now: datetime) -> int:
    """Forget the keys older than three days; return how many there were."""
    return IdempotencyKey.objects.filter(created_at__lt=now - timedelta(days=KEEP_DAYS)).delete()[0]


def _find(scope: str, key: str) -> IdempotencyKey | None:
    return IdempotencyKey.objects.filter(scope=scope, key=key).first()


def _insert(row: IdempotencyKey) -> bool:
    """Insert the row unless the key is there.

    While another transaction holds the same key, PostgreSQL lets this insert wait until that one ends; SQLite lets
    the whole transaction wait before it begins.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _stored_answer(row: IdempotencyKey) -> Answer:
    if row.status is None or row.body is None:
        # Only the run itself can see its own key without an answer: it called `once` again from within.
        raise IdempotencyMismatch()
    return Answer(row.status, json.loads(unseal(row.body, row.id, "body")), repeated=True)
