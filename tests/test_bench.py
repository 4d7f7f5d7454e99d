"""The bench does not rot: what it makes is whole, and what it writes can be read. Nothing here measures time."""

import pytest

from bench.batches import QUERY_CODE
from bench.making import make_matters
from qizhi.kernel.loop.audit import audit_verify
from qizhi.kernel.loop.models import Clock, Matter, Reading, Sight, Step
from qizhi.kernel.loop.policy import citizen_at
from qizhi.kernel.loop.queries.listing import Filters, matter_list
from qizhi.kernel.loop.sealer import last_sealed
from qizhi.testing import cast
from qizhi.testing.stories import take, walk_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.fixture(scope="module")
def fifty(world, django_db_blocker):
    with django_db_blocker.unblock():
        assert make_matters(50) == Step.objects.count()
        return list(Matter.objects.order_by("opened_at"))


def test_bulk_made_matters_are_whole(fifty):
    assert len(fifty) == 50
    assert list(audit_verify()) == []


def test_they_are_numbered_in_the_order_in_which_they_came(fifty):
    numbers = [matter.number for matter in fifty]
    assert len(set(numbers)) == 50
    assert numbers == sorted(numbers)


def test_the_next_one_follows_them_in_every_count(fifty):
    case = walk_to("archived")
    assert case.number > max(matter.number for matter in fifty if matter.number[:7] == case.number[:7])
    assert list(audit_verify()) == []


def test_a_tenth_of_them_is_open_and_goes_on_through_the_engine(fifty):
    assert sum(matter.is_open for matter in fifty) == 5
    for matter in fifty:
        fired = take_note(matter) if matter.is_open else None
        assert fired is None or fired.matter.version == matter.version + 1
    assert list(audit_verify()) == []


def take_note(matter):
    case = type("Case", (), {"number": matter.number, "matter": matter, "reload": lambda self: matter})()
    return take(case, "note", "dispatcher", note="已电话联系。")


def test_nothing_is_left_for_the_worker(fifty):
    assert not Step.objects.filter(sealed_no=None).exists()
    assert set(Reading.objects.values_list("sealed_no", flat=True)) == {last_sealed()}
    late = [clock for clock in Clock.objects.exclude(next_at=None) if not clock.matter.is_open]
    assert late == []


def test_each_is_seen_by_those_in_charge_of_its_place_and_no_others(fifty):
    everything = matter_list(cast.actor("auditor@610323"), Filters(), limit=200).items
    assert len(everything) == 50
    for matter in fifty:
        keys = set(Sight.objects.filter(matter=matter).values_list("key", flat=True))
        assert {"610323", matter.region_code[:9], matter.region_code} <= keys
        assert {key for key in keys if key.isdigit()} <= {matter.region_code[:n] for n in (6, 9, 12, 15)}


def test_each_is_found_by_its_words_and_opened_by_the_query_code(fifty):
    one = fifty[-1]
    found = matter_list(cast.actor("auditor@610323"), Filters(q=one.title), limit=200).items
    assert one.pk in {matter.pk for matter in found}
    assert citizen_at(one.number, QUERY_CODE, "127.0.0.1").matter_id == one.pk
