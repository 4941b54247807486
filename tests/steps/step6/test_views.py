"""The parcel as the applicant and the agent see it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from escale.case.values import Waybill
from escale.config.urls import desk, portal
from escale.ledger.models import Case
from escale.ports.courier import Scan, ScanKind as K
from escale.steps.step6_delivery import service
from tests.factories.cases import acting, an_agent
from tests.factories.web import as_agent, as_applicant
from tests.steps.step5.builders import LABEL, STARTED, dispatched, produced
from tests.steps.step5.fakes import a_title

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def agent():
    return an_agent()


@pytest.fixture
def case(issuance, courier, agent, sub):
    service._last_round.clear()
    return dispatched(issuance, acting(agent), sub=sub)


def page_of(case) -> str:
    return reverse("case_delivery", urlconf=portal, args=[case.reference])


def delivered(courier) -> None:
    courier.scans[LABEL.text] = (
        Scan(STARTED + HOUR, K.EXCEPTION, "NH", "Recipient not home", "TORONTO - CA"),
        Scan(STARTED + 5 * HOUR, K.DELIVERED, "OK", "Delivered", "TORONTO - CA", "MARTIN"),
    )
    service.poll_parcels(now=STARTED + 6 * HOUR)


def test_scans_are_shown_with_their_zone_and_the_carriers_words(case, courier, sub):
    delivered(courier)

    page = as_applicant(sub).get(page_of(case)).content.decode()

    assert LABEL.text in page
    assert "Remis au destinataire" in page
    assert "Recipient not home" in page
    assert "(Toronto)" in page
    assert "trop peu de plis" not in page  # it has arrived
    assert "Ce n’est pas moi qui l’ai reçu" in page


def test_the_page_exists_for_its_applicant_once_the_passport_is_sent(issuance, courier, case, sub):
    assert as_applicant("somebody").get(page_of(case)).status_code == 404
    early = produced(issuance, a_title("26FR00001"), sub="early", waybill=Waybill.dhl(5))
    assert as_applicant("early").get(page_of(early)).status_code == 404


def test_a_delivery_is_disputed_once(case, courier, sub):
    delivered(courier)
    client = as_applicant(sub)
    url = reverse("case_delivery_dispute", urlconf=portal, args=[case.reference])

    first = client.post(url, follow=True)
    second = client.post(url, follow=True)

    assert (
        "Une enquête est ouverte auprès du transporteur et votre poste consulaire est prévenu" in first.content.decode()
    )
    assert "Le transporteur n’a pas encore déclaré la remise" in second.content.decode()
    assert client.get(url).status_code == 405
    case.refresh_from_db()
    assert case.delivery == "inquiry"


def test_an_agent_opens_an_inquiry_then_declares_the_loss(case, agent):
    service.adopt_dispatches(now=STARTED)
    client = as_agent(agent)
    url = reverse("desk_delivery", urlconf=desk, args=[case.reference])

    client.post(url, {"what": "lost"})
    case.refresh_from_db()
    assert case.delivery == "in_transit"
    client.post(url, {"what": "nonsense"})
    client.post(url, {"what": "inquiry"})
    client.post(url, {"what": "lost"})

    case.refresh_from_db()
    assert (case.delivery, case.title) == ("lost", "invalidating")
    assert as_agent(an_agent(post="ES-MADRID")).post(url, {"what": "back"}).status_code == 404
    assert as_agent(an_agent(role="auditor")).post(url, {"what": "back"}).status_code == 404


def test_an_agent_types_a_scan_at_the_posts_clock(case, agent):
    service.adopt_dispatches(now=STARTED)
    client = as_agent(agent)
    url = reverse("desk_scan", urlconf=desk, args=[case.reference])
    given = {"direction": "outbound", "kind": "delivered", "day": "03/03/2026", "hour": "09:15", "place": "Toronto"}

    client.post(url, {**given, "hour": "midi"})
    case.refresh_from_db()
    assert case.delivery == "in_transit"
    client.post(url, given)

    case.refresh_from_db()
    assert case.delivery == "delivered"
    parcel = case.parcels.get()
    assert parcel.ended_at.isoformat() == "2026-03-03T14:15:00+00:00"


def test_the_page_says_what_happens_if_nothing_comes(case, courier, sub):
    page = as_applicant(sub).get(page_of(case)).content.decode()
    assert "Et si rien n’arrive\u00a0?" in page
    assert "une enquête s’ouvre d’elle-même" in page
    assert "l’invalidation peut être suspendue" in page

    delivered(courier)
    assert "Et si rien n’arrive\u00a0?" not in as_applicant(sub).get(page_of(case)).content.decode()


def test_a_lost_parcel_and_one_that_came_back_have_their_own_way_out(case, sub):
    Case.objects.filter(pk=case.pk).update(delivery="inquiry")
    assert "Une enquête est ouverte chez le transporteur." in as_applicant(sub).get(page_of(case)).content.decode()
    Case.objects.filter(pk=case.pk).update(delivery="lost")
    assert "Le pli est déclaré perdu" in as_applicant(sub).get(page_of(case)).content.decode()
    Case.objects.filter(pk=case.pk).update(delivery="returned", dispatch="at_post")
    page = as_applicant(sub).get(page_of(case)).content.decode()
    assert reverse("case_resend", urlconf=portal, args=[case.reference]) in page
