"""The flow chart: complete, self-contained, readable by a screen reader, nothing on top of anything else."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from qizhi.kernel.modes.charting import chart
from qizhi.kernel.modes.charting.graph import links, spine
from qizhi.kernel.modes.charting.layout import lay_out
from qizhi.kernel.modes.charting.lettering import width, wrap
from qizhi.kernel.modes.compiling import compile_pack
from qizhi.kernel.modes.tests.tools import PACKS, kind_of

SVG = "{http://www.w3.org/2000/svg}"
QISHAN = Path(__file__).parents[4] / "modes" / "qishan-12521"


def kinds():
    sample = compile_pack(PACKS / "county").mode.kinds.values()
    return [*sample, *compile_pack(QISHAN).mode.kinds.values()]


@pytest.fixture(params=kinds(), ids=lambda kind: kind.name)
def kind(request):
    return request.param


@pytest.fixture(params=["zh", "en"])
def language(request):
    return request.param


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314 - our own text


def texts(svg):
    return "".join("".join(node.itertext()) for node in parsed(svg).iter(f"{SVG}text"))


def squeezed(text):
    return text.replace(" ", "")


def test_every_state_and_every_step_is_written(kind, language):
    written = squeezed(texts(chart(kind, language)))
    for state in kind.states.values():
        assert squeezed(state.title.say(language)) in written
    for transition in kind.transitions.values():
        assert squeezed(transition.title.say(language)) in written


def test_it_needs_nothing_from_outside_and_runs_nothing(kind, language):
    svg = chart(kind, language)
    root = parsed(svg)
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {
        "svg", "title", "desc", "defs", "marker", "path", "rect", "circle", "text", "g",
    }  # fmt: skip
    attributes = {name for node in root.iter() for name in node.attrib}
    assert not {name for name in attributes if name == "style" or name.startswith("on") or "href" in name}
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_a_screen_reader_is_told_what_it_shows(kind, language):
    root = parsed(chart(kind, language))
    assert root.get("role") == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert kind.title.say(language) in (title.text or "")
    for state in kind.states.values():
        assert state.title.say(language) in (desc.text or "")


def test_no_box_lies_on_another_or_outside(kind, language):
    sheet = lay_out(kind, language)
    boxes = list(sheet.boxes.values())
    for place, one in enumerate(boxes):
        assert one.x >= 0
        assert one.y >= 0
        assert one.x + one.width <= sheet.width
        assert one.y + one.height <= sheet.body
        for other in boxes[place + 1 :]:
            beside = one.x + one.width <= other.x or other.x + other.width <= one.x
            below = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert beside or below, (one.state.name, other.state.name)


def test_rails_keep_apart_and_meet_every_state_on_its_edge(kind, language):
    sheet = lay_out(kind, language)
    for place, one in enumerate(sheet.wires):
        for state, height in one.ports.items():
            box = sheet.boxes[state]
            assert box.y <= height <= box.y + box.height, (state, one.words)
            assert sheet.taps[place, state] in (box.x, box.x + box.width)
        for other in sheet.wires[place + 1 :]:
            assert one.x != other.x or one.bottom < other.top or other.bottom < one.top


def test_words_in_boxes_and_on_the_sheet_do_not_run_over(kind, language):
    sheet = lay_out(kind, language)
    for box in sheet.boxes.values():
        assert all(width(line, 15) <= box.width for line in box.title)
        assert all(width(line, 11) <= box.width for line in box.lines)
    root = parsed(chart(kind, language))
    for node in root.iter(f"{SVG}text"):
        if node.get("text-anchor") is None:
            assert (
                float(node.get("x", "0")) + width(node.text or "", float(node.get("font-size", "0")))
                <= sheet.width + 8
            )


def test_end_states_have_a_double_edge(kind):
    svg = chart(kind)
    ends = sum(state.end for state in kind.states.values())
    boxes = [node for node in parsed(svg).iter(f"{SVG}rect") if node.get("rx") in ("6", "9")]
    assert len(boxes) == len(kind.states) + ends


def test_the_main_way_of_a_request_is_the_one_that_most_go():
    request = compile_pack(QISHAN).mode.kinds["request"]
    way = "registered triaged dispatched accepted in_progress concluded replied revisited archived"
    assert spine(request) == tuple(way.split())


def test_each_step_between_states_is_on_exactly_one_link(kind):
    drawn = [step.name for link in links(kind) for step in link.transitions]
    wanted = {
        name
        for name, step in kind.transitions.items()
        if step.to != "=" and step.source_states and step.source_states != (step.to,)
    }
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == wanted


@pytest.mark.parametrize(
    "moves",
    [
        {"open": ([], "end")},
        {"open": ([], "a"), "stay": (["a"], "=")},
        {"open": ([], "a"), "go": (["a"], "b"), "back": (["b"], "a"), "stop": (["b"], "end")},
        {"open": ([], "b"), "up": (["b"], "a"), "stop": (["a"], "end")},
        {
            "open": ([], "a"),
            "hold": (["a"], "side"),
            "free": (["side"], "^hold"),
            "stop": (["a", "side"], "end"),
        },
    ],
)
def test_small_and_odd_flows_are_drawn_too(moves):
    assert chart(kind_of(**moves)).startswith("<svg")


def test_markup_in_words_is_only_words(kind):
    evil = kind.title.model_copy(update={"zh": '<script>&"'})
    svg = chart(kind.model_copy(update={"title": evil}))
    assert "<script>" not in svg
    assert parsed(svg).find(f"{SVG}title") is not None


def test_it_is_the_same_every_time(kind):
    assert chart(kind) == chart(kind)
    assert re.search(r"\bNaN\b|\binf\b", chart(kind)) is None


@pytest.mark.parametrize(
    ("text", "limit", "lines"),
    [
        ("督办办结，说明情况", 60, ["督办办结，", "说明情况"]),
        ("不满意", 200, ["不满意"]),
        ("Not satisfied: reopen", 70, ["Not", "satisfied:", "reopen"]),
        ("", 10, []),
        ("一二三四", 22, ["一二", "三四"]),
    ],
)
def test_words_break_where_a_reader_expects(text, limit, lines):
    assert wrap(text, 11, limit) == lines
