"""A first visit costs little: a page with its sheets, those of the design system too, its scripts and pictures stays
under 60 kB on the line, a second and a bit where it is poor. The fonts come after the text, and browsers keep them."""

from __future__ import annotations

import gzip
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from escale.ui.design import pruned, written
from escale.ui.static_files import SHEETS
from tests.factories.cases import POINTS, a_case
from tests.factories.web import a_client, as_applicant
from tests.screenshots import plain_addresses

pytestmark = pytest.mark.django_db
MOST_BYTES = 60_000
OF_A_CASE = ("", "messages/", "historique/", "mes-donnees/", "ma-demande/")


@cache
def compressed(path: str) -> int:
    """Bytes of a file as it ships."""
    found = finders.find(path)
    assert found, path
    content = Path(found).read_bytes()
    return len(gzip.compress(pruned(content.decode(), written()).encode() if path in SHEETS else content))


def transferred(page: bytes) -> dict[str, int]:
    """Bytes of a page and of each file it asks for, compressed as a server would."""
    names = {name.decode() for name in re.findall(rb'(?:src|href)="/static/([^"?#]+)"', page)}
    return {"page": len(gzip.compress(page)), **{name: compressed(name) for name in names}}


def public_pages() -> list[str]:
    addresses = plain_addresses(import_module(settings.SITE_URLCONFS["portal"]).urlpatterns)
    return [f"/{address}" for address in addresses]


def test_every_page_that_anyone_can_open_is_light():
    client = a_client("portal")
    weights = {}
    for address in public_pages():
        answer = client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            weights[address] = transferred(answer.content)

    assert {"/", "/aide/", "/delais/", "/documents/", "/connexion/"} <= set(weights)
    assert {address: sizes for address, sizes in weights.items() if sum(sizes.values()) > MOST_BYTES} == {}
    assert all({"ui/escale.css", *SHEETS} <= set(sizes) for sizes in weights.values())


@pytest.mark.parametrize("point", [POINTS[1], "booked", "dispatched"])
def test_the_pages_of_a_case_are_light(point: str):
    case = a_case(point)
    client = as_applicant(case.applicant_sub)
    for page in OF_A_CASE:
        answer = client.get(f"/demande/{case.reference}/{page}", follow=True)
        assert answer.status_code == 200
        sizes = transferred(answer.content)
        assert "ui/session.js" in sizes
        assert sum(sizes.values()) <= MOST_BYTES, sizes
