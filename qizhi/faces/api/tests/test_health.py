"""How the program is, for monitors and for the command that starts it."""

import pytest
from django.db import DatabaseError, connection

from qizhi import __version__
from qizhi.kernel.modes.models import ModeVersion
from qizhi.testing.program import Program
from qizhi.testing.world import world_forget

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("world")
def test_it_is_ready_when_the_database_answers_and_a_mode_is_applied():
    answer = Program().get("health")
    assert answer.status_code == 200
    assert answer.json() == {
        "live": True,
        "ready": True,
        "version": __version__,
        "mode_version": 1,
        "mode": "qishan-12521 2026.1",
    }


def test_it_is_live_but_not_ready_without_a_mode():
    ModeVersion.objects.all().delete()
    world_forget()
    answer = Program().get("health")
    said = answer.json()
    assert (answer.status_code, said["live"], said["ready"], said["mode_version"]) == (503, True, False, None)
    world_forget()


def test_it_is_live_but_not_ready_without_a_database(monkeypatch):
    def fail():
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", fail)
    answer = Program().get("health")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)


def test_a_call_without_a_mode_says_that_it_is_not_ready_yet():
    ModeVersion.objects.all().delete()
    world_forget()
    answer = Program().get("kinds")
    assert (answer.status_code, answer.json()["code"]) == (503, "no_mode")
    world_forget()
