"""The glossary pairs every word of the law with its French, and users read the words it gives."""

import inspect
import re
from types import ModuleType

import pytest
from django.utils.translation import override

from escale.case import events, traces
from escale.case.deadlines import DeadlineKind
from escale.case.event import Event, Trace
from escale.case.tracks import STATES, Outcome, Track
from escale.desk import states, words
from escale.ui import messages
from tests.architecture.house import HOUSE, ROOT

type Rows = list[list[str]]
# Words of the code and of this house's pages, never said to a user.
NOT_SAID = {"détention des objets", "pièces envoyées par courrier"}


def tables(page: str) -> dict[str, Rows]:
    """The rows of each section's table, without its head: the cells of a row, without marks."""
    found: dict[str, Rows] = {}
    for section in page.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        lines = [line for line in body.splitlines() if line.startswith("|")]
        found[title] = [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines[2:]]
    return found


@pytest.fixture(scope="module")
def glossary() -> dict[str, Rows]:
    return tables((ROOT / "docs/glossary.md").read_text(encoding="utf-8"))


def events_of(*modules: ModuleType, moving: bool) -> list[str]:
    """Names of all events that move a track, or of those that do not."""
    kinds = {kind for module in modules for _, kind in inspect.getmembers(module, inspect.isclass)}
    return sorted(kind.__name__ for kind in kinds - {Event, Trace} if issubclass(kind, Event) and kind.MOVES is moving)


def test_every_word_of_the_law_has_one_line(glossary: dict[str, Rows]):
    def column(title: str) -> list[str]:
        return sorted(row[0] for row in glossary[title])

    assert column("Tracks") == sorted(track.value for track in Track)
    assert column("Outcomes") == sorted(outcome.value for outcome in Outcome)
    assert column("Deadlines") == sorted(kind.value for kind in DeadlineKind)
    assert column("Events that move a track") == events_of(events, traces, moving=True)
    assert column("Events that only leave a trace") == events_of(events, traces, moving=False)
    assert sorted((row[0], row[1]) for row in glossary["States"]) == sorted(
        (track.value, state) for track, known in STATES.items() for state in known
    )


def test_every_line_has_both_languages(glossary: dict[str, Rows]):
    assert [row for rows in glossary.values() for row in rows if not all(row) or len(row) not in {3, 4}] == []


def english_of() -> dict[str, str]:
    """French text → English text, of all applications."""
    stored = [message for folder in messages.applications() for message in messages.stored_catalogue(folder)]
    return {message.id: str(message.string) for message in stored if isinstance(message.id, str)}


def test_the_desk_shows_the_words_of_the_glossary(glossary: dict[str, Rows]):
    with override("fr"):
        shown = {f"{row[0]}.{row[1]}": states.label(row[1], row[0]) for row in glossary["States"]}
        shown |= {name: str(label) for name, label in words.EVENTS.items()}
        shown |= {kind.value: str(label) for kind, label in words.DEADLINES.items()}
    written = {f"{row[0]}.{row[1]}": row[2:] for row in glossary["States"]}
    for title in ("Events that move a track", "Events that only leave a trace", "Deadlines"):
        written |= {row[0]: row[1:] for row in glossary[title]}

    english = english_of()
    shown = {name: text.replace("\u00a0", " ") for name, text in shown.items()}
    read = {name: [text, english.get(text)] for name, text in shown.items()}
    assert {name: (pair, read[name]) for name, pair in written.items() if read[name] != pair} == {}


def said(language: str) -> str:
    """All that users read in a language: pages and messages."""
    texts = [
        part
        for folder in messages.applications()
        for message in messages.stored_catalogue(folder)
        if message.id
        for part in messages._parts(message.id if language == "fr" else message.string)
    ]
    texts += [path.read_text(encoding="utf-8") for path in HOUSE.rglob(f"templates/mail/{language}/*.txt")]
    return " ".join(" ".join(texts).lower().split())


@pytest.mark.parametrize(("language", "place"), [("fr", 1), ("en", 2)])
def test_users_read_the_official_words(glossary: dict[str, Rows], language: str, place: int):
    read = said(language)
    terms = {
        term.strip() for row in glossary["Words"] for term in re.sub(r"\([^)]*\)", "", row[place]).lower().split(",")
    }

    assert sorted(term for term in terms - NOT_SAID if term not in read) == []


def test_a_missing_line_is_noticed():
    page = "# Glossary\n\n## Tracks\n\n| track | French |\n|---|---|\n| `identity` | Connexion |\n"

    assert tables(page) == {"Tracks": [["identity", "Connexion"]]}
