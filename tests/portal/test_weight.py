"""A first visit costs little: every page with its own sheets, scripts and pictures stays under 100 kB over the wire,
beside the files of the design system, which browsers keep."""

from __future__ import annotations

import gzip
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from tests.factories.cases import POINTS, a_case
from tests.factories.web import a_client, as_applicant
from tests.screenshots import plain_addresses

pytestmark = pytest.mark.django_db
MOST_BYTES = 100_000
OF_A_CASE = ("", "messages/", "historique/", "mes-donnees/", "ma-demande/")


def transferred(page: bytes) -> dict[str, int]:
    """Bytes of a page and of each file of ours it asks for, compressed as a server would."""
    sizes = {"page": len(gzip.compress(page))}
    for name in set(re.findall(rb'(?:src|href)="/static/([^"?#]+)"', page)):
        path = name.decode()
        if not path.startswith("dsfr/"):
            found = finders.find(path)
            assert found, path
            sizes[path] = len(gzip.compress(Path(found).read_bytes()))
    return sizes


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
    assert all("ui/escale.css" in sizes for sizes in weights.values())


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
