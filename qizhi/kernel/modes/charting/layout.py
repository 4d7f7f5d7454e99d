"""Where everything of a chart stands: boxes, lines and their words, in pixels from the top left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..schema import Kind, State, Transition
from . import graph
from .graph import Link, Tone
from .lettering import width, wrap
from .wires import Wire, give_slots, settle
from .words import box_lines

TITLE, SMALL, LINE = 15.0, 11.0, 14.0
_SPINE_WIDTH, _SIDE_WIDTH = 200.0, 158.0
_MARGIN, HEAD = 18.0, 54.0
_WORDS = 124.0
_SIDE_GAP, _SPINE_GAP = 22.0, 38.0
_SLOT = 12.0


@dataclass
class Box:
    """A state: its words, and where it stands."""

    state: State
    title: list[str]
    lines: list[str]
    width: float
    height: float
    x: float = 0.0
    y: float = 0.0

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Arrow:
    """A straight arrow of the main way, downwards, with the titles of its steps."""

    x: float
    top: float
    bottom: float
    tone: Tone
    words: tuple[str, ...]


@dataclass
class Sheet:
    """A chart that is laid out and only needs to be drawn; `taps` gives the x at which wires meet each state."""

    kind: Kind
    boxes: dict[str, Box]
    arrows: list[Arrow] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    taps: dict[tuple[int, str], float] = field(default_factory=dict)
    staying: list[str] = field(default_factory=list)
    width: float = 0.0
    body: float = 0.0


def lay_out(kind: Kind, language: str) -> Sheet:
    """Return the chart of `kind` with every place worked out."""
    main = graph.spine(kind)
    straight, rest = graph.along(main, graph.links(kind))
    boxes = {name: _box(kind, state, language, is_main=name in main) for name, state in kind.states.items()}
    jumps = [_wire(link, main, language) for link in rest if set(link.ends) <= set(main)]
    detours = [_wire(link, main, language) for link in rest if not set(link.ends) <= set(main)]
    _make_room(boxes, jumps)
    _make_room(boxes, detours)
    sheet = Sheet(kind, boxes, wires=[*jumps, *detours])
    _stand_main(sheet, main, straight, language)
    _stand_side(sheet, main, detours)
    for _ in range(2):
        _give_ports(boxes, jumps)
        _give_ports(boxes, detours)
    settle(detours, set(main))
    _across(sheet, main, jumps, detours)
    sheet.staying = [one.title.say(language) for one in graph.staying(kind)]
    sheet.body = max(box.y + box.height for box in boxes.values()) + _MARGIN
    return sheet


def _box(kind: Kind, state: State, language: str, *, is_main: bool) -> Box:
    wide = _SPINE_WIDTH if is_main else _SIDE_WIDTH
    title = wrap(state.title.say(language), TITLE, wide - 24)
    lines = [part for line in box_lines(kind, state, language) for part in wrap(line, SMALL, wide - 20)]
    return Box(state, title, lines, wide, 16 + 19 * len(title) + LINE * len(lines))


def _wire(link: Link, main: Sequence[str], language: str) -> Wire:
    words = [part for one in link.transitions for part in wrap(one.title.say(language), SMALL, _WORDS)]
    beside = [name for name in (*link.targets, *link.sources) if name not in main]
    return Wire(link, words, beside[0] if beside else link.targets[0])


def _make_room(boxes: dict[str, Box], wires: Sequence[Wire]) -> None:
    """Make boxes high enough for the ports of one side."""
    for name, box in boxes.items():
        ports = sum(wire.room(name) for wire in wires if name in wire.link.ends)
        box.height = max(box.height, ports + 12)


def _stand_main(
    sheet: Sheet, main: Sequence[str], straight: dict[str, list[Transition]], language: str
) -> None:
    """Stand the boxes of the main way below each other, with room for the words of the steps between."""
    first = [sheet.kind.opening] if main else []
    y = HEAD + 14
    for before, name in zip([None, *main], main, strict=False):
        steps = first if before is None else straight.get(before, [])
        words = tuple(part for one in steps for part in wrap(one.title.say(language), 12, 122))
        bottom = y + max(_SPINE_GAP, LINE * len(words) + 16)
        tone = Link(tuple(steps), (), ()).tone if steps and before is not None else "main"
        sheet.arrows.append(Arrow(_SPINE_WIDTH / 2, y, bottom, tone, words))
        sheet.boxes[name].y = bottom
        y = bottom + sheet.boxes[name].height


def _stand_side(sheet: Sheet, main: Sequence[str], wires: Sequence[Wire]) -> None:
    """Stand the other boxes as near as they can be to the states that they are linked with, none on another."""
    wanted: dict[str, float] = {}
    for name, box in sheet.boxes.items():
        if name in main:
            continue
        near = [sheet.boxes[end].middle for wire in wires if name in wire.link.ends for end in wire.link.ends]
        heights = [height for height, end in zip(near, _ends(wires, name), strict=True) if end in main]
        wanted[name] = (sum(heights) / len(heights) if heights else HEAD) - box.height / 2
    order = sorted(wanted, key=lambda name: wanted[name])
    tops = _spread([wanted[name] for name in order], [sheet.boxes[name].height + _SIDE_GAP for name in order])
    for name, top in zip(order, tops, strict=True):
        sheet.boxes[name].y = top


def _ends(wires: Sequence[Wire], name: str) -> list[str]:
    return [end for wire in wires if name in wire.link.ends for end in wire.link.ends]


def _spread(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Move tops apart as little as possible, in order, so that each has its height; none above the head.

    This is isotonic regression by pooling neighbours: boxes that would overlap move as one block to their mean.
    """
    offsets = [sum(heights[:place]) for place in range(len(heights))]
    blocks: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        mean, size = want - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, others = blocks.pop()
            mean, size = (mean * size + other * others) / (size + others), size + others
        blocks.append((mean, size))
    bases = [max(mean, HEAD) for mean, size in blocks for _ in range(size)]
    return [base + offset for base, offset in zip(bases, offsets, strict=True)]


def _give_ports(boxes: dict[str, Box], wires: Sequence[Wire]) -> None:
    """Give each wire its port at each of its states: those that go up above those that go down."""
    for name, box in boxes.items():
        here = [wire for wire in wires if name in wire.link.ends]
        here.sort(key=lambda wire: _pull(wire, name, boxes))
        y = box.middle - sum(wire.room(name) for wire in here) / 2
        for wire in here:
            room = wire.room(name)
            wire.ports[name] = y + (room - 4 if name == wire.worded else room / 2)
            y += room


def _pull(wire: Wire, name: str, boxes: dict[str, Box]) -> float:
    """Where a wire comes from, seen from one of its states."""
    others = [wire.ports.get(end, boxes[end].middle) for end in wire.link.ends if end != name]
    return sum(others) / len(others) if others else boxes[name].middle


def _across(sheet: Sheet, main: Sequence[str], jumps: list[Wire], detours: list[Wire]) -> None:
    """Stand everything from left to right: rails of jumps, their words, main way, rails, words, other states."""
    left_slots = give_slots(jumps, set(main))
    right_slots = give_slots(detours, set(main))
    left_words = _widest(jumps)
    left = _MARGIN + left_slots * _SLOT + left_words
    right = left + _SPINE_WIDTH
    rails = right + 16
    side = rails + right_slots * _SLOT + _widest(detours) + 10
    for name, box in sheet.boxes.items():
        box.x = left if name in main else side
    sheet.arrows = [Arrow(left + one.x, one.top, one.bottom, one.tone, one.words) for one in sheet.arrows]
    for wire in jumps:
        wire.x = left - left_words - (wire.slot + 0.5) * _SLOT
    for wire in detours:
        wire.x = rails + (wire.slot + 0.5) * _SLOT
    for number, wire in enumerate(sheet.wires):
        for name in wire.link.ends:
            box = sheet.boxes[name]
            is_right = wire in detours and name in main
            sheet.taps[number, name] = box.x + box.width if is_right else box.x
    has_side = any(name not in main for name in sheet.boxes)
    sheet.width = (side + _SIDE_WIDTH if has_side else right) + _MARGIN


def _widest(wires: Iterable[Wire]) -> float:
    return max((width(word, SMALL) + 22 for wire in wires for word in wire.words), default=0.0)
