"""A form of the desk that is sent empty says what to do, never only that something is mandatory."""

from __future__ import annotations

import re

import pytest

from escale import clock
from escale.people.models import Agent
from tests.factories.cases import a_case, an_agent
from tests.factories.web import as_agent
from tests.steps.step2.building import submitted
from tests.steps.step2.fakes import FakeStamps

pytestmark = pytest.mark.django_db
GENERIC = re.compile(r"Ce champ est obligatoire|Saisissez une valeur|Sélectionnez un choix valide")


def empty(client, path: str, **given: str) -> str:
    """What the desk answers to a form that says nothing, but for what tells it from others."""
    answer = client.post(path, given, follow=True)
    assert answer.status_code < 500, path
    return answer.content.decode()


def test_pages_of_a_post_say_what_to_give(supervisor: Agent):
    client, helper = as_agent(supervisor), an_agent()
    said = {
        "/bureau/expeditions/arrivee": "Scannez ou saisissez les deux lignes du bas de la page.",
        "/bureau/expeditions/depart": "Scannez ou saisissez le numéro de suivi de l’étiquette.",
        "/bureau/courrier/": "Scannez un code, ou saisissez un numéro.",
        "/bureau/dossiers/": "Saisissez un numéro ou un nom",
        "/bureau/quarante-jours/": "Scannez ou saisissez un numéro.",
        "/bureau/agenda/renforts/": "Choisissez le poste à aider.",
        "/bureau/agenda/jours/": "Saisissez le jour sans entretien.",
        f"/bureau/agenda/horaires/{helper.pk}/": "Saisissez le jour sans entretien.",
        "/bureau/poste/": "Saisissez le courriel du poste.",
        "/bureau/journal/": "Aucun dossier de votre poste ne porte ce numéro.",
    }

    pages = {path: empty(client, path, wish="day", what="propose") for path in said}

    assert {path: words for path, words in said.items() if words not in pages[path]} == {}
    assert {path: GENERIC.findall(page) for path, page in pages.items() if GENERIC.search(page)} == {}


def test_the_chooser_of_a_post_says_what_to_choose(db: None):
    auditor = as_agent(an_agent("auditor"))

    assert "Choisissez le poste à regarder." in empty(auditor, "/bureau/poste-regarde/")


def test_forms_of_a_file_say_what_to_give(agent: Agent, stamps: FakeStamps):
    client, now = as_agent(agent), clock.now()
    sent, going, held = submitted(), a_case("delivered", now=now), a_case("held", now=now)
    said = {
        f"dossiers/{sent.reference}/note": "Écrivez la note avant de l’ajouter.",
        f"dossiers/{sent.reference}/demande/terminer": "Choisissez la décision.",
        f"dossiers/{going.reference}/passage": "Saisissez le jour du passage",
        f"dossiers/{going.reference}/nouvelle-etiquette": "Saisissez le numéro de suivi imprimé",
        f"entretien/{held.reference}/decision/": "Choisissez une décision.",
    }

    pages = {path: empty(client, f"/bureau/{path}", revision="0") for path in said}

    assert {path: words for path, words in said.items() if words not in pages[path]} == {}
    assert {path: GENERIC.findall(page) for path, page in pages.items() if GENERIC.search(page)} == {}
