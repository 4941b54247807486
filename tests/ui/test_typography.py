"""No line of French begins with the mark that ends it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template import Context, Template
from django.utils.translation import override

from escale.ui.mail import compose
from escale.ui.typography import unbreakable

_ = "\u00a0"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("perdu, volé ou détruit ?", f"perdu, volé ou détruit{_}?"),
        ("timbre « Français de l’étranger ».", f"timbre «{_}Français de l’étranger{_}»."),
        ("Le passeport coûte 96 €.", f"Le passeport coûte 96{_}€."),
        ("Dernier moment : demain", f"Dernier moment{_}: demain"),
        ("35 × 45 mm", f"35{_}×{_}45{_}mm"),
        ("<strong>Attention</strong> : non", f"<strong>Attention</strong>{_}: non"),
        ("au %(place)s", "au %(place)s"),
        ("dans %(days)s jours", "dans %(days)s jours"),
        ("« %(name)s » ?", f"«{_}%(name)s{_}»{_}?"),
        ("de 70 % à 80 %", f"de 70{_}% à 80{_}%"),
        ("a:b ; https://exemple.fr/?a=b", f"a:b{_}; https://exemple.fr/?a=b"),
    ],
)
def test_spaces_of_french(typed: str, read: str) -> None:
    assert unbreakable(typed) == read


def test_twice_is_once() -> None:
    once = unbreakable("« Oui » : 35 × 45 mm ?")
    assert unbreakable(once) == once


def test_a_french_mail_has_them_and_an_english_one_has_not() -> None:
    context = {"post_name": "Consulat", "case_url": "https://exemple.fr/", "given_names": "Jeanne", "family_name": "X"}
    assert _ in compose("submitted", "fr", context).text
    assert _ not in compose("submitted", "en", context).text


def test_a_colon_between_two_values_is_set_as_the_language_sets_it() -> None:
    told = Template("{% load ui %}{{ label }}{% colon %}{{ error }}")
    values = Context({"label": "NUMIC", "error": "?"})
    with override("fr"):
        assert told.render(values) == f"NUMIC{_}: ?"
    with override("en"):
        assert told.render(values) == "NUMIC: ?"


def test_no_template_sets_a_french_colon_outside_a_text() -> None:
    """A text is between ``translate`` tags; what stands outside them is read in both languages."""
    texts = re.compile(r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}|\{%.*?%\}|\{#.*?#\}", re.S)
    pages = [page for page in Path("src/escale").rglob("templates/**/*.html") if "partners" not in page.parts]
    assert len(pages) > 100
    assert [page for page in pages if " : " in texts.sub("", page.read_text())] == []


def test_the_first_of_a_month_is_written_as_french_writes_it() -> None:
    first, second = datetime(2026, 6, 1, 12, tzinfo=UTC), datetime(2026, 6, 2, 12, tzinfo=UTC)
    page = Template('{% load ui %}{{ day|dated:"l j F" }} | {{ day|in_zone:"UTC" }} | {{ day|day_in_zone:"UTC" }}')
    with override("fr"):
        assert page.render(Context({"day": first})).split(" | ") == [
            "lundi 1er juin",
            "lundi 1er juin 2026 à 12:00 (UTC)",
            "lundi 1er juin 2026",
        ]
        assert page.render(Context({"day": second})).startswith("mardi 2 juin | ")
    with override("en"):
        assert page.render(Context({"day": first})).startswith("Monday 1 June | ")


def test_no_template_writes_a_day_out_by_itself() -> None:
    written = re.compile(r'\|date:"[^"]*j[^"]*"')
    pages = [page for page in Path("src/escale").rglob("templates/**/*.*") if "partners" not in page.parts]
    assert [page for page in pages if written.search(page.read_text())] == []
