"""What each step keeps of a person is in what they take away: nothing forgotten, nothing secret, nobody else named."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, Model

from escale.ledger.models import Case
from escale.people.actors import applicant
from escale.portal import export
from escale.ports.courier import Scan, ScanKind
from escale.steps.step2_application.models import Correction, Ruling
from escale.steps.step3_posted_items.models import GateCheck
from escale.steps.step6_delivery import service as parcels
from escale.steps.step6_delivery.models import Parcel
from escale.steps.step8_old_passport import service as returns
from escale.steps.step8_old_passport.models import Hold
from escale.vault import sealing
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.steps.conftest import issuance as issuance
from tests.steps.step4 import scenes
from tests.steps.step5.builders import LABEL, STARTED, dispatched
from tests.steps.step5.fakes import FakeIssuance, a_title

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)

# Tables about a case that an export reads through the step's own questions, or leaves out, and why.
READ_THROUGH_QUESTIONS = {
    "Eligibility", "Application", "Document", "Check", "Correction", "Ruling", "Posting", "ParcelScan", "step4.Opinion",
}  # fmt: skip
LEFT_OUT = {
    "Page": "the pictures themselves are in the archive",
    "PrintAsked": "a measure still to be made; its picture is in the archive",
    "Original": "the file itself is in the archive, until it is erased",
    "Pooling": "between posts and agents",
    "Room": "the address of a room, closed with it",
    "Signal": "what two browsers told each other to find the way",
    "Conflict": "about an agent: the agent knows the person",
    "KeptNumber": "the security number",
}


def test_every_table_about_a_case_is_taken_away_or_its_absence_explained():
    forgotten, known = [], READ_THROUGH_QUESTIONS | set(LEFT_OUT)
    for app in settings.STEP_APPS:
        written = Path(find_spec(f"{app}.queries_export").origin).read_text()
        config = next(one for one in apps.get_app_configs() if one.name == app)
        for model in config.get_models():
            names = {model.__name__, f"{app.split('.')[2].split('_')[0]}.{model.__name__}"}
            if about_a_case(model) and not (names & known or f"{model.__name__}.objects" in written):
                forgotten.append(f"{app}: {model.__name__}")

    assert forgotten == []


def about_a_case(model: type[Model], seen: frozenset[type[Model]] = frozenset()) -> bool:
    """Whether a row leads to a case, through other rows of the same step if need be."""
    ways = [field.related_model for field in model._meta.get_fields() if isinstance(field, ForeignKey)]
    return Case in ways or any(
        about_a_case(other, seen | {model})
        for other in ways
        if other not in seen and other.__module__.startswith("escale.steps")
    )


def taken(case: Case) -> dict:
    case.refresh_from_db()
    return json.loads(export.as_text(export.data(case, now=NOON)))["kept_by_step"]


def test_corrections_the_decision_and_the_words_of_the_post_are_in_it():
    case = a_case("received")
    Correction.objects.create(
        case=case,
        item="photo",
        asked_at=NOON,
        words=sealing.seal(case.id, "step2|words|photo", b"The background is white."),
    )
    Ruling.objects.create(
        case=case, kind="refused", rule="E3", at=NOON, reasons=sealing.seal(case.id, "step2|reasons", b"Four months.")
    )
    words = sealing.seal_json(case.id, "replacement_words", {"fr": "Photo floue.", "en": "Blurred photo."})
    GateCheck.objects.create(case=case, at=NOON, by="agent-17", verdict="replacement", reasons={}, words=words)

    told = taken(case)

    assert told["step2_application"]["corrections"][0]["words"]["fr"] == "The background is white."
    assert told["step2_application"]["decision"]["words"] == {"fr": "Four months.", "en": ""}
    assert told["step3_posted_items"]["post_checks"][0]["words"]["fr"] == "Photo floue."
    assert "agent-17" not in json.dumps(told)


def test_appointments_are_in_it_without_the_agents_name():
    case, [agent], booking = scenes.booked("owner")
    scenes.an_offer(case)

    told = taken(case)["step4_interview"]

    assert told["appointments"][0]["state"] == "active"
    assert told["appointments"][0]["starts_at"].startswith(booking.starts_at.strftime("%Y-%m-%dT%H"))
    assert len(told["slots_offered"]) == 1
    assert told["decision"] is None
    assert agent.usual_name not in json.dumps(told)


def test_parcels_scans_and_the_way_back_are_in_it_and_no_passport_number(issuance: FakeIssuance):
    agent = an_agent()
    case = dispatched(issuance, acting(agent))
    parcels.adopt_dispatches(now=STARTED)
    scan = Scan(STARTED + HOUR, ScanKind.DELIVERED, "OK", "Delivered", "TORONTO - CA", "J MARTIN")
    parcels.note(parcel=Parcel.objects.get(case=case), scans=[scan], now=STARTED + 2 * HOUR)
    returns.announce(
        case_id=case.id, carrier="dhl", typed="8487135506", actor=applicant(case.applicant_sub), now=STARTED + 3 * HOUR
    )
    reason = sealing.seal(case.id, "hold", b"In hospital.")
    Hold.objects.create(case=case, agent=agent, reason=reason, at=STARTED, until=STARTED + HOUR)

    told = taken(case)

    assert told["step5_dispatch"]["passport"]["issued_on"]
    assert told["step5_dispatch"]["parcels_sent"][0]["waybill"] == LABEL.text
    [line] = told["step6_delivery"]["scans"]
    assert (line["carrier_words"], line["place"], line["signed_by"]) == ("Delivered", "TORONTO - CA", "J MARTIN")
    assert told["step8_old_passport"]["suspensions"][0]["words"] == "In hospital."
    assert told["step8_old_passport"]["return"][0]["waybill"]
    assert a_title().number.text not in json.dumps(told)
