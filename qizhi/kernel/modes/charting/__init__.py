"""Flow charts: each kind of matter as one self-contained SVG, drawn from its declaration. Pure: no Django."""

from ..schema import Kind
from .drawing import draw
from .layout import lay_out


def chart(kind: Kind, language: str = "zh") -> str:
    """Return the flow chart of `kind` as SVG text.

    The way that most matters go stands in the middle, from top to bottom; the states beside it stand on the right;
    lines that leave the middle gather the states from which a step can be taken. No script and no style: colours are
    presentation attributes, so that the strictest content policy lets it through. Words are in `language` (``zh``
    or ``en``).
    """
    return draw(lay_out(kind, language), language)


__all__ = ["chart"]
