"""Real messages, moved along by the real engine; they lie outside the repository and are never shown."""

import json
from pathlib import Path

import pytest
from django.utils import timezone

from qizhi.cli.commands.real import CATEGORIES, FILE, inputs_of, read_messages, real_once, scripts
from qizhi.cli.replay import replay
from qizhi.kernel.kit.personal import find_personal
from qizhi.kernel.loop.audit import audit_verify
from qizhi.kernel.loop.models import Matter, Step
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.queries import gazetteer
from qizhi.testing.paths import not_declared

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "citizen-messages"
MESSAGES = 300

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def test_a_message_always_lies_in_the_same_village():
    villages = [place.code for place in gazetteer().places if len(place.code) == 12]
    message = {"id": "m00001", "title": "路灯", "body": "路灯坏了", "label": "城乡建设"}
    assert inputs_of(message, villages) == inputs_of(dict(message), villages)
    assert inputs_of(message, villages)["category"] in {c.code for c in current().categories}


def test_every_label_has_a_category_of_ours():
    assert set(CATEGORIES.values()) <= {category.code for category in current().categories}


def test_without_the_folder_one_sentence_says_so(tmp_path, capsys):
    assert real_once(tmp_path) == 1
    assert "没有找到" in capsys.readouterr().err


@pytest.mark.skipif(not (REAL / FILE).exists(), reason="the real messages are not beside this checkout")
def test_three_hundred_real_messages_go_their_way():
    messages = list(read_messages(REAL / FILE, MESSAGES))
    steps = replay(scripts(messages, timezone.now()))
    matters = list(Matter.objects.all())
    assert len(matters) == MESSAGES
    assert steps > 3 * MESSAGES
    kind = current().kinds["request"]
    assert {matter.state for matter in matters} <= set(kind.states)
    assert len({matter.state for matter in matters}) > len(kind.states) // 2
    assert sum(not matter.is_open for matter in matters) > MESSAGES // 3
    assert [str(found) for found in audit_verify()] == []
    assert [said for matter in matters for said in not_declared(matter)] == []
    assert not any(find_personal(matter.text) for matter in matters)
    said = json.dumps(list(Step.objects.values_list("inputs", "outcome")), ensure_ascii=False)
    assert not any(message["body"][:20] in said for message in messages)


@pytest.mark.skipif(not (REAL / FILE).exists(), reason="the real messages are not beside this checkout")
def test_nothing_of_a_message_is_printed(capfd):
    messages = list(read_messages(REAL / FILE, 20))
    replay(scripts(messages, timezone.now()))
    told = "".join(capfd.readouterr())
    assert not any(message["body"][:12] in told for message in messages)
