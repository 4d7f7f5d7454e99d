"""How well like and unlike are told apart, in numbers, on the invented messages of the county."""

import csv
from itertools import combinations
from pathlib import Path

import pytest

from qizhi.governance.triage.likeness import NEAR_METRES, Rarity, metres_between, pairs_of
from qizhi.governance.triage.queries import ALIKE_HERE, ALIKE_IN_TOWN, NEAR_FACTOR

REQUESTS = Path(__file__).resolve().parents[4] / "modes" / "qishan-12521" / "demo" / "requests.csv"

# Two messages that say themselves that they are about a thing brought before, without the story of a duplicate.
SAY_SO_THEMSELVES = {"q225": "q181", "q226": "q132"}

# The same thing in other words, as a neighbour would say it, beside the message that it is about.
IN_OTHER_WORDS = [
    ("q181", "村口到东堡子小学那段路灯坏了好几个，孩子放学路上黑得很，请尽快修"),
    ("q163", "南河滩生产路旁边又有人倒建筑垃圾，碎砖头一大堆，还有涂料桶"),
    ("q192", "和顺家园3号楼暖气不热，屋里13度，老人受不了"),
    ("q132", "柳家庄五组晚上电压太低，电饭锅都煮不熟饭，要求换变压器"),
    ("q001", "望塬小区1单元暖气管爆裂，楼道结冰，没人管"),
    ("q086", "翠竹园2号楼电梯又停了，把人关在里头，物业不接电话"),
    ("q152", "福临小区物业公共收益不公开，地下车库漏水没人修"),
    ("q144", "三组巷口的路灯不亮，麻烦修修"),
    ("q136", "蒲村到县城的末班车太早了，六点下班回不了家"),
    ("q140", "楼上卫生间漏水，把我家厨房吊顶泡了，找物业不管"),
    ("q186", "停水不提前通知，早上才贴出来，没法存水"),
    ("q220", "龚刘村沟边巷路灯坏了没人修"),
    ("q182", "垃圾车四点半就来收垃圾，吵得人睡不着"),
    ("q214", "村里大喇叭早上五点半就喊，能不能晚点"),
    ("q210", "楼上装修周末七点就开电钻，影响休息"),
]


def _rows() -> list[dict[str, str]]:
    with REQUESTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = {row["key"]: row for row in _rows()}
PAIRS = {key: pairs_of(f"{row['title']} {row['address']} {row['text']}") for key, row in ROWS.items()}


def _thing(key: str) -> str:
    """Return what a message is about: the key of the first message about it."""
    story, _, first = ROWS[key]["story"].partition(":")
    return first if story == "duplicate" else SAY_SO_THEMSELVES.get(key, key)


def _in_town(town: str) -> list[str]:
    return [key for key, row in ROWS.items() if row["region"][:9] == town]


def _is_near(one: str, other: str) -> bool:
    points = [(ROWS[key]["lon"], ROWS[key]["lat"]) for key in (one, other)]
    if not all(lon and lat for lon, lat in points):
        return False
    return metres_between(*((float(lon), float(lat)) for lon, lat in points)) <= NEAR_METRES


def _judged() -> list[tuple[str, str, bool, bool]]:
    """Return every pair of messages of one town: the keys, whether it is the same thing, whether it is found."""
    judged = []
    for town in sorted({row["region"][:9] for row in ROWS.values() if len(row["region"]) > 6}):
        keys = _in_town(town)
        rarity = Rarity(PAIRS[key] for key in keys)
        for one, other in combinations(keys, 2):
            near = _is_near(one, other)
            score = rarity.likeness(PAIRS[one], PAIRS[other]) * (NEAR_FACTOR if near else 1)
            places = {ROWS[key]["region"] for key in (one, other)}
            here = near or (len(places) == 1 and len(min(places)) == 12)
            found = score >= (ALIKE_HERE if here else ALIKE_IN_TOWN)
            judged.append((one, other, _thing(one) == _thing(other), found))
    return judged


def test_nine_in_ten_pairs_of_one_thing_are_found_and_nearly_nothing_else():
    judged = _judged()
    same = [pair for pair in judged if pair[2]]
    found = [pair for pair in judged if pair[3]]
    right = [pair for pair in found if pair[2]]
    recall, precision = len(right) / len(same), len(right) / len(found)
    assert len(same) == 13
    assert recall >= 0.9, f"recall {recall:.2f}, missed {[p[:2] for p in same if not p[3]]}"
    assert precision >= 0.9, f"precision {precision:.2f}, wrong {[p[:2] for p in found if not p[2]]}"


@pytest.mark.parametrize(("key", "text"), IN_OTHER_WORDS)
def test_the_same_thing_in_other_words_comes_first(key, text):
    keys = _in_town(ROWS[key]["region"][:9])
    rarity = Rarity(PAIRS[one] for one in keys)
    scores = {one: rarity.likeness(pairs_of(text), PAIRS[one]) for one in keys}
    about = {one for one in keys if _thing(one) == _thing(key)}
    is_of_a_village = len(ROWS[key]["region"]) == 12
    assert max(scores, key=scores.__getitem__) in about
    assert scores[key] >= (ALIKE_HERE if is_of_a_village else ALIKE_IN_TOWN)
    strangers = [
        score
        for one, score in scores.items()
        if one not in about and ROWS[one]["region"] != ROWS[key]["region"]
    ]
    assert max(strangers, default=0) < ALIKE_IN_TOWN


@pytest.mark.parametrize("text", ["", "路灯", "请尽快处理，谢谢", "漏水", "13812345678", "。。。"])
def test_a_word_or_two_finds_nothing(text):
    rarity = Rarity(PAIRS.values())
    assert max(rarity.likeness(pairs_of(text), pairs) for pairs in PAIRS.values()) < ALIKE_HERE


def test_polite_words_and_masks_do_not_count():
    assert pairs_of("您好，麻烦尽快处理，电话138****5678，谢谢领导！") == frozenset({"电话"})


def test_only_the_beginning_of_a_long_letter_is_read():
    assert pairs_of("井盖" + "好" * 400 + "路灯") == pairs_of("井盖" + "好" * 398)


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((107.62, 34.44), (107.62, 34.44), 0),
        ((107.62, 34.44), (107.62, 34.449), 1002),
        ((107.62, 34.44), (107.631, 34.44), 1010),
    ],
)
def test_distances_within_a_county(one, other, metres):
    assert metres_between(one, other) == pytest.approx(metres, abs=5)
