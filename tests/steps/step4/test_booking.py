"""Booking, moving, cancelling, and what happens when nobody came."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.case.moves import MoveRefused
from escale.ledger import queries as ledger
from escale.ledger.record import changing
from escale.people.access import AccessDenied
from escale.people.actors import applicant
from escale.steps.step4_interview import queries, queries_slots, rules_slots, service, service_interview, service_room
from escale.steps.step4_interview.models import Booking, BookingState, DayOff, Opening, Pooling
from tests.factories.cases import NOON, a_case, a_post, acting, an_agent
from tests.steps.step4.scenes import booked, first_slot

pytestmark = pytest.mark.django_db


def test_a_free_slot_is_booked(sub: str):
    case, (agent,), booking = booked(sub)

    told = queries.appointment(case.id)
    assert told is not None
    assert case.interview == "booked"
    assert (told.agent, told.starts_at) == (agent, booking.starts_at)
    assert booking.starts_at >= NOON + rules_slots.NOTICE


def test_a_taken_slot_is_refused_and_no_longer_offered(sub: str):
    _case, _agents, booking = booked(sub)
    second = a_case("bookable", sub="second")

    with pytest.raises(RuleRefused, match="slot_taken"):
        service.book(case_id=second.id, starts_at=booking.starts_at, actor=applicant("second"), now=NOON)

    assert booking.starts_at not in [slot.starts_at for slot in queries_slots.free_slots(second.post, now=NOON)]
    second.refresh_from_db()
    assert second.interview == "bookable"


def test_two_agents_are_two_places(sub: str):
    _case, _agents, booking = booked(sub, agents=2)
    for name in ("second", "third"):
        other = a_case("bookable", sub=name)
        try:
            service.book(case_id=other.id, starts_at=booking.starts_at, actor=applicant(name), now=NOON)
        except RuleRefused:
            continue

    taken = Booking.objects.filter(starts_at=booking.starts_at)
    assert taken.count() == 2
    assert len({one.agent_id for one in taken}) == 2


def test_the_database_keeps_one_booking_per_slot(sub: str):
    case, _agents, booking = booked(sub)
    copy = {"agent": booking.agent, "starts_at": booking.starts_at, "ends_at": booking.ends_at, "made_at": NOON}

    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(case=a_case("bookable", sub="second"), uid="x", **copy)
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(case=case, uid="x", **{**copy, "starts_at": booking.starts_at - timedelta(hours=1)})


@pytest.mark.parametrize("shift", [timedelta(minutes=5), timedelta(days=300), -timedelta(days=3)])
def test_an_hour_nobody_offers_is_refused(sub: str, shift: timedelta):
    an_agent()
    case = a_case("bookable", sub=sub)

    with pytest.raises(RuleRefused, match="slot_taken"):
        service.book(case_id=case.id, starts_at=first_slot(case).starts_at + shift, actor=applicant(sub), now=NOON)


def test_nobody_books_for_another(sub: str):
    an_agent()
    case = a_case("bookable", sub=sub)

    with pytest.raises(AccessDenied):
        service.book(case_id=case.id, starts_at=first_slot(case).starts_at, actor=applicant("other"), now=NOON)


def test_nobody_books_before_validation(sub: str):
    an_agent()
    case = a_case("accepted", sub=sub)

    with pytest.raises(MoveRefused):
        service.book(case_id=case.id, starts_at=first_slot(case).starts_at, actor=applicant(sub), now=NOON)

    assert not Booking.objects.exists()


def test_a_move_keeps_one_appointment_in_the_calendar(sub: str):
    case, _agents, before = booked(sub)
    slot = queries_slots.free_slots(case.post, now=NOON)[3]

    after = service.move(case_id=case.id, starts_at=slot.starts_at, actor=applicant(sub), now=NOON)

    assert (after.uid, after.sequence) == (before.uid, 1)
    before.refresh_from_db()
    assert before.state == BookingState.MOVED
    assert before.starts_at in [slot.starts_at for slot in queries_slots.free_slots(case.post, now=NOON)]


def test_a_move_to_a_taken_slot_keeps_the_first(sub: str):
    case, _agents, before = booked(sub)
    other = a_case("bookable", sub="second")
    taken = service.book(case_id=other.id, starts_at=first_slot(other).starts_at, actor=applicant("second"), now=NOON)

    with pytest.raises(RuleRefused, match="slot_taken"):
        service.move(case_id=case.id, starts_at=taken.starts_at, actor=applicant(sub), now=NOON)

    before.refresh_from_db()
    assert before.state == BookingState.ACTIVE


def test_a_cancelled_slot_is_free_again(sub: str):
    case, _agents, booking = booked(sub)

    service.cancel(case_id=case.id, actor=applicant(sub), now=NOON)

    case.refresh_from_db()
    assert case.interview == "bookable"
    assert first_slot(case).starts_at == booking.starts_at


def test_too_late_for_the_applicant_not_for_the_agent(sub: str):
    case, (agent,), booking = booked(sub)
    late = booking.starts_at - timedelta(hours=23)

    with pytest.raises(RuleRefused, match="too_late_to_change"):
        service.cancel(case_id=case.id, actor=applicant(sub), now=late)
    service.cancel(case_id=case.id, actor=acting(agent), now=late, reason="agent_away")

    line = ledger.latest(case.id, e.InterviewCancelled)
    assert line is not None
    assert line.event == e.InterviewCancelled(by="post", reason="agent_away")


def test_a_validation_withdrawn_gives_the_slot_back(sub: str):
    case, _agents, booking = booked(sub)
    with changing(case.id, actor=applicant(sub), now=NOON) as change:
        change.record(Decision.of(e.LabelCancelledByCourier(code="CX")))

    service_room.close_room(case_id=case.id, event=e.ValidationWithdrawn(), key="k", now=NOON)

    booking.refresh_from_db()
    assert booking.state == BookingState.RELEASED


def test_an_agent_receives_at_their_own_hours(sub: str):
    agent, case = an_agent(), a_case("bookable", sub=sub)
    Opening.objects.create(agent=agent, weekday=4, start="14:00", end="15:00")

    local = [
        slot.starts_at.astimezone(queries.ZoneInfo(case.post.tz))
        for slot in queries_slots.free_slots(case.post, now=NOON)
    ]

    assert {(one.weekday(), one.hour) for one in local} == {(4, 14)}


def test_days_off_give_no_slot(sub: str):
    agent, case = an_agent(), a_case("bookable", sub=sub)
    slot = first_slot(case)
    day = slot.starts_at.date()
    DayOff.objects.create(post=case.post, day=day, reason="Jour férié")
    DayOff.objects.create(post=case.post, agent=agent, day=day + timedelta(days=1))

    assert first_slot(case).starts_at.date() >= day + timedelta(days=2)


def test_pooled_agents_come_after_those_of_the_post(sub: str):
    own, case = an_agent(), a_case("bookable", sub=sub)
    a_post("CA-MONTREAL", name="Montréal")
    pooled = an_agent(post="CA-MONTREAL")
    Pooling.objects.create(agent=pooled, post=case.post)

    assert first_slot(case).agents == (own.pk, pooled.pk)
    assert queries.pooled(acting(pooled), case.post_id)
    assert not queries.pooled(acting(pooled), "CA-MONTREAL")


def test_the_first_absence_opens_the_booking_again(sub: str):
    case, _agents, booking = booked(sub)

    service.settle_absence(case_id=case.id, now=booking.starts_at + timedelta(minutes=15))
    service.settle_absence(case_id=case.id, now=booking.starts_at + timedelta(minutes=16))

    case.refresh_from_db()
    assert case.interview == "bookable"
    assert ledger.count(case.id, e.InterviewMissed) == 1


def test_the_second_absence_leads_in_person(sub: str):
    case, _agents, booking = booked(sub)
    service.settle_absence(case_id=case.id, now=booking.starts_at + timedelta(minutes=15))
    later = booking.starts_at + timedelta(days=1)
    second = service.book(case_id=case.id, starts_at=first_slot(case, later).starts_at, actor=applicant(sub), now=later)

    service.settle_absence(case_id=case.id, now=second.starts_at + timedelta(minutes=15))

    case.refresh_from_db()
    assert (case.interview, case.outcome) == ("directed_in_person", "directed_in_person")


def test_a_reported_failure_is_never_an_absence(sub: str):
    case, _agents, booking = booked(sub)
    service_interview.report_failure(case_id=case.id, side="applicant", actor=applicant(sub), now=booking.starts_at)

    service.settle_absence(case_id=case.id, now=booking.starts_at + timedelta(minutes=15))

    case.refresh_from_db()
    assert case.interview == "bookable"
    assert ledger.count(case.id, e.InterviewMissed) == 0


def test_an_applicant_who_waited_is_never_absent(sub: str):
    case, _agents, booking = booked(sub)
    service_room.look(case=case, after=0, actor=applicant(sub), now=booking.starts_at + timedelta(minutes=1))

    service.settle_absence(case_id=case.id, now=booking.starts_at + timedelta(minutes=15))
    case.refresh_from_db()
    assert case.interview == "booked"
    service.settle_forgotten(now=booking.ends_at + timedelta(minutes=11))

    case.refresh_from_db()
    assert case.interview == "bookable"
    assert ledger.count(case.id, e.InterviewMissed) == 0
    assert ledger.count(case.id, e.AlertRaised) == 1


def test_coming_early_and_leaving_is_an_absence(sub: str):
    case, _agents, booking = booked(sub)
    service_room.look(case=case, after=0, actor=applicant(sub), now=booking.starts_at - timedelta(minutes=20))

    service.settle_absence(case_id=case.id, now=booking.starts_at + timedelta(minutes=15))

    assert ledger.count(case.id, e.InterviewMissed) == 1


def test_only_the_newest_reminder_is_sent_when_the_clock_jumps(sub: str):
    case, _agents, _booking = booked(sub)
    slot = queries_slots.free_slots(case.post, now=NOON)[60]
    service.move(case_id=case.id, starts_at=slot.starts_at, actor=applicant(sub), now=NOON)
    late = slot.starts_at - timedelta(hours=20)

    for _ in range(2):
        service.remind(case_id=case.id, now=late)
    lines = [line.event for line in ledger.history(case.id) if isinstance(line.event, e.ReminderDue)]
    assert lines == [e.ReminderDue(kind="interview_d1")]

    service.remind(case_id=case.id, now=slot.starts_at + timedelta(minutes=1))
    assert ledger.count(case.id, e.ReminderDue) == 1


def test_an_agent_answers_for_a_change(sub: str):
    case, (agent,), _booking = booked(sub)
    slot = queries_slots.free_slots(case.post, now=NOON)[3]

    with pytest.raises(RuleRefused, match="reason_missing"):
        service.cancel(case_id=case.id, actor=acting(agent), now=NOON)
    with pytest.raises(RuleRefused, match="reason_missing"):
        service.move(case_id=case.id, starts_at=slot.starts_at, actor=acting(agent), now=NOON, reason="whim")
    service.move(case_id=case.id, starts_at=slot.starts_at, actor=acting(agent), now=NOON, reason="post_closed")

    line = ledger.latest(case.id, e.InterviewMoved)
    assert line is not None
    assert (line.event.by, line.event.reason) == ("post", "post_closed")
