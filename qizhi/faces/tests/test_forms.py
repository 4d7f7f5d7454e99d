"""Forms made from declared inputs: every type shown, read back as the loop wants it, and nothing lost when refused."""

from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from qizhi.faces.forms import attempt, form_for, raw
from qizhi.faces.portal.tests.typed import photo
from qizhi.kernel.accounts.scope import CITIZEN
from qizhi.kernel.kit.errors import NotFound, Refused, Unavailable
from qizhi.kernel.loop.errors import BadInput
from qizhi.kernel.loop.inputs import Desk, clean
from qizhi.kernel.modes.schema import Input, InputType, Transition
from qizhi.kernel.modes.store import current
from qizhi.testing import cast
from qizhi.testing.stories import open_request, walk_to
from qizhi.testing.world import OTHER_TOWN, TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

CHOICES = [{"value": "easy", "title": {"zh": "简单", "en": "Easy"}}, {"value": "hard", "title": {"zh": "难"}}]
MANY = [{"value": f"v{n}", "title": {"zh": f"第{n}个"}} for n in range(8)]


def _step(*inputs):
    declared = [
        Input.model_validate({"title": {"zh": one["name"], "en": one["name"].title()}, **one})
        for one in inputs
    ]
    return Transition(name="step", title={"zh": "一步"}, to="=", by={"handler": "lead"}, inputs=declared)


def _form(
    *inputs: dict[str, Any], typed: str | None = None, files: Any = None, actor: Any = None, **more: Any
):
    data = None if typed is None else QueryDict(typed)
    given = MultiValueDict(files) if files else None
    return form_for(_step(*inputs), mode=current(), actor=actor or CITIZEN, data=data, files=given, **more)


def _shown(form):
    return render_to_string("kit/_form.html", {"form": form})


# Each type: how it is declared, what is typed, what the loop gets, and what stands in the page again.
TYPES: list[tuple[dict[str, Any], str, Any, str]] = [
    ({"name": "a", "type": "line"}, "a=路灯", "路灯", 'value="路灯"'),
    ({"name": "a", "type": "text"}, "a=路灯%0A坏了", "路灯\n坏了", ">\n路灯\n坏了</textarea>"),
    ({"name": "a", "type": "choice", "choices": CHOICES}, "a=hard", "hard", 'value="hard" checked'),
    ({"name": "a", "type": "choice", "choices": MANY}, "a=v7", "v7", 'value="v7" data-words="" selected'),
    (
        {"name": "a", "type": "category"},
        "a=environment.noise",
        "environment.noise",
        'value="environment.noise"',
    ),
    ({"name": "a", "type": "boolean"}, "a=1", True, "checked"),
    ({"name": "a", "type": "boolean"}, "", False, 'value="1">'),
    ({"name": "a", "type": "integer"}, "a=12", "12", 'value="12"'),
    ({"name": "a", "type": "integer", "max": 5}, "a=4", "4", 'value="4" checked'),
    ({"name": "a", "type": "date"}, "a=2026-12-01", "2026-12-01", 'value="2026-12-01"'),
    ({"name": "a", "type": "region"}, f"a={VILLAGE}", VILLAGE, f'value="{VILLAGE}" selected'),
    ({"name": "a", "type": "unit"}, f"a=tg-{TOWN}", f"tg-{TOWN}", f'value="tg-{TOWN}"'),
    ({"name": "a", "type": "units"}, "a=gongan&a=zhujian", ["gongan", "zhujian"], 'value="zhujian" checked'),
    ({"name": "a", "type": "matter"}, "a=SQ-2026-000001", "SQ-2026-000001", 'value="SQ-2026-000001"'),
    (
        {"name": "a", "type": "point"},
        "a_lon=107.6&a_lat=34.4",
        {"lon": "107.6", "lat": "34.4"},
        'name="a_lon" value="107.6"',
    ),
    (
        {"name": "a", "type": "reporter"},
        "a_name=王明&a_phone=13800000021&a_identity=",
        {"name": "王明", "phone": "13800000021", "identity": ""},
        'name="a_phone" value="13800000021"',
    ),
    ({"name": "a", "type": "files"}, "", [], 'type="file"'),
]


@pytest.mark.parametrize(
    ("declared", "typed", "value", "shown"), TYPES, ids=[f"{t[0]['type']}-{n}" for n, t in enumerate(TYPES)]
)
def test_every_type_is_read_and_shown_again(declared, typed, value, shown):
    form = _form(declared, typed=typed)
    assert raw(form) == {"a": value}
    assert shown in _shown(form)


def test_every_type_of_the_schema_has_its_form():
    assert {one["type"] for one, *_ in TYPES} == {kind.value for kind in InputType}


@pytest.mark.parametrize(
    "declared", [one for one, *_ in TYPES], ids=[f"{t[0]['type']}-{n}" for n, t in enumerate(TYPES)]
)
def test_a_form_that_nobody_has_touched_can_be_shown(declared):
    page = _shown(_form(declared))
    assert "没有保存" not in page
    assert "aria-invalid" not in page
    assert 'id="step_a' in page


@pytest.mark.parametrize("kind", ["point", "reporter"])
def test_what_was_left_empty_is_nothing(kind):
    typed = "a_lon=&a_lat=&a_name=&a_phone=&a_identity="
    assert raw(_form({"name": "a", "type": kind}, typed=typed)) == {"a": None}


def test_what_the_loop_makes_of_it_is_what_was_meant():
    transition = current().kinds["request"].opening
    data = QueryDict(
        f"text=水渠塌了&region={VILLAGE}&reporter_phone=13800000021&point_lon=107.6&point_lat=34.4"
    )
    form = form_for(transition, mode=current(), actor=CITIZEN, data=data)
    values = clean(transition, raw(form), Desk(mode=current(), actor=CITIZEN))
    assert (values["text"], values["region"], values["reporter"].phone) == (
        "水渠塌了",
        VILLAGE,
        "13800000021",
    )


def test_a_default_is_chosen_and_initial_is_stronger():
    declared = {"name": "a", "type": "choice", "choices": CHOICES, "default": "easy"}
    assert 'value="easy" checked' in _shown(_form(declared))
    assert 'value="hard" checked' in _shown(_form(declared, initial={"a": "hard"}))
    units = {"name": "b", "type": "units"}
    assert 'value="gongan" checked' in _shown(_form(units, initial={"b": ["gongan"]}))


def test_what_is_required_is_marked_and_the_rest_may_be_left():
    page = _shown(_form({"name": "a", "type": "line", "required": True}, {"name": "b", "type": "line"}))
    assert page.count("required") == 1
    assert page.count("（可不填）") == 1


def test_help_and_error_are_tied_to_the_control():
    form = _form({"name": "a", "type": "line", "help": {"zh": "写清楚"}}, typed="a=x")
    form.take(BadInput(fields={"a": ["太短了。"]}))
    page = _shown(form)
    assert 'aria-describedby="step_a_helptext step_a_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="step_a_helptext"' in page
    assert 'id="step_a_error"' in page
    assert 'href="#step_a_field"' in page
    assert 'id="step_a_field"' in page


def test_a_sentence_for_a_part_stands_at_the_part():
    form = _form({"name": "a", "type": "reporter"}, typed="a_phone=abc")
    form.take(BadInput(fields={"a.phone": ["电话不对。"]}))
    assert list(form.errors) == ["a_phone"]
    assert form.row("a").errors == ["电话不对。"]


def test_a_sentence_for_nothing_in_the_form_stands_above_it():
    form = _form({"name": "a", "type": "line"}, typed="a=x")
    form.take(BadInput(fields={"zzz": ["这一步不需要这一项。"]}))
    assert "zzz：这一步不需要这一项。" in form.non_field_errors()[0]


def test_an_error_without_fields_stands_above_the_form():
    form = _form({"name": "a", "type": "line"}, typed="a=x")
    form.take(Refused("现在不行。"))
    assert form.non_field_errors() == ["现在不行。"]


def test_a_form_does_not_ask_for_what_the_face_leaves_out():
    form = _form(
        {"name": "a", "type": "line"}, {"name": "b", "type": "line"}, typed="a=1&b=2", leave_out={"b"}
    )
    assert raw(form) == {"a": "1"}
    with pytest.raises(KeyError):
        form.row("b")


def test_a_face_asks_for_as_much_of_a_person_as_it_needs():
    page = _shown(_form({"name": "a", "type": "reporter"}, reporter_parts=("phone",)))
    assert "a_phone" in page
    assert "a_identity" not in page


def test_files_become_drafts_once():
    form = _form({"name": "a", "type": "files"}, typed="", files={"a": [photo("一.jpg"), photo("二.jpg")]})
    first, second = raw(form)["a"], raw(form)["a"]
    assert first == second
    assert [file.name for file in form.row("a").kept] == ["一.jpg", "二.jpg"]


def test_staff_carry_along_only_their_own_drafts():
    mine, others = (cast.actor(f"{role}@{TOWN}") for role in ("clerk", "dispatcher"))
    sent = _form({"name": "a", "type": "files"}, typed="", files={"a": [photo()]}, actor=mine)
    (key,) = raw(sent)["a"]
    assert raw(_form({"name": "a", "type": "files"}, typed=f"a_kept={key}", actor=mine)) == {"a": [key]}
    assert raw(_form({"name": "a", "type": "files"}, typed=f"a_kept={key}", actor=others)) == {"a": []}


def test_categories_stand_under_their_own_heading_which_can_be_chosen_too():
    groups = _form({"name": "a", "type": "category"}).row("a").groups
    assert groups[0].title == "城乡建设"
    assert [option.value for option in groups[0].options][-1] == "housing_construction"
    assert sum(len(group.options) for group in groups) == len(current().categories)


def test_citizens_may_name_any_place():
    groups = _form({"name": "a", "type": "region"}).row("a").groups
    assert [group.options[0].value for group in groups[:2]] == ["610323", TOWN]
    assert sum(len(group.options) for group in groups) == 1 + 9 + 121


@pytest.mark.parametrize(
    ("who", "count"), [(f"clerk@{TOWN}", 1 + 25), ("clerk@610323", 1 + 9 + 121), (f"dispatcher@{VILLAGE}", 1)]
)
def test_staff_name_the_places_of_their_posts(who, count):
    groups = _form({"name": "a", "type": "region"}, actor=cast.actor(who)).row("a").groups
    assert sum(len(group.options) for group in groups) == count


def test_no_unit_of_another_town_is_offered():
    transition = current().kinds["request"].transitions["dispatch"]
    matter = walk_to("triaged").matter
    form = form_for(transition, mode=current(), actor=cast.actor(f"dispatcher@{TOWN}"), matter=matter)
    offered = {option.value for group in form.row("lead_unit").groups for option in group.options}
    assert f"tg-{TOWN}" in offered
    assert "zhujian" in offered
    assert not [code for code in offered if OTHER_TOWN in code]


def test_only_units_of_the_wanted_kind_are_offered():
    form = _form({"name": "a", "type": "unit", "unit_kinds": ["town_government"]})
    assert {option.value[:3] for group in form.row("a").groups for option in group.options} == {"tg-"}


def test_texts_follow_the_language_of_the_page():
    declared = {"name": "a", "type": "choice", "choices": CHOICES}
    with translation.override("en"):
        page = _shown(_form(declared))
    assert "Easy" in page
    assert "难" in page


def test_an_attempt_gives_what_the_call_made():
    assert attempt(_form({"name": "a", "type": "line"}, typed="a=x"), lambda values: values["a"] * 2) == "xx"


def test_a_refusal_comes_back_to_the_form():
    form = _form({"name": "a", "type": "line"}, typed="a=x")

    def refuse(_values):
        raise BadInput(fields={"a": ["不行。"]})

    assert attempt(form, refuse) is None
    assert form.row("a").errors == ["不行。"]
    assert form.refusal.status == 422


@pytest.mark.parametrize("error", [NotFound, Unavailable])
def test_what_is_no_matter_of_the_form_goes_on_upwards(error):
    def fail(_values):
        raise error

    with pytest.raises(error):
        attempt(_form({"name": "a", "type": "line"}, typed="a=x"), fail)


def test_with_a_refused_file_nothing_is_tried_and_the_rest_is_said_too():
    broken = photo("坏.jpg")
    broken.file.write(b"MZ\x90\x00")
    broken.seek(0)
    transition = current().kinds["request"].opening
    form = form_for(
        transition,
        mode=current(),
        actor=CITIZEN,
        data=QueryDict("text="),
        files=MultiValueDict({"photos": [broken]}),
    )
    assert attempt(form, lambda _values: pytest.fail("tried")) is None
    assert {row.name for row in form.wrong_rows} == {"text", "region", "photos"}


def test_the_whole_page_of_a_step_is_built_without_a_question_for_each_row(django_assert_max_num_queries):
    transition = current().kinds["request"].opening
    open_request()
    with django_assert_max_num_queries(4):  # places, units and the mode, when they are read anew
        _shown(form_for(transition, mode=current(), actor=CITIZEN))
