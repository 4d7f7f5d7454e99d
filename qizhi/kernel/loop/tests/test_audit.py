"""The audit: whatever is changed behind the program's back, it names the matter and the step."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from qizhi.kernel.accounts.models import User
from qizhi.kernel.kit.models import Counter
from qizhi.kernel.loop.audit import Break, audit_verify
from qizhi.kernel.loop.erasing import reporter_erase
from qizhi.kernel.loop.models import Attachment, Matter, Passage, Reporter, Seal, Step
from qizhi.kernel.loop.sealer import COUNTER, seal_days, seal_hash, seal_steps
from qizhi.kernel.units.models import Unit
from qizhi.testing.stories import open_request, take, walk_to

from .tampering import forge, remove, rewrite, trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

BEGAN = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
COLUMNS = [field.attname for field in Step._meta.concrete_fields if field.attname != "sealed_no"]


@pytest.fixture(scope="module")
def past(world, django_db_blocker):
    """Four matters of three days, sealed day by day: one reopened, one with a photo, one withdrawn, one new."""
    with django_db_blocker.unblock():
        photo = Attachment(
            name="a.jpg", media_type="image/jpeg", size=1, sha256="1" * 64, uploaded_at=timezone.now()
        )
        photo.save()
        cases = [
            walk_to("reopened", at=BEGAN),
            open_request(photos=[str(photo.pk)], at=BEGAN + timedelta(days=1)),
            walk_to("withdrawn", at=BEGAN + timedelta(days=2)),
            open_request(at=BEGAN + timedelta(days=3)),
        ]
        for days in range(4):
            seal_steps()
            seal_days(BEGAN + timedelta(days=days + 1))
    return [case.matter for case in cases]


def breaks():
    return list(audit_verify())


def named() -> list[tuple[str, int]]:
    return [(found.number, found.seq) for found in breaks()]


def test_what_nobody_touched_is_whole(past):
    assert breaks() == []
    assert Step.objects.filter(sealed_no=None).count() == 0
    assert Seal.objects.count() == 4


def changed(field: "models.Field[Any, Any]", value: Any, row: Step) -> Any:
    """Return another value that the column can hold, as close to `value` as it can be."""
    match field:
        case models.ForeignKey():
            rows: Any = field.remote_field.model
            return rows._default_manager.exclude(pk=value).order_by("pk").values_list("pk", flat=True).first()
        case models.UUIDField():
            return type(value)(int=value.int ^ 1)
        case models.BooleanField():
            return not value
        case models.JSONField():
            return {**value, "more": 1} if not value else dict(list(value.items())[1:])
        case models.DateTimeField():
            return value + timedelta(microseconds=1)
        case models.IntegerField():
            return value + 100
    return chr(ord(value[0]) ^ 1) + value[1:] if value else "x"


@settings(max_examples=120)
@given(data=st.data())
def test_a_change_of_any_column_of_any_step_is_named(past, data):
    steps = list(Step.objects.order_by("matter", "seq"))
    step = data.draw(st.sampled_from(steps))
    column = data.draw(st.sampled_from(COLUMNS))
    field = next(one for one in Step._meta.concrete_fields if one.attname == column)
    if column == "id":
        # a key that something hangs on cannot be changed at all
        step = next(
            one for one in reversed(steps) if not one.passages.exists() and not one.attachments.exists()
        )
    number = step.matter.number
    value = changed(field, getattr(step, column), step)
    try:
        with trial():
            rewrite(step, **{column: value})
            found = named()
            assert found, f"{number} {step.seq} {column}: {getattr(step, column)!r} → {value!r} went unseen"
            if column != "matter_id":
                assert (number, step.seq) in found
    except IntegrityError:
        assert column in {"matter_id", "id", "seq"}


@pytest.mark.parametrize("column", [c for c in COLUMNS if c not in {"id", "matter_id"}])
def test_every_column_is_covered_by_the_hash(past, column):
    """The same for every column once, so that no draw can leave one out."""
    step = Step.objects.get(matter=past[0], seq=4)
    field = next(one for one in Step._meta.concrete_fields if one.attname == column)
    rewrite(step, **{column: changed(field, getattr(step, column), step)})
    assert (past[0].number, 4) in named()


def test_a_forged_hash_breaks_the_link_to_the_next_step(past):
    from qizhi.kernel.loop.steps import step_hash

    step = Step.objects.get(matter=past[0], seq=3)
    step.unit_name = "别的单位"
    rewrite(step, unit_name=step.unit_name, hash=step_hash(step))
    assert named()[0] == (past[0].number, 4)


def test_a_forged_last_step_does_not_fit_the_matter(past):
    from qizhi.kernel.loop.steps import step_hash

    step = Step.objects.filter(matter=past[0]).latest("seq")
    step.unit_name = "别的单位"
    rewrite(step, unit_name=step.unit_name, hash=step_hash(step))
    assert named()[0] == (past[0].number, step.seq)


def test_a_whole_forged_chain_does_not_fit_the_seal_of_its_day(past):
    forge(Step.objects.get(matter=past[0], seq=2), unit_name="别的单位")
    [found] = breaks()
    assert (found.number, found.seq) == ("", 0)
    assert "日封印" in str(found)


def test_a_removed_last_step_is_named(past):
    step = Step.objects.filter(matter=past[2]).latest("seq")
    remove(step)
    assert (past[2].number, step.seq) in named()


def test_a_removed_last_step_leaves_a_gap_even_when_the_matter_was_set_back(past):
    case = open_request()
    take(case, "withdraw", "reporter", reason="不用了。")
    seal_steps()
    assert breaks() == []
    last = Step.objects.filter(matter=case.matter).latest("seq")
    first = Step.objects.get(matter=case.matter, seq=1)
    remove(last)
    rewrite(case.matter, version=1, state="registered", last_hash=first.hash)
    [found] = breaks()
    assert str(last.sealed_no) in str(found)


def test_a_removed_middle_step_is_named(past):
    step = Step.objects.get(matter=past[0], seq=4)
    step.passages.all().delete()
    step.attachments.all().delete()
    remove(step)
    assert named()[0] == (past[0].number, 4)


def test_a_matter_without_its_steps_is_named(past):
    remove(Step.objects.get(matter=past[3]))
    assert (past[3].number, 1) in named()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", "改过的标题"),
        ("text", "改过的内容"),
        ("region_code", "610323101001"),
        ("address", "别处"),
        ("salt", b"0" * 16),
    ],
)
def test_changed_words_of_a_matter_are_named_at_its_first_step(past, column, value):
    rewrite(past[1], **{column: value})
    assert named() == [(past[1].number, 1)]


@pytest.mark.parametrize(
    ("column", "value"), [("state", "archived"), ("version", 9), ("version", 1), ("last_hash", "0" * 64)]
)
def test_a_matter_that_does_not_fit_its_last_step_is_named(past, column, value):
    rewrite(past[0], **{column: value})
    [(number, _seq)] = named()
    assert number == past[0].number


def test_a_changed_text_is_named_with_its_step(past):
    passage = Passage.objects.filter(matter=past[0]).order_by("step__seq").first()
    for change in ({"text": passage.text + "。"}, {"salt": b"0" * 16}, {"field": "smuggled"}):
        with trial():
            rewrite(passage, **change)
            assert named() == [(past[0].number, passage.step.seq)]


def test_a_removed_text_is_named_and_an_erased_one_is_not(past):
    passage = Passage.objects.filter(matter=past[0]).order_by("step__seq").first()
    with trial():
        remove(passage)
        assert named() == [(past[0].number, passage.step.seq)]
    rewrite(passage, text="", salt=b"", erased_at=timezone.now())
    assert breaks() == []


def test_a_text_added_to_a_step_is_named(past):
    step = Step.objects.get(matter=past[3])
    Passage(matter=past[3], step=step, field="note", text="塞进来的", salt=b"0").save()
    assert named() == [(past[3].number, 1)]


def test_a_swapped_file_is_named(past):
    file = Attachment.objects.get(matter=past[1])
    for change in ({"sha256": "2" * 64}, {"step": None}, {"matter": past[3]}):
        with trial():
            rewrite(file, **change)
            assert named() == [(past[1].number, 1)]
    remove(file)
    assert named() == [(past[1].number, 1)]


def test_an_erased_person_breaks_nothing(past):
    for matter in Matter.objects.filter(is_open=False):
        reporter_erase(number=matter.number, reason="本人要求")
    assert Reporter.objects.exclude(erased_at=None).exists()
    assert breaks() == []


def test_a_gap_in_the_running_numbers_is_named(past):
    step = Step.objects.get(sealed_no=5)
    rewrite(step, sealed_no=None)
    following = Step.objects.get(sealed_no=6)
    assert named()[0] == (following.matter.number, following.seq)


def test_running_numbers_that_are_gone_at_the_end_are_missed(past):
    last = Counter.objects.get(name=COUNTER).value
    rewrite(Step.objects.get(sealed_no=last), sealed_no=None)
    assert any(str(last) in str(found) for found in breaks())


@pytest.mark.parametrize(
    "change",
    [
        {"hash": "0" * 64},
        {"previous_hash": "0" * 64},
        {"first_no": 2},
        {"last_no": 1},
        {"day": datetime(2020, 1, 1, tzinfo=UTC).date()},
    ],
    ids=str,
)
def test_a_changed_seal_is_named_by_its_day(past, change):
    seal = Seal.objects.latest("last_no")
    rewrite(seal, **change)
    [found] = breaks()
    assert (found.number, found.seq) == ("", 0)
    assert str(Seal.objects.get(pk=seal.pk).day) in str(found)


def test_a_removed_seal_breaks_the_chain_of_days(past):
    _first, second, third, _fourth = Seal.objects.order_by("day")
    remove(second)
    [found] = breaks()
    assert str(third.day) in str(found)


@pytest.mark.parametrize("column", ["first_no", "last_no"])
def test_forged_seals_that_leave_a_step_out_are_named(past, column):
    """All hashes fit; but what one seal leaves out, none covers."""
    _first, second, third, fourth = Seal.objects.order_by("day")
    rewrite(second, **{column: getattr(second, column) + (1 if column == "first_no" else -1)})
    previous = second.previous_hash
    for seal in (second, third, fourth):
        seal.refresh_from_db()
        seal.previous_hash = previous
        previous = seal_hash(seal)
        rewrite(seal, previous_hash=seal.previous_hash, hash=previous)
    [found] = breaks()
    assert str((second if column == "first_no" else third).day) in str(found)


def test_every_broken_matter_is_named_once(past):
    for matter in past:
        rewrite(Step.objects.get(matter=matter, seq=1), role="nobody")
    assert sorted(named()) == sorted((matter.number, 1) for matter in past)


def test_progress_is_told_while_it_walks(past, monkeypatch):
    monkeypatch.setattr("qizhi.kernel.loop.audit.CHUNK", 2)
    told: list[int] = []
    assert list(audit_verify(told.append)) == []
    assert told == [2, 4]


def test_a_step_taken_while_it_walks_is_no_broken_link(past, monkeypatch):
    """The matter is read in one query and its steps in another: a step between the two must not raise the alarm."""
    from qizhi.kernel.loop import audit

    looked: list[Break] = []
    plain = audit.matter_break

    def first_look_is_too_early(matter: Matter):
        if matter.pk == past[3].pk and not looked:
            looked.append(Break(matter.number, 1, "看早了"))
            return looked[0]
        return plain(matter)

    monkeypatch.setattr(audit, "matter_break", first_look_is_too_early)
    assert breaks() == []
    assert looked


def test_a_break_says_where_in_words():
    assert str(Break("SQ-2026-000001", 3, "内容被改动")) == "SQ-2026-000001 第3步：内容被改动"
    assert str(Break("", 0, "日封印不符")) == "日封印不符"


def test_no_step_of_any_state_holds_words_or_data_of_a_person(past):
    words = {
        word for text in Passage.objects.values_list("text", flat=True) for word in (text[:6], text[-6:])
    }
    words |= {"王秀兰", "13800000021", "东街小学"}
    assert User.objects.exists()
    assert Unit.objects.exists()
    for step in Step.objects.all():
        said = json.dumps([step.inputs, step.outcome], ensure_ascii=False)
        assert not [word for word in words if word in said], f"step {step.seq} {step.transition}"
