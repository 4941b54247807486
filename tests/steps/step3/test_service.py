"""The envelope from the applicant's hands to the agent's table."""

from datetime import timedelta

import pytest

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.case.moves import MoveRefused
from escale.case.values import Waybill
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.record import StaleCase, changing
from escale.people.access import AccessDenied
from escale.people.actors import applicant
from escale.ports.errors import PartnerUnavailable
from escale.steps.step3_posted_items import queries, rules, service, service_label
from escale.steps.step3_posted_items.models import GateCheck
from escale.steps.step3_posted_items.service_custody import hand_over
from tests.factories.cases import NOON, a_case, a_post, acting, an_agent
from tests.inspection.making.labels import label_pdf
from tests.steps.step3.fakes import FakeCourier

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)
ADDRESS = ["TO:", "Jeanne MARTIN", "12 Elm Street", "Toronto ON M4W 1A8", "CANADA", "", "FROM:", "Consulat"]


def holders(case: Case) -> dict[str, str]:
    return {line.item: line.holder for line in queries.custody(case.id)}


def posted(sub: str, courier: FakeCourier) -> Case:
    """A case whose envelope is on its way, with a label made here."""
    case = a_case("accepted", sub=sub)
    service_label.generate_label(case_id=case.id, actor=applicant(sub), now=LATER)
    service.announce(case_id=case.id, carrier="dhl", waybill="", actor=applicant(sub), now=LATER)
    case.refresh_from_db()
    return case


def received(sub: str, courier: FakeCourier) -> tuple[Case, object]:
    case, agent = posted(sub, courier), acting(an_agent())
    service.receive(case_id=case.id, actor=agent, now=LATER)
    case.refresh_from_db()
    return case, agent


def test_a_label_made_here_is_addressed_from_the_register(sub: str, courier: FakeCourier):
    case = a_case("accepted", sub=sub)

    service_label.generate_label(case_id=case.id, actor=applicant(sub), now=LATER)

    items = queries.posted_items(case.id)
    receiver = courier.receivers[0]
    assert (receiver.name, receiver.line1, receiver.country) == ("Jeanne MARTIN", "12 Elm Street", "CA")
    assert items.label_source == "generated"
    assert items.label_waybill is not None
    assert items.label_waybill.text in {label.waybill.text for label in courier.shipments.values()}
    verdicts = {line.check: line.verdict for line in items.checklist(LATER) if line.check in rules.LABEL_CHECKS}
    assert {check for check, verdict in verdicts.items() if verdict != "ok"} == {"one_passport"}  # not scanned yet


def test_a_lost_reply_never_makes_two_labels(sub: str, courier: FakeCourier):
    case = a_case("accepted", sub=sub)
    courier.lose_replies = 1

    with pytest.raises(PartnerUnavailable):
        service_label.generate_label(case_id=case.id, actor=applicant(sub), now=LATER)
    assert not queries.posted_items(case.id).label_ready
    service_label.generate_label(case_id=case.id, actor=applicant(sub), now=LATER)
    service_label.generate_label(case_id=case.id, actor=applicant(sub), now=LATER)

    assert list(courier.shipments) == [f"{case.reference}-L1"]
    assert len(f"{case.reference}-L1") <= 35
    assert queries.posted_items(case.id).label_ready


def test_somebody_else_makes_no_label(sub: str, courier: FakeCourier):
    case = a_case("accepted", sub=sub)

    with pytest.raises(AccessDenied):
        service_label.generate_label(case_id=case.id, actor=applicant("another"), now=LATER)

    assert courier.shipments == {}


def test_a_label_with_the_forbidden_option_is_refused_and_not_kept(sub: str):
    case = a_case("accepted", sub=sub)
    content = label_pdf("3318810025", [*ADDRESS, "", "ADULT SIGNATURE"])

    with pytest.raises(RuleRefused, match="adult_signature"):
        service_label.import_label(case_id=case.id, content=content, filename="a.pdf", actor=applicant(sub), now=LATER)

    assert not queries.posted_items(case.id).label_ready


def test_an_imported_label_is_read_and_remade(sub: str):
    case = a_case("accepted", sub=sub)

    service_label.import_label(
        case_id=case.id, content=label_pdf("3318810025", ADDRESS), filename="a.pdf", actor=applicant(sub), now=LATER
    )

    items = queries.posted_items(case.id)
    assert items.label_waybill == Waybill("dhl", "3318810025")
    assert items.label_source == "imported"
    assert items.label_document_id is not None
    assert {line.check: line.verdict for line in items.checklist(LATER)}["recipient"] == "ok"


def test_one_label_serves_one_case(sub: str):
    first, second = a_case("accepted", sub=sub), a_case("accepted", sub="second")
    service_label.type_waybill(case_id=first.id, typed="3318810025", carrier="dhl", actor=applicant(sub), now=LATER)

    with pytest.raises(RuleRefused, match="waybill_used"):
        service_label.type_waybill(
            case_id=second.id, typed="33 1881 0025", carrier="dhl", actor=applicant("second"), now=LATER
        )

    assert queries.find_by_waybill("33 1881 0025") == first.id


@pytest.mark.parametrize(("typed", "code"), [("123", "waybill_shape"), ("3318810010", "waybill_check")])
def test_a_mistyped_number_is_told_apart(sub: str, typed: str, code: str):
    case = a_case("accepted", sub=sub)

    with pytest.raises(RuleRefused, match=code):
        service_label.type_waybill(case_id=case.id, typed=typed, carrier="dhl", actor=applicant(sub), now=LATER)


def test_posting_hands_photo_and_label_to_the_courier(sub: str, courier: FakeCourier):
    case = posted(sub, courier)

    assert case.posted_items == "announced"
    assert holders(case) == {"photo": "courier", "label": "courier", "new_passport": "", "old_passport": "applicant"}
    assert ledger.count(case.id, e.CustodyMoved) == 2


def test_no_envelope_without_a_label(sub: str):
    case = a_case("accepted", sub=sub)

    with pytest.raises(RuleRefused, match="label_first"):
        service.announce(case_id=case.id, carrier="dhl", waybill="", actor=applicant(sub), now=LATER)


def test_two_hands_on_one_envelope(sub: str, courier: FakeCourier):
    case = a_case("accepted", sub=sub)
    service_label.generate_label(case_id=case.id, actor=applicant(sub), now=LATER)

    with pytest.raises(StaleCase):
        service.announce(case_id=case.id, carrier="dhl", waybill="", actor=applicant(sub), now=LATER, revision=1)


def test_a_scanned_cover_sheet_receives_the_envelope(sub: str, courier: FakeCourier):
    case, agent = posted(sub, courier), acting(an_agent())

    first = service.scan(typed=case.reference.lower().replace("-", " "), actor=agent, now=LATER)
    again = service.scan(typed=case.reference, actor=agent, now=LATER)

    assert (first.outcome, again.outcome) == ("received", "already")
    assert holders(case)["photo"] == holders(case)["label"] == "post"
    assert ledger.count(case.id, e.EnvelopeReceived) == 1


def test_the_envelopes_own_number_finds_its_case(sub: str, courier: FakeCourier):
    case = a_case("accepted", sub=sub)
    service_label.generate_label(case_id=case.id, actor=applicant(sub), now=LATER)
    service.announce(case_id=case.id, carrier="dhl", waybill="8487135506", actor=applicant(sub), now=LATER)

    scanned = service.scan(typed="8487135506", actor=acting(an_agent()), now=LATER)

    assert (scanned.outcome, scanned.reference) == ("received", case.reference)


def test_the_label_on_the_table_must_be_its_own(sub: str, courier: FakeCourier):
    case, other = posted(sub, courier), posted("second", courier)
    agent = acting(an_agent())
    service.scan(typed=case.reference, actor=agent, now=LATER)

    def compare(waybill: Waybill | None) -> str:
        assert waybill is not None
        return service.scan(typed=waybill.text, actor=agent, now=LATER, open_reference=case.reference).outcome

    assert compare(queries.posted_items(other.id).label_waybill) == "label_differs"
    assert compare(Waybill("dhl", "1099255990")) == "label_differs"
    assert compare(queries.posted_items(case.id).label_waybill) == "label_matches"
    assert queries.posted_items(case.id).label_scanned_at == LATER


def test_another_posts_envelope_reads_as_unknown(sub: str, courier: FakeCourier):
    case = posted(sub, courier)
    a_post("CA-MONTREAL", name="Montréal")

    scanned = service.scan(typed=case.reference, actor=acting(an_agent(post="CA-MONTREAL")), now=LATER)

    assert scanned == service.Scanned("unknown")


def test_an_envelope_for_a_case_that_has_ended_is_recorded_and_sent_back(sub: str, courier: FakeCourier):
    case, agent = posted(sub, courier), acting(an_agent())
    with changing(case.id, actor=applicant(sub), now=LATER) as change:
        change.record(rules.Decision.of(e.ApplicationWithdrawn()))

    assert service.scan(typed=case.reference, actor=agent, now=LATER).outcome == "late"
    assert holders(case)["photo"] == "post"
    service.send_back(case_id=case.id, actor=agent, now=LATER)

    assert holders(case)["photo"] == holders(case)["label"] == "courier"
    assert ledger.count(case.id, e.LateObjectReceived) == 1


def test_gate_two_opens_the_booking(sub: str, courier: FakeCourier):
    case, agent = received(sub, courier)

    service.verify(case_id=case.id, ticked=rules.CHECKS, actor=agent, now=LATER)

    case.refresh_from_db()
    assert (case.posted_items, case.interview) == ("verified", "bookable")


def test_a_missing_tick_keeps_the_gate_closed(sub: str, courier: FakeCourier):
    case, agent = received(sub, courier)

    with pytest.raises(RuleRefused, match="checks_missing"):
        service.verify(case_id=case.id, ticked=rules.CHECKS[1:], actor=agent, now=LATER)

    case.refresh_from_db()
    assert case.posted_items == "received"


def test_asking_for_the_label_again_starts_a_new_round(sub: str, courier: FakeCourier):
    case, agent = received(sub, courier)

    service.ask_again(
        case_id=case.id, reasons={"label": "wrong_address"}, words={"fr": "Le 12, pas le 21.", "en": ""},
        actor=agent, now=LATER,
    )  # fmt: skip

    asked = queries.asked_again(case.id)
    assert asked is not None
    assert (asked.reasons, asked.words) == ({"label": "wrong_address"}, {"fr": "Le 12, pas le 21."})
    assert holders(case) == {"photo": "post", "label": "applicant", "new_passport": "", "old_passport": "applicant"}
    assert not queries.posted_items(case.id).label_ready
    service_label.generate_label(case_id=case.id, actor=applicant(sub), now=LATER)
    assert list(courier.shipments) == [f"{case.reference}-L1", f"{case.reference}-L2"]
    service.announce(case_id=case.id, carrier="dhl", waybill="", actor=applicant(sub), now=LATER)
    assert holders(case)["photo"] == "post"


def test_a_label_cancelled_by_the_carrier_is_noticed_once(sub: str, courier: FakeCourier):
    case, agent = received(sub, courier)
    service.verify(case_id=case.id, ticked=rules.CHECKS, actor=agent, now=LATER)
    waybill = queries.posted_items(case.id).label_waybill
    assert waybill is not None
    courier.cancel(waybill)

    service.watch_labels(now=LATER)  # too early to ask again
    case.refresh_from_db()
    assert case.posted_items == "verified"
    service.watch_labels(now=LATER + rules.POLL_EVERY)
    service.watch_labels(now=LATER + 2 * rules.POLL_EVERY)

    case.refresh_from_db()
    assert (case.posted_items, case.interview) == ("replacement_requested", "locked")
    assert ledger.count(case.id, e.LabelCancelledByCourier) == 1
    asked = queries.asked_again(case.id)
    assert asked is not None
    assert asked.reasons == {"label": "courier_cancelled"}


def test_a_carrier_out_of_reach_is_asked_again_later(sub: str, courier: FakeCourier):
    case, agent = received(sub, courier)
    service.verify(case_id=case.id, ticked=rules.CHECKS, actor=agent, now=LATER)
    courier.down = True

    service.watch_labels(now=LATER + rules.POLL_EVERY)

    case.refresh_from_db()
    assert case.posted_items == "verified"


def test_custody_is_said_once(sub: str, courier: FakeCourier):
    case = a_case("accepted", sub=sub)
    with changing(case.id, actor=applicant(sub), now=LATER) as change:
        hand_over(change, "old_passport", "courier")
        hand_over(change, "old_passport", "courier")

    assert ledger.count(case.id, e.CustodyMoved) == 1
    with changing(case.id, actor=applicant(sub), now=LATER) as change, pytest.raises(KeyError):
        hand_over(change, "old_passport", "neighbour")


def test_an_envelope_before_it_is_asked_is_refused(sub: str):
    case = a_case("submitted", sub=sub)

    scanned = service.scan(typed=case.reference, actor=acting(an_agent()), now=LATER)
    with pytest.raises(MoveRefused):
        service.verify(case_id=case.id, ticked=rules.CHECKS, actor=acting(an_agent()), now=LATER)

    assert scanned.outcome == "not_expected"


def test_what_is_exact_is_kept_with_its_reason_apart_from_the_ticks(sub: str, courier: FakeCourier):
    case, agent = received(sub, courier)
    number = queries.posted_items(case.id).label_waybill
    assert number is not None
    service.scan(typed=number.text, actor=agent, now=LATER, open_reference=case.reference)

    service.verify(case_id=case.id, ticked=rules.PHOTO_CHECKS, actor=agent, now=LATER)

    kept = GateCheck.objects.get(case_id=case.id)
    assert kept.ticked == list(rules.PHOTO_CHECKS)
    assert set(kept.reasons) == set(rules.LABEL_CHECKS)
    assert kept.reasons["address"] == "generated_here"


def test_a_label_made_here_and_not_scanned_is_compared_by_eye(sub: str, courier: FakeCourier):
    case, agent = received(sub, courier)

    with pytest.raises(RuleRefused, match="checks_missing"):
        service.verify(case_id=case.id, ticked=rules.PHOTO_CHECKS, actor=agent, now=LATER)
    service.verify(case_id=case.id, ticked=[*rules.PHOTO_CHECKS, "one_passport"], actor=agent, now=LATER)

    case.refresh_from_db()
    assert case.posted_items == "verified"
