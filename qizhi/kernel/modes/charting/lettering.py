"""How wide text is, and where it breaks, without a font at hand: a Chinese sign is as wide as it is high."""

import unicodedata

FONT = "system-ui, 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"


def width(text: str, size: float) -> float:
    """Return the width of `text` in pixels at font size `size`, a little generous."""
    return sum(size if _is_wide(sign) else size * 0.56 for sign in text)


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WFA"


def wrap(text: str, size: float, limit: float) -> list[str]:
    """Break `text` into lines no wider than `limit` pixels: between words, and between any two Chinese signs."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and width((line + piece).rstrip(), size) > limit:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """Words with the space behind them; each Chinese sign alone, together with a mark that may not begin a line."""
    pieces: list[str] = []
    for sign in text:
        joins = pieces and (
            sign in "，。、：；）！？”"
            or (not _is_wide(sign) and not _is_wide(pieces[-1][-1]) and pieces[-1][-1] != " ")
        )
        if joins or (sign == " " and pieces):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces
