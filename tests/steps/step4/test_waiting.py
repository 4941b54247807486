"""The waiting list: a slot given back goes to the next in turn, for a while, and nobody holds two."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings, strategies as st

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.ledger import queries as ledger
from escale.ledger.models import Case, Effect
from escale.people.access import AccessDenied
from escale.people.actors import applicant
from escale.steps.step4_interview import (
    queries,
    queries_slots,
    queries_waiting,
    rules_waiting,
    service,
    service_waiting,
)
from escale.steps.step4_interview.models import Booking, BookingState, DayOff, Freed, Offer, Waiting
from escale.steps.step4_interview.rules_waiting import Waiter
from escale.ui.templatetags.ui import in_zone
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.steps.step4.scenes import an_offer, booked, first_slot

pytestmark = pytest.mark.django_db
ZONES = ["America/St_Johns", "Australia/Lord_Howe", "Australia/Adelaide", "Europe/Madrid", "America/Vancouver"]


def booked_at(case: Case, place: int, now: datetime = NOON) -> Booking:
    slot = queries_slots.free_slots(case.post, now=now, case_id=case.id)[place]
    return service.book(case_id=case.id, starts_at=slot.starts_at, actor=applicant(case.applicant_sub), now=now)


def waits(case: Case, now: datetime = NOON) -> None:
    service_waiting.join(case_id=case.id, actor=applicant(case.applicant_sub), now=now)


def cancels(case: Case, now: datetime = NOON) -> None:
    service.cancel(case_id=case.id, actor=applicant(case.applicant_sub), now=now)


def takes(case: Case, starts_at: datetime, now: datetime = NOON) -> Booking:
    act = service.move if queries.booking_in_force(case.id) else service.book
    return act(case_id=case.id, starts_at=starts_at, actor=applicant(case.applicant_sub), now=now)


def a_queue(*names: str) -> tuple[Case, list[Case]]:
    """One who holds the soonest slot, and others with later ones, who wait in this order of acceptance."""
    an_agent()
    holder = a_case("bookable", sub="holder")
    booked_at(holder, 10)
    waiting = []
    for place, name in enumerate(names):
        case = a_case("bookable", sub=name, now=NOON + timedelta(minutes=place * 30))
        booked_at(case, 20 + place)
        waits(case)
        waiting.append(case)
    return holder, waiting


def offered(case: Case) -> Offer | None:
    return queries_waiting.open_offer(case.id)


# ── the rule ──


def a_waiter(accepted: int, *, travel: date | None = None, booked: bool = True) -> Waiter:
    at = NOON + timedelta(minutes=accepted)
    return Waiter(uuid4(), at, at, travel, NOON + timedelta(days=9) if booked else None)


def test_the_order_is_fair():
    today = NOON.date()
    soon, sooner = (a_waiter(9, travel=today + timedelta(days=days)) for days in (40, 20))
    later, gone = (a_waiter(place, travel=today + timedelta(days=days)) for place, days in ((1, 60), (2, -1)))
    nothing, oldest = a_waiter(8, booked=False), a_waiter(0)

    found = rules_waiting.ordered([oldest, gone, later, nothing, soon, sooner], today)

    assert found == [sooner, soon, nothing, oldest, later, gone]


@settings(max_examples=150, deadline=None)
@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.times(), st.integers(1, 30), st.sampled_from(ZONES))
def test_only_waking_hours_count(day: date, hour: time, hours: int, zone: str):
    now, tz = datetime.combine(day, hour, UTC), ZoneInfo(zone)

    until = rules_waiting.awake_until(now, hours, tz)

    local = until.astimezone(tz)
    assert 8 <= local.hour < 21 or (local.hour, local.minute) == (21, 0)
    assert until - now >= timedelta(hours=hours)
    assert until - now <= timedelta(days=hours // 13 + 1, hours=hours + 1)


def test_a_hold_of_the_evening_ends_in_the_morning():
    toronto = ZoneInfo("America/Toronto")
    evening = datetime(2026, 3, 6, 20, tzinfo=toronto)  # the clocks leap in the night of the seventh

    assert rules_waiting.awake_until(evening, 4, toronto).astimezone(toronto).hour == 11
    assert rules_waiting.hold(evening + timedelta(hours=30), evening, toronto) == evening + timedelta(hours=6)
    assert rules_waiting.hold(evening + timedelta(hours=24, minutes=30), evening, toronto) is None
    asleep = evening + timedelta(hours=4)
    assert rules_waiting.hold(asleep + timedelta(hours=28), asleep, toronto) is None  # it would end before they wake


# ── asking ──


def test_nobody_waits_for_nothing(sub: str):
    an_agent()
    case = a_case("bookable", sub=sub)

    with pytest.raises(RuleRefused, match="waiting_needless"):
        waits(case)
    booked_at(case, 0)
    with pytest.raises(RuleRefused, match="waiting_needless"):
        waits(case, queries.booking_in_force(case.id).starts_at - timedelta(hours=24))
    with pytest.raises(AccessDenied):
        service_waiting.join(case_id=case.id, actor=applicant("another"), now=NOON)
    with pytest.raises(RuleRefused, match="waiting_closed"):
        waits(a_case("accepted", sub="early"))
    assert not Waiting.objects.exists()


def test_asking_twice_keeps_the_place(sub: str):
    case = a_case("bookable", sub=sub)

    waits(case)
    waits(case, NOON + timedelta(days=1))

    assert Waiting.objects.get(case=case).asked_at == NOON
    assert ledger.count(case.id, e.WaitingListJoined) == 1
    assert queries_waiting.rank(case, NOON.date()) == 1


# ── a slot given back ──


def test_a_cancelled_slot_goes_to_the_first_in_turn():
    holder, (first, second) = a_queue("first", "second")
    slot = queries.booking_in_force(holder.id).starts_at

    cancels(holder)
    assert slot not in [one.starts_at for one in queries_slots.free_slots(holder.post, now=NOON)]
    service_waiting.settle(now=NOON)

    offer = offered(first)
    assert offer is not None
    assert (offer.starts_at, offer.until) == (slot, NOON + timedelta(hours=5))  # seven in the morning in Toronto
    assert offered(second) is None
    assert Effect.objects.filter(case=first, kind="send_message", entry__event="SlotOffered").count() == 1
    outsider = a_case("bookable", sub="outsider")
    with pytest.raises(RuleRefused, match="slot_taken"):
        takes(outsider, slot)
    with pytest.raises(RuleRefused, match="slot_taken"):
        takes(second, slot)


def test_the_home_of_the_case_says_first_that_a_slot_is_held():
    holder, (first, second) = a_queue("first", "second")
    own = queries.booking_in_force(first.id).starts_at
    cancels(holder)
    service_waiting.settle(now=NOON)
    first.refresh_from_db()
    second.refresh_from_db()

    told = queries.timeline(first, ledger.history(first.id))
    assert (told.state, told.before) == ("now", NOON + timedelta(hours=5))
    assert in_zone(offered(first).starts_at, "America/Toronto") in told.sentence
    assert in_zone(own, "America/Toronto") in told.detail
    assert told.actions[0][0] == f"/demande/{first.reference}/rendez-vous/"
    assert queries.timeline(second, ledger.history(second.id)).state == "waiting"


def test_taking_the_offer_gives_the_old_slot_to_the_next():
    holder, (first, second) = a_queue("first", "second")
    slot, old = queries.booking_in_force(holder.id).starts_at, queries.booking_in_force(first.id)
    cancels(holder)
    service_waiting.settle(now=NOON)

    takes(first, slot)
    service_waiting.settle(now=NOON)

    assert queries.booking_in_force(first.id).starts_at == slot
    assert Booking.objects.filter(case=first, state=BookingState.ACTIVE).count() == 1
    assert queries_waiting.waiting(first.id) is None
    offer = offered(second)
    assert offer is not None
    assert offer.starts_at == old.starts_at
    assert ledger.latest(first.id, e.SlotOfferEnded).event == e.SlotOfferEnded(how="taken")


def test_silence_passes_the_slot_on_then_opens_it_to_all():
    holder, (first, second) = a_queue("first", "second")
    slot = queries.booking_in_force(holder.id).starts_at
    cancels(holder)
    service_waiting.settle(now=NOON)
    later = offered(first).until

    service_waiting.settle(now=later)
    assert offered(first) is None
    assert offered(second).starts_at == slot
    service_waiting.settle(now=offered(second).until)

    assert not Offer.objects.filter(ended_at=None).exists()
    assert set(Offer.objects.values_list("outcome", flat=True)) == {"expired"}
    outsider = a_case("bookable", sub="outsider")
    now = later + timedelta(hours=5)
    assert takes(outsider, slot, now).starts_at == slot
    assert queries_waiting.waiting(first.id) is not None


def test_declining_passes_the_slot_on_at_once():
    holder, (first, second) = a_queue("first", "second")
    cancels(holder)
    service_waiting.settle(now=NOON)

    service_waiting.decline(case_id=first.id, actor=applicant("first"), now=NOON)
    service_waiting.settle(now=NOON)

    assert offered(second) is not None
    assert offered(first) is None
    with pytest.raises(RuleRefused, match="offer_over"):
        service_waiting.decline(case_id=first.id, actor=applicant("first"), now=NOON)


def test_an_offer_is_taken_in_time_or_not_at_all():
    holder, (first,) = a_queue("first")
    slot = queries.booking_in_force(holder.id).starts_at
    cancels(holder)
    service_waiting.settle(now=NOON)

    with pytest.raises(RuleRefused, match="slot_taken"):
        takes(first, slot, offered(first).until)


def test_booking_otherwise_lets_the_offer_go():
    holder, (first, second) = a_queue("first", "second")
    cancels(holder)
    service_waiting.settle(now=NOON)

    takes(first, first_slot(first).starts_at)
    service_waiting.settle(now=NOON)

    assert offered(first) is None
    assert ledger.latest(first.id, e.SlotOfferEnded).event == e.SlotOfferEnded(how="withdrawn")
    assert offered(second) is not None


def test_a_slot_too_near_to_ask_anybody_is_open_to_all():
    holder, (first,) = a_queue("first")
    slot = queries.booking_in_force(holder.id).starts_at
    near = slot - timedelta(hours=24, minutes=30)

    cancels(holder, near)
    service_waiting.settle(now=near)

    assert not Freed.objects.exists()
    assert offered(first) is None
    assert slot in [one.starts_at for one in queries_slots.free_slots(holder.post, now=near)]


def test_a_slot_is_kept_back_for_a_moment_only_when_no_worker_looks():
    holder, _waiting = a_queue("first")
    slot = queries.booking_in_force(holder.id).starts_at
    cancels(holder)
    later = NOON + rules_waiting.KEPT_BACK

    assert slot in [one.starts_at for one in queries_slots.free_slots(holder.post, now=later)]


def test_a_later_slot_than_theirs_is_offered_to_nobody():
    an_agent()
    early, late = a_case("bookable", sub="early"), a_case("bookable", sub="late")
    booked_at(early, 5)
    booked_at(late, 9)
    waits(early)

    cancels(late)
    service_waiting.settle(now=NOON)

    assert offered(early) is None
    assert not Freed.objects.filter(settled_at=None).exists()


def test_when_hours_open_whoever_has_nothing_is_offered_one(sub: str):
    case = a_case("bookable", sub=sub)
    waits(case)
    service_waiting.settle(now=NOON)
    assert offered(case) is None

    an_agent()
    service_waiting.settle(now=NOON + timedelta(seconds=30))
    assert offered(case) is None  # looked at a moment ago
    service_waiting.settle(now=NOON + timedelta(minutes=2))

    assert offered(case) is not None
    assert takes(case, offered(case).starts_at, NOON + timedelta(minutes=3)).state == BookingState.ACTIVE
    assert queries_waiting.waiting(case.id) is None


def test_an_agent_who_is_away_is_not_offered():
    holder, (first,) = a_queue("first")
    slot = queries.booking_in_force(holder.id)
    DayOff.objects.create(post=holder.post, agent=slot.agent, day=slot.starts_at.date())

    service.cancel(case_id=holder.id, actor=acting(slot.agent), now=NOON, reason="agent_away")
    service_waiting.settle(now=NOON)

    assert offered(first) is None
    assert not Freed.objects.filter(settled_at=None).exists()


def test_a_case_that_ends_leaves_its_offer_to_others():
    holder, (first, second) = a_queue("first", "second")
    cancels(holder)
    service_waiting.settle(now=NOON)
    Case.objects.filter(pk=first.pk).update(outcome="withdrawn")

    service_waiting.settle(now=NOON)

    assert offered(first) is None
    assert offered(second) is not None


def test_leaving_the_list_ends_everything():
    holder, (first,) = a_queue("first")
    cancels(holder)
    service_waiting.settle(now=NOON)

    service_waiting.leave(case_id=first.id, actor=applicant("first"), now=NOON)

    assert offered(first) is None
    assert queries_waiting.waiting(first.id) is None
    assert ledger.count(first.id, e.WaitingListLeft) == 1


def test_the_database_holds_one_offer_per_slot_and_person(sub: str):
    case, _agents, _booking = booked(sub)
    offer = an_offer(case)
    copy = {name: getattr(offer, name) for name in ("starts_at", "ends_at", "offered_at", "until")}

    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(case=a_case("bookable", sub="other"), agent=offer.agent, **copy)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(case=case, agent=an_agent(), **copy)


def test_the_idle_poll_costs_little(django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        service_waiting.settle(now=NOON)
