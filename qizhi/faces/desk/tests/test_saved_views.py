"""Lists kept under a name: one's own, nothing but an address."""

import pytest

from qizhi.kernel.loop.models import SavedView
from qizhi.testing import cast
from qizhi.testing.world import OTHER_TOWN, TOWN

from .pages import HTMX, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.fixture
def clerk():
    return cast.browser(f"clerk@{TOWN}")


def save(client, name, query="state=registered&overdue=1", **headers):
    return client.post("/desk/matters/views/", {"name": name, "query": query}, headers=headers)


def test_a_list_is_kept_and_opened_again(clerk):
    page = page_of(save(clerk, " 超期  未分流 ", **HTMX))
    assert 'href="/desk/matters/?state=registered&overdue=1"' in page
    assert "超期 未分流" in page
    assert "超期 未分流" in page_of(clerk.get("/desk/matters/"))


def test_only_what_a_list_understands_is_kept(clerk):
    save(clerk, "我的", query="state=registered&cursor=abc&next=http://x&state=nonsense")
    assert SavedView.objects.get().query == ""
    save(clerk, "我的", query="state=registered&cursor=abc&next=http://x")
    assert SavedView.objects.get().query == "state=registered"


@pytest.mark.parametrize("name", ["", "   ", "字" * 41])
def test_a_name_is_needed(clerk, name):
    answer = save(clerk, name, **HTMX)
    assert answer.status_code == 422
    assert not SavedView.objects.exists()


def test_at_most_twenty_are_kept(clerk):
    for number in range(20):
        save(clerk, f"列表{number}")
    assert save(clerk, "第二十一个").status_code == 422
    assert save(clerk, "列表3", query="open=1").status_code == 302
    assert SavedView.objects.count() == 20


def test_nobody_sees_or_drops_the_list_of_another(clerk):
    save(clerk, "我的列表")
    other = cast.browser(f"clerk@{OTHER_TOWN}")
    assert "我的列表" not in page_of(other.get("/desk/matters/"))
    view = SavedView.objects.get()
    other.post(f"/desk/matters/views/{view.pk}/drop/", headers=HTMX)
    assert SavedView.objects.exists()
    assert "我的列表" not in page_of(clerk.post(f"/desk/matters/views/{view.pk}/drop/", headers=HTMX))
    assert not SavedView.objects.exists()
