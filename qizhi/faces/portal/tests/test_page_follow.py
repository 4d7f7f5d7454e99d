"""Following a matter: opened by number and query code, told as far as it is public, answered and rated."""

import pytest
from django.test import Client

from qizhi.kernel.loop.models import Matter
from qizhi.kernel.loop.policy import CODE_TRIES
from qizhi.testing.stories import Case, open_request, take, walk_to

from .typed import kept_files, opened, page_of, photo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def _page(client, case):
    answer = client.get(f"/follow/{case.number}/")
    assert answer.status_code == 200
    return page_of(answer)


def _do(client, case, name, **inputs):
    version = inputs.pop("version", case.reload().version)
    answer = client.post(f"/follow/{case.number}/{name}/", {"version": version, **inputs}, follow=True)
    return page_of(answer)


@pytest.fixture
def case():
    return open_request()


def test_number_and_code_open_it_and_stand_in_no_address(client, case):
    answer = client.post("/follow/", {"number": f" {case.number.lower()} ", "code": case.query_code.lower()})
    assert answer["Location"] == f"/follow/{case.number}/"
    assert case.matter.title in _page(client, case)


def test_without_the_code_the_page_asks_for_it(client, case):
    page = _page(client, case)
    assert f'value="{case.number}"' in page
    assert case.matter.title not in page


def test_a_number_that_does_not_exist_looks_the_same_as_one_that_does(client, case):
    there = page_of(client.post("/follow/", {"number": case.number, "code": "23456789"}))
    nowhere = page_of(client.post("/follow/", {"number": "SQ-2026-999999", "code": "23456789"}))
    assert "编号或查询码不对" in there
    assert "编号或查询码不对" in nowhere


def test_a_wrong_code_is_said_and_what_was_typed_stays(client, case):
    answer = client.post("/follow/", {"number": case.number, "code": "WRONG234"})
    page = page_of(answer)
    assert answer.status_code == 403
    assert f'value="{case.number}"' in page
    assert 'value="WRONG234"' in page


def test_after_five_wrong_codes_also_the_right_one_waits(client, case):
    for _ in range(CODE_TRIES):
        client.post("/follow/", {"number": case.number, "code": "WRONG234"})
    answer = client.post("/follow/", {"number": case.number, "code": case.query_code})
    assert answer.status_code == 429
    assert "操作太频繁" in page_of(answer)
    assert case.query_code in page_of(answer)


def test_another_browser_sees_nothing(client, case):
    opened(client, case)
    assert case.matter.title not in _page(Client(), case)


def test_leaving_closes_it_for_this_browser(client, case):
    opened(client, case)
    client.post("/follow/leave/")
    assert case.matter.title not in _page(client, case)


def test_a_browser_keeps_the_ten_latest(client):
    cases = [open_request() for _ in range(11)]
    for one in cases:
        opened(client, one)
    assert "查询码" in _page(client, cases[0])
    assert cases[10].matter.title in _page(client, cases[10])


def test_it_tells_public_words_and_keeps_internal_ones_back(client):
    case = walk_to("in_progress")
    take(case, "note", "handler", note="内部：先和施工队谈价")
    take(case, "progress", "handler", progress="材料已经到场，明天施工。")
    page = _page(opened(client, case), case)
    assert "材料已经到场，明天施工。" in page
    assert '<span class="said-label">办到哪一步</span>' in page
    assert "先和施工队谈价" not in page
    assert "凤鸣镇人民政府" in page or "凤鸣镇政府" in page


def test_it_tells_no_name_of_any_clerk(client):
    case = walk_to("replied")
    names = set(case.matter.steps.exclude(actor=None).values_list("actor__name", flat=True))
    page = _page(opened(client, case), case)
    assert names
    assert not [name for name in names if name in page]


def test_the_promise_is_explained_line_by_line(client, case):
    page = _page(opened(client, case), case)
    assert "这个时间怎么算出来的" in page
    assert "期限为9个工作日。" in page
    assert "到期时间：" in page


@pytest.mark.parametrize(
    ("state", "phase"),
    [
        ("registered", "收到"),
        ("in_progress", "办理"),
        ("suspended", "办理"),
        ("replied", "答复"),
        ("reopened", "办理"),
    ],
)
def test_the_phase_is_marked(client, state, phase):
    answer = opened(client, case := walk_to(state)).get(f"/follow/{case.number}/")
    now = [one.title for one in answer.context["tale"].phases if one.stand == "now"]
    assert now == [phase]


@pytest.mark.parametrize("state", ["archived", "withdrawn", "not_accepted"])
def test_at_the_end_all_phases_are_past(client, state):
    answer = opened(client, case := walk_to(state)).get(f"/follow/{case.number}/")
    phases = answer.context["tale"].phases
    assert {one.stand for one in phases} == {"past"}
    # one that was withdrawn or not accepted may never have been worked on
    assert len(phases) == (4 if state == "archived" else 2)


BUTTONS = {
    "registered": ["add_facts", "withdraw"],
    "in_progress": ["add_facts", "withdraw"],
    "suspended": ["answer", "withdraw"],
    "concluded": [],
    "replied": ["rate", "reopen"],
    "revisited": ["reopen"],
    "archived": ["reopen"],
    "supervised": ["add_facts"],
    "withdrawn": [],
    "not_accepted": [],
}


@pytest.mark.parametrize("state", BUTTONS)
def test_only_what_may_be_done_now_is_offered(client, state):
    answer = opened(client, case := walk_to(state)).get(f"/follow/{case.number}/")
    assert [form.transition.name for form in answer.context["forms"]] == BUTTONS[state]


def test_a_question_is_answered_and_work_goes_on(client):
    case = walk_to("in_progress")
    take(case, "ask_reporter", "handler", question="是哪一个井盖？")
    opened(client, case)
    assert "是哪一个井盖？" in _page(client, case)
    page = _do(client, case, "answer", answer="靠校门左边那个。", photos=[photo()])
    assert case.reload().state == "in_progress"
    assert "靠校门左边那个。" in page
    assert "水渠.jpg" in page


def test_a_good_answer_is_rated(client):
    case = walk_to("replied")
    _do(opened(client, case), case, "rate", score="5", comment="谢谢")
    assert case.reload().state == "revisited"
    assert case.matter.revisits.get().score == 5


def test_a_bad_answer_goes_back_and_then_to_supervision(client):
    case = walk_to("replied")
    opened(client, case)
    _do(client, case, "reopen", comment="井盖还在响")
    assert case.reload().state == "reopened"
    take(case, "start", "handler")
    take(case, "conclude", "handler", result="solved", conclusion="又换了一个。")
    take(case, "reply", "handler", reply="换好了。")
    assert "仍不满意，要求督办" in _page(client, case)
    _do(client, case, "reopen_supervise", comment="没有换")
    assert case.reload().state == "supervised"


def test_a_missing_text_is_said_and_the_rest_stays(client):
    case = walk_to("replied")
    page = _do(opened(client, case), case, "reopen", score="2", comment="")
    assert "请填写“哪里没办好”。" in page
    assert 'value="2" checked' in page
    assert case.reload().state == "replied"


def test_what_was_typed_stays_when_the_matter_has_moved_on(client):
    case = walk_to("in_progress")
    opened(client, case)
    seen = case.matter.version
    take(case, "progress", "handler", progress="今天开工。")
    answer = client.post(f"/follow/{case.number}/add_facts/", {"version": seen, "facts": "昨晚又塌了一块。"})
    page = page_of(answer)
    assert answer.status_code == 409
    assert "昨晚又塌了一块。" in page
    assert "今天开工。" in page
    assert "刚刚被别人办理过" in page


def test_a_step_that_is_not_possible_any_more_keeps_the_words(client):
    case = walk_to("replied")
    opened(client, case)
    take(case, "revisit", "revisit", way="phone", satisfaction="satisfied")
    answer = client.post(f"/follow/{case.number}/rate/", {"score": "4", "comment": "挺好的"})
    assert answer.status_code == 409
    assert "挺好的" in page_of(answer)


@pytest.mark.parametrize("name", ["conclude", "archive", "note", "register"])
def test_a_step_of_the_staff_is_not_for_citizens(client, name):
    case = walk_to("in_progress")
    opened(client, case)
    before = Matter.objects.get(pk=case.matter.pk).version
    client.post(f"/follow/{case.number}/{name}/", {"conclusion": "x", "result": "solved", "note": "x"})
    assert case.reload().version == before


def test_a_step_that_does_not_exist_changes_nothing(client, case):
    opened(client, case)
    assert client.post(f"/follow/{case.number}/nothing/").status_code == 302


def test_without_the_code_no_step_is_taken(case):
    client = Client()
    answer = client.post(f"/follow/{case.number}/withdraw/", {"reason": "x"})
    assert answer["Location"] == f"/follow/{case.number}/"
    assert case.reload().state == "registered"


def test_files_that_came_with_a_refused_step_are_kept(client, case):
    opened(client, case)
    page = _do(client, case, "add_facts", facts="", photos=[photo()])
    (key,) = kept_files(page)
    _do(client, case, "add_facts", facts="又塌了", photos_kept=[key])
    assert case.matter.attachments.count() == 1


def test_of_a_merged_matter_the_public_things_of_the_other_are_told(client):
    case = walk_to("merged", title="我说的井盖")
    other = Case(matter=case.matter.merged_into, query_code="")
    take(other, "add_facts", "reporter", facts="别人补充的话")
    take(other, "take", "dispatcher", note="内部打算")
    take(other, "progress", "dispatcher", progress="正在换井盖。")
    page = _page(opened(client, case), case)
    assert "正在换井盖。" in page
    assert "一起办的那件" in page
    for hidden in ("别人补充的话", "内部打算", other.matter.number):
        assert hidden not in page
    assert page.index("正在换井盖。") < page.index("与已有诉求是同一件事") < page.index("收到诉求")


@pytest.mark.parametrize("state", ["replied", "merged", "archived"])
def test_the_page_asks_the_database_no_more_than_twelve_times(client, state, django_assert_max_num_queries):
    case = walk_to(state)
    opened(client, case)
    client.get(f"/follow/{case.number}/")
    with django_assert_max_num_queries(12):
        client.get(f"/follow/{case.number}/")
