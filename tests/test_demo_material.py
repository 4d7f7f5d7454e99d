"""The invented demonstration material of Qishan: complete, varied, and in step with the packs."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from shapely.geometry import Point, shape
from stdnum.cn import ric

MODES = Path(__file__).resolve().parents[1] / "modes"
DEMO = MODES / "qishan-12521" / "demo"

COLUMNS = [
    *("key", "channel", "category", "region", "title", "text", "address", "lon", "lat"),
    *("reporter_name", "reporter_phone", "is_anonymous", "urgency", "story", "days_ago", "hour"),
]
STORIES = {
    *("new", "triaged", "dispatched", "objected", "in_progress", "suspended", "extended", "joint"),
    *("concluded", "replied", "revisited", "archived", "reopened", "supervised", "withdrawn"),
    *("not_accepted", "duplicate", "overdue", "escalated"),
}
USES = {
    *("triage_note", "dispatch_note", "accept_note", "progress_note", "conclusion", "reply"),
    *("revisit_comment", "objection_reason", "ruling", "extension_reason", "suspension_reason"),
    *("not_accepted_reason", "redirect_door", "withdrawal_reason", "reopen_reason"),
    *("supervise_note", "question", "answer"),
}
OUTCOMES = {"unsatisfied", "unreached", "upheld", "rejected"}
CHANNELS = {"window", "phone", "web", "grid", "letter", "leader_board"}
PHONE = re.compile(r"(?<!\d)1990000\d{4}(?!\d)")
IDENTITY = re.compile(r"(?<!\d)610323\d{11}[\dX](?!\d)")


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


REQUESTS = rows(DEMO / "requests.csv")
VOICES = rows(DEMO / "voices.csv")
CATEGORIES = rows(MODES / "national" / "categories.csv")


def story(row: dict[str, str]) -> str:
    """Return how a request went, without the key that a duplicate points to."""
    return row["story"].partition(":")[0]


def repeated(values: list[str]) -> list[str]:
    """Return what stands in a list more than once."""
    return [value for value, count in Counter(values).items() if count > 1]


@pytest.mark.parametrize("name", ["demo/requests.csv", "demo/voices.csv", "../national/categories.csv"])
def test_a_file_is_plain_utf8_with_lf(name):
    data = (MODES / "qishan-12521" / name).read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert data.decode("utf-8").endswith("\n")


# ── The categories ───────────────────────────────────────────────────────────────────────────────────


def test_category_codes_are_stable_words_below_their_parent():
    codes = {row["code"] for row in CATEGORIES}
    assert len(codes) == len(CATEGORIES)
    for row in CATEGORIES:
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", row["code"])
        assert row["parent"] == (row["code"].partition(".")[0] if "." in row["code"] else "")
        assert not row["parent"] or row["parent"] in codes
        assert row["zh"]
        assert row["en"]


def test_a_category_has_three_to_six_below_it():
    first = [row["code"] for row in CATEGORIES if not row["parent"]]
    below = Counter(row["parent"] for row in CATEGORIES if row["parent"])
    assert len(first) == 15
    assert set(below) == set(first)
    assert all(3 <= count <= 6 for count in below.values()), below


def test_category_names_are_told_apart():
    assert not repeated([row["zh"] for row in CATEGORIES])
    assert not repeated([row["en"] for row in CATEGORIES])


# ── The requests ─────────────────────────────────────────────────────────────────────────────────────


def test_there_are_enough_requests_each_with_a_key_of_its_own():
    assert list(REQUESTS[0]) == COLUMNS
    assert len(REQUESTS) >= 140
    assert not repeated([row["key"] for row in REQUESTS])


def test_no_text_and_no_title_is_told_twice():
    assert not repeated([row["text"] for row in REQUESTS])
    assert not repeated([row["title"] for row in REQUESTS])


def test_every_column_holds_what_the_kind_takes():
    for row in REQUESTS:
        assert row["channel"] in CHANNELS, row["key"]
        assert row["urgency"] in {"normal", "urgent", "emergency"}, row["key"]
        assert row["is_anonymous"] in {"true", "false"}, row["key"]
        assert 0 < len(row["title"]) <= 120, row["key"]
        assert 0 <= int(row["days_ago"]) <= 300, row["key"]
        assert 7 <= int(row["hour"]) <= 22, row["key"]
    assert {row["channel"] for row in REQUESTS} == CHANNELS


def test_every_category_is_declared_and_every_first_level_is_seen():
    declared = {row["code"] for row in CATEGORIES}
    used = {row["category"] for row in REQUESTS}
    assert used <= declared
    assert {code.partition(".")[0] for code in used} == {code for code in declared if "." not in code}


def test_every_place_is_one_of_the_pack():
    places = {row["code"]: row["level"] for row in rows(MODES / "qishan-12521" / "regions.csv")}
    used = {row["region"] for row in REQUESTS}
    assert used <= set(places)
    assert {code[:9] for code in used if len(code) >= 9} == {
        c for c, level in places.items() if level == "town"
    }
    assert sum(len(code) == 12 for code in used) >= 60
    assert {len(code) for code in used} == {6, 9, 12}


def test_points_lie_in_the_county():
    outline = json.loads((MODES / "qishan-12521" / "outline.geojson").read_text(encoding="utf-8"))
    county = next(f for f in outline["features"] if f["geometry"]["type"] != "Point")
    area = shape(county["geometry"])
    placed = [row for row in REQUESTS if row["lon"] or row["lat"]]
    outside = [row["key"] for row in placed if not area.contains(Point(float(row["lon"]), float(row["lat"])))]
    assert len(placed) >= 35
    assert not outside


def test_every_story_is_told_at_least_twice_and_half_are_archived():
    told = Counter(story(row) for row in REQUESTS)
    assert set(told) == STORIES
    assert min(told.values()) >= 2, told
    assert 0.5 <= told["archived"] / len(REQUESTS) <= 0.6


def test_a_duplicate_points_to_an_earlier_request_of_the_same_place():
    by_key = {row["key"]: row for row in REQUESTS}
    for row in (row for row in REQUESTS if story(row) == "duplicate"):
        first = by_key[row["story"].partition(":")[2]]
        assert story(first) in {"in_progress", "joint"}, row["key"]
        assert int(first["days_ago"]) > int(row["days_ago"]), row["key"]
        assert (first["region"], first["category"]) == (row["region"], row["category"]), row["key"]


def test_only_a_duplicate_names_another_request():
    assert all((":" in row["story"]) == (story(row) == "duplicate") for row in REQUESTS)


def test_windows_and_letters_keep_office_days():
    # 2026-11-24, the day of the demonstration, is a Tuesday: two days before it is a Sunday.
    weekend = {2, 3}
    for row in (row for row in REQUESTS if row["channel"] in {"window", "letter"}):
        assert int(row["days_ago"]) % 7 not in weekend, row["key"]
        assert 8 <= int(row["hour"]) <= 17, row["key"]


def test_reporters_are_invented_and_a_fifth_gives_no_name():
    phones = [row["reporter_phone"] for row in REQUESTS if row["reporter_phone"]]
    assert all(PHONE.fullmatch(phone) for phone in phones)
    assert not repeated(phones)
    assert all((row["reporter_name"] == "") == (row["is_anonymous"] == "true") for row in REQUESTS)
    nameless = sum(row["is_anonymous"] == "true" for row in REQUESTS)
    assert 0.15 <= nameless / len(REQUESTS) <= 0.25


def test_some_texts_give_away_a_telephone_or_identity_number():
    telling = [row for row in REQUESTS if PHONE.search(row["text"]) or IDENTITY.search(row["text"])]
    assert len(telling) >= 8


def test_numbers_in_texts_can_belong_to_nobody():
    # The running number 000 is never issued, so that even a right check digit names no living person.
    numbers = [hit for row in REQUESTS for hit in IDENTITY.findall(row["text"])]
    right = [number for number in numbers if ric.is_valid(number)]
    assert all(number[14:17] == "000" for number in numbers)
    assert len(numbers) / 2 < len(right) < len(numbers)
    digits = [run for row in REQUESTS for run in re.findall(r"\d{7,}[\dX]*", row["text"])]
    assert all(PHONE.fullmatch(run) or IDENTITY.fullmatch(run) for run in digits), digits


def test_texts_are_as_uneven_as_real_ones():
    lengths = sorted(len(row["text"]) for row in REQUESTS)
    assert lengths[0] >= 12
    assert lengths[5] < 30
    assert lengths[-1] > 700
    assert sum(length > 200 for length in lengths) >= 12


# ── The voices of the staff ──────────────────────────────────────────────────────────────────────────
# A plain use suits any request. Behind a dot stands the key of the one request that a text is written for,
# or the outcome that it belongs to.


def voices(use: str) -> list[str]:
    """Return the texts of one use, in their order."""
    return [row["text"] for row in VOICES if row["use"] == use]


def test_every_use_has_several_voices_and_none_speaks_twice():
    told = Counter(row["use"] for row in VOICES if "." not in row["use"])
    assert list(VOICES[0]) == ["use", "text"]
    assert len(VOICES) >= 60
    assert set(told) == USES
    assert min(told.values()) >= 4, told
    assert not repeated([row["text"] for row in VOICES])


def test_a_voice_for_one_request_or_outcome_names_one_that_exists():
    ends = {row["key"] for row in REQUESTS} | OUTCOMES
    for use in (row["use"] for row in VOICES if "." in row["use"]):
        plain, _, end = use.partition(".")
        assert plain in USES, use
        assert end in ends, use
        assert len(voices(use)) == 1 or end in OUTCOMES, use


@pytest.mark.parametrize(
    ("told", "use"),
    [
        ("archived", "reply"),
        ("replied", "reply"),
        ("revisited", "reply"),
        ("not_accepted", "not_accepted_reason"),
        ("not_accepted", "redirect_door"),
        ("objected", "objection_reason"),
        ("extended", "extension_reason"),
        ("suspended", "suspension_reason"),
        ("withdrawn", "withdrawal_reason"),
        ("reopened", "reopen_reason"),
        ("supervised", "supervise_note"),
    ],
)
def test_what_people_read_first_is_written_for_the_request_itself(told, use):
    missing = [row["key"] for row in REQUESTS if story(row) == told and not voices(f"{use}.{row['key']}")]
    assert not missing


def test_every_question_has_its_answer_at_the_same_place():
    assert len(voices("question")) == len(voices("answer"))


def test_a_line_fits_where_the_kind_asks_for_one():
    assert all(len(row["text"]) <= 200 for row in VOICES)
