"""The room: opened, watched, spoken in, closed."""

from datetime import timedelta

import pytest

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.people.actors import applicant
from escale.steps.step4_interview import queries, rules, service, service_challenge, service_room
from escale.steps.step4_interview.models import Room, Signal
from tests.factories.cases import NOON, acting
from tests.steps.step4.conftest import FakeWebconference
from tests.steps.step4.scenes import booked, decide, first_slot, held, started

pytestmark = pytest.mark.django_db


def test_a_room_is_opened_once_per_booking(sub: str, webconference: FakeWebconference):
    case, _agents, booking = booked(sub)
    event = e.InterviewBooked(booking.starts_at, booking.ends_at, slot=str(booking.pk))

    for _ in range(2):
        service_room.open_room(case_id=case.id, event=event, key=f"{case.reference}-9-open_room", now=NOON)

    assert Room.objects.get().reference == f"{case.reference}-9-open_room"
    assert len(webconference.opened) == 1


def test_a_room_for_a_booking_that_is_gone_stays_closed(sub: str, webconference: FakeWebconference):
    case, _agents, booking = booked(sub)
    service.cancel(case_id=case.id, actor=applicant(sub), now=NOON)
    event = e.InterviewBooked(booking.starts_at, booking.ends_at, slot=str(booking.pk))

    service_room.open_room(case_id=case.id, event=event, key="k", now=NOON)

    assert webconference.opened == {}


def test_a_move_closes_the_old_room_and_opens_another(sub: str, webconference: FakeWebconference):
    case, _agents, before = booked(sub)
    first = e.InterviewBooked(before.starts_at, before.ends_at, slot=str(before.pk))
    service_room.open_room(case_id=case.id, event=first, key="one", now=NOON)
    after = service.move(case_id=case.id, starts_at=first_slot(case).starts_at, actor=applicant(sub), now=NOON)
    moved = e.InterviewMoved(after.starts_at, after.ends_at, slot=str(after.pk))

    service_room.close_room(case_id=case.id, event=moved, key="two", now=NOON)
    service_room.open_room(case_id=case.id, event=moved, key="three", now=NOON)
    service_room.sweep_rooms(now=NOON)

    assert webconference.closed == ["room-0"]
    assert Room.objects.get(booking=after).closes_at is None


def test_words_pass_before_admission_and_offers_after(sub: str):
    case, agents, booking = booked(sub)
    me, agent, now = applicant(sub), acting(agents[0]), booking.starts_at

    service_room.say(case=case, kind="chat", body={"text": "Bonjour"}, actor=me, now=now)
    with pytest.raises(RuleRefused, match="message_refused"):
        service_room.say(case=case, kind="offer", body={}, actor=me, now=now)

    seen = service_room.look(case=case, after=0, actor=agent, now=now)
    assert [(one["kind"], one["body"]) for one in seen.messages] == [("chat", {"text": "Bonjour"})]
    assert seen.phase == "waiting"


def test_messages_after_n_are_never_lost_nor_repeated(sub: str):
    case, (agent,), booking = started(sub)
    me, now = applicant(sub), booking.starts_at
    for number in range(5):
        service_room.say(case=case, kind="candidate", body={"number": number}, actor=me, now=now)
        service_room.say(case=case, kind="candidate", body={"number": -number}, actor=agent, now=now)

    first = service_room.look(case=case, after=0, actor=agent, now=now).messages
    again = service_room.look(case=case, after=0, actor=agent, now=now).messages
    rest = service_room.look(case=case, after=first[2]["n"], actor=agent, now=now).messages

    assert first == again
    assert [one["body"]["number"] for one in first] == [0, 1, 2, 3, 4]
    assert [one["body"]["number"] for one in rest] == [3, 4]


def test_messages_are_sealed_and_destroyed_with_the_room(sub: str, webconference: FakeWebconference):
    case, actors, now = held(sub)
    booking = queries.last_booking(case.id)
    assert booking is not None
    Room.objects.create(booking=booking, reference="k", provider="embedded", name="room", url="/", opened_at=NOON)
    service_room.say(case=case, kind="chat", body={"text": "Au revoir"}, actor=actors[0], now=now)
    assert all(b"Au revoir" not in bytes(row.body) for row in Signal.objects.all())

    decide(case, actors[0], now)
    service_room.close_room(case_id=case.id, event=e.InterviewApproved(), key="k2", now=now)
    service_room.sweep_rooms(now=now)
    assert service_room.phase(case, booking, now) == "called"
    service_room.sweep_rooms(now=now + rules.HAND_OVER)

    assert not Signal.objects.exists()
    assert webconference.closed == ["room"]
    assert service_room.phase(case, booking, now + rules.HAND_OVER) == "over"


def test_who_is_here_is_known_for_a_few_seconds(sub: str):
    case, agents, booking = booked(sub)
    me, agent, now = applicant(sub), acting(agents[0]), booking.starts_at
    service_room.look(case=case, after=0, actor=me, now=now)

    assert service_room.look(case=case, after=0, actor=agent, now=now + timedelta(seconds=19)).present
    assert not service_room.look(case=case, after=0, actor=agent, now=now + timedelta(seconds=30)).present


@pytest.mark.parametrize("shift", [-timedelta(minutes=31), timedelta(hours=2)])
def test_the_doors_are_closed_outside_the_hours(sub: str, shift: timedelta):
    case, _agents, booking = booked(sub)

    with pytest.raises(RuleRefused, match="doors_closed"):
        service_room.look(case=case, after=0, actor=applicant(sub), now=booking.starts_at + shift)


def test_long_messages_are_refused(sub: str):
    case, (agent,), booking = started(sub)

    with pytest.raises(RuleRefused, match="message_too_long"):
        service_room.say(
            case=case, kind="chat", body={"text": "x" * service_room.LONGEST}, actor=agent, now=booking.starts_at
        )


def test_a_challenge_shows_on_the_applicants_screen(sub: str):
    case, (agent,), booking = started(sub)
    drawn = service_challenge.draw_challenge(case_id=case.id, actor=agent, now=booking.starts_at)

    seen = service_room.look(case=case, after=0, actor=applicant(sub), now=booking.starts_at + timedelta(seconds=5))

    assert seen.challenge == drawn
