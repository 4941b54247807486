"""The bench as agents see it, the new label as applicants see it, issuance's push."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from escale.case.mrz import Mrz
from escale.case.values import Waybill
from escale.config.urls import desk, portal
from escale.ports.issuance import OrderState
from escale.steps.step3_posted_items import queries as step3
from escale.steps.step5_dispatch import service_bench, service_production
from tests.factories.cases import acting, an_agent
from tests.factories.web import a_client, as_agent, as_applicant
from tests.steps.step5.builders import LABEL, STARTED, at_post, dispatched, ordered, produced
from tests.steps.step5.fakes import a_title

pytestmark = pytest.mark.django_db
ZONE = a_title().mrz


def at(name: str, *args: str) -> str:
    return reverse(name, urlconf=desk, args=args)


def test_the_bench_lists_what_is_expected_here_and_gone(issuance):
    agent = an_agent()
    here = at_post(issuance, acting(agent))
    client = as_agent(agent)

    page = client.get(at("desk_dispatch")).content.decode()

    assert here.reference in page
    assert "MARTIN Jeanne Marie" in page
    assert a_title().number.text not in page
    assert "À expédier (1)" in page


def test_two_scans_send_the_parcel_and_the_agent_is_told(issuance):
    agent = an_agent()
    case = at_post(issuance, acting(agent))
    client = as_agent(agent)
    first_line_and_second = ZONE.replace("\n", "")

    answer = client.post(
        at("desk_parcel"), {"expedition-number": first_line_and_second, "expedition-waybill": LABEL.text}, follow=True
    )

    assert case.reference in answer.content.decode()
    case.refresh_from_db()
    assert case.dispatch == "dispatched"


def test_a_label_of_another_case_shouts_and_keeps_what_was_scanned(issuance):
    agent = an_agent()
    case = at_post(issuance, acting(agent))

    answer = as_agent(agent).post(
        at("desk_parcel"), {"expedition-number": a_title().number.text, "expedition-waybill": "1099255990"}
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "STOP. Cette étiquette n’est pas celle de ce passeport" in page
    assert 'value="1099255990"' in page
    case.refresh_from_db()
    assert case.dispatch == "at_post"


def focused(page: str) -> list[str]:
    """Names of the fields that have the caret."""
    return re.findall(r'<(?:input|textarea)[^>]*?name="([^"]+)"[^>]*\bautofocus\b', page)


def test_the_caret_is_where_the_next_scan_belongs(issuance):
    """Scanners end with Enter: the form is sent after the first of two scans where JavaScript is off."""
    agent = an_agent()
    produced(issuance)
    client = as_agent(agent)
    assert focused(client.get(at("desk_dispatch")).content.decode()) == ["expedition-number"]

    half = client.post(at("desk_parcel"), {"expedition-number": a_title().number.text, "expedition-waybill": ""})
    assert half.status_code == 422
    assert focused(half.content.decode()) == ["expedition-waybill"]
    arrived = client.post(
        at("desk_arrival"), {"arrivee-number": a_title().number.text, "arrivee-zone": ZONE}, follow=True
    )
    assert focused(arrived.content.decode()) == ["arrivee-number"]


def test_a_wrong_parcel_stops_the_bench_aloud(issuance):
    agent = an_agent()
    at_post(issuance, acting(agent))

    page = (
        as_agent(agent)
        .post(at("desk_parcel"), {"expedition-number": a_title().number.text, "expedition-waybill": "1099255990"})
        .content.decode()
    )

    assert re.search(r'role="alert"[^>]*>\s*<p class="step5-shout">STOP', page)
    assert "Rien n’a été enregistré." in page


def test_an_arrival_is_compared_with_what_the_producer_told(issuance):
    agent = an_agent()
    case = produced(issuance)
    client = as_agent(agent)

    wrong_key = client.post(
        at("desk_arrival"), {"arrivee-number": a_title().number.text, "arrivee-zone": ZONE[:-1] + "1"}
    )
    other = client.post(at("desk_arrival"), {"arrivee-number": "26FR99999", "arrivee-zone": ZONE})
    right = client.post(at("desk_arrival"), {"arrivee-number": "26 fr 48213", "arrivee-zone": ZONE}, follow=True)

    assert wrong_key.status_code == 422
    assert "clé de contrôle" in wrong_key.content.decode()
    assert other.status_code == 409
    assert "STOP. Aucun dossier de votre poste" in other.content.decode()
    assert case.reference in right.content.decode()
    case.refresh_from_db()
    assert case.dispatch == "at_post"


@pytest.mark.parametrize("name", ["desk_order_again", "desk_new_photo", "desk_destroy", "desk_fresh_label"])
def test_decisions_are_refused_to_another_post_and_to_readers(issuance, name):
    case = ordered()

    assert as_agent(an_agent(post="ES-MADRID")).post(at(name, case.reference)).status_code == 404
    assert as_agent(an_agent(role="auditor")).post(at(name, case.reference)).status_code == 404
    assert as_agent(an_agent()).get(at(name, case.reference)).status_code == 405


def test_a_rejected_photo_is_asked_again_from_the_file(issuance):
    agent = an_agent()
    case = ordered()
    issuance.states[case.reference] = OrderState("rejected", code="PHOTO_NON_CONFORME")
    service_production.poll_orders(now=STARTED)

    client = as_agent(agent)
    seen = step3.revision(case.id)
    client.post(at("desk_new_photo", case.reference), {"version": seen, "words_fr": "Trop sombre."})

    assert "Une nouvelle photo est demandée" in client.get(at("desk_dispatch")).content.decode()
    case.refresh_from_db()
    assert case.posted_items == "replacement_requested"
    assert case.dispatch == "production_rejected"


def test_two_hands_on_a_rejected_order_make_one_order(issuance):
    agent = an_agent()
    case = ordered()
    issuance.states[case.reference] = OrderState("rejected", code="X")
    service_production.poll_orders(now=STARTED)
    client = as_agent(agent)

    client.post(at("desk_order_again", case.reference))
    client.post(at("desk_order_again", case.reference))

    page = client.get(at("desk_dispatch")).content.decode()
    assert "Le passeport est commandé à nouveau." in page
    assert "La commande n’est pas rejetée." in page
    assert case.effects.filter(kind="order_passport").count() == 2  # the first, and one again


def test_the_applicant_makes_a_new_label_once_the_parcel_came_back(issuance, courier, sub):
    agent = acting(an_agent())
    case = dispatched(issuance, agent, sub=sub)
    page = reverse("case_resend", urlconf=portal, args=[case.reference])
    client = as_applicant(sub)
    assert "Aucune nouvelle étiquette" in client.get(page).content.decode()
    service_bench.arrive(
        number=a_title().number, zone=Mrz(*ZONE.splitlines()), actor=agent, now=STARTED + timedelta(days=9)
    )

    assert "Générer ma nouvelle étiquette" in client.get(page).content.decode()
    wrong = client.post(page, {"carrier": "dhl", "waybill": "1099255991"})
    assert wrong.status_code == 409
    assert 'value="1099255991"' in wrong.content.decode()
    assert client.post(page, {"generer": "1"}).status_code == 302
    assert "Votre nouvelle étiquette est enregistrée" in client.get(page).content.decode()
    assert as_applicant("somebody").get(page).status_code == 404
    pdf = as_agent(an_agent()).get(at("desk_fresh_label_pdf", case.reference))
    assert pdf.content == b"%PDF-1.7 label"


def test_issuance_pushes_once_and_only_with_a_good_signature(issuance):
    case = ordered()
    url = reverse("issuance_events", urlconf=portal)
    client = a_client("portal")

    def push(signature: str, event_id: str = "evt-1") -> int:
        headers = {"Webhook-Signature": signature, "Webhook-Id": event_id}
        return client.post(url, case.reference, content_type="application/json", headers=headers).status_code

    assert push("forged") == 401
    assert push("stale") == 401
    assert push("shape") == 400
    assert push("good") == 204
    assert push("good") == 204
    assert client.get(url).status_code == 405
    issuance.states[case.reference] = OrderState("in_production")
    service_production.poll_orders(now=STARTED + timedelta(days=300))
    case.refresh_from_db()
    assert case.dispatch == "in_production"


def test_the_bench_asks_as_many_questions_for_one_parcel_as_for_many(issuance, django_assert_max_num_queries):
    agent = an_agent()
    client = as_agent(agent)
    produced(issuance, a_title("26FR00001"), waybill=Waybill.dhl(11))
    client.get(at("desk_dispatch"))  # the first page of a session notes its hour
    with CaptureQueriesContext(connection) as one:
        client.get(at("desk_dispatch"))
    for number in range(2, 6):
        at_post(issuance, acting(agent), a_title(f"26FR0000{number}"), waybill=Waybill.dhl(10 + number))

    with django_assert_max_num_queries(12) as many:
        client.get(at("desk_dispatch"))

    assert len(many) == len(one)


def test_whoever_reads_the_bench_without_deciding_is_offered_no_scan():
    reader, holder = an_agent("support"), an_agent()

    read, held = (as_agent(one).get(at("desk_dispatch")).content.decode() for one in (reader, holder))

    assert "data-scan" in held
    assert "data-scan" not in read
    assert "Attendus du fabricant" in read
