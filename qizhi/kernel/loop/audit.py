"""The audit: walk all chains and name the first broken link of each broken matter."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from qizhi.kernel.kit.models import Counter

from .models import Attachment, Matter, Passage, Seal, Step
from .sealer import COUNTER, seal_hash
from .steps import facts_digest, step_hash, text_digest

CHUNK = 500


@dataclass(frozen=True)
class Break:
    """A broken link: the matter's number (empty for a seal), the step's number in it, and what is wrong."""

    number: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"{self.number} 第{self.seq}步：{self.what}" if self.number else self.what


def audit_verify(progress: Callable[[int], None] | None = None) -> Iterator[Break]:
    """Yield the first broken link of every broken matter, then what is wrong with running numbers and seals.

    Arguments:
        progress: called with the number of matters walked so far.

    **Source:** `architecture.md` §5 (`qizhi audit verify`).
    """
    # the steps given up to now must all be there; taken first, since more may be given while we walk
    given = Counter.objects.filter(name=COUNTER).values_list("value", flat=True).first() or 0
    matters = _whole(Matter.objects.order_by("id"))
    for walked, matter in enumerate(matters.iterator(chunk_size=CHUNK), start=1):
        found = matter_break(matter)
        found = _still_broken(matter) if found is not None else None
        if found is not None:
            yield found
        if progress is not None and walked % CHUNK == 0:
            progress(walked)
    yield from _running_breaks(given)
    yield from _seal_breaks()


def _whole(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    steps = Prefetch("steps", Step.objects.order_by("seq"))
    return matters.prefetch_related(steps, "passages", "attachments")


def _still_broken(matter: Matter) -> Break | None:
    """Look again while nobody can take a step: one that was taken between two of our queries is no broken link."""
    with transaction.atomic():
        held = Matter.objects.select_for_update().filter(pk=matter.pk)
        return matter_break(_whole(held).get())


def matter_break(matter: Matter) -> Break | None:
    """Return the first broken link of one matter, None when its chain is whole."""
    previous = ""
    steps = list(matter.steps.all())
    texts: dict[object, list[Passage]] = {}
    for passage in matter.passages.all():
        texts.setdefault(passage.step_id, []).append(passage)
    files = {str(file.id): file for file in matter.attachments.all()}
    for expected, step in enumerate(steps, start=1):
        wrong = _step_wrong(step, expected, previous) or _papers_wrong(step, texts.get(step.pk, []), files)
        if wrong is None and expected == 1 and step.inputs.get("facts") != facts_digest(matter):
            wrong = "登记时的标题、内容或地点与当时的摘要不符"
        if wrong is not None:
            return Break(matter.number, expected, wrong)
        previous = step.hash
    if len(steps) < matter.version:
        return Break(matter.number, len(steps) + 1, "缺少这一步")
    if matter.version != len(steps) or matter.last_hash != previous or steps[-1].to_state != matter.state:
        return Break(matter.number, len(steps), "事项现状与最后一步不符")
    return None


def _step_wrong(step: Step, expected: int, previous: str) -> str | None:
    if step.seq != expected:
        return f"步骤不连续，应为第{expected}步，实为第{step.seq}步"
    if step.previous_hash != previous:
        return "与上一步的链接断开"
    if step_hash(step) != step.hash:
        return "内容与摘要不符，已被改动"
    return None


def _papers_wrong(step: Step, texts: list[Passage], files: dict[str, Attachment]) -> str | None:
    """Compare texts and files with what the step says of them; a text that was erased keeps its row."""
    missing = {name for name, value in step.inputs.items() if isinstance(value, dict) and "passage" in value}
    for passage in texts:
        said = step.inputs.get(passage.field)
        digest = said.get("passage") if isinstance(said, dict) else None
        if digest is None or (
            passage.erased_at is None and digest != text_digest(bytes(passage.salt), passage.text)
        ):
            return f"文字“{passage.field}”已被改动"
        missing.discard(passage.field)
    if missing:
        return f"文字“{min(missing)}”缺失"
    for name, value in step.inputs.items():
        for one in value if isinstance(value, list) else ():
            if isinstance(one, dict) and "file" in one:
                row = files.get(one["file"])
                if row is None or row.step_id != step.pk or row.sha256 != one["sha256"]:
                    return f"附件“{name}”缺失或已被替换"
    return None


def _running_breaks(given: int) -> Iterator[Break]:
    """Yield the first gap in the running numbers, also when the last ones are gone: `given` is how many there were."""
    expected = 1
    rows = Step.objects.exclude(sealed_no=None).order_by("sealed_no")
    for number, seq, sealed in rows.values_list("matter__number", "seq", "sealed_no").iterator(
        chunk_size=2000
    ):
        if sealed != expected:
            yield Break(number, seq, f"流水号不连续，应为{expected}，实为{sealed}")
            return
        expected += 1
    if expected <= given:
        yield Break("", 0, f"流水号应到{given}，只到{expected - 1}")


def _seal_breaks() -> Iterator[Break]:
    previous, first_no = "", 1
    for seal in Seal.objects.order_by("day"):
        if seal.previous_hash != previous or seal.first_no != first_no or seal.hash != seal_hash(seal):
            yield Break("", 0, f"{seal.day}的日封印与步骤不符")
            return
        previous, first_no = seal.hash, seal.last_no + 1
