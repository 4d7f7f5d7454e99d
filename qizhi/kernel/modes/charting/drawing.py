"""A laid-out chart as SVG: only presentation attributes, one title and one description for screen readers."""

from collections.abc import Iterable
from html import escape

from ..schema import Kind
from . import graph
from .graph import Tone
from .layout import LINE, SMALL, TITLE, Arrow, Box, Sheet
from .lettering import FONT, width, wrap
from .wires import LETTER, Wire

_INK, _FAINT = "#1d2733", "#52606d"
_LINES: dict[Tone, tuple[str, str]] = {
    "main": ("#1c5a9c", ""),
    "plain": ("#5c6975", ""),
    "danger": ("#b3362b", ""),
    "clock": ("#5c6975", "5 3"),
}
# Fill and edge of a box by the tone of its state; the edges differ in darkness too, for a print without colour.
_BOXES = {
    "new": ("#e8f1fb", "#2f6fb3"),
    "busy": ("#fff6dc", "#b98a12"),
    "wait": ("#f1ebf8", "#7a5aa8"),
    "warn": ("#fdebe3", "#c2592c"),
    "done": ("#e6f4e8", "#3b8a4c"),
    "ended": ("#eef0f2", "#5c6975"),
}
_LEGEND: tuple[tuple[Tone, str, str], ...] = (
    ("main", "主要步骤", "main step"),
    ("plain", "其他步骤", "other step"),
    ("danger", "退出或退回", "way out or back"),
    ("clock", "系统自动", "by the clock"),
)


def draw(sheet: Sheet, language: str) -> str:
    """Return the SVG text of `sheet`."""
    foot = _foot(sheet, language)
    height = sheet.body + foot[1]
    name = f"flow-{sheet.kind.name}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(sheet.width)} {_n(height)}" '
        f'width="{_n(sheet.width)}" height="{_n(height)}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" font-family="{escape(FONT)}" lang="{_lang(language)}">',
        f'<title id="{name}-title">{escape(_title(sheet.kind, language))}</title>',
        f'<desc id="{name}-desc">{escape(_described(sheet.kind, language))}</desc>',
        f"<defs>{''.join(_marker(name, tone) for tone in _LINES)}</defs>",
        f'<rect width="{_n(sheet.width)}" height="{_n(height)}" fill="#ffffff"/>',
        _text(18, 30, _title(sheet.kind, language), 18, weight="bold"),
        *(_wire(sheet, number, wire, name, language) for number, wire in enumerate(sheet.wires)),
        *(_arrow(arrow, name, is_first=number == 0) for number, arrow in enumerate(sheet.arrows)),
        *(_box(box, language) for box in sheet.boxes.values()),
        *(_wire_words(sheet, number, wire) for number, wire in enumerate(sheet.wires)),
        foot[0],
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _title(kind: Kind, language: str) -> str:
    title = kind.title.say(language)
    return f"{title}: flow chart" if language.startswith("en") else f"{title}流程图"


def _described(kind: Kind, language: str) -> str:
    """The chart in words: every state with the steps that lead on from it."""
    english = language.startswith("en")
    sentences = []
    for state in kind.states.values():
        steps = [
            f"{one.title.say(language)}→{'/'.join(kind.states[to].title.say(language) for to in link.targets)}"
            for link in graph.links(kind)
            if state.name in link.sources
            for one in link.transitions
        ]
        joint = "; " if english else "；"
        end = (" (end)" if english else "（结束）") if state.end else ""
        name = f"{state.title.say(language)}{end}"
        sentences.append(f"{name}: {joint.join(steps)}" if steps else name)
    return (". " if english else "。").join(sentences)


def _lang(language: str) -> str:
    return "en" if language.startswith("en") else "zh-Hans"


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(
    x: float, y: float, text: str, size: float, *, fill: str = _INK, weight: str = "", anchor: str = ""
) -> str:
    extra = (f' font-weight="{weight}"' if weight else "") + (f' text-anchor="{anchor}"' if anchor else "")
    return f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" fill="{fill}"{extra}>{escape(text)}</text>'


def _marker(name: str, tone: Tone) -> str:
    return (
        f'<marker id="{name}-{tone}" viewBox="0 0 8 8" refX="7.2" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0.5 0.8 L7.5 4 L0.5 7.2 Z" fill="{_LINES[tone][0]}"/></marker>'
    )


def _path(points: str, tone: Tone, *, arrow: str = "", wide: float = 1.5) -> str:
    colour, dashes = _LINES[tone]
    extra = (f' stroke-dasharray="{dashes}"' if dashes else "") + (
        f' marker-end="url(#{arrow}-{tone})"' if arrow else ""
    )
    return f'<path d="{points}" fill="none" stroke="{colour}" stroke-width="{_n(wide)}"{extra}/>'


def _arrow(arrow: Arrow, name: str, *, is_first: bool) -> str:
    parts = [
        _path(f"M{_n(arrow.x)} {_n(arrow.top)} V{_n(arrow.bottom - 1)}", arrow.tone, arrow=name, wide=2.2)
    ]
    if is_first:
        parts.append(f'<circle cx="{_n(arrow.x)}" cy="{_n(arrow.top - 5)}" r="6" fill="{_INK}"/>')
    start = (arrow.top + arrow.bottom) / 2 - LINE * len(arrow.words) / 2 + 9
    parts += [
        _text(arrow.x + 9, start + LINE * place, word, 12, fill=_LINES[arrow.tone][0])
        for place, word in enumerate(arrow.words)
    ]
    return "".join(parts)


def _wire(sheet: Sheet, number: int, wire: Wire, name: str, language: str) -> str:
    """The rail with its taps; a dot where a tap meets the rail between its ends, arrowheads at the targets."""
    tone = wire.link.tone
    bend = min(_ROUND, (wire.bottom - wire.top) / 2)
    parts = []
    for state, height in wire.ports.items():
        tap = sheet.taps[number, state]
        is_target = state in wire.link.targets
        inwards = 1 if tap > wire.x else -1
        end = tap - inwards if is_target else tap
        start = _corner(wire, height, inwards, bend)
        parts.append(_path(f"{start} H{_n(end)}", tone, arrow=name if is_target else ""))
        if wire.top < height < wire.bottom:
            parts.append(f'<circle cx="{_n(wire.x)}" cy="{_n(height)}" r="2.6" fill="{_LINES[tone][0]}"/>')
    parts.append(_path(f"M{_n(wire.x)} {_n(wire.top + bend)} V{_n(wire.bottom - bend)}", tone))
    return f"<g>{_hover(wire, language)}{''.join(parts)}</g>"


_ROUND = 5.0


def _corner(wire: Wire, height: float, inwards: int, bend: float) -> str:
    """The beginning of a tap at the rail: rounded at the rail's ends, straight between them."""
    x, aside = _n(wire.x), _n(wire.x + inwards * bend)
    if height == wire.top:
        return f"M{x} {_n(height + bend)} Q{x} {_n(height)} {aside} {_n(height)}"
    if height == wire.bottom:
        return f"M{x} {_n(height - bend)} Q{x} {_n(height)} {aside} {_n(height)}"
    return f"M{x} {_n(height)}"


def _hover(wire: Wire, language: str) -> str:
    joint = ", " if language.startswith("en") else "、"
    return f"<title>{escape(joint.join(one.title.say(language) for one in wire.link.transitions))}</title>"


def _wire_words(sheet: Sheet, number: int, wire: Wire) -> str:
    """The words of a wire, above its tap, beside the state at which they stand."""
    tap, height = sheet.taps[number, wire.worded], wire.ports[wire.worded]
    is_target = wire.worded in wire.link.targets
    x = tap - (13 if is_target else 5)
    first = height - 4 - LETTER * (len(wire.words) - 1)
    colour = _LINES[wire.link.tone][0]
    return "".join(
        _text(x, first + LETTER * place, word, SMALL, fill=colour, anchor="end")
        for place, word in enumerate(wire.words)
    )


def _box(box: Box, language: str) -> str:
    fill, edge = _BOXES[box.state.tone]
    x, y, wide, high = box.x, box.y, box.width, box.height
    parts = [f"<title>{escape(box.state.public.say(language))}</title>"]
    parts.append(_rect((x, y, wide, high), bend=9, fill=fill, edge=edge, thick=1.6))
    if box.state.end:
        inner = (x + 3.5, y + 3.5, wide - 7, high - 7)
        parts.append(_rect(inner, bend=6, fill="none", edge=edge, thick=1))
    centre = x + wide / 2
    top = y + (high - 19 * len(box.title) - LINE * len(box.lines)) / 2
    parts += [
        _text(centre, top + 15 + 19 * place, line, TITLE, weight="bold", anchor="middle")
        for place, line in enumerate(box.title)
    ]
    below = top + 19 * len(box.title)
    parts += [
        _text(centre, below + 11 + LINE * place, line, SMALL, fill=_FAINT, anchor="middle")
        for place, line in enumerate(box.lines)
    ]
    return f"<g>{''.join(parts)}</g>"


def _rect(box: tuple[float, float, float, float], *, bend: float, fill: str, edge: str, thick: float) -> str:
    x, y, wide, high = map(_n, box)
    return (
        f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" rx="{_n(bend)}" '
        f'fill="{fill}" stroke="{edge}" stroke-width="{_n(thick)}"/>'
    )


def _foot(sheet: Sheet, language: str) -> tuple[str, float]:
    """The legend and the steps that leave the state as it is; with its height."""
    english = language.startswith("en")
    y = sheet.body + 12
    parts = [*_legend(sheet, y, english)]
    if sheet.staying:
        joint, head = (
            (", ", "Steps that leave the state as it is: ") if english else ("、", "不改变状态的步骤：")
        )
        lines = wrap(head + joint.join(sheet.staying), SMALL, sheet.width - 36)
        y += 10
        for line in lines:
            y += 16
            parts.append(_text(18, y, line, SMALL, fill=_FAINT))
    return "".join(parts), y + 18 - sheet.body


def _legend(sheet: Sheet, y: float, english: bool) -> Iterable[str]:
    used = {arrow.tone for arrow in sheet.arrows} | {wire.link.tone for wire in sheet.wires}
    x = 18.0
    for tone, *words in _LEGEND:
        if tone in used:
            word = words[english]
            yield _path(f"M{_n(x)} {_n(y - 4)} H{_n(x + 26)}", tone, wide=2)
            yield _text(x + 32, y, word, SMALL, fill=_FAINT)
            x += 50 + width(word, SMALL)
    yield _rect((x, y - 12, 22, 15), bend=4, fill="none", edge=_FAINT, thick=1.2)
    yield _rect((x + 2.5, y - 9.5, 17, 10), bend=2.5, fill="none", edge=_FAINT, thick=0.8)
    yield _text(x + 29, y, "end" if english else "结束", SMALL, fill=_FAINT)
