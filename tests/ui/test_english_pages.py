"""Pages asked for in English are in English, at every point of a case: no French is left unmarked in the code."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.factories.cases import a_case, an_agent
from tests.factories.web import as_agent, as_applicant
from tests.security.test_access import ALL, path_of

pytestmark = pytest.mark.django_db
FRENCH = re.compile(
    r"(?<![\w’'-])(?:le|la|les|des|du|un|une|votre|vos|vous|nous|est|dans|pour|avec|sur|aux|pas|par|qui|que|ce|cette"
    r"|et|ou|mon(?! \d)|ma|mes)(?![\w’'-])",
    re.IGNORECASE,
)
# Names of places, programs and people, quoted official words, and what people wrote.
NAMES = re.compile(
    r"Consulat général de France à \w+|L’Identité Numérique La Poste|France Identité|Français de l’étranger"
    r"|République\s*Française|Défenseur des droits|Registre des Français établis hors de France|Français"
    r"|Fête de la Reine|Fête du Canada|Fête du Travail|Vérité et réconciliation"  # holidays, as their law names them
)
POINTS = ("draft", "accepted", "bookable", "approved", "dispatched", "completed")
SILENT = {"script", "style"}


class Visible(HTMLParser):
    """Texts a person reads; what says it is French is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.stack: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.texts += [str(given[name]) for name in ("alt", "title", "placeholder", "aria-label") if given.get(name)]
        if tag not in {"meta", "link", "input", "img", "br", "hr", "source", "wbr", "path", "use"}:
            self.stack.append((tag, given.get("lang") == "fr" or tag in SILENT))

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(left_out for _, left_out in self.stack):
            self.texts.append(data)


def french_in(page: str) -> list[str]:
    parser = Visible()
    parser.feed(page)
    return [text.strip() for text in parser.texts if FRENCH.search(NAMES.sub("", text))]


def read(client: Client, path: str) -> list[str] | None:
    """French texts of a page asked for in English; None when there is no page here."""
    response = client.get(path, headers={"accept-language": "en"})
    if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
        return None
    page = response.content.decode()
    return french_in(page) if '<html lang="en"' in page or "<html" not in page else [f"{path} is not in English"]


def pages(site: str, point: str) -> dict[str, list[str]]:
    """French texts of every page of a site that opens for the applicant of a case, or for a supervisor of its post."""
    case = a_case(point, sub="owner")
    supervisor = an_agent("supervisor")
    found = {}
    for address in ALL:
        if address.site == site:  # a new browser each time: some addresses sign out or change the language
            client = as_agent(supervisor) if site == "desk" else as_applicant("owner", site)
            found[address.name] = read(client, path_of(address, case.reference))
    return {name: texts for name, texts in found.items() if texts is not None}


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize(("site", "fewest"), [("portal", 15), ("reception", 2), ("desk", 10)])
def test_pages_are_in_english(site: str, fewest: int, point: str) -> None:
    read_here = pages(site, point)

    assert len(read_here) >= fewest
    assert {name: texts for name, texts in read_here.items() if texts} == {}


def test_french_left_in_a_page_is_noticed():
    assert french_in('<p>Sign in</p><p>Votre passeport est prêt</p><p lang="fr">Le timbre</p>') == [
        "Votre passeport est prêt"
    ]
