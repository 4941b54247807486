"""The back button and a second tab: each form of the applicant, sent once more after it was sent. Nothing is done
twice, nothing is lost, and the page says what is so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from escale import clock
from escale.case import events as e
from escale.case.decision import Decision
from escale.case.values import Waybill
from escale.config.urls import reception
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.actors import applicant, job
from escale.steps.step2_application import queries as step2
from escale.steps.step2_application.service import submission
from escale.steps.step3_posted_items import queries as step3, service_label
from escale.steps.step7_confirm_receipt import service as receipts
from escale.steps.step8_old_passport import queries as step8
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.factories.web import as_applicant
from tests.steps.conftest import courier as courier, issuance as issuance, sub as sub
from tests.steps.step2 import building
from tests.steps.step2.conftest import stamps as stamps
from tests.steps.step5.builders import dispatched
from tests.steps.step5.fakes import a_title
from tests.steps.step7.test_service import WRONG, with_security

pytestmark = pytest.mark.django_db
NUMBER = a_title().number.text
RETURN = Waybill.dhl(331881777).text


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def page_of(client: Client, path: str, data: dict[str, object] | None = None) -> str:
    answer = client.post(path, data, follow=True) if data is not None else client.get(path, follow=True)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def happened(case: Case, kind: type[e.Event]) -> int:
    return ledger.count(case.id, kind)


# ── the request ──


@pytest.mark.parametrize(
    "page", ["motif", "identite", "coordonnees", "passeport-actuel", "photo", "timbre", "recapitulatif"]
)
def test_a_page_of_the_request_sent_after_the_request_changes_nothing_and_says_so(page: str, stamps: object, sub: str):
    case = building.submitted(sub=sub)
    before, client, here = step2.answers(case.id), as_applicant(sub), f"/demande/{case.reference}/"

    back = page_of(client, f"{here}{page}/")
    again = page_of(client, f"{here}{page}/", {"motive": "pages_full", "number": "1234567812345678", "version": "1"})

    assert "<h1>Ma demande</h1>" in back
    assert "rien n’y a été changé" not in back
    assert "Votre demande est déjà envoyée, depuis le lundi 2 mars 2026" in again
    assert step2.answers(case.id) == before
    assert happened(case, e.ApplicationSubmitted) == 1


def test_two_taps_on_send_send_once(stamps: object, sub: str, monkeypatch: pytest.MonkeyPatch):
    """The second tap read the case before the first one wrote it."""
    case = building.with_stamp(building.a_draft(sub=sub))
    submit = submission.submit

    def first_the_other(**given: object) -> None:
        monkeypatch.setattr(submission, "submit", submit)
        submit(case=ledger.get(case.id), actor=applicant(sub), now=NOON)
        submit(**given)

    monkeypatch.setattr(submission, "submit", first_the_other)
    form = {"version": case.version, "true_statement": "on", "holds_passport": "on"}
    text = page_of(as_applicant(sub), f"/demande/{case.reference}/recapitulatif/", form)

    assert "Votre demande est déjà envoyée" in text
    assert happened(case, e.ApplicationSubmitted) == 1
    assert happened(case, e.StampReserved) == 1


# ── the envelope ──


def test_i_have_posted_said_twice_is_noted_once(sub: str, courier: object):
    case, client = a_case("accepted", sub=sub), as_applicant(sub)
    service_label.generate_label(case_id=case.id, actor=applicant(sub), now=NOON)
    form = {"version": step3.revision(case.id), "carrier": "dhl", "waybill": ""}
    here = f"/demande/{case.reference}/envoi/"
    page_of(client, f"{here}poste/", form)

    again = page_of(client, f"{here}poste/", {**form, "waybill": "3318810025"})

    assert "Votre envoi est déjà noté, depuis le lundi 2 mars 2026" in again
    assert happened(case, e.PostingAnnounced) == 1
    assert step3.posted_items(case.id).outbound_waybill == ""
    for label in ("etiquette/fabriquer/", "etiquette/"):
        assert "Votre enveloppe est en route" in page_of(client, f"{here}{label}", {} if "fabriquer" in label else None)


def test_posted_from_a_tab_that_another_outran_may_be_sent_again_at_once(sub: str, courier: object):
    case, client = a_case("accepted", sub=sub), as_applicant(sub)
    service_label.generate_label(case_id=case.id, actor=applicant(sub), now=NOON)
    form = {"version": step3.revision(case.id) - 1, "carrier": "dhl", "waybill": ""}

    answer = client.post(f"/demande/{case.reference}/envoi/poste/", form)

    assert answer.status_code == 409
    assert f'name="version" value="{step3.revision(case.id)}"' in answer.content.decode()


# ── the reception site ──


@pytest.fixture
def sent_out(issuance: object, courier: object, sub: str) -> tuple[Case, str, str]:
    case = dispatched(issuance, acting(an_agent()), sub=sub, now=NOON - timedelta(days=5))
    return case, with_security(case).text, reverse("reception_confirm", urlconf=reception, args=[case.reference])


def test_a_wrong_pair_sent_again_by_a_reload_is_counted_once(sent_out: tuple[Case, str, str], sub: str):
    case, right, path = sent_out
    client = as_applicant(sub, "reception")
    assert 'name="tries" value="0"' in page_of(client, path)
    form = {"number": NUMBER, "security": WRONG.text, "attestation": "on", "tries": "0"}

    first, reload = client.post(path, form), client.post(path, form)
    other_tab = client.post(path, {**form, "security": right})

    assert "Ces deux numéros ne vont pas ensemble" in first.content.decode()
    for told in (reload, other_tab):
        assert told.status_code == 409
        assert "Rien n’a été compté cette fois" in told.content.decode()
        assert 'name="tries" value="1"' in told.content.decode()
    assert happened(case, e.WrongNumberEntered) == 1
    assert "est confirmée" in page_of(client, path, {**form, "security": right, "tries": "1"})


def test_a_receipt_confirmed_twice_is_confirmed_once(
    sent_out: tuple[Case, str, str], sub: str, monkeypatch: pytest.MonkeyPatch
):
    case, right, path = sent_out
    client, confirm = as_applicant(sub, "reception"), receipts.confirm
    form = {"number": NUMBER, "security": right, "attestation": "on", "tries": "0"}

    def first_the_other(**given: object) -> object:
        monkeypatch.setattr(receipts, "confirm", confirm)
        confirm(**given)
        return confirm(**given)

    monkeypatch.setattr(receipts, "confirm", first_the_other)
    at_once, later, back = page_of(client, path, form), page_of(client, path, form), page_of(client, path)

    for told in (at_once, later, back):
        assert "Confirmé le lundi 2 mars 2026" in told
    assert happened(case, e.ReceiptConfirmed) == 1


# ── the old passport ──


def test_the_return_announced_again_is_followed_once(sent_out: tuple[Case, str, str], sub: str):
    case, client = sent_out[0], as_applicant(sub)
    here = f"/demande/{case.reference}/deux-obligations/"
    form = {"carrier": "dhl", "waybill": RETURN}
    for _ in range(2):
        assert RETURN in page_of(client, reverse("return_announce", args=[case.reference]), form)
    assert happened(case, e.ReturnAnnounced) == 1
    with changing(case.id, actor=job("test"), now=NOON) as change:
        change.record(Decision.of(e.ReturnHandedOver(scanned_at=NOON)))

    for name, data in (("return_announce", form), ("return_generate", {})):
        told = page_of(client, reverse(name, args=[case.reference]), data)
        assert "déjà remis au transporteur" in told
    assert "pris en charge" in page_of(client, here)
    assert step8.return_of(case).waybill.text == RETURN
