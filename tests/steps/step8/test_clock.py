"""The clock of the forty days through the services: every zone, both ends, effects once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from escale.case import events as e
from escale.case.decision import Decision
from escale.case.values import PassportNumber
from escale.ledger import queries as ledger, verify
from escale.ledger.models import Effect
from escale.ledger.record import changing
from escale.people.actors import job
from escale.ports import directory
from escale.ports.border_alert import Acknowledgement
from escale.ports.errors import PartnerUnavailable
from escale.ports.mailer import Message
from escale.steps.step5_dispatch.models import ProducedTitle
from escale.steps.step5_dispatch.queries import number_index
from escale.steps.step8_old_passport import queries, service_clock, service_desk
from escale.steps.step8_old_passport.models import Invalidation
from escale.vault import sealing
from escale.worker import outbox, sweep
from tests.factories.cases import a_case, a_post, acting, an_agent

pytestmark = pytest.mark.django_db
ZONES = ["Australia/Sydney", "America/Toronto", "America/Vancouver", "Europe/Madrid", "Europe/Lisbon"]


class Issuance:
    def __init__(self):
        self.invalidated = []
        self.state = "pending"

    def invalidate(self, number, *, reason, effective_on, agents):
        self.invalidated.append((number.text, reason))

    def validity(self, number):
        return self.state

    def expect_receipt(self, number, **_):
        return None


class Borders:
    def __init__(self):
        self.reported, self.withdrawn, self.silent = [], [], 0

    def report(self, number, *, status, reason, on, key):
        if self.silent:
            self.silent -= 1
            raise PartnerUnavailable("border_alert", "503")
        self.reported.append((number.text, status, reason))
        return Acknowledgement(item_id="item-1", duplicate=False)

    def withdraw(self, item_id, *, reason):
        self.withdrawn.append(item_id)


class Mailer:
    def send(self, message: Message) -> str:
        return message.reference


@pytest.fixture
def partners():
    issuance, borders = Issuance(), Borders()
    kept = dict(directory._FACTORIES), dict(directory._BUILT)
    directory.provide("issuance", lambda: issuance)
    directory.provide("border_alert", lambda: borders)
    directory.provide("mailer", Mailer)
    yield issuance, borders
    directory._FACTORIES.update(kept[0])
    directory._BUILT.clear()
    directory._BUILT.update(kept[1])


def dispatched(zone="America/Toronto", at=None, point="dispatched"):
    """A case whose new passport has just left, and the instant it left."""
    at = at or datetime(2026, 3, 2, 15, tzinfo=UTC)
    post = a_post(f"X-{zone.split('/')[1].upper()}", tz=zone)
    case = a_case(point, now=at - timedelta(minutes=15), post=post)
    number = PassportNumber(f"26ZZ{uuid4().int % 100000:05d}")
    ProducedTitle.objects.create(
        case=case,
        number_index=number_index(number),
        issued_on=at.date(),
        expires_on=at.date(),
        produced_at=at,
        sealed=sealing.seal_json(case.id, "title", {"number": number.text, "mrz": ""}),
    )
    Effect.objects.filter(case=case).delete()
    return case, at


def last_second(case, at, days=40):
    tz = ZoneInfo(case.post.tz)
    day = at.astimezone(tz).date() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=tz)


def run(now, rounds=8):
    for _ in range(rounds):
        sweep.sweep(now)
        outbox.drain(now)
        service_clock.poll_invalidations(now=now)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("start", ["2026-03-02T15:00", "2026-02-10T03:30", "2026-09-20T22:00", "2026-09-28T14:30"])
def test_day_forty_is_in_time_and_day_forty_one_is_not_everywhere(zone, start, partners):
    case, _ = dispatched(zone, datetime.fromisoformat(start).replace(tzinfo=UTC))
    dispatched_at = ledger.latest(case.id, e.PassportDispatched).at
    limit = last_second(case, dispatched_at)
    run(limit)
    case.refresh_from_db()
    assert case.title == "issued"
    run(limit + timedelta(seconds=1))
    case.refresh_from_db()
    assert case.title == "listed"
    assert queries.duties(case).ends_at == limit + timedelta(seconds=1)


def test_a_missed_duty_is_listed_a_day_then_invalidated_and_reported_once(partners):
    issuance, borders = partners
    case, at = dispatched()
    over = last_second(case, at) + timedelta(seconds=1)
    run(over)
    case.refresh_from_db()
    assert (case.title, issuance.invalidated) == ("listed", [])
    run(over + timedelta(hours=30))
    case.refresh_from_db()
    assert (case.title, len(issuance.invalidated), borders.reported) == ("invalidating", 1, [])
    issuance.state = "invalid"
    run(over + timedelta(hours=31))
    run(over + timedelta(hours=40))
    case.refresh_from_db()
    assert (case.title, case.outcome) == ("reported", "invalidated")
    assert [line[1:] for line in borders.reported] == [("invalid", "not_received")]
    assert len(issuance.invalidated) == 1
    assert verify.verify_case(case) is None


def test_a_silent_relay_is_told_later_and_once(partners):
    issuance, borders = partners
    issuance.state, borders.silent = "invalid", 2
    case, at = dispatched()
    over = last_second(case, at) + timedelta(seconds=1)
    run(over)
    for hours in range(30, 60, 3):
        run(over + timedelta(hours=hours))
    case.refresh_from_db()
    assert case.title == "reported"
    assert len(borders.reported) == 1


def test_both_duties_done_in_time_leave_nothing_to_invalidate(partners):
    case, at = dispatched()
    limit = last_second(case, at)
    with changing(case.id, actor=job("test"), now=limit) as change:
        change.record(Decision.of(e.ReceiptConfirmed()))
        change.record(Decision.of(e.ReturnHandedOver(scanned_at=limit)))
    run(limit + timedelta(days=3))
    case.refresh_from_db()
    assert case.title == "issued"
    assert partners[0].invalidated == []


def test_a_suspended_case_is_not_invalidated_until_its_end(partners):
    case, at = dispatched()
    over = last_second(case, at) + timedelta(seconds=1)
    run(over)
    supervisor = acting(an_agent("supervisor", case.post_id))
    service_desk.hold(case_id=case.id, reason="Hôpital", until=over + timedelta(days=5), actor=supervisor, now=over)
    run(over + timedelta(days=4))
    case.refresh_from_db()
    assert (case.title, partners[0].invalidated) == ("held", [])
    run(over + timedelta(days=5, seconds=1))
    case.refresh_from_db()
    assert case.title == "listed"
    run(over + timedelta(days=7))
    case.refresh_from_db()
    assert case.title == "invalidating"


def test_an_agent_cannot_suspend_nor_a_supervisor_of_another_post(partners):
    case, at = dispatched()
    over = last_second(case, at) + timedelta(seconds=1)
    run(over)
    a_post("ES-MADRID")
    for person in (an_agent("agent", case.post_id), an_agent("supervisor", "ES-MADRID")):
        with pytest.raises(service_desk.AccessDenied):
            service_desk.hold(
                case_id=case.id, reason="x", until=over + timedelta(days=2), actor=acting(person), now=over
            )


def test_a_visa_keeps_the_old_passport_and_its_end_opens_forty_new_days(partners):
    case, at = dispatched()
    until = (at + timedelta(days=60)).date()
    with changing(case.id, actor=job("test"), now=at) as change:
        change.record(Decision.of(e.KeptForVisa(until=until), e.ReceiptConfirmed()))
    case.refresh_from_db()
    assert case.outcome == "completed"
    run(at + timedelta(days=62))
    case.refresh_from_db()
    assert (case.old_passport, case.title, case.outcome) == ("due", "issued", "open")
    run(at + timedelta(days=104))
    case.refresh_from_db()
    assert case.title == "listed"


def test_a_lost_parcel_is_invalidated_and_reported_as_lost(partners):
    issuance, borders = partners
    issuance.state = "invalid"
    case, at = dispatched()
    with changing(case.id, actor=job("test"), now=at) as change:
        change.record(Decision.of(e.InquiryOpened(), e.DeclaredLost()))
    run(at + timedelta(minutes=5))
    case.refresh_from_db()
    assert case.outcome == "lost"
    assert borders.reported[0][1] == "lost"


def test_a_wrong_entry_is_withdrawn_by_two_people(partners):
    issuance, borders = partners
    issuance.state = "invalid"
    case, at = dispatched()
    over = last_second(case, at) + timedelta(seconds=1)
    run(over)
    run(over + timedelta(days=2))
    first, second = (acting(an_agent("supervisor", case.post_id)) for _ in range(2))
    later = over + timedelta(days=3)
    service_desk.ask_withdrawal(case_id=case.id, reason="Erreur", actor=first, now=later)
    with pytest.raises(service_desk.RuleRefused):
        service_desk.confirm_withdrawal(case_id=case.id, actor=first, now=later)
    assert borders.withdrawn == []
    service_desk.confirm_withdrawal(case_id=case.id, actor=second, now=later)
    case.refresh_from_db()
    assert (case.title, borders.withdrawn) == ("withdrawn", ["item-1"])
    assert Invalidation.objects.get(case=case).recorded_at is not None


def test_an_old_passport_is_received_by_its_reference_at_its_own_post(partners):
    case, at = dispatched()
    stranger = acting(an_agent("agent", a_post("ES-MADRID").code))
    with pytest.raises(service_desk.RuleRefused):
        service_desk.receive(typed=case.reference, actor=stranger, now=at)
    service_desk.receive(typed=case.reference.lower(), actor=acting(an_agent("agent", case.post_id)), now=at)
    case.refresh_from_db()
    assert case.old_passport == "returned"
