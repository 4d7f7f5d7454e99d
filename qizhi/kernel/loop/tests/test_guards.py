"""A matter changes by `fire` alone, and what happened stays as it happened."""

import pytest

from qizhi.kernel.loop.errors import OutsideFire
from qizhi.kernel.loop.models import Matter, Step
from qizhi.testing.stories import open_request, walk_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

CHANGES = [
    {"state": "archived"},
    {"version": 9},
    {"is_open": False},
    {"holder": None},
    {"lead_id": None},
    {"due_at": None},
    {"concluded_at": None},
    {"title": "改过的标题"},
    {"text": "改过的内容"},
    {"last_hash": ""},
    {"category": "environment"},
    {"mode_version": 2, "state": "archived"},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_matter_is_not_updated_outside_fire(change):
    case = walk_to("registered")
    before = Matter.objects.values().get(pk=case.matter.pk)
    with pytest.raises(OutsideFire):
        Matter.objects.filter(pk=case.matter.pk).update(**change)
    for name, value in change.items():
        setattr(case.matter, name, value)
    with pytest.raises(OutsideFire):
        Matter.objects.bulk_update([case.matter], [name.removesuffix("_id") for name in change])
    with pytest.raises(OutsideFire):
        case.matter.save()
    with pytest.raises(OutsideFire):
        case.matter.save(update_fields=list(change))
    assert Matter.objects.values().get(pk=case.matter.pk) == before


def test_a_matter_is_not_written_over_or_removed():
    matter = open_request().matter
    with pytest.raises(OutsideFire):
        Matter.objects.bulk_create(
            [matter], update_conflicts=True, unique_fields=["id"], update_fields=["state"]
        )
    with pytest.raises(OutsideFire):
        Matter.objects.filter(pk=matter.pk).delete()
    with pytest.raises(OutsideFire):
        matter.delete()
    assert Matter.objects.filter(pk=matter.pk).exists()


def test_a_step_is_not_changed_or_removed():
    case = walk_to("dispatched")
    before = list(Step.objects.filter(matter=case.matter).values())
    step = Step.objects.filter(matter=case.matter).first()
    step.to_state = "archived"
    for forbidden in (
        lambda: Step.objects.filter(matter=case.matter).update(to_state="archived"),
        lambda: Step.objects.filter(matter=case.matter).update(sealed_no=None, at=step.at),
        lambda: Step.objects.bulk_update([step], ["to_state"]),
        lambda: Step.objects.bulk_create(
            [step], update_conflicts=True, unique_fields=["id"], update_fields=["to_state"]
        ),
        lambda: Step.objects.filter(matter=case.matter).delete(),
        lambda: case.matter.steps.all().delete(),
        lambda: case.matter.steps.update(to_state="archived"),
        step.save,
        step.delete,
    ):
        with pytest.raises(OutsideFire):
            forbidden()
    assert list(Step.objects.filter(matter=case.matter).values()) == before


def test_only_the_one_who_saw_the_present_version_wins():
    first, second = (Matter.objects.get(pk=open_request().matter.pk) for _ in range(2))
    twin = Matter.objects.get(pk=first.pk)
    assert Matter.objects.compare_and_set(first, state="triaged")
    assert not Matter.objects.compare_and_set(twin, state="withdrawn")
    stored = Matter.objects.get(pk=first.pk)
    assert (stored.state, stored.version) == ("triaged", 2)
    assert Matter.objects.get(pk=second.pk).version == 1


def test_a_refusal_says_what_a_programmer_must_know():
    with pytest.raises(OutsideFire) as refused:
        Matter.objects.update(state="archived")
    assert (refused.value.code, refused.value.status) == ("outside_fire", 500)
