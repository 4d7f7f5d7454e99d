"""English by a switch: every word that a user can meet has its English, and the catalogue is what the code asks for."""

import fnmatch
import gettext
import io
from collections import Counter
from pathlib import Path

import pytest

from scripts import messages
from scripts.base import ROOT
from scripts.catalogue import Entry, compiled, read
from scripts.messages import MO, PO

from .source import house, module, report
from .words import (
    CHINESE,
    Asked,
    asked_in_code,
    asked_in_template,
    placeholders,
    templates,
    unasked_in_code,
    unasked_in_template,
)

# Chinese in code that no page shows, or that has its English beside it; each with its reason.
ASIDE = {
    "qizhi/cli/*": "the command speaks Chinese",
    "qizhi/testing/*": "stories of the tests",
    "qizhi/kernel/worktime/*": "a room without Django, with its own table of both languages",
    "qizhi/kernel/modes/*": "`qizhi mode` speaks Chinese; drawings have their own table of both languages",
    "qizhi/kernel/loop/audit.py": "`qizhi audit` speaks Chinese",
    "qizhi/kernel/accounts/demo.py": "the made-up people of the demonstration",
    "qizhi/kernel/kit/identity.py": "a pattern",
    "qizhi/kernel/kit/masking.py": "patterns",
    "qizhi/kernel/kit/personal.py": "patterns",
    "qizhi/kernel/kit/phones.py": "a pattern",
    "qizhi/kernel/search/tokens.py": "a pattern",
    "qizhi/governance/triage/likeness.py": "words that say nothing",
    "qizhi/faces/words.py": "moments, in both languages",
    "qizhi/faces/api/*": "examples of the OpenAPI document",
}
# Single texts, by the file they stand in.
SINGLE = {
    "qizhi/config/env.py": ["统一身份认证"],  # the name of the sign-on service, as its page translates it
    "qizhi/faces/portal/templatetags/words.py": [r"（[^（）]*）$| \([^()]*\)$"],  # a pattern
    "qizhi/kernel/accounts/adapter.py": ["："],  # the access log, see `Access.reason_said`
    "qizhi/kernel/accounts/models.py": ["([、：])"],  # a pattern
    "qizhi/kernel/accounts/scope.py": [
        "系统",
        "来信人",
    ],  # actors without an account; pages say what they are
    "qizhi/kernel/accounts/signals.py": ["、"],  # the access log, see `Access.reason_said`
    "qizhi/kernel/kit/uploads/kinds.py": ["文件"],  # the name of a file that came without one
    "qizhi/kernel/loop/policy.py": ["来信人"],  # as in scope.py
    # a reason that the system gives stands in the story as people's reasons do, in the county's language
    "qizhi/kernel/loop/rules/effects.py": ["并入的", "没有继续办理，恢复单独办理。"],
}
# The brand, and the name of the language that one changes to.
SIGNS = ('<span class="brand-mark" aria-hidden="true">齐</span>', "中文")


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Entry]:
    entries = read(PO.read_text(encoding="utf-8"))
    return {entry.key: entry for entry in entries if entry.id}


@pytest.fixture(scope="module")
def asked() -> list[Asked]:
    found = [one for part in house() for one in asked_in_code(part)]
    for path in templates():
        found += asked_in_template(str(path), (ROOT / path).read_text(encoding="utf-8"))
    return found


def test_every_message_has_its_english(asked: list[Asked], catalogue: dict[str, Entry]) -> None:
    """`make messages` puts what is missing here into the catalogue; the English is then written by hand."""
    missing = [
        f"{one.where}: {one.id}"
        for one in asked
        if one.key not in catalogue or not catalogue[one.key].is_translated
    ]
    assert not missing, report(missing)


def test_the_plurals_are_those_that_are_asked_for(asked: list[Asked], catalogue: dict[str, Entry]) -> None:
    wrong = [
        f"{one.where}: {one.id}"
        for one in asked
        if one.plural and (catalogue[one.key].plural != one.plural or len(catalogue[one.key].texts) != 2)
    ]
    assert not wrong, report(wrong)


def test_the_catalogue_holds_nothing_that_nobody_asks_for(
    asked: list[Asked], catalogue: dict[str, Entry]
) -> None:
    left_over = sorted(set(catalogue) - {one.key for one in asked})
    assert not left_over, report(left_over)
    assert not [key for key, entry in catalogue.items() if entry.is_obsolete]


def test_no_message_stands_twice() -> None:
    keys = Counter(entry.key for entry in read(PO.read_text(encoding="utf-8")))
    assert set(keys.values()) == {1}


def test_the_compiled_catalogue_is_the_written_one() -> None:
    """After a change by hand, `make messages` compiles it."""
    assert MO.read_bytes() == compiled(read(PO.read_text(encoding="utf-8")))


def test_names_and_tags_are_the_same_in_both_languages(catalogue: dict[str, Entry]) -> None:
    wrong = [
        f"{entry.id} → {text}"
        for entry in catalogue.values()
        for text in entry.texts
        if placeholders(text) != placeholders(entry.id)
    ]
    assert not wrong, report(wrong)


def test_the_english_is_english(catalogue: dict[str, Entry]) -> None:
    """No Chinese sign or mark stays in a translation, and none has a line or a gap too many."""
    wrong = [
        f"{entry.id} → {text}"
        for entry in catalogue.values()
        for text in entry.texts
        if CHINESE.search(text) or "  " in text or "\n" in text
    ]
    assert not wrong, report(wrong)


def test_code_says_nothing_to_users_without_gettext() -> None:
    wrong = [
        f"{part.path}:{line} {said}"
        for part in house()
        if not any(fnmatch.fnmatch(part.path, pattern) for pattern in ASIDE)
        for line, said in unasked_in_code(part)
        if said not in SINGLE.get(part.path, ())
    ]
    assert not wrong, report(wrong)


@pytest.mark.parametrize("pattern", ASIDE)
def test_every_exception_is_still_needed(pattern: str) -> None:
    parts = [part for part in house() if fnmatch.fnmatch(part.path, pattern)]
    assert any(unasked_in_code(part) for part in parts)


@pytest.mark.parametrize("path", SINGLE)
def test_every_single_exception_is_still_needed(path: str) -> None:
    (part,) = (part for part in house() if part.path == path)
    assert set(SINGLE[path]) <= {said for _line, said in unasked_in_code(part)}


def test_templates_say_nothing_without_translating_it() -> None:
    wrong = []
    for path in templates():
        text = (ROOT / path).read_text(encoding="utf-8")
        for sign in SIGNS:
            text = text.replace(sign, "")
        wrong += unasked_in_template(str(path), text)
    assert not wrong, report(wrong)


def test_scripts_of_pages_have_no_words_of_their_own() -> None:
    """Their words come from the page, in attributes that the template translates."""
    found = []
    for path in sorted((ROOT / "qizhi" / "faces" / "static" / "qizhi").glob("*.js")):
        found += [
            f"{path.name}: {line.strip()}" for line in path.read_text().splitlines() if CHINESE.search(line)
        ]
    assert not found, report(found)


# ── The guards are tried out ─────────────────────────────────────────────────────────────────────────
CODE = """
from django.utils.translation import gettext as _, gettext_lazy as later, ngettext
from django.utils import translation

class Odd(Error):
    '''文档。'''
    title = _("甲" "乙")
    known = {"zh": "丙", "en": "C"}
    verbose_name = "表"

later("丁"), ngettext("%(n)d 天", "%(n)d 天", n), translation.pgettext("处", "戊"), _(word)
said = "己", Words(zh="庚", en="G"), f"辛{said}", "，".join(parts)
"""


def test_the_walk_through_code_finds_what_is_asked_for_and_what_is_not() -> None:
    example = module("qizhi.example", CODE)
    assert {(one.id, one.plural, one.context) for one in asked_in_code(example)} == {
        ("甲乙", "", ""),
        ("丁", "", ""),
        ("%(n)d 天", "%(n)d 天", ""),
        ("戊", "", "处"),
    }
    assert sorted(said for _line, said in unasked_in_code(example)) == ["己", "辛", "，"]


PAGE = """{% load i18n %}{% comment %}说明{% endcomment %}
<p title="{% translate '甲' %}">{% blocktranslate with x=y %}乙{{ x }}{% endblocktranslate %}</p>
{% if a %}{{ b|join:_("、") }}{% else %}
{% blocktranslate count n=c %}{{ n }} 件{% plural %}{{ n }} 些{% endblocktranslate %}{% endif %}
<b>丙</b>{{ d }}：{{ e }}
"""


def test_the_walk_through_templates_finds_what_is_asked_for_and_what_is_not() -> None:
    assert {(one.id, one.plural) for one in asked_in_template("page.html", PAGE)} == {
        ("甲", ""),
        ("乙%(x)s", ""),
        ("、", ""),
        ("%(n)s 件", "%(n)s 些"),
    }
    assert unasked_in_template("page.html", PAGE) == ["page.html:5 <b>丙</b>{{ d }}：{{ e }}"]


TEXT = """# A comment of its own.

msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\nContent-Type: text/plain; charset=UTF-8\\n"

#: a.py
#, python-format
msgid "%(n)d 天"
msgid_plural "%(n)d 天"
msgstr[0] "%(n)d day"
msgstr[1] ""
"%(n)d days"

#, fuzzy, python-format
#| msgid "旧"
msgid "新"
msgstr "old"

msgctxt "处"
msgid "说\\"话\\""
msgstr "say \\"it\\"\\n"

#~ msgid "没了"
#~ msgstr "gone"
"""


def test_a_catalogue_is_read_whole() -> None:
    entries = {entry.key: entry for entry in read(TEXT)}
    assert entries["%(n)d 天"].texts == ["%(n)d day", "%(n)d days"]
    assert entries['处\x04说"话"'].texts == ['say "it"\n']
    assert (entries["新"].is_fuzzy, entries["新"].is_translated) == (True, False)
    assert (entries["没了"].is_obsolete, entries["没了"].is_translated) == (True, False)
    assert list(entries) == ["", "%(n)d 天", "新", '处\x04说"话"', "没了"]


def test_pythons_gettext_reads_what_is_compiled() -> None:
    loaded = gettext.GNUTranslations(io.BytesIO(compiled(read(TEXT))))
    assert loaded.ngettext("%(n)d 天", "%(n)d 天", 1) == "%(n)d day"
    assert loaded.ngettext("%(n)d 天", "%(n)d 天", 2) == "%(n)d days"
    assert loaded.pgettext("处", '说"话"') == 'say "it"\n'
    # what is doubted or gone stays in Chinese
    assert (loaded.gettext("新"), loaded.gettext("没了")) == ("新", "没了")


def test_without_gettext_it_still_compiles_and_says_so_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    po, mo = tmp_path / "django.po", tmp_path / "django.mo"
    po.write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(messages, "PO", po)
    monkeypatch.setattr(messages, "MO", mo)
    monkeypatch.setattr("scripts.messages.shutil.which", lambda _name: None)
    with pytest.raises(SystemExit):
        messages.main()
    assert mo.read_bytes() == compiled(read(TEXT))
    said = capsys.readouterr()
    assert said.err == "Only compiled: gathering new words needs GNU gettext (Debian: apt install gettext).\n"
    assert said.out.startswith("4 messages, 2 of them to translate or to check.\n")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%(n)d 天", ["n"]),
        ("{name} 与 {name}", ["name", "name"]),
        ("100%，<strong>%(when)s</strong>前", ["</strong>", "<strong>", "when"]),
        ("没有", []),
    ],
)
def test_names_and_tags_are_found(text: str, found: list[str]) -> None:
    assert placeholders(text) == found
