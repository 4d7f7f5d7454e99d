"""`qizhi account`: the first administrator of a real installation."""

import pytest

from qizhi.cli.main import main, parser
from qizhi.kernel.accounts.models import Access, User
from qizhi.kernel.accounts.scope import actor_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
FIRST = ["account", "create", "Admin01", "--name", "李管理", "--role", "admin", "--unit", "pingan_office"]


def test_the_first_administrator_is_made_and_the_last_word_is_the_password(capsys):
    assert main(FIRST) == 0
    raw = capsys.readouterr().out.split()[-1]
    person = User.objects.get(username="admin01")
    assert person.check_password(raw)
    assert (person.must_change_password, person.is_demo) == (True, False)
    assert [(seat.role, seat.unit_code) for seat in actor_of(person).seats] == [("admin", "pingan_office")]
    assert set(Access.objects.filter(about=person).values_list("event", "user", "reason")) == {
        ("created", None, "命令行"),
        ("post_given", None, "命令行"),
    }


def test_no_account_is_made_twice(capsys):
    main(FIRST)
    capsys.readouterr()
    assert main(FIRST) == 1
    told = capsys.readouterr()
    assert "已经有人用了" in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"--role": "king"}, "没有这个岗位"),
        ({"--role": "clerk"}, "不能设在这类单位"),
        ({"--unit": "nowhere"}, "没有找到这个单位"),
        ({"--name": " "}, "请填写姓名"),
        ({"--place": "火星村"}, "网格或区划须在"),
        ({"--since": "1999-01-01"}, "不早于 2000 年"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_and_nothing_is_made(capsys, change, words):
    asked = {"--name": "李管理", "--role": "admin", "--unit": "pingan_office", **change}
    assert main(["account", "create", "admin01", *(part for pair in asked.items() for part in pair)]) == 1
    assert words in capsys.readouterr().err
    assert not User.objects.filter(username="admin01").exists()


def test_a_password_is_reset(capsys):
    assert main(["account", "reset", "CLERK@610323"]) == 0
    raw = capsys.readouterr().out.split()[-1]
    person = User.objects.get(username="clerk@610323")
    assert person.check_password(raw)
    assert person.must_change_password
    assert Access.objects.get(about=person).event == "password_reset"


def test_an_unknown_account_is_said_to_be_unknown(capsys):
    assert main(["account", "reset", "nobody"]) == 1
    assert "没有账号 nobody" in capsys.readouterr().err


def test_accounts_are_listed_with_their_posts(capsys):
    assert main(["account", "list", "--role", "auditor"]) == 0
    assert capsys.readouterr().out == "auditor@610323\t岐山县审计员\t在用\t县委平安办 审计员\n"
    User.objects.filter(username="auditor@610323").update(is_active=False)
    main(["account", "list", "--role", "auditor"])
    told = capsys.readouterr()
    assert (told.out, "没有符合条件的账号" in told.err) == ("", True)
    main(["account", "list", "--role", "auditor", "--unit", "pingan_office", "--all"])
    assert "已停用" in capsys.readouterr().out


def test_there_is_no_default_password():
    with pytest.raises(SystemExit):
        parser().parse_args([*FIRST, "--password", "x"])


def test_before_a_pack_is_applied_it_says_what_to_do_first(capsys, monkeypatch):
    monkeypatch.setattr("qizhi.kernel.accounts.people.choices.roles_now", list)
    assert main(FIRST) == 1
    assert "qizhi mode apply" in capsys.readouterr().err
