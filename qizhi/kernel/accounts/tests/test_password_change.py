"""Change of password: the old one is asked, the new one is tried, and all other sessions end."""

import pytest
from django.test import Client

from qizhi.kernel.accounts import failures
from qizhi.kernel.accounts.models import Access
from qizhi.kernel.accounts.tests.factories import PASSWORD, log_in, make_user, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/accounts/password/change/"
NEW = "Zhouyuan-ba-2027"


def change(client, old=PASSWORD, new=NEW, again=NEW):
    return client.post(PAGE, {"oldpassword": old, "password1": new, "password2": again})


def test_the_new_password_counts_from_now_on():
    user = make_user()
    client = signed_in(user)
    assert change(client)["Location"] == "/accounts/me/"
    assert client.get("/accounts/me/").status_code == 200
    assert log_in(Client(), user.username).status_code == 200
    assert log_in(Client(), user.username, NEW).status_code == 302
    assert Access.objects.filter(event="password", user=user).count() == 1


def test_all_other_sessions_end_and_this_one_gets_a_new_key():
    user = make_user()
    here, elsewhere = signed_in(user), signed_in(user)
    key = here.session.session_key
    change(here)
    assert here.session.session_key != key
    assert here.get("/accounts/me/").status_code == 200
    assert elsewhere.get("/accounts/me/").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", NEW, NEW, "当前密码不正确"),
        (PASSWORD, "short-1", "short-1", "密码太短，至少要 10 个字符"),
        (PASSWORD, "1234567890123", "1234567890123", "密码"),
        (PASSWORD, "password123456", "password123456", "太常见"),
        (PASSWORD, "clerk-610323100", "clerk-610323100", "相似"),
        (PASSWORD, "凤鸣镇登记员-2026", "凤鸣镇登记员-2026", "相似"),
        (PASSWORD, NEW, NEW + "x", "相同"),
        (PASSWORD, "", "", "请填写新密码"),
    ],
)
def test_what_is_wrong_is_said_and_the_old_password_stays(old, new, again, said):
    user = make_user()
    response = change(signed_in(user), old, new, again)
    assert response.status_code == 200
    assert said in response.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_guesses_at_the_old_password_are_stopped():
    client = signed_in(make_user())
    for _ in range(failures.PASSWORD_FAILURES.most):
        assert "当前密码不正确" in change(client, "wrong").content.decode()
    assert "操作太频繁" in change(client).content.decode()


def test_whoever_comes_by_single_sign_on_is_sent_there():
    client = signed_in(make_user(password=None))
    assert client.get(PAGE)["Location"] == "/accounts/me/"
