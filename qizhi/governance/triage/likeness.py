"""How alike two citizens' texts are, and how near two places. Pure: no Django.

Two messages about one thing share few whole phrases but some rare words: the name of a compound, of a road, of what
is broken. So pairs of characters are compared, rare ones counting more, after polite and empty words are taken out.
On the invented near-duplicates of the county this parted same from other better than the edit ratios of rapidfuzz
(`ratio`, `partial_ratio`, `WRatio`, `token_set_ratio`), for which pairs of one matter scored as low as strangers.

**Source:** `modes/qishan-12521/demo/requests.csv`; the figures are in `tests/test_likeness.py`.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable

# What nearly every message says, whatever it is about.
_EMPTY = re.compile(
    "麻烦|希望|尽快|处理|解决|反映|谢谢|您好|你好|领导|我们|这个|一个|没有|现在|已经|有人|天天|请问|请派人|能不能|什么|怎么"
    "|昨天|昨晚|今天|今早|夜里|晚上|早上|几天|的|了|是|在|我|就|都|也|还|请|有|到|不"
)
_SIGNS = re.compile(r"[\W_]+")
_MASK = re.compile(r"[0-9*]*\*{2,}[0-9*]*")
# The beginning says what it is about; the rest of a long letter only blurs it.
READ_SIGNS = 400
# In fewer words than this, sharing half of them says little.
SHORT_PAIRS = 16

_METRES_PER_DEGREE = 111_320
NEAR_METRES = 300


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of characters of `text`, across no sign and no empty word; a word of one character is itself."""
    plain = _EMPTY.sub(" ", _SIGNS.sub(" ", _MASK.sub(" ", text[:READ_SIGNS].lower())))
    return frozenset(pair for word in plain.split() for pair in ([word] if len(word) == 1 else _pairs(word)))


def _pairs(word: str) -> Iterable[str]:
    return (word[at : at + 2] for at in range(len(word) - 1))


class Rarity:
    """How much a pair of characters tells, learnt from the messages that are compared."""

    def __init__(self, texts: Iterable[frozenset[str]]) -> None:
        self._found: Counter[str] = Counter()
        self._count = 0
        for pairs in texts:
            self._found.update(pairs)
            self._count += 1

    def weight(self, pairs: Iterable[str]) -> float:
        """Return the weight of all `pairs` together: the fewer messages hold a pair, the more it weighs."""
        return sum(math.log((self._count + 2) / (self._found[pair] + 1)) + 0.3 for pair in pairs)

    def likeness(self, one: frozenset[str], other: frozenset[str]) -> float:
        """Return 0 (nothing shared) to 100 (the same): half what both share, half what the shorter one shares."""
        shared = self.weight(one & other)
        if not shared:
            return 0.0
        least = SHORT_PAIRS * shared / len(one & other)
        mine, theirs = max(self.weight(one), least), max(self.weight(other), least)
        return 50 * (2 * shared / (mine + theirs) + shared / min(mine, theirs))


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points (lon, lat in degrees, WGS84) in metres; good enough within a county."""
    across = (one[0] - other[0]) * _METRES_PER_DEGREE * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(across, (one[1] - other[1]) * _METRES_PER_DEGREE)
