"""The sheets of the design system ship without what no page uses, and with everything that one does."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage
from django.http import HttpResponse
from django.test import RequestFactory

from escale.people.actors import applicant
from escale.ui.compression import CompressionMiddleware
from escale.ui.design import Written, pruned, written
from escale.ui.static_files import SHEETS, Pruned
from tests.factories.cases import a_case
from tests.factories.web import a_client, as_applicant

MOST_BYTES = 40_000
CLASS = re.compile(r"\.(fr-(?:[\w-]|\\.)+)")


def sheet(name: str) -> str:
    found = finders.find(name)
    assert found, name
    return Path(found).read_text()


@pytest.fixture(scope="module")
def shipped() -> dict[str, str]:
    return {name: pruned(sheet(name), written()) for name in SHEETS}


def test_the_sheets_of_the_design_system_are_light(shipped: dict[str, str]):
    weights = {name: len(gzip.compress(content.encode())) for name, content in shipped.items()}

    assert sum(weights.values()) < MOST_BYTES, weights


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (".fr-btn{color:red}.fr-tile{color:red}", ".fr-btn{color:red}"),
        (".fr-btn,.fr-tile>a{color:red}", ".fr-btn{color:red}"),
        (".fr-btn:not(.fr-tile,.fr-card){color:red}", ".fr-btn:not(.fr-tile,.fr-card){color:red}"),
        (".fr-btn:is(a, :not(b)),.fr-tile{color:red}", ".fr-btn:is(a, :not(b)){color:red}"),
        (".fr-alert--info,.fr-alert--error{color:red}", ".fr-alert--info,.fr-alert--error{color:red}"),
        (".fr-btn--error,.fr-tile--error{color:red}", ".fr-btn--error{color:red}"),
        ("@media print{.fr-tile{color:red}}", ""),
        ("@media print{.fr-tile{color:red}.fr-btn{color:red}}", "@media print{.fr-btn{color:red}}"),
        ("@media all and (-ms-high-contrast:none){.fr-btn{color:red}}", ""),
        ("@font-face{src:url(a.woff2)}:root{--a:b}", "@font-face{src:url(a.woff2)}:root{--a:b}"),
        ("a::after{content:'.fr-tile,'}", "a::after{content:'.fr-tile,'}"),
    ],
)
def test_a_rule_goes_when_a_class_of_each_of_its_selectors_is_written_nowhere(before: str, after: str):
    kept = Written(frozenset({"fr-btn"}), ("fr-alert--",))

    assert pruned(before, kept).replace('"', "'") == after


@pytest.mark.django_db
def test_every_class_that_a_page_shows_keeps_all_its_rules(shipped: dict[str, str]):
    case = a_case("draft")
    client = as_applicant(case.applicant_sub)
    here = f"/demande/{case.reference}/"
    pages = [a_client("portal").get(path) for path in ("/", "/connexion/", "/delais/", "/documents/?motive=address")]
    pages += [client.get(here + page) for page in ("", "motif/", "coordonnees/", "photo/", "documents/", "timbre/")]
    pages += [client.post(here + page, {}) for page in ("motif/", "identite/", "coordonnees/", "photo/")]

    used = {
        name
        for page in pages
        for told in re.findall(r'class="([^"]*)"', page.content.decode())
        for name in told.split()
    }
    for name in SHEETS:
        before, after = (set(CLASS.findall(text)) for text in (sheet(name), shipped[name]))
        assert used & before <= after
    assert {"fr-btn", "fr-header", "fr-fieldset--error", "fr-select-group--error", "fr-error-text"} <= used


def test_classes_that_a_template_completes_are_kept_whole():
    kept = written()

    assert kept.has("fr-alert--error")
    assert not kept.has("fr-tile__title")
    assert "fr-" not in kept.begun


def test_only_what_the_sheets_show_is_collected(tmp_path: Path):
    source = FileSystemStorage(Path(finders.find(SHEETS[0])).parents[3])
    names = [*SHEETS, "dsfr/dist/fonts/Marianne-Regular.woff2", "dsfr/dist/component/tile/tile.min.css"]
    target = Pruned(location=tmp_path)
    for name in names:
        with source.open(name) as content:
            target.save(name, content)
    list(target.post_process({name: (source, name) for name in names}))

    assert {name for name in names if target.exists(name)} == set(names[:-1])
    assert (tmp_path / SHEETS[0]).stat().st_size < 300_000


@pytest.mark.parametrize(
    ("address", "actor", "kind", "compressed"),
    [
        ("/", None, "text/html; charset=utf-8", True),
        ("/?q=x", None, "text/html; charset=utf-8", True),
        ("/", applicant("suzanne"), "text/html; charset=utf-8", True),
        ("/?q=x", applicant("suzanne"), "text/html; charset=utf-8", False),
        ("/", None, "image/jpeg", False),
        ("/", None, "application/pdf", False),
    ],
)
def test_texts_are_compressed_unless_a_private_page_repeats_its_address(address, actor, kind, compressed):
    request = RequestFactory().get(address, headers={"accept-encoding": "gzip"})
    request.actor = actor
    answer = CompressionMiddleware(lambda request: HttpResponse("é" * 3000, content_type=kind))(request)

    assert (answer.headers.get("Content-Encoding") == "gzip") is compressed
