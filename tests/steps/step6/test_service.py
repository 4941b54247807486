"""Parcels followed at the carrier, silence, inquiry, loss, dispute."""

from datetime import datetime, timedelta

import pytest

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.case.values import Waybill
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.access import AccessDenied
from escale.people.actors import Actor, applicant, job
from escale.ports.courier import Scan, ScanKind as K
from escale.ports.errors import PartnerRefused
from escale.steps.step3_posted_items import queries as step3
from escale.steps.step6_delivery import queries, service, service_desk
from escale.steps.step6_delivery.models import Parcel, ParcelScan
from tests.factories.cases import acting, an_agent
from tests.steps.step3.fakes import FakeCourier
from tests.steps.step5.builders import LABEL, STARTED, dispatched
from tests.steps.step5.fakes import FakeIssuance

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RETURN = Waybill.dhl(848713550)


class Counting(FakeCourier):
    """Counts how often it is asked."""

    asked = 0

    def track(self, waybill: Waybill) -> tuple[Scan, ...]:
        self.asked += 1
        return super().track(waybill)


@pytest.fixture
def agent() -> Actor:
    return acting(an_agent())


@pytest.fixture
def case(issuance: FakeIssuance, courier: FakeCourier, agent: Actor, sub: str) -> Case:
    service._last_round.clear()
    return dispatched(issuance, agent, sub=sub)


def scan(kind: K, at: datetime, raw: str = "XX", signed: str = "") -> Scan:
    return Scan(at, kind, raw, "as the carrier says", "TORONTO - CA", signed)


def follow(courier: FakeCourier, *scans: Scan, now: datetime, waybill: Waybill = LABEL) -> None:
    courier.scans[waybill.text] = scans
    service.poll_parcels(now=now)


def holder(case: Case) -> str:
    return {line.item: line.holder for line in step3.custody(case.id)}["new_passport"]


def test_a_parcel_is_followed_from_dispatch_to_delivery(case: Case, courier: FakeCourier):
    follow(courier, scan(K.ACCEPTED, STARTED + HOUR, "PU"), now=STARTED + 2 * HOUR)
    case.refresh_from_db()
    assert case.delivery == "in_transit"

    follow(
        courier,
        scan(K.ACCEPTED, STARTED + HOUR, "PU"),
        scan(K.OUT_FOR_DELIVERY, STARTED + DAY, "WC"),
        scan(K.DELIVERED, STARTED + DAY + HOUR, "OK", "MARTIN"),
        now=STARTED + DAY + 2 * HOUR,
    )

    case.refresh_from_db()
    assert (case.delivery, holder(case)) == ("delivered", "applicant")
    assert [line.raw for line in queries.scans(case.id)] == ["PU", "WC", "OK"]
    last = queries.scans(case.id)[-1]
    assert (last.signed_by, last.place, last.description) == ("MARTIN", "TORONTO - CA", "as the carrier says")
    assert b"MARTIN" not in bytes(ParcelScan.objects.get(raw="OK").sealed)
    assert Parcel.objects.get().ended_at == STARTED + DAY + HOUR
    assert queries.delivered_at(case.id) == STARTED + DAY + HOUR
    assert ledger.count(case.id, e.Delivered) == 1


def test_the_same_scans_again_change_nothing(case: Case, courier: FakeCourier):
    told = (scan(K.EXCEPTION, STARTED + HOUR, "NH"),)
    follow(courier, *told, now=STARTED + 2 * HOUR)
    case.refresh_from_db()
    version = case.version

    follow(courier, *told, now=STARTED + 6 * HOUR)
    follow(courier, *told, now=STARTED + 10 * HOUR)

    case.refresh_from_db()
    assert (case.delivery, case.version) == ("exception", version)
    assert ParcelScan.objects.count() == 1


def test_a_parcel_is_asked_about_when_its_turn_comes_only(issuance, agent, sub, request):
    courier = Counting()
    fake = request.getfixturevalue("courier")
    fake.track = courier.track  # counted in place of the fixture's
    service._last_round.clear()
    dispatched(issuance, agent, sub=sub)

    for minutes in range(0, 60, 1):
        service.poll_parcels(now=STARTED + timedelta(minutes=minutes))

    assert courier.asked == 1


def test_a_day_has_eight_readings_even_when_the_clock_jumps(issuance, agent, sub, request):
    courier = Counting()
    request.getfixturevalue("courier").track = courier.track
    service._last_round.clear()
    dispatched(issuance, agent, sub=sub)
    start = STARTED.replace(hour=0, minute=0) + DAY

    for step in range(20):
        service.poll_parcels(now=start + timedelta(hours=step))

    assert courier.asked == 8
    service.poll_parcels(now=start + DAY)
    assert courier.asked == 9


def test_a_jump_of_the_virtual_clock_asks_at_once(case: Case, courier: FakeCourier):
    service.poll_parcels(now=STARTED)
    follow(courier, scan(K.DELIVERED, STARTED + HOUR, "OK"), now=STARTED + HOUR)

    case.refresh_from_db()
    assert case.delivery == "delivered"


def test_a_carrier_out_of_reach_is_asked_again_later(case: Case, courier: FakeCourier):
    courier.down = True
    service.poll_parcels(now=STARTED)
    courier.down = False

    follow(courier, scan(K.DELIVERED, STARTED + HOUR, "OK"), now=STARTED + 4 * HOUR)

    case.refresh_from_db()
    assert case.delivery == "delivered"


def test_ten_days_without_a_scan_open_an_inquiry_once_the_carrier_was_asked(case: Case, courier: FakeCourier):
    late = STARTED + 11 * DAY
    follow(courier, scan(K.ACCEPTED, STARTED + HOUR, "PU"), now=STARTED + 2 * HOUR)

    service.poll_silence(now=late)  # not asked since: nothing is known of these ten days
    case.refresh_from_db()
    assert case.delivery == "in_transit"
    service.transit_silence(case_id=case.id, now=late)
    service.transit_silence(case_id=case.id, now=late)

    case.refresh_from_db()
    assert case.delivery == "inquiry"
    assert ledger.count(case.id, e.InquiryOpened) == 1


def test_a_scan_nobody_had_asked_for_yet_prevents_the_inquiry(case: Case, courier: FakeCourier):
    courier.scans[LABEL.text] = (scan(K.IN_TRANSIT, STARTED + 9 * DAY, "DF"),)

    service.transit_silence(case_id=case.id, now=STARTED + 11 * DAY)

    case.refresh_from_db()
    assert case.delivery == "in_transit"
    service.poll_silence(now=STARTED + 11 * DAY)
    follow(courier, *courier.scans[LABEL.text], now=STARTED + 20 * DAY)
    service.poll_silence(now=STARTED + 20 * DAY)
    case.refresh_from_db()
    assert case.delivery == "inquiry"  # the silence counts from the last scan


def test_a_silent_carrier_does_not_make_a_silent_parcel(case: Case, courier: FakeCourier):
    courier.down = True

    service.transit_silence(case_id=case.id, now=STARTED + 11 * DAY)
    service.poll_silence(now=STARTED + 11 * DAY)

    case.refresh_from_db()
    assert case.delivery == "in_transit"


def test_a_carrier_that_knows_nothing_of_a_parcel_is_silent_about_it(
    case: Case, courier: FakeCourier, monkeypatch: pytest.MonkeyPatch
):
    def refuse(waybill: Waybill) -> tuple[Scan, ...]:
        raise PartnerRefused("courier", "400")

    monkeypatch.setattr(courier, "track", refuse)
    service.poll_parcels(now=STARTED + DAY)
    service.poll_silence(now=STARTED + 11 * DAY)
    case.refresh_from_db()
    assert case.delivery == "in_transit"

    service.poll_parcels(now=STARTED + 11 * DAY)
    service.poll_silence(now=STARTED + 11 * DAY)

    case.refresh_from_db()
    assert case.delivery == "inquiry"


def in_inquiry(case: Case) -> Case:
    with changing(case.id, actor=job("clock"), now=STARTED + 11 * DAY) as change:
        change.record(Decision.of(e.InquiryOpened()))
    case.refresh_from_db()
    return case


def test_a_lost_passport_is_invalidated_by_the_law(case: Case, courier: FakeCourier, agent: Actor, sub: str):
    service.adopt_dispatches(now=STARTED)
    with pytest.raises(RuleRefused, match="inquiry_first"):
        service_desk.declare_lost(case_id=case.id, actor=agent, now=STARTED + DAY)
    in_inquiry(case)
    with pytest.raises(AccessDenied):
        service_desk.declare_lost(case_id=case.id, actor=applicant(sub), now=STARTED + 12 * DAY)

    service_desk.declare_lost(case_id=case.id, actor=agent, now=STARTED + 12 * DAY)

    case.refresh_from_db()
    assert (case.delivery, case.title, case.receipt) == ("lost", "invalidating", "void")
    assert case.effects.filter(kind="invalidate_title").count() == 1
    assert Parcel.objects.get().next_poll_at is None


@pytest.mark.parametrize(("where", "state"), [("moving", "in_transit"), ("back", "returned")])
def test_a_parcel_found_goes_on_or_comes_back(case: Case, courier: FakeCourier, agent: Actor, where: str, state: str):
    service.adopt_dispatches(now=STARTED)
    in_inquiry(case)

    service_desk.found(case_id=case.id, where=where, actor=agent, now=STARTED + 12 * DAY)

    case.refresh_from_db()
    assert case.delivery == state
    if where == "moving":
        assert Parcel.objects.get().last_sign_at == STARTED + 12 * DAY


def test_what_the_carrier_says_is_delivered_may_be_disputed(case: Case, courier: FakeCourier, sub: str, agent: Actor):
    follow(courier, scan(K.DELIVERED, STARTED + HOUR, "OK"), now=STARTED + 2 * HOUR)
    with pytest.raises(AccessDenied):
        service_desk.dispute(case_id=case.id, actor=applicant("somebody"), now=STARTED + DAY)
    with pytest.raises(AccessDenied):
        service_desk.dispute(case_id=case.id, actor=agent, now=STARTED + DAY)

    service_desk.dispute(case_id=case.id, actor=applicant(sub), now=STARTED + DAY)

    case.refresh_from_db()
    assert (case.delivery, holder(case)) == ("inquiry", "courier")
    assert ledger.latest(case.id, e.AlertRaised) is not None
    service_desk.found(case_id=case.id, where="moving", actor=agent, now=STARTED + 2 * DAY)
    follow(
        courier,
        scan(K.DELIVERED, STARTED + HOUR, "OK"),
        scan(K.OUT_FOR_DELIVERY, STARTED + 3 * DAY, "WC"),
        now=STARTED + 3 * DAY + HOUR,
    )
    case.refresh_from_db()
    assert case.delivery == "out_for_delivery"


def test_an_agent_types_what_a_carrier_does_not_tell_us(case: Case, courier: FakeCourier, agent: Actor, sub: str):
    service.adopt_dispatches(now=STARTED)
    given = {"case_id": case.id, "direction": "outbound", "place": "Toronto", "now": STARTED + DAY}
    with pytest.raises(AccessDenied):
        service_desk.type_scan(kind=K.DELIVERED, at=STARTED + HOUR, actor=applicant(sub), **given)
    with pytest.raises(RuleRefused, match="no_parcel"):
        service_desk.type_scan(kind=K.ACCEPTED, at=STARTED, actor=agent, **{**given, "direction": "return"})

    service_desk.type_scan(kind=K.DELIVERED, at=STARTED + HOUR, actor=agent, **given)

    case.refresh_from_db()
    assert case.delivery == "delivered"
    (line,) = queries.scans(case.id)
    assert (line.raw, line.place) == ("AGENT", "Toronto")
    entry = ledger.latest(case.id, e.Delivered)
    assert entry is not None
    assert entry.actor_kind == "agent"


def test_the_return_of_the_old_passport_is_followed_beside(case: Case, courier: FakeCourier, agent: Actor, sub: str):
    with changing(case.id, actor=applicant(sub), now=STARTED) as change:
        service.follow_return(change, RETURN)
    follow(courier, scan(K.ACCEPTED, STARTED + HOUR, "PU"), now=STARTED + 2 * HOUR, waybill=RETURN)

    parcel = queries.current(case.id, "return")
    assert parcel is not None
    assert parcel.accepted_at == STARTED + HOUR
    case.refresh_from_db()
    assert case.delivery == "in_transit"  # the other parcel is not concerned


def test_a_label_of_the_way_out_is_not_one_of_the_way_back(case: Case, courier: FakeCourier, sub: str):
    with (
        pytest.raises(RuleRefused, match="waybill_used"),
        changing(case.id, actor=applicant(sub), now=STARTED) as change,
    ):
        service.follow_return(change, LABEL)


def test_another_return_takes_the_place_of_the_first_and_back(case: Case, courier: FakeCourier, sub: str):
    other = Waybill.dhl(109925599)
    for bill in (RETURN, other, RETURN, RETURN):
        with changing(case.id, actor=applicant(sub), now=STARTED) as change:
            service.follow_return(change, bill)

    assert Parcel.objects.filter(direction="return").count() == 2
    parcel = queries.current(case.id, "return")
    assert parcel is not None
    assert queries.waybill(parcel) == RETURN


def test_scans_leave_thirty_days_after_everything_has_ended(case: Case, courier: FakeCourier):
    follow(courier, scan(K.DELIVERED, STARTED + HOUR, "OK"), now=STARTED + 2 * HOUR)
    service.forget_scans(now=STARTED + 32 * DAY)
    assert ParcelScan.objects.count() == 1  # the duties are not settled: the scans may still be evidence

    Case.objects.filter(pk=case.pk).update(title="active")
    service.forget_scans(now=STARTED + 29 * DAY)
    assert ParcelScan.objects.count() == 1
    service.forget_scans(now=STARTED + 32 * DAY)

    assert ParcelScan.objects.count() == 0
    assert Parcel.objects.get().ended_at == STARTED + HOUR
