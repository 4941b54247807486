"""The pages that are opened most ask each thing once, at every point of a journey."""

from datetime import timedelta

import pytest

from escale.case import events as e
from escale.case.decision import Decision
from escale.desk import service
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.actors import job
from escale.people.models import Agent
from escale.steps.step2_application.models import Application
from escale.steps.step8_old_passport import service_desk
from escale.steps.step8_old_passport.models import Return
from escale.vault import sealing
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.factories.web import as_agent, as_applicant
from tests.steps.conftest import courier as courier, issuance as issuance
from tests.steps.step5.builders import dispatched
from tests.steps.step5.fakes import FakeIssuance

pytestmark = pytest.mark.django_db
LISTED = (e.OutForDelivery(), e.Delivered(), e.DutyMissed(missing=("receipt", "return")))
REPORTED = (*LISTED, e.InvalidationOrdered(), e.InvalidationConfirmed(), e.BorderAlertRecorded())


@pytest.mark.parametrize(("point", "most"), [("submitted", 6), ("booked", 9), ("delivered", 7), ("completed", 8)])
def test_the_home_of_a_case_costs_few_questions(point: str, most: int, django_assert_max_num_queries):
    case = a_case(point)
    client = as_applicant(case.applicant_sub)
    client.get(f"/demande/{case.reference}/")  # the first page also notes that a session began

    with django_assert_max_num_queries(most):
        client.get(f"/demande/{case.reference}/")


def a_full_file(boss: Agent, issuance: FakeIssuance, *happened: e.Event) -> Case:
    """Everything that a file of the desk may hold: answers, a note, somebody in charge, a household, a parcel back."""
    case = dispatched(issuance, acting(boss))
    answers = sealing.seal_json(case.id, "step2|answers", {"motive": "expiring", "height_cm": 165})
    Application.objects.create(case=case, answers=answers, revision=1, changed_at=NOON)
    waybill = sealing.seal(case.id, "return", b"3318810025")
    Return.objects.create(case=case, carrier="dhl", source="typed", sealed=waybill, asked_at=NOON)
    Case.objects.filter(pk__in=[case.pk, a_case().pk]).update(household_key="elm")
    service.add_note(case.id, text="À revoir", actor=acting(boss), now=NOON)
    service.take(case.id, actor=acting(boss), now=NOON)
    for event in happened:
        with changing(case.id, actor=job("test"), now=NOON) as change:
            change.record(Decision.of(event))
    return case


@pytest.mark.parametrize("happened", [LISTED, REPORTED], ids=["held", "reported"])
def test_the_fullest_files_of_the_desk_cost_under_thirty_questions(
    issuance: FakeIssuance, courier: object, happened: tuple[e.Event, ...], django_assert_max_num_queries
):
    boss = an_agent("supervisor")
    case, act = a_full_file(boss, issuance, *happened), {"actor": acting(boss), "now": NOON}
    if happened is LISTED:
        service_desk.hold(case_id=case.id, reason="Hôpital", until=NOON + timedelta(days=3), **act)
    else:
        service_desk.ask_withdrawal(case_id=case.id, reason="Erreur", **act)
    client, page = as_agent(boss), f"/bureau/dossiers/{case.reference}/"
    client.get(page)

    with django_assert_max_num_queries(29):
        shown = client.get(page).content.decode()

    assert all(told in shown for told in ("À revoir", "165 cm", "Même adresse", "Confier à une autre personne"))
