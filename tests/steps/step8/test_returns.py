"""The old passport's way back, from the carrier's scans: what is in time, what is learnt late, what is kept."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.decision import Decision, RuleRefused
from escale.case.mrz import Mrz
from escale.case.values import Waybill
from escale.ledger import queries as ledger, verify
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.actors import Actor, applicant
from escale.ports.courier import Scan, ScanKind as K
from escale.steps.step3_posted_items import queries as step3
from escale.steps.step5_dispatch import queries as step5, service_bench
from escale.steps.step6_delivery import service as parcels, service_desk as parcel_desk
from escale.steps.step8_old_passport import service, service_clock, service_desk
from escale.worker import sweep
from tests.factories.cases import a_post, acting, an_agent
from tests.steps.step3.fakes import FakeCourier
from tests.steps.step5.builders import dispatched
from tests.steps.step5.fakes import FakeIssuance, a_title

pytestmark = pytest.mark.django_db
BACK = Waybill.dhl(848713550)
ZONES = ["Australia/Sydney", "America/Toronto", "America/Vancouver", "Europe/Madrid", "Europe/Lisbon"]
# Both nights of the clock change lie within these forty days, in each hemisphere.
STARTS = ["2026-03-02T15:00", "2026-09-28T14:30", "2026-10-10T03:30"]
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def quiet_clock():
    parcels._last_round.clear()


def sent(issuance: FakeIssuance, sub: str, zone: str = "America/Toronto", start: str = STARTS[0]) -> tuple[Case, Actor]:
    """A case whose new passport has left, and an agent of its post."""
    post = a_post(f"X-{zone.split('/')[1].upper()}", tz=zone)
    agent = acting(an_agent(post=post.code))
    now = datetime.fromisoformat(start).replace(tzinfo=UTC)
    return dispatched(issuance, agent, post=post, sub=sub, now=now), agent


def announced(case: Case, sub: str) -> None:
    now = step5.dispatch(case.id).dispatched_at + DAY
    service.announce(case_id=case.id, carrier="dhl", typed=BACK.text, actor=applicant(sub), now=now)


def confirmed(case: Case, now: datetime) -> None:
    with changing(case.id, actor=applicant(case.applicant_sub), now=now) as change:
        change.record(Decision.of(e.ReceiptConfirmed()))


def scanned(courier: FakeCourier, at: datetime, kind: K = K.ACCEPTED) -> None:
    courier.scans[BACK.text] = (Scan(at, kind, "PU", "Shipment picked up", "TORONTO - CA"),)


def tick(now: datetime) -> None:
    """One round of the worker's clock and of its polls."""
    parcels.poll_parcels(now=now)
    service_clock.poll_returns(now=now)
    for _ in range(3):
        sweep.sweep(now)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("start", STARTS)
def test_a_return_handed_over_at_the_last_second_of_day_forty_is_in_time(issuance, courier, sub, zone, start):
    case, _ = sent(issuance, sub, zone, start)
    announced(case, sub)
    limit = step5.dispatch(case.id).due_at
    local = limit.astimezone(ZoneInfo(zone))
    started = step5.dispatch(case.id).dispatched_at.astimezone(ZoneInfo(zone)).date()
    assert ((local.date() - started).days, local.time().isoformat()) == (40, "23:59:59")
    confirmed(case, limit - DAY)

    scanned(courier, limit)
    tick(limit + timedelta(hours=12))
    tick(limit + 5 * DAY)

    case.refresh_from_db()
    assert (case.old_passport, case.title) == ("handed_over", "issued")
    assert issuance.invalidated == []
    assert {line.item: line.holder for line in step3.custody(case.id)}["old_passport"] == "courier"


@pytest.mark.parametrize("zone", ZONES)
def test_a_scan_one_second_later_is_late(issuance, courier, sub, zone):
    case, _ = sent(issuance, sub, zone)
    announced(case, sub)
    limit = step5.dispatch(case.id).due_at
    confirmed(case, limit - DAY)
    scanned(courier, limit + SECOND)

    tick(limit)
    case.refresh_from_db()
    assert case.title == "issued"
    tick(limit + 2 * SECOND)

    case.refresh_from_db()
    assert (case.old_passport, case.title) == ("late", "listed")
    missed = ledger.latest(case.id, e.DutyMissed)
    assert missed is not None
    assert missed.event == e.DutyMissed(missing=("return",))


def test_an_announced_return_without_a_scan_is_not_in_time(issuance, courier, sub):
    case, _ = sent(issuance, sub)
    announced(case, sub)
    limit = step5.dispatch(case.id).due_at
    confirmed(case, limit - DAY)

    tick(limit + SECOND)

    case.refresh_from_db()
    assert (case.old_passport, case.title) == ("late", "listed")


def test_a_scan_in_time_learnt_after_the_carriers_silence_takes_the_case_off_the_list(issuance, courier, sub):
    case, _ = sent(issuance, sub)
    announced(case, sub)
    limit = step5.dispatch(case.id).due_at
    confirmed(case, limit - DAY)
    courier.down = True
    tick(limit + SECOND)
    case.refresh_from_db()
    assert case.title == "listed"
    run_at = ledger.open_deadlines(case.id)[DeadlineKind.INVALIDATION_RUN]
    tick(run_at + timedelta(minutes=1))
    tick(run_at + timedelta(hours=30))
    case.refresh_from_db()
    assert case.title == "listed"  # nobody loses a passport because a partner is silent

    courier.down = False
    scanned(courier, limit - timedelta(hours=3))
    tick(run_at + timedelta(hours=40))

    case.refresh_from_db()
    assert (case.old_passport, case.title) == ("handed_over", "issued")
    assert issuance.invalidated == []
    assert verify.verify_case(case) is None


def test_late_returns_do_not_keep_the_others_waiting(issuance, courier, sub, django_assert_num_queries):
    case, _ = sent(issuance, sub)
    announced(case, sub)
    limit = step5.dispatch(case.id).due_at
    scanned(courier, limit + DAY)
    tick(limit + 2 * DAY)
    case.refresh_from_db()
    assert case.old_passport == "late"

    with django_assert_num_queries(1):  # late ones are not even looked at
        service_clock.poll_returns(now=limit + 3 * DAY)


def test_the_clock_may_run_twice(issuance, courier, sub):
    case, _ = sent(issuance, sub)
    limit = step5.dispatch(case.id).due_at
    for _ in range(3):
        service_clock.duty_end(case_id=case.id, now=limit + SECOND)
    assert ledger.count(case.id, e.DutyMissed) == 1
    run_at = ledger.open_deadlines(case.id)[DeadlineKind.INVALIDATION_RUN]

    service_clock.invalidation_run(case_id=case.id, now=run_at - SECOND)
    case.refresh_from_db()
    assert case.title == "listed"
    for _ in range(3):
        service_clock.invalidation_run(case_id=case.id, now=run_at)

    case.refresh_from_db()
    assert case.title == "invalidating"
    assert ledger.count(case.id, e.InvalidationOrdered) == 1
    assert case.effects.filter(kind="invalidate_title").count() == 1


def test_an_old_passport_lost_after_handing_over_is_not_held_against_the_applicant(issuance, courier, sub):
    case, agent = sent(issuance, sub)
    announced(case, sub)
    limit = step5.dispatch(case.id).due_at
    confirmed(case, limit - 2 * DAY)
    scanned(courier, limit - DAY)
    tick(limit - timedelta(hours=2))

    service_desk.lost_in_post(case_id=case.id, actor=agent, now=limit + 20 * DAY)

    case.refresh_from_db()
    assert (case.old_passport, case.title, case.outcome) == ("lost_in_post", "active", "completed")


def test_a_new_passport_that_came_back_is_kept_not_invalidated(issuance, courier, sub):
    case, agent = sent(issuance, sub)
    limit = step5.dispatch(case.id).due_at
    back = limit - 20 * DAY
    service_bench.arrive(number=a_title().number, zone=Mrz(*a_title().mrz.splitlines()), actor=agent, now=back)
    kept_until = step5.came_back_at(case.id) + 90 * DAY

    tick(limit + SECOND)
    tick(limit + 2 * DAY)

    case.refresh_from_db()
    assert (case.title, case.dispatch) == ("held", "at_post")
    until = ledger.open_deadlines(case.id)[DeadlineKind.HOLD_END]
    assert abs(until - kept_until) < DAY
    tick(until + SECOND)
    tick(until + 2 * DAY)
    case.refresh_from_db()
    assert case.title == "invalidating"


def test_a_deposit_receipt_typed_by_an_agent_counts_like_a_scan(issuance, courier, sub):
    case, agent = sent(issuance, sub)
    now = step5.dispatch(case.id).dispatched_at + DAY
    service.announce(case_id=case.id, carrier="correos", typed="PQ4F6P0704204650", actor=applicant(sub), now=now)
    limit = step5.dispatch(case.id).due_at
    confirmed(case, limit - DAY)
    given = {"case_id": case.id, "direction": "return", "place": "Madrid", "actor": agent}

    parcel_desk.type_scan(kind=K.ACCEPTED, at=limit - timedelta(minutes=5), now=limit, **given)
    tick(limit + SECOND)

    case.refresh_from_db()
    assert (case.old_passport, case.title) == ("handed_over", "issued")


def test_a_number_that_cannot_exist_is_refused_before_anything_is_kept(issuance, courier, sub):
    case, _ = sent(issuance, sub)
    with pytest.raises(RuleRefused, match="waybill_check"):
        service.announce(case_id=case.id, carrier="dhl", typed="8487135507", actor=applicant(sub), now=case.changed_at)
    case.refresh_from_db()
    assert case.old_passport == "due"
