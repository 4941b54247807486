"""A form that could not be taken comes back with what was typed, to its author alone and without what is secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from escale import clock
from escale.ui import given_back
from tests.factories.cases import a_case
from tests.factories.web import as_applicant

pytestmark = pytest.mark.django_db
OURS = {"origin": settings.SITES["portal"]}
TITLE = "Votre formulaire n’est pas encore envoyé"
NUMBER = "12AB34567"


def strict(sub: str) -> Client:
    """As a browser: a form without its token is refused."""
    client = as_applicant(sub)
    client.handler.enforce_csrf_checks = True
    return client


def fields(page: str) -> dict[str, str]:
    """What the button of the page would send."""
    form = page[page.index('<form method="post" action="/demande/') :].split("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def identity(client: Client, reference: str, given: Mapping[str, str], **headers: str) -> HttpResponse:
    return client.post(f"/demande/{reference}/identite/", given, headers={**OURS, **headers})


TYPED = {"usage_origin": "unchanged", "height_cm": "168", "eye_colour": "green", "revision": "0"}


def test_a_form_without_its_token_shows_what_was_typed_and_sends_it_again_with_a_fresh_one():
    case = a_case("draft")
    client = strict(case.applicant_sub)

    refused = identity(client, case.reference, TYPED)
    page = refused.content.decode()

    assert refused.status_code == 403
    assert "no-store" in refused["Cache-Control"]
    assert TITLE in page
    assert re.search(r"<dt>Taille[^<]*</dt><dd>168</dd>", page)
    assert "<dd>green</dd>" not in page, "a choice is said in its words"
    assert "<dd>0</dd>" not in page, "a hidden field is sent again unseen"
    again = fields(page)
    assert {name: again[name] for name in TYPED} == TYPED
    sent = identity(client, case.reference, again)
    assert sent.status_code != 403
    assert TITLE not in sent.content.decode()


def test_after_the_end_of_the_session_one_signs_in_elsewhere_and_then_sends():
    case, start = a_case("draft"), clock.now()
    with time_machine.travel(start, tick=False) as machine:
        client = as_applicant(case.applicant_sub)
        client.get("/mes-demandes/")
        machine.move_to(start + timedelta(seconds=settings.SESSION_COOKIE_AGE + 1))
        page = identity(client, case.reference, TYPED).content.decode()
        assert "Votre session s’était terminée" in page
        assert f'href="/connexion/?suite=/demande/{case.reference}/identite/" target="_blank" rel="noopener"' in page
        client.cookies.update(as_applicant(case.applicant_sub).cookies)
        sent = identity(client, case.reference, fields(page))

    assert sent.status_code != 403
    assert "connexion" not in sent.headers.get("Location", "")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "", "referer": "https://evil.example/"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_never_given_back(headers: dict[str, str]):
    case = a_case("draft")

    answer = identity(strict(case.applicant_sub), case.reference, TYPED, **headers)

    assert answer.status_code == 403
    page = answer.content.decode()
    assert "La page a expiré" in page
    assert "168" not in page.split("<main")[1]


def test_without_a_word_on_where_it_comes_from_nothing_is_given_back():
    case = a_case("draft")

    answer = strict(case.applicant_sub).post(f"/demande/{case.reference}/identite/", TYPED)

    assert "La page a expiré" in answer.content.decode()


def test_numbers_and_files_never_come_back_but_have_a_place():
    case = a_case("draft")
    client = strict(case.applicant_sub)
    here = f"/demande/{case.reference}/"

    passport = {"passport_number": NUMBER, "passport_issued_on": "01/04/2016", "revision": "0"}
    page = client.post(f"{here}passeport-actuel/", passport, headers=OURS).content.decode()
    photo = SimpleUploadedFile("moi.jpg", b"a picture", content_type="image/jpeg")
    with_file = client.post(f"{here}photo/", {"file": photo, "revision": "0"}, headers=OURS).content.decode()

    assert NUMBER not in page
    assert '<input class="fr-input" type="text" name="passport_number"' in page
    assert "<dd>01/04/2016</dd>" in page
    assert "moi.jpg" not in with_file
    assert 'enctype="multipart/form-data"' in with_file
    assert '<input class="fr-upload" type="file" name="file"' in with_file


@pytest.mark.parametrize(
    "typed", [NUMBER, "mon passeport 12 AB 34567 est perdu", "1234 5678 9012 3456", "P<FRADURAND<<JEANNE"]
)
def test_a_number_is_known_wherever_it_was_typed(typed: str):
    assert given_back.is_secret(typed)


@pytest.mark.parametrize("typed", ["168", "Jeanne DURAND", "01/04/2016", "12 Elm Street", "+1 416 555 0199", ""])
def test_ordinary_words_are_no_secret(typed: str):
    assert not given_back.is_secret(typed)


def test_what_was_typed_is_text_and_nothing_else():
    case = a_case("draft")

    page = identity(strict(case.applicant_sub), case.reference, {**TYPED, "phone": "<script>x</script>"})

    assert "<script>x" not in page.content.decode()


def test_too_much_is_not_given_back_and_the_page_says_so():
    case = a_case("draft")

    answer = identity(strict(case.applicant_sub), case.reference, {"usage_name": "é" * 60_000})

    assert "trop long pour vous être rendu" in answer.content.decode()
