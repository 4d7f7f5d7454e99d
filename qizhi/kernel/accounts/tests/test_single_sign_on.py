"""Sign-in by the county's OpenID Connect provider: only for people who have an account here already."""

import http.client
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from qizhi.kernel.accounts.models import Access, User
from qizhi.kernel.accounts.tests import provider as oidc
from qizhi.kernel.accounts.tests.factories import LOGIN, make_user, seat, signed_in

pytestmark = pytest.mark.django_db
START = "/accounts/oidc/county/login/"
ME = "/accounts/me/"
PERSON = {
    "sub": "7f3a-11",
    "preferred_username": "Clerk@610323100",
    "name": "王登记",
    "email": "wang@example.org",
    "phone_number": "13800000000",
}


@pytest.fixture
def provider(settings, monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with oidc.running() as provider:
        app = {
            "provider_id": "county",
            "name": "统一身份认证",
            "client_id": oidc.CLIENT_ID,
            "secret": oidc.CLIENT_SECRET,
            "settings": {"server_url": provider.address},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": [app]}
        }
        provider.claims = dict(PERSON)
        yield provider


def visit(address):
    """Do what the browser does at the provider, and return where it is sent back to."""
    parts = urlsplit(address)
    browser = http.client.HTTPConnection(parts.hostname, parts.port)
    browser.request("GET", f"{parts.path}?{parts.query}")
    answer = browser.getresponse()
    location = answer.getheader("Location")
    browser.close()
    assert answer.status == 302
    back = urlsplit(location)
    return f"{back.path}?{back.query}"


def go(client, start=START):
    """Go the whole way and return the last answer."""
    return client.get(visit(client.post(start)["Location"]))


def test_somebody_with_an_account_enters_and_it_is_noted(client, provider):
    user = seat(make_user(password=None), "clerk", "610323100")
    assert go(client)["Location"] == "/desk/"
    assert client.get(ME).status_code == 200
    line = Access.objects.get()
    assert (line.event, line.user, line.reason) == ("sign_in", user, "统一身份认证")


def test_the_button_stands_on_the_sign_in_page(client, provider):
    page = client.get(LOGIN).content.decode()
    assert "用“统一身份认证”登录" in page
    assert f'action="{START}' in page


def test_without_a_provider_there_is_no_button_and_no_way(client):
    assert "统一身份认证" not in client.get(LOGIN).content.decode()
    assert client.post(START).status_code == 404


def test_a_link_alone_leads_nobody_to_the_provider(client, provider):
    page = client.get(START)
    assert page.status_code == 200
    assert "继续" in page.content.decode()


def test_nothing_of_the_person_is_kept_but_the_key_at_the_provider(client, provider):
    make_user(password=None, name="凤鸣镇登记员")
    go(client)
    account = SocialAccount.objects.get()
    assert (account.uid, account.extra_data) == ("7f3a-11", {})
    assert not SocialToken.objects.exists()
    assert User.objects.get().name == "凤鸣镇登记员"


def test_the_next_time_the_key_counts_and_not_the_name(provider):
    user = make_user(password=None)
    go(Client())
    provider.claims["preferred_username"] = "renamed"
    client = Client()
    go(client)
    assert client.get(ME).wsgi_request.user == user
    assert SocialAccount.objects.count() == 1
    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.parametrize("claims", [{}, {"preferred_username": "wangwu"}, {"preferred_username": ""}])
def test_nobody_is_made_by_the_provider(client, provider, claims):
    make_user()
    provider.claims = {"sub": "9", **claims}
    answer = go(client)
    assert answer.status_code == 403
    assert "没有可用的账号" in answer.content.decode()
    assert client.get(ME).status_code == 302
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()
    assert Access.objects.get().event == "sign_in_failed"


def test_an_account_that_was_switched_off_does_not_enter(client, provider):
    make_user(is_active=False)
    assert go(client).status_code == 403
    assert client.get(ME).status_code == 302


def test_an_account_that_is_switched_off_later_does_not_enter_by_its_key(provider):
    make_user()
    go(Client())
    User.objects.update(is_active=False)
    client = Client()
    assert go(client)["Location"] == "/accounts/inactive/"
    assert client.get(ME).status_code == 302


def test_a_second_identity_with_the_same_name_is_refused(provider):
    make_user()
    go(Client())
    provider.claims["sub"] = "another"
    client = Client()
    assert go(client).status_code == 403
    assert client.get(ME).status_code == 302
    assert Access.objects.latest("at").reason == "账号已关联另一身份"


def test_nobody_links_an_identity_to_an_account_by_hand(provider):
    client = signed_in(make_user("other@610323100"))
    assert go(client, f"{START}?process=connect").status_code == 403
    assert not SocialAccount.objects.exists()


def test_the_second_factor_is_asked_here_too(client, provider):
    user = seat(make_user("clerk@610323100"), "auditor", "610323")
    assert go(client)["Location"] == "/desk/"
    assert client.get(ME)["Location"].startswith("/accounts/2fa/totp/activate/")
    Authenticator.objects.create(user=user, type="totp", data={"secret": encrypt("GEZDGNBVGY3TQOJQ")})
    assert go(Client())["Location"] == "/accounts/2fa/authenticate/"


def test_an_answer_that_was_not_asked_for_is_refused(client, provider):
    make_user()
    answer = client.get(f"{START}callback/?code=x&state=made-up")
    assert answer.status_code == 401
    assert "没有登录" in answer.content.decode()
    assert not Access.objects.exists()


def test_a_code_that_somebody_else_asked_for_is_refused(provider):
    make_user()
    mine, theirs = Client(), Client()
    back = visit(theirs.post(START)["Location"])
    assert mine.get(back).status_code == 401
    assert mine.get(ME).status_code == 302


def test_a_broken_provider_is_told_in_plain_words_and_noted(client, provider):
    make_user()
    provider.is_broken = True
    answer = go(client)
    assert answer.status_code == 401
    assert "认证平台没有给出有效的结果" in answer.content.decode()
    assert Access.objects.get().event == "sign_in_failed"


def test_a_provider_that_does_not_answer_is_told_in_plain_words(client, provider, settings):
    back = visit(client.post(START)["Location"])
    [app] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    app["settings"]["server_url"] = "http://127.0.0.1:9"
    for answer in (client.post(START), client.get(back)):
        assert answer.status_code == 503
        assert "统一身份认证平台没有响应" in answer.content.decode()


def test_whoever_turns_back_at_the_provider_is_not_signed_in(client, provider):
    state = dict(part.split("=") for part in urlsplit(client.post(START)["Location"]).query.split("&"))[
        "state"
    ]
    answer = client.get(f"{START}callback/?error=access_denied&state={state}")
    assert answer["Location"] == "/accounts/social/cancelled/"
    assert "已取消" in client.get(answer["Location"]).content.decode()
    assert client.get(ME).status_code == 302
