"""A kind of matter explained: its states, promises with their law, roles, and its flow chart."""

from functools import lru_cache

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qizhi.faces.words import said
from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.modes.charting.drawing import draw
from qizhi.kernel.modes.charting.layout import Box, lay_out
from qizhi.kernel.modes.schema import Kind, Mode, Transition
from qizhi.kernel.modes.store import current_number, kind_at, mode_at

from .door import staff


@require_safe
@staff
def kind(request: ActorRequest, name: str) -> HttpResponse:
    """Show what a kind of matter is and how it goes.

    Raises:
        Http404: the mode in force has no such kind.
    """
    number = current_number()
    mode = mode_at(number)
    if name not in mode.kinds:
        raise Http404
    declared = mode.kinds[name]
    context = {
        "kind": declared,
        "states": [(state, _leaving(declared, state.name)) for state in declared.states.values()],
        "clocks": list(declared.clocks.values()),
        "roles": _roles(declared, mode),
        "chart": drawn(number, name, get_language() or "zh", ""),
    }
    return render(request, "desk/kind.html", context)


@require_safe
@staff
def chart(request: ActorRequest, name: str) -> HttpResponse:
    """Give the chart of a kind in one version of the mode, with one state marked as the present one.

    Raises:
        Http404: that version has no such kind.
    """
    given = request.GET.get("mode", "")
    number = min(int(given), current_number()) if given.isascii() and given.isdigit() else current_number()
    if number < 1 or name not in mode_at(number).kinds:
        raise Http404
    here = request.GET.get("here", "")
    drawing = drawn(
        number, name, get_language() or "zh", here if here in kind_at(number, name).states else ""
    )
    return render(request, "desk/_chart.html", {"chart": drawing, "kind": kind_at(number, name)})


def _leaving(kind: Kind, state: str) -> list[Transition]:
    found = [step for step in kind.transitions.values() if state in step.source_states]
    return sorted(found, key=lambda step: step.order)


def _roles(kind: Kind, mode: Mode) -> list[tuple[str, str, list[Transition]]]:
    """Return each role with its duty and the steps that it takes, in the order of the mode."""
    found = []
    for key, role in mode.roles.items():
        steps = [step for step in kind.transitions.values() if key in step.by]
        if steps:
            found.append((said(role.title), said(role.duty), steps))
    return found


@lru_cache(maxsize=64)
def drawn(number: int, name: str, language: str, here: str) -> SafeString:
    """Return the chart as an SVG drawing; versions never change, so it is drawn once for each state."""
    sheet = lay_out(kind_at(number, name), language)
    text = draw(sheet, language)
    if here in sheet.boxes:
        text = text.replace("</svg>", f"{_mark(sheet.boxes[here])}</svg>")
    return mark_safe(text)  # noqa: S308 - drawn by ourselves from the pack, every text in it escaped


def _mark(box: Box) -> str:
    """Return a thick frame around the box of the present state, and a word that says so without colour."""
    x, y, wide, high = box.x - 4, box.y - 4, box.width + 8, box.height + 8
    word = _("现在在这里")
    return (
        f'<g><rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="12" fill="none" '
        f'stroke="#bf3b22" stroke-width="4"/><rect x="{x:.1f}" y="{y - 20:.1f}" width="86" height="20" rx="4" '
        f'fill="#bf3b22"/><text x="{x + 43:.1f}" y="{y - 5:.1f}" font-size="13" fill="#ffffff" font-weight="bold" '
        f'text-anchor="middle">{word}</text></g>'
    )
