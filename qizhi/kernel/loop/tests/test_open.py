"""Opening a matter: what is typed, masked, sealed, placed and refused."""

import json
from datetime import UTC, datetime

import pytest

from qizhi.kernel.accounts.scope import SYSTEM
from qizhi.kernel.kit.sealing import SealBroken, unseal
from qizhi.kernel.loop.actions import matter_open
from qizhi.kernel.loop.audit import matter_break
from qizhi.kernel.loop.choices import Channel
from qizhi.kernel.loop.errors import (
    AlreadyOpened,
    BadInput,
    MatterNotFound,
    NotYours,
    OutsideScope,
    ReadOnly,
    UnknownKind,
)
from qizhi.kernel.loop.models import Attachment, Leg, Matter, Passage, Reporter, Step
from qizhi.kernel.loop.policy import citizen_at, matter_get
from qizhi.kernel.loop.reporters import ReporterFacts, reporter_facts, reporter_masked
from qizhi.kernel.loop.typed import Typed, matter_typed
from qizhi.testing import cast
from qizhi.testing.stories import REQUEST, open_request, take
from qizhi.testing.world import COUNTY, GRID, OTHER_VILLAGE, TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

PHONE, IDENTITY = "13812345678", "610323198504121238"
MORNING = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
# (what is typed, what lists show, which words may not be found anywhere in clear)
TYPED = [
    ({"text": f"井盖松了，请打{PHONE}联系我。"}, "text", "138****5678", PHONE),
    ({"text": "身份证６１０３２３１９８５０４１２１２３８，想问低保。"}, "text", "低保", "6103231985"),
    ({"title": f"请回电{PHONE}"}, "title", "138****5678", PHONE),
    ({"address": f"东街5号，电话{PHONE}"}, "address", "东街5号", PHONE),
    ({"text": "卡号6222021234567890128，钱没到账。"}, "text", "卡号", "6222021234567890128"),
]


@pytest.mark.parametrize(("given", "field", "shown", "secret"), TYPED)
def test_personal_data_is_masked_and_kept_sealed(given, field, shown, secret):
    matter = open_request(**given).reload()
    assert shown in getattr(matter, field)
    assert secret not in json.dumps([matter.title, matter.text, matter.address])
    assert secret.encode() not in bytes(matter.text_sealed)
    typed = matter_typed(matter)
    assert getattr(typed, field) == given[field]
    assert matter_break(matter) is None


def test_what_was_sealed_opens_for_no_other_matter():
    first, second = open_request(text=f"电话{PHONE}").matter, open_request(text=f"电话{PHONE}").matter
    with pytest.raises(SealBroken):
        unseal(first.text_sealed, second.id, "text")


def test_nothing_is_sealed_when_nothing_was_masked():
    matter = open_request().reload()
    assert bytes(matter.text_sealed) == b""
    assert matter_typed(matter) is None


@pytest.mark.parametrize("before", range(26, 42))
def test_a_number_cut_in_two_by_a_title_is_masked_all_the_same(before):
    """The title is made from the first words; a number that stands across its end must not show half."""
    matter = open_request(title=None, text="修" * before + PHONE + "，谢谢。").matter
    assert not any(part in matter.title for part in ("13812", "12345", "345678"))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("路灯坏了。", "路灯坏了。"),
        ("路灯坏了\n已经三天", "路灯坏了"),
        ("路" * 40, "路" * 40),
        ("路" * 41, "路" * 39 + "…"),
        ("  路灯\t 坏了  ", "路灯 坏了"),
    ],
)
def test_a_title_is_made_from_the_first_words(text, title):
    assert open_request(title=None, text=text).matter.title == title


def test_a_title_that_was_typed_stays():
    assert open_request(title="东街路灯", text="第一句话。").matter.title == "东街路灯"


@pytest.mark.parametrize("length", [1, 4000, 100_000])
def test_a_long_text_is_kept_whole(length):
    matter = open_request(text="长" * length).reload()
    assert len(matter.text) == length
    assert matter_break(matter) is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("text", "", "请填写"),
        ("text", " \n\t ", "请填写"),
        ("text", "\x00", "请填写"),
        ("text", "\ud800", "请填写"),
        ("text", "长" * 100_001, "100001"),
        ("text", ["x"], "文字"),
        ("text", 5, "文字"),
        ("title", "长" * 121, "121"),
        ("address", "长" * 201, "201"),
        ("category", "nonsense", "类别"),
        ("category", ["environment"], "类别"),
        ("category", {"a": 1}, "类别"),
        ("urgency", "very", "选项"),
        ("urgency", ["urgent"], "选项"),
        ("region", "999999", "地方"),
        ("region", ["610323"], ""),
        ("point", {"lon": "107.6"}, "地图"),
        ("point", {"lon": "200", "lat": "34"}, "范围"),
        ("point", {"lon": "NaN", "lat": "34"}, "范围"),
        ("point", {"lon": "Infinity", "lat": "34"}, ""),
        ("point", {"lon": "east", "lat": "34"}, "数字"),
        ("point", "107,34", "地图"),
        ("photos", ["no-uuid"], "文件"),
        ("photos", ["00000000-0000-7000-8000-000000000000"], "文件"),
        ("photos", "one", "文件"),
        ("reporter", "张三", "姓名"),
    ],
)
def test_what_cannot_be_taken_is_named(field, value, said):
    before = Matter.objects.count()
    with pytest.raises(BadInput) as refused:
        open_request(**{"region": VILLAGE, field: value})
    assert list(refused.value.fields) == [field]
    assert said in str(refused.value.fields[field][0])
    assert Matter.objects.count() == before


@pytest.mark.parametrize(
    ("person", "field"),
    [
        ({"phone": "1381234567"}, "reporter.phone"),
        ({"identity": "610323198504121239"}, "reporter.identity"),
        ({"name": "长" * 41}, "reporter.name"),
        ({"name": "张三", "nickname": "三儿"}, "reporter.nickname"),
    ],
)
def test_what_is_wrong_with_a_person_is_named_below_the_field(person, field):
    with pytest.raises(BadInput) as refused:
        open_request(reporter=person)
    assert list(refused.value.fields) == [field]


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(BadInput) as refused:
        open_request(text="", category="nonsense", urgency="very", reporter={"phone": "1"}, smuggled="x")
    assert set(refused.value.fields) == {"text", "category", "urgency", "reporter.phone", "smuggled"}


@pytest.mark.parametrize(
    "left_out",
    [
        {"point": {"lon": "", "lat": ""}},
        {"point": None},
        {"reporter": {"name": "", "phone": " ", "identity": None}},
        {"reporter": {}},
        {"photos": []},
        {"category": ""},
    ],
)
def test_what_may_be_left_out_may_be_sent_empty(left_out):
    matter = open_request(**left_out).matter
    assert matter_break(matter) is None
    if "reporter" in left_out:
        assert matter.reporter is None


def test_half_a_surrogate_pair_and_nul_are_dropped():
    matter = open_request(text="井\x00盖\ud83d松", reporter={"name": "张\ud800三\x00"}).reload()
    assert matter.text == "井盖松"
    assert reporter_facts(matter.reporter).name == "张三"


def test_a_person_is_sealed_found_by_hash_and_shown_masked():
    case = open_request(
        reporter={"name": "欧阳修文", "phone": "+86 138-1234-5678", "identity": IDENTITY.lower()}
    )
    person = Reporter.objects.get(pk=case.reload().reporter_id)
    raw = b"".join(bytes(getattr(person, f"{name}_sealed")) for name in ("name", "phone", "identity"))
    assert PHONE.encode() not in raw
    assert "欧阳".encode() not in raw
    assert reporter_facts(person) == ReporterFacts("欧阳修文", PHONE, IDENTITY)
    shown = reporter_masked(person)
    assert shown.phone == "138****5678"
    assert "修" not in shown.name
    assert IDENTITY[6:14] not in shown.identity


def test_nobody_must_give_a_name():
    matter = open_request(reporter=None).matter
    assert matter.reporter is None
    assert reporter_masked(None) == ReporterFacts()
    assert Step.objects.get(matter=matter).inputs.get("reporter") is None


@pytest.mark.parametrize(
    ("username", "region"),
    [
        (f"clerk@{TOWN}", OTHER_VILLAGE),
        (f"clerk@{TOWN}", COUNTY),
        (f"gridworker@{TOWN}", OTHER_VILLAGE),
        (f"handler@{TOWN}", COUNTY),
    ],
)
def test_a_place_outside_the_scope_is_refused(username, region):
    with pytest.raises(OutsideScope) as refused:
        open_request(actor=cast.actor(username), region=region)
    assert refused.value.code == "outside_scope"
    assert list(refused.value.fields) == ["region"]


@pytest.mark.parametrize("region", [COUNTY, TOWN, VILLAGE, GRID, OTHER_VILLAGE])
def test_the_county_clerk_and_a_citizen_may_name_any_place_of_the_county(region):
    for actor in (cast.actor(f"clerk@{COUNTY}"), None):
        assert open_request(actor=actor, region=region).matter.region_code == region


@pytest.mark.parametrize("username", [f"mediator@{TOWN}", f"supervisor@{COUNTY}", f"admin@{COUNTY}"])
def test_a_role_that_opens_nothing_is_refused(username):
    with pytest.raises(NotYours):
        open_request(actor=cast.actor(username))


def test_a_reader_is_refused():
    with pytest.raises(ReadOnly):
        open_request(actor=cast.actor(f"auditor@{COUNTY}"))


@pytest.mark.parametrize("kind", ["dispute", "", "x" * 200])
def test_an_unknown_kind_is_refused(kind):
    with pytest.raises(UnknownKind):
        matter_open(kind=kind, actor=cast.citizen(), inputs={}, channel="web")


@pytest.mark.parametrize("channel", Channel.values)
def test_every_channel_is_kept(channel):
    assert open_request(channel=channel).reload().channel == channel


def test_who_registered_it_sees_it_and_the_step_says_in_which_post():
    gridworker = cast.actor(f"gridworker@{TOWN}")
    case = open_request(actor=gridworker, channel="grid")
    step = Step.objects.get(matter=case.matter)
    assert (case.matter.registrar_id, step.role) == (gridworker.user_id, "gridworker")
    assert step.unit_name == gridworker.seats[0].unit_name
    assert matter_get(gridworker, case.number).pk == case.matter.pk


def test_the_first_step_begins_the_chain_the_clocks_and_the_first_leg():
    matter = open_request(at=MORNING).reload()
    step = Step.objects.get(matter=matter)
    assert (step.seq, step.transition, step.from_state, step.to_state) == (1, "register", "", "registered")
    assert (matter.version, matter.last_hash, step.previous_hash) == (1, step.hash, "")
    clocks = {row.name: row for row in matter.clocks.all()}
    assert set(clocks) == {"triage", "answer"}
    assert matter.due_at == min(row.due_at for row in clocks.values())
    leg = Leg.objects.get(matter=matter)
    assert (leg.seq, leg.centre_id, leg.from_at, leg.to_at) == (1, matter.centre_id, MORNING, None)


def test_numbers_run_by_year_of_the_county():
    """A matter of New Year's first hour in Shanghai has the new year's number, though UTC still has the old day."""
    old = open_request(at=datetime(2025, 12, 31, 15, 59, tzinfo=UTC)).number
    new = open_request(at=datetime(2025, 12, 31, 16, 1, tzinfo=UTC)).number
    assert (old[:8], new[:8]) == ("SQ-2025-", "SQ-2026-")


def test_the_query_code_is_told_once_and_opens_only_its_own_matter():
    one, other = open_request(), open_request()
    assert citizen_at(
        one.number.lower(), f" {one.query_code.lower()[:4]}-{one.query_code[4:]} ", ""
    ).matter_id
    with pytest.raises(MatterNotFound):
        matter_get(citizen_at(one.number, one.query_code, ""), other.number)
    assert one.query_code not in json.dumps(
        Matter.objects.values_list("query_code_key", flat=True).get(pk=one.matter.pk)
    )


def test_one_source_opens_one_matter():
    def bring():
        return matter_open(
            kind="request",
            actor=SYSTEM,
            inputs={**REQUEST, "region": VILLAGE},
            channel="import",
            source_key="import:one",
        ).matter

    first = bring()
    with pytest.raises(AlreadyOpened) as refused:
        bring()
    assert refused.value.details == {"number": first.number}
    assert Matter.objects.filter(source_key="import:one").count() == 1
    assert Matter.objects.filter(source_key="").count() == 0
    assert open_request().number < open_request().number


def test_no_words_of_a_person_enter_a_step():
    secrets = ["井盖", "王秀兰", "13800000021", "东街", IDENTITY, "网格员补充"]
    case = open_request(text=f"井盖松了，{PHONE}", reporter={"name": "王秀兰", "identity": IDENTITY})
    take(case, "add_facts", "reporter", facts=f"网格员补充：{PHONE}")
    for step in Step.objects.filter(matter=case.matter):
        said = json.dumps([step.inputs, step.outcome], ensure_ascii=False)
        assert not [secret for secret in (*secrets, PHONE) if secret in said]
    assert Passage.objects.filter(matter=case.matter).count() == 1


def test_a_draft_is_taken_up_by_one_matter_only():
    draft = Attachment(name="井盖.jpg", media_type="image/jpeg", size=1, sha256="0" * 64, uploaded_at=MORNING)
    draft.save()
    case = open_request(photos=[str(draft.pk), str(draft.pk)])
    draft.refresh_from_db()
    assert (draft.matter_id, draft.field) == (case.matter.pk, "photos")
    with pytest.raises(BadInput) as refused:
        open_request(photos=[str(draft.pk)])
    assert list(refused.value.fields) == ["photos"]
    assert matter_break(case.reload()) is None


def test_a_draft_of_somebody_else_is_not_there():
    draft = Attachment(
        name="a.jpg",
        media_type="image/jpeg",
        size=1,
        sha256="0" * 64,
        uploaded_at=MORNING,
        uploaded_by=cast.user(f"clerk@{TOWN}"),
    )
    draft.save()
    for actor in (None, cast.actor(f"dispatcher@{TOWN}")):
        with pytest.raises(BadInput):
            open_request(actor=actor, photos=[str(draft.pk)])
    assert open_request(actor=cast.actor(f"clerk@{TOWN}"), photos=[str(draft.pk)]).matter


def test_typed_masks_each_place_on_its_own():
    assert Typed("", "无", "").masked() == Typed("", "无", "")
