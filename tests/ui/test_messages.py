"""Every text a person reads exists in English, says the same thing, and is seen by `escale messages`."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from escale.ui import messages

TAG = re.compile(r"<[^>]+>")
FRENCH_SPACING = re.compile(r"[\u00a0\u202f ][:;!?»]|«")
FRENCH_LETTERS = re.compile(r"[àâçéèêëîïôùûœÀÂÇÉÈÊÎÔÙÛŒ]")
TRANSLATED = re.compile(
    r"\{%\s*(?:blocktranslate|blocktrans)\b.*?\{%\s*end(?:blocktranslate|blocktrans)\s*%\}"
    r"|\{%\s*comment\b.*?endcomment\s*%\}|\{#.*?#\}|\{[%{].*?[%}]\}",
    re.DOTALL,
)
# Names that English borrows as they are.
FRENCH_NAMES = re.compile(r"France Identité|L’Identité Numérique La Poste|Français de l’étranger|République|Française")
WORD = re.compile(r"[^\W\d_]+")
# The same word in both languages.
SAME_WORDS = frozenset(
    "action canada condition franceconnect incident invalidation journal messages min page pages pagination photo"
    " portugal proconnect supervision urgent visa".split()
)


@pytest.fixture(params=messages.applications(), ids=lambda folder: str(folder.relative_to(messages.SOURCE)))
def application(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.param
    return folder


def both_languages(folder: Path) -> Iterator[tuple[list[str], list[str]]]:
    """French and English of each text of an application; singular and plural where a text has both."""
    for message in messages.stored_catalogue(folder):
        if message.id:
            yield messages._parts(message.id), messages._parts(message.string)


def test_every_text_has_its_english(application: Path) -> None:
    report = messages.Report()
    messages.check(application, report)
    assert not report.problems, "\n".join(report.problems)


def test_english_keeps_the_mark_up_and_the_edges_of_the_french(application: Path) -> None:
    for french, english in both_languages(application):
        asked = {tag for part in french for tag in TAG.findall(part)}
        assert asked == {tag for part in english for tag in TAG.findall(part)}, french
        for given in english:
            edges = (given[:1].isspace(), given[-1:].isspace())
            assert edges == (french[0][:1].isspace(), french[0][-1:].isspace()), french


def test_english_is_written_in_english(application: Path) -> None:
    for french, english in both_languages(application):
        for given in english:
            bare = FRENCH_NAMES.sub("X", given)
            assert not FRENCH_SPACING.search(bare), given
            assert not FRENCH_LETTERS.search(bare), given
        words = {word.lower() for part in french for word in WORD.findall(messages._PLACEHOLDER.sub("", part))}
        assert french != english or words <= SAME_WORDS, french


def test_english_ends_as_the_french_does(application: Path) -> None:
    for french, english in both_languages(application):
        for mark in (".", "?", ":", "…"):
            ends = french[-1].rstrip().endswith(mark)
            assert ends == english[-1].rstrip().endswith(mark), french


def test_one_french_text_has_one_english_text() -> None:
    # Django merges the catalogues of all applications: with two translations, chance would choose.
    said: dict[tuple[str | None, str], set[str]] = defaultdict(set)
    for folder in messages.applications():
        for message in messages.stored_catalogue(folder):
            if message.id:
                said[message.context, messages._parts(message.id)[0]].add(" | ".join(messages._parts(message.string)))
    assert {key: texts for key, texts in said.items() if len(texts) > 1} == {}


def names_of_gettext(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            yield from (name.asname or name.name for name in node.names if "gettext" in name.name)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and "gettext" in node.value.id:
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def test_every_name_given_to_gettext_is_looked_for(application: Path) -> None:
    for path in application.rglob("*.py"):
        unknown = set(names_of_gettext(ast.parse(path.read_text(encoding="utf-8")))) - set(messages.KEYWORDS)
        assert not unknown, f"{path}: texts marked with {unknown} would stay French"


def test_no_template_shows_french_that_is_not_marked(application: Path) -> None:
    for path in application.rglob("templates/**/*.html"):
        if "mail" in path.parts:
            continue  # messages have one template for each language
        bare = TRANSLATED.sub("", path.read_text(encoding="utf-8"))
        left = FRENCH_LETTERS.search(FRENCH_NAMES.sub("X", bare))
        assert not left, f"{path}: {bare[max(0, left.start() - 40) : left.end() + 40]!r}"


@pytest.fixture
def small_application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An application of one module and one template, with its marks under every name in use."""
    monkeypatch.setattr(messages, "SOURCE", tmp_path)
    folder = tmp_path / "small"
    (folder / "templates").mkdir(parents=True)
    (folder / "words.py").write_text(
        'A = N_("un")\nB = _l("deux")\nC = _t("trois")\nD = lazy("quatre")\nE = now_("cinq")\nF = translate("six")\n'
        'G = ngettext("%(n)s jour", "%(n)s jours", n)\n',
        encoding="utf-8",
    )
    (folder / "templates" / "page.html").write_text(
        "{% load i18n %}{% translate 'sept' %}{% blocktranslate with day=x %}le {{ day }}{% endblocktranslate %}",
        encoding="utf-8",
    )
    return folder


def test_update_asks_for_every_mark_and_invents_nothing(small_application: Path) -> None:
    assert messages.update(small_application) == 9

    asked = [messages._parts(message.id)[0] for message in messages.stored_catalogue(small_application) if message.id]
    assert sorted(asked) == sorted(["un", "deux", "trois", "quatre", "cinq", "six", "%(n)s jour", "sept", "le %(day)s"])
    report = messages.Report()
    messages.check(small_application, report)
    assert len(report.problems) == 9


def test_check_tells_a_lost_placeholder_and_an_idle_text(small_application: Path) -> None:
    messages.update(small_application)
    path = messages.po_path(small_application)
    empty = 'msgid "le %(day)s"\nmsgstr ""'
    written = path.read_text(encoding="utf-8").replace(empty, empty.replace('""', '"on"'))
    path.write_text(written + '\nmsgid "huit"\nmsgstr "eight"\n', encoding="utf-8")

    report = messages.Report()
    messages.check(small_application, report)

    assert any("other placeholders: le %(day)s" in problem for problem in report.problems)
    assert any("nobody asks for: huit" in problem for problem in report.problems)


def test_update_keeps_the_english_that_is_there(small_application: Path) -> None:
    messages.update(small_application)
    path = messages.po_path(small_application)
    path.write_text(
        path.read_text(encoding="utf-8").replace('msgid "un"\nmsgstr ""', 'msgid "un"\nmsgstr "one"'), encoding="utf-8"
    )

    assert messages.update(small_application) == 8
    assert messages.stored_catalogue(small_application).get("un").string == "one"
