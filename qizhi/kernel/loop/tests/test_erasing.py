"""Erasing a person: nothing personal is left in any row, and the history still holds."""

import pytest

from qizhi.cli.main import main
from qizhi.kernel.accounts.errors import ReasonNeeded
from qizhi.kernel.accounts.models import Access
from qizhi.kernel.loop.audit import matter_break
from qizhi.kernel.loop.erasing import reporter_erase
from qizhi.kernel.loop.errors import MatterNotFound, NeedNotMet
from qizhi.kernel.loop.models import Matter, Passage, Reporter
from qizhi.kernel.loop.reporters import ReporterFacts, reporter_facts
from qizhi.kernel.loop.typed import matter_typed, passages_typed
from qizhi.testing.stories import open_request, take, walk_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
PHONE, IDENTITY = "13812345678", "610323198504121238"
PERSON = {"name": "欧阳修文", "phone": PHONE, "identity": IDENTITY}


def withdrawn():
    """Return a matter that ended, with a telephone number in its text and in what its reporter wrote later."""
    case = open_request(text=f"路灯不亮，电话 {PHONE}。", reporter=PERSON)
    take(case, "withdraw", "reporter", reason=f"已经修好，打 {PHONE} 问过了。")
    return case.reload()


def test_the_person_and_the_sealed_words_are_gone_and_the_history_holds():
    matter = withdrawn()
    assert reporter_facts(matter.reporter) == ReporterFacts("欧阳修文", PHONE, IDENTITY)
    assert matter_typed(matter) is not None
    assert len(passages_typed(matter)) == 1
    assert reporter_erase(number=matter.number, reason="本人要求删除") == 2
    person = Reporter.objects.get(pk=matter.reporter_id)
    assert reporter_facts(person) == ReporterFacts()
    assert (person.phone_key, person.identity_key) == ("", "")
    assert person.erased_at is not None
    matter.refresh_from_db()
    assert matter_typed(matter) is None
    assert passages_typed(matter) == []
    assert "138****5678" in Passage.objects.get(matter=matter, field="reason").text
    assert matter_break(matter) is None


def test_it_stands_in_the_access_log():
    matter = withdrawn()
    reporter_erase(number=matter.number, reason="本人要求删除")
    line = Access.objects.get(event=Access.Event.ERASED)
    assert (line.subject, line.reason) == (matter.number, "本人要求删除")


def test_an_open_matter_keeps_its_person_so_that_the_answer_arrives():
    matter = walk_to("in_progress").reload()
    with pytest.raises(NeedNotMet):
        reporter_erase(number=matter.number, reason="本人要求删除")
    assert reporter_facts(Reporter.objects.get(pk=matter.reporter_id)).phone
    assert not Access.objects.filter(event=Access.Event.ERASED).exists()


def test_a_number_that_does_not_exist():
    with pytest.raises(MatterNotFound):
        reporter_erase(number="SQ-2026-999999", reason="本人要求删除")


def test_nothing_is_erased_without_a_reason():
    matter = withdrawn()
    with pytest.raises(ReasonNeeded):
        reporter_erase(number=matter.number, reason=" ")
    assert matter_typed(matter) is not None


def test_the_command_says_what_was_erased(capsys):
    matter = withdrawn()
    assert main(["erase", matter.number.lower(), "--reason", "本人要求删除"]) == 0
    assert "原文 2 段" in capsys.readouterr().out
    assert matter_typed(Matter.objects.get(pk=matter.pk)) is None


def test_the_command_says_why_it_does_not(capsys):
    matter = open_request().matter
    assert main(["erase", matter.number, "--reason", "本人要求删除"]) == 1
    assert "还没有办完" in capsys.readouterr().err
