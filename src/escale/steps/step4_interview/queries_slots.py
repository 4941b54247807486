"""Which slots are free at a post: hours of those who receive, less what is taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Q, Value

from escale.ledger.models import Case
from escale.people.access import DECIDERS
from escale.people.models import Agent, Post
from escale.steps.step4_interview import queries_languages, queries_waiting, rules_holidays, rules_slots, rules_waiting
from escale.steps.step4_interview.models import Booking, BookingState, Conflict, DayOff, Freed, Offer, Opening, Pooling
from escale.steps.step4_interview.rules_slots import Hours, Slot

MARGIN = timedelta(hours=1)
TAKEN = (BookingState.ACTIVE, BookingState.HELD)


@dataclass(frozen=True, slots=True)
class Receiver:
    """An agent who holds interviews for a post: their own clock, their hours, the days they do not receive, and the
    public holidays on which their post works."""

    agent: Agent
    tz: ZoneInfo
    hours: tuple[tuple[Hours, date | None, date | None], ...]
    away: frozenset[date]
    worked: frozenset[date]
    own_post: bool

    def rests(self, day: date) -> bool:
        """Whether this agent receives nobody on that day, whatever the hours."""
        home = self.agent.post
        resting = home is not None and rules_holidays.rests(home.country, home.region, day)
        return day in self.away or (resting and day not in self.worked)

    def slots(self, day: date) -> Iterable[Slot]:
        if self.rests(day):
            return ()
        valid = [
            hours for hours, since, until in self.hours if (not since or since <= day) and (not until or day <= until)
        ]
        return rules_slots.slots_of_day(day, valid, self.tz)

    def covers(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether an interview lies within these hours."""
        day = starts_at.astimezone(self.tz).date()
        if self.rests(day):
            return False
        return any(
            hours.weekday == day.weekday()
            and (not since or since <= day)
            and (not until or day <= until)
            and rules_slots.instant(day, hours.start, self.tz) <= starts_at
            and ends_at <= rules_slots.instant(day, hours.end, self.tz)
            for hours, since, until in self.hours
        )


def language_of(case_id: UUID | None) -> str:
    """The language of a case's interview; empty without a case: whoever receives will do."""
    return queries_languages.of_id(case_id) if case_id is not None else ""


def receivers(post: Post, *, case_id: UUID | None = None) -> list[Receiver]:
    """Who holds interviews for a post: its deciding agents and those pooled, without conflict with the case."""
    pooled = dict(Pooling.objects.filter(post=post, proposed=False).values_list("agent_id", "until"))
    agents = Agent.objects.select_related("post").filter(active=True, role__in=DECIDERS)
    agents = agents.filter(Q(post=post) | Q(pk__in=pooled)).exclude(post=None)
    if case_id is not None:
        agents = agents.exclude(pk__in=Conflict.objects.filter(case_id=case_id).values("agent_id"))
    found = list(agents.order_by("pk"))
    own_hours: dict[int, list[tuple[Hours, date | None, date | None]]] = defaultdict(list)
    for row in Opening.objects.filter(agent__in=found):
        own_hours[row.agent_id].append((Hours(row.weekday, row.start, row.end), row.since, row.until))
    posts = {agent.post_id for agent in found}
    days = list(DayOff.objects.filter(post__in=posts))
    return [_receiver(agent, post, own_hours[agent.pk], days, pooled.get(agent.pk)) for agent in found]


def _receiver(
    agent: Agent,
    post: Post,
    own: list[tuple[Hours, date | None, date | None]],
    days: list[DayOff],
    lent_until: date | None,
) -> Receiver:
    home = agent.post
    if home is None:
        raise LookupError(agent.pk)
    hours = own or [(hours, None, None) for hours in rules_slots.opening_hours(home.opening_hours)]
    ends = [day for day in (agent.role_until, lent_until if home.pk != post.pk else None) if day is not None]
    if ends:  # nobody is promised an interview with whom will have no right left
        last = min(ends)
        hours = [(one, since, min(until or last, last)) for one, since, until in hours]
    concern = [row for row in days if row.post_id == home.pk and row.agent_id in {None, agent.pk}]
    away = frozenset(row.day for row in concern if not row.worked)
    worked = frozenset(row.day for row in concern if row.worked)
    return Receiver(agent, ZoneInfo(home.tz), tuple(hours), away, worked, home.pk == post.pk)


type Taken = dict[int, list[tuple[datetime, datetime]]]


def taken_by(receiving: list[Receiver], since: datetime, until: datetime) -> Taken:
    """Bookings of these agents, and slots held for somebody, that touch a span, by agent."""
    taken: Taken = defaultdict(list)
    touching = Q(agent__in=[one.agent for one in receiving], ends_at__gte=since - MARGIN, starts_at__lte=until + MARGIN)
    for rows in (Booking.objects.filter(touching, state__in=TAKEN), Offer.objects.filter(touching, ended_at=None)):
        for agent_id, starts_at, ends_at in rows.values_list("agent_id", "starts_at", "ends_at"):
            taken[agent_id].append((starts_at, ends_at))
    return taken


def kept(agents: Iterable[Agent], now: datetime) -> list[tuple[int, datetime, datetime, bool]]:
    """Slots of these agents that are held for somebody (True), or were given back an instant ago (False): the waiting
    list is asked first. In one query."""
    whose, told = Q(agent__in=list(agents)), ("agent_id", "starts_at", "ends_at")
    held = Offer.objects.filter(whose, ended_at=None).values_list(*told, Value(True, BooleanField()))
    given_back = Freed.objects.filter(whose, settled_at=None, freed_at__gt=now - rules_waiting.KEPT_BACK)
    return list(held.union(given_back.values_list(*told, Value(False, BooleanField())), all=True))


def _out_of_reach(receiving: list[Receiver], since: datetime, until: datetime, now: datetime) -> Taken:
    """What is booked, held, or was given back an instant ago."""
    agents = [one.agent for one in receiving]
    touching = Q(agent__in=agents, ends_at__gte=since - MARGIN, starts_at__lte=until + MARGIN, state__in=TAKEN)
    taken: Taken = defaultdict(list)
    for agent_id, starts_at, ends_at in Booking.objects.filter(touching).values_list(
        "agent_id", "starts_at", "ends_at"
    ):
        taken[agent_id].append((starts_at, ends_at))
    for agent_id, starts_at, ends_at, _held in kept(agents, now):
        taken[agent_id].append((starts_at, ends_at))
    return taken


def free_slots(post: Post, *, now: datetime, case_id: UUID | None = None) -> list[Slot]:
    """Free slots of a post over the horizon, the soonest first; each names the agents who could hold it."""
    receiving = receivers(post, case_id=case_id)
    until = now + timedelta(days=rules_slots.HORIZON_DAYS + 2)
    return free_among(receiving, _out_of_reach(receiving, now, until, now), now, language_of(case_id))


def free_among(receiving: list[Receiver], taken: Taken, now: datetime, language: str = "") -> list[Slot]:
    """The same for agents already read, less what is taken."""
    days = {one.agent.pk: rules_slots.days_ahead(now, one.tz) for one in receiving}
    return _free(receiving, days, taken, now, language)


def slot_at(post: Post, starts_at: datetime, *, now: datetime, case_id: UUID | None = None) -> Slot | None:
    """The free slot that starts then, with the agents free for it, or None. Looks at that day alone."""
    receiving = receivers(post, case_id=case_id)
    days = {}
    for one in receiving:
        day = starts_at.astimezone(one.tz).date()
        days[one.agent.pk] = [day] if day in rules_slots.days_ahead(now, one.tz) else []
    taken = _out_of_reach(receiving, starts_at - timedelta(days=1), starts_at + timedelta(days=1), now)
    found = _free(receiving, days, taken, now, language_of(case_id))
    return next((slot for slot in found if slot.starts_at == starts_at), None)


def takeable(case: Case, starts_at: datetime, *, now: datetime) -> Slot | None:
    """The slot a case could take then: one that its offer holds for it, or a free one; else None."""
    offer = queries_waiting.open_offer(case.id)
    if offer is not None and offer.starts_at == starts_at and now < offer.until:
        spoken = _speaks(offer.agent, language_of(case.id))
        return Slot(offer.starts_at, offer.ends_at, (offer.agent_id,), spoken=spoken)
    return slot_at(case.post, starts_at, now=now, case_id=case.id)


def _free(
    receiving: list[Receiver],
    days: dict[int, list[date]],
    taken: Taken,
    now: datetime,
    language: str,
) -> list[Slot]:
    by_start: dict[datetime, list[tuple[Receiver, Slot]]] = defaultdict(list)
    for one in receiving:
        for day in days[one.agent.pk]:
            for slot in rules_slots.bookable(one.slots(day), now):
                if not rules_slots.collides(slot.starts_at, slot.ends_at, taken[one.agent.pk]):
                    by_start[slot.starts_at].append((one, slot))
    return [_merged(offers, taken, language) for _start, offers in sorted(by_start.items())]


def _merged(offers: list[tuple[Receiver, Slot]], taken: Taken, language: str) -> Slot:
    """One slot for the applicant, several agents behind it: who speaks their language first, then the post's own, then
    the least busy. Nobody is left out for a language: the offer is the same for everybody."""

    def rank(offer: tuple[Receiver, Slot]) -> tuple[bool, bool, int, int]:
        agent = offer[0].agent
        return not _speaks(agent, language), not offer[0].own_post, len(taken[agent.pk]), agent.pk

    ranked = sorted(offers, key=rank)
    first, slot = ranked[0]
    agents = tuple(one.agent.pk for one, _ in ranked)
    return Slot(slot.starts_at, slot.ends_at, agents, spoken=_speaks(first.agent, language))


def _speaks(agent: Agent, language: str) -> bool:
    return not language or language in agent.languages


def by_day(slots: Iterable[Slot], zone: ZoneInfo, other: ZoneInfo) -> list[dict[str, Any]]:
    """Slots by day of one clock, each with the hour of both: bare hours and days, since a template would show an
    instant on the server's clock."""
    days: dict[date, list[dict[str, Any]]] = {}
    for slot in slots:
        here, there = slot.starts_at.astimezone(zone), slot.starts_at.astimezone(other)
        offer = {"slot": slot, "hour": here.time(), "other_hour": there.time(), "other_day": there.date()}
        days.setdefault(here.date(), []).append(offer)
    return [{"day": day, "slots": offers} for day, offers in sorted(days.items())]
