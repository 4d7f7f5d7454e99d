"""The flow as pure functions: who may take what, where it leads, and for whom a state waits."""

import pytest

from qizhi.kernel.loop.flow import (
    Standing,
    acting_role,
    allowed,
    is_for_others,
    is_turn,
    may_take,
    roles_of_state,
    states_of_role,
    target,
)
from qizhi.kernel.modes.schema import HeldBy, Kind, Relation, Transition

LEAD, CENTRE, REGION, ASSIST = Relation.LEAD, Relation.CENTRE, Relation.REGION, Relation.ASSIST


def words(text):
    return {"zh": text}


def state(name, held_by):
    return {"name": name, "title": words(name), "held_by": held_by, "public": words(name)}


def step(name, source, to, by, **more):
    return {"name": name, "title": words(name), "from": source, "to": to, "by": by, **more}


KIND = Kind.model_validate(
    {
        "name": "sample",
        "title": words("样例"),
        "number": "YL",
        "description": words("样例"),
        "opens_with": "open",
        "states": {
            "new": state("new", "centre"),
            "busy": state("busy", "lead"),
            "done": state("done", "centre"),
            "twin": state("twin", "nobody"),
        },
        "transitions": {
            "open": step("open", [], "new", {"clerk": "region"}),
            "give": step(
                "give", ["new"], "busy", {"dispatcher": "centre", "director": "region"}, tone="main"
            ),
            "note": step("note", ["new", "busy"], "=", {"dispatcher": ["centre", "region"]}, order=90),
            "finish": step("finish", ["busy"], "done", {"handler": "lead"}, tone="main", order=10),
            "decide": step("decide", ["busy"], "=", {"dispatcher": ["centre", "region"]}, tone="main"),
            "check": step(
                "check", ["done"], "done", {"revisit": "region"}, tone="main", other_than_handler=True
            ),
            "join": step("join", ["new", "busy"], "twin", {"dispatcher": "centre"}),
            "part": step("part", ["twin"], "^join", {"dispatcher": "centre"}),
            "help": step("help", ["busy"], "=", {"handler": "assist"}, tone="main"),
        },
    }
)
STEPS: dict[str, Transition] = KIND.transitions


def standing(*ties, is_handler=False):
    return Standing(frozenset(ties), is_handler)


@pytest.mark.parametrize(
    ("name", "ties", "role"),
    [
        ("give", [("dispatcher", CENTRE)], "dispatcher"),
        ("give", [("director", REGION)], "director"),
        ("give", [("director", REGION), ("dispatcher", CENTRE)], "dispatcher"),
        ("give", [("dispatcher", REGION)], None),
        ("give", [("director", CENTRE)], None),
        ("give", [("handler", CENTRE)], None),
        ("note", [("dispatcher", REGION)], "dispatcher"),
        ("finish", [("handler", LEAD)], "handler"),
        ("finish", [("handler", ASSIST)], None),
        ("finish", [], None),
    ],
)
def test_a_step_is_taken_in_the_first_declared_role_that_stands_right(name, ties, role):
    assert acting_role(STEPS[name], standing(*ties)) == role
    assert may_take(STEPS[name], standing(*ties)) is (role is not None)


def test_what_is_for_others_than_the_handler_is_refused_to_the_handler():
    assert may_take(STEPS["check"], standing(("revisit", REGION)))
    assert not may_take(STEPS["check"], standing(("revisit", REGION), is_handler=True))
    assert may_take(STEPS["finish"], standing(("handler", LEAD), is_handler=True))


@pytest.mark.parametrize(
    ("state", "ties", "wanted"),
    [
        ("new", [("dispatcher", CENTRE)], ["give", "join", "note"]),
        ("busy", [("dispatcher", CENTRE)], ["decide", "join", "note"]),
        ("busy", [("handler", LEAD)], ["finish"]),
        ("busy", [("handler", LEAD), ("handler", ASSIST)], ["finish", "help"]),
        ("done", [("dispatcher", CENTRE)], []),
        ("twin", [("dispatcher", CENTRE)], ["part"]),
    ],
)
def test_what_may_be_done_now_comes_in_the_declared_order(state, ties, wanted):
    assert [one.name for one in allowed(KIND, state, standing(*ties))] == wanted


@pytest.mark.parametrize(
    ("name", "state", "before", "wanted"),
    [
        ("give", "new", None, "busy"),
        ("note", "busy", None, "busy"),
        ("part", "twin", "new", "new"),
        ("part", "twin", "busy", "busy"),
    ],
)
def test_a_step_leads_where_it_says(name, state, before, wanted):
    assert target(STEPS[name], state, before=before) == wanted


def test_an_undone_step_must_have_been_taken():
    with pytest.raises(ValueError, match="part"):
        target(STEPS["part"], "twin", before=None)


@pytest.mark.parametrize(
    ("role", "relations", "wanted"),
    [
        ("dispatcher", (CENTRE,), {"new", "busy"}),
        ("dispatcher", (REGION,), set()),
        ("director", (REGION,), {"new"}),
        ("handler", (LEAD,), {"busy"}),
        ("handler", (CENTRE,), set()),
        ("revisit", (REGION,), {"done"}),
        ("clerk", (REGION,), set()),
    ],
)
def test_a_state_waits_for_whoever_has_a_main_step_and_the_turn(role, relations, wanted):
    assert states_of_role(KIND, role, relations) == wanted


@pytest.mark.parametrize(
    ("state", "relations", "wanted"),
    [
        ("new", (CENTRE,), ["dispatcher"]),
        ("new", (REGION,), ["director"]),
        ("new", (CENTRE, REGION), ["director", "dispatcher"]),
        ("busy", (LEAD,), ["handler"]),
        ("busy", (REGION,), []),
        ("done", (REGION,), ["revisit"]),
        ("twin", (CENTRE, REGION), []),
    ],
)
def test_the_roles_of_a_state_are_told_by_name(state, relations, wanted):
    assert roles_of_state(KIND, state, relations) == wanted


def test_to_be_in_charge_of_the_place_is_no_turn_while_a_lead_unit_works():
    assert not is_turn(HeldBy.LEAD, REGION)
    assert is_turn(HeldBy.LEAD, LEAD)
    assert all(is_turn(held, REGION) for held in HeldBy if held is not HeldBy.LEAD)


@pytest.mark.parametrize(
    ("state", "role", "wanted"),
    [
        ("done", "revisit", True),
        ("new", "dispatcher", False),
        ("busy", "revisit", False),
        ("new", "clerk", False),
    ],
)
def test_some_states_wait_for_others_than_the_handler(state, role, wanted):
    assert is_for_others(KIND, state, role) is wanted
