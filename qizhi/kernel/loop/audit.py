"""The audit: walk all chains and name the first broken link of each broken matter."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Prefetch

from .models import Attachment, Matter, Passage, Seal, Step
from .sealer import seal_hash
from .steps import facts_digest, step_hash, text_digest

CHUNK = 500


@dataclass(frozen=True)
class Break:
    """A broken link: the matter's number (empty for a seal), the step's number in it, and what is wrong."""

    number: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"{self.number} 第{self.seq}步：{self.what}"


def audit_verify(progress: Callable[[int], None] | None = None) -> Iterator[Break]:
    """Yield the first broken link of every broken matter, then what is wrong with running numbers and seals.

    Arguments:
        progress: called with the number of matters walked so far.

    **Source:** `architecture.md` §5 (`qizhi audit verify`).
    """
    steps = Prefetch("steps", Step.objects.order_by("seq"))
    texts = Prefetch("passages", Passage.objects.filter(erased_at=None))
    matters = Matter.objects.order_by("id").prefetch_related(steps, texts, "attachments")
    for walked, matter in enumerate(matters.iterator(chunk_size=CHUNK), start=1):
        found = matter_break(matter)
        if found is not None:
            yield found
        if progress is not None and walked % CHUNK == 0:
            progress(walked)
    yield from _running_breaks()
    yield from _seal_breaks()


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
    if (
        matter.last_hash != previous
        or matter.version != len(steps)
        or (steps and steps[-1].to_state != matter.state)
    ):
        return Break(matter.number, len(steps), "事项现状与最后一步不符，可能缺少步骤")
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
    for passage in texts:
        said = step.inputs.get(passage.field)
        if not isinstance(said, dict) or said.get("passage") != text_digest(passage.salt, passage.text):
            return f"文字“{passage.field}”已被改动"
    for name, value in step.inputs.items():
        for one in value if isinstance(value, list) else ():
            if isinstance(one, dict) and "file" in one:
                row = files.get(one["file"])
                if row is None or row.sha256 != one["sha256"]:
                    return f"附件“{name}”缺失或已被替换"
    return None


def _running_breaks() -> Iterator[Break]:
    expected = 1
    rows = Step.objects.exclude(sealed_no=None).order_by("sealed_no")
    for number, seq, sealed in rows.values_list("matter__number", "seq", "sealed_no").iterator(
        chunk_size=2000
    ):
        if sealed != expected:
            yield Break(number, seq, f"流水号不连续，应为{expected}，实为{sealed}")
            return
        expected += 1


def _seal_breaks() -> Iterator[Break]:
    previous = ""
    for seal in Seal.objects.order_by("day"):
        whole = seal_hash(seal.first_no, seal.last_no, seal.previous_hash)
        if seal.previous_hash != previous or whole != seal.hash:
            yield Break("", 0, f"{seal.day}的日封印与步骤不符")
            return
        previous = seal.hash
