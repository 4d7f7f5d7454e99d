"""Opening a citizen's matter: counted, sent once however often the button is pressed, noted as perhaps the same."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from qizhi.governance.triage.actions import duplicate_hint
from qizhi.governance.triage.queries import Similar
from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.canonical import canonical, digest
from qizhi.kernel.kit.idempotency import Answer, IdempotencyKey, once
from qizhi.kernel.loop.actions import matter_open
from qizhi.kernel.loop.choices import Channel
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.modes.schema import Kind

from .limits import spend_sending

SCOPE = "portal"
CREATED = 201


class Sent(NamedTuple):
    """A matter that was opened, with its query code in clear."""

    matter: Matter
    query_code: str


def was_sent(once_key: str) -> bool:
    """Tell whether a form with this token was sent before, so that it need not be looked at again."""
    return IdempotencyKey.objects.filter(scope=SCOPE, key=once_key).exists()


def request_send(
    kind: Kind,
    actor: Actor,
    values: Mapping[str, Any],
    checked: Mapping[str, Any],
    *,
    once_key: str,
    same: Similar | None,
) -> Sent:
    """Open a matter for the citizen and return it with its query code.

    The same form sent again, also in parallel, returns the same matter. When the person said that it is the same
    as an open matter, that is noted for the one who sorts it; the person's own matter is opened all the same, so
    that its promise and its answer are the person's own.

    Arguments:
        values, checked: the raw values, and what the loop made of them.
        once_key: the token of the form.

    Raises:
        TooMany: too often from this address or with this telephone.
        IdempotencyMismatch: the form's token was used for something else.
        QizhiError: as `matter_open` says.
    """

    def run() -> Answer:
        opened = matter_open(kind=kind.name, actor=actor, inputs=values, channel=Channel.WEB)
        if same is not None:
            duplicate_hint(matter=opened.matter, other_id=same.matter_id, score=same.score, by_reporter=True)
        return Answer(CREATED, {"matter": str(opened.matter.pk), "code": opened.query_code})

    reporter = checked.get("reporter")
    spend_sending(actor.address, reporter.phone if reporter else "")
    said = {"text": checked["text"], "region": checked["region"], "title": checked.get("title") or ""}
    answer = once(SCOPE, once_key, digest(canonical(said)), run)
    return Sent(Matter.objects.get(pk=answer.body["matter"]), answer.body["code"])
