"""Every address of the three sites that can be opened is visited in some state, or the reason why not is given here."""

from __future__ import annotations

from importlib import import_module
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from escale.ledger.models import Case
from escale.people.models import Agent
from tests.browser import states_applicant, states_desk, states_later
from tests.browser.house import House, house as house
from tests.browser.met import Met, Told, met as met
from tests.browser.states import walk
from tests.factories.cases import a_case, an_agent

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.last]

# Addresses that answer GET with something else than a page to read.
NO_PAGE = {
    "health": "a word for the machine that watches",
    "language": "changes the language and comes back",
    "sign_in_return": "the way back from the identity provider: it leads to a page or to the sign-in page",
    "sign_out": "ends the session and leads home",
    "scheme": "changes light and dark and comes back",
    "session_left": "how long the session still lasts, for a script",
    "delays_json": "figures for machines",
    "photo_rules_json": "the table of thresholds, for machines",
    "application_check": "how far the check of a file is, for a script",
    "application_thumbnail": "a picture",
    "print_picture": "a picture",
    "desk_print_picture": "a picture",
    "application_picture": "a picture",
    "application_payment_return": "leads to the page of the stamp, with a sentence",
    "posting_announce": "leads to the page of the envelope",
    "posting_cover_sheet": "a PDF file",
    "posting_label_file": "a file",
    "interview_calendar": "a calendar file",
    "room_messages": "what the two browsers of the room tell each other",
    "desk_room_messages": "what the two browsers of the room tell each other",
    "return_label": "a PDF file",
    "return_announce": "leads to the page of the two duties",
    "return_visa": "leads to the page of the two duties",
    "reception_receipt": "a PDF file",
    "desk_root": "leads to the page of today",
    "desk_next": "leads to a case",
    "desk_application_page": "a picture",
    "desk_label_file": "a file",
    "desk_interview_photo": "a picture",
    "desk_still": "a picture",
    "desk_previous_photo": "a picture",
    "desk_fresh_label_pdf": "a PDF file",
    "desk_visa_copy": "a file",
}
VALUES = {"int": "1", "uuid": str(UUID(int=1)), "slug": "x", "str": "x"}


VISITS = {"applicant": states_applicant.all_states, "later": states_later.all_states, "desk": states_desk.all_states}


@pytest.fixture(scope="module")
def states(house: House, met: Met) -> list[Told]:
    """Those of the three visits; made here when this file runs alone, or before them."""
    return [
        one
        for visit, all_states in VISITS.items()
        for one in met.told(visit) or met.tell(visit, all_states(house, an_agent("supervisor")))
    ]


def for_forms_alone(house: House, case: Case, agent: Agent, site: str, route: str) -> bool:
    """Whether an address refuses to be opened: it takes what a form sends. Asked by whoever may open it."""
    path = "/" + route.replace("<str:ref>", case.reference)
    for kind, value in VALUES.items():
        while f"<{kind}:" in path:
            before, _, rest = path.partition(f"<{kind}:")
            path = before + value + rest.partition(">")[2]
    cookie = house.agent(agent) if site == "desk" else house.applicant(case.applicant_sub, site)
    client = Client(HTTP_HOST=urlsplit(house.urls[site]).netloc)
    client.cookies[cookie["name"]] = cookie["value"]
    return client.get(path).status_code == 405


def test_every_page_is_visited_or_its_absence_explained(house: House, states: list[Told]):
    seen = {(one.site, one.page) for one in states}
    case, agent = a_case("bookable"), an_agent("supervisor")
    missing, useless = [], set(NO_PAGE)
    for site, module in settings.SITE_URLCONFS.items():
        for route, pattern in walk(import_module(module).urlpatterns):
            name = pattern.name or ""
            useless.discard(name)
            if (site, name) in seen or name in NO_PAGE or getattr(pattern.callback, "guard", "") == "partner":
                continue
            if not for_forms_alone(house, case, agent, site, route):
                missing.append(f"{site}: {name} (/{route})")

    assert not missing, "neither visited nor explained:\n" + "\n".join(missing)
    assert not useless, f"explained and no address any more: {useless}"


def test_no_two_states_share_their_pictures(states: list[Told]):
    names = [f"{one.site}/{one.state}" for one in states]

    assert sorted(names) == sorted(set(names))
