"""What is known of the waiting list."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, Q

from escale.ledger.models import Case, Entry
from escale.people.models import Agent
from escale.steps.step4_interview import rules_waiting
from escale.steps.step4_interview.models import Booking, BookingState, Offer, Pooling, Waiting
from escale.steps.step4_interview.rules_waiting import Waiter

OPEN = Q(case__outcome="open", case__interview__in=("bookable", "booked"))


def waiting(case_id: UUID) -> Waiting | None:
    return Waiting.objects.filter(case_id=case_id).first()


def open_offer(case_id: UUID) -> Offer | None:
    """The slot held for this applicant, or None."""
    return Offer.objects.filter(case_id=case_id, ended_at=None).first()


def posts_of(agent: Agent, day: date) -> set[str]:
    """The posts whose interviews an agent holds on a day of their own clock."""
    own = {agent.post_id} if agent.post_id else set()
    lent = Pooling.objects.filter(Q(until=None) | Q(until__gte=day), agent=agent, proposed=False)
    return own | set(lent.values_list("post_id", flat=True))


def waiters(posts: set[str], today: date) -> list[Waiter]:
    """The waiting list of some posts, in its fair order: a constant number of queries."""
    rows = list(Waiting.objects.select_related("case").filter(OPEN, case__post_id__in=posts))
    cases = [row.case_id for row in rows]
    accepted = dict(
        Entry.objects.filter(case_id__in=cases, event="ApplicationAccepted")
        .values("case_id")
        .annotate(at=Max("at"))
        .values_list("case_id", "at")
    )
    booked = dict(
        Booking.objects.filter(case_id__in=cases, state=BookingState.ACTIVE).values_list("case_id", "starts_at")
    )
    found = [
        Waiter(
            row.case_id,
            accepted.get(row.case_id, row.asked_at),
            row.asked_at,
            row.case.travel_on,
            booked.get(row.case_id),
        )
        for row in rows
    ]
    return rules_waiting.ordered(found, today)


def count(post_code: str) -> int:
    """How many wait at a post."""
    return Waiting.objects.filter(OPEN, case__post_id=post_code).count()


def rank(case: Case, today: date) -> int:
    """The place of an applicant on the list of their post, from 1; 0 when they are not on it."""
    places = [one.case_id for one in waiters({case.post_id}, today)]
    return places.index(case.id) + 1 if case.id in places else 0


def candidates(agent: Agent, starts_at: datetime, now: datetime) -> list[Waiter]:
    """Whom a slot of this agent may be offered to, in order: it serves them, they hold no other offer, and they have
    not had this one."""
    posts = posts_of(agent, agent.day(starts_at))
    fitting = [one for one in waiters(posts, now.date()) if rules_waiting.suits(one, starts_at)]
    had = Offer.objects.filter(case_id__in=[one.case_id for one in fitting])
    out = set(had.filter(Q(ended_at=None) | Q(starts_at=starts_at)).values_list("case_id", flat=True))
    return [one for one in fitting if one.case_id not in out]


def offered_before(case_id: UUID) -> set[datetime]:
    """The starts of the slots this applicant has already been offered."""
    return set(Offer.objects.filter(case_id=case_id).values_list("starts_at", flat=True))
