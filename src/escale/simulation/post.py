"""One post over a year: queues served day by day by its agents, in order of arrival.

An agent's day goes to the interviews booked for it, then to envelopes, parcels and applications, in this order: what
is already in the post's hands waits least. A day that ends in the middle of a file finishes it the next day.
"""

from __future__ import annotations

import math
import random
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from escale.simulation import paths as p
from escale.simulation.assumptions import MONTHS, Assumptions

YEAR = 365
HORIZON = YEAR + 240  # days given to the last requests of the year to come to their end
STAGES = ("gate1", "gate2", "interview", "dispatch", "total")
QUEUES = ("gate1", "gate2", "interview", "dispatch")
_DAY_OF_MONTH = 30.4167


@dataclass(frozen=True, slots=True)
class Load:
    """A post to simulate: its requests in a year, and its agents (0: as many as the target load asks for)."""

    name: str
    cases: int
    agents: int = 0


@dataclass(slots=True)
class Year:
    """What the year was. ``waits`` are days spent waiting for the post, per stage; ``queues`` its lengths per day."""

    name: str
    cases: int
    agents: int
    waits: dict[str, list[int]] = field(default_factory=lambda: {stage: [] for stage in STAGES})
    queues: dict[str, list[int]] = field(default_factory=lambda: {queue: [] for queue in QUEUES})
    words: Counter[str] = field(default_factory=Counter)
    unfinished: int = 0


class _Case:
    """Where one case is: its word so far, the day it was asked, the day it joined its present queue."""

    __slots__ = ("asked", "since", "twice", "word")

    def __init__(self, day: int) -> None:
        self.word, self.asked, self.since, self.twice = p.SUBMITTED, day, day, False


def staff(cases: int, assume: Assumptions) -> int:
    """Agents that keep a post at the target load, one at least."""
    minutes = cases * assume.minutes_per_case()
    return max(1, math.ceil(minutes / (assume.working_days * assume.agent_minutes_per_day * assume.target_load)))


class Post:
    """The model of one post. ``run`` plays it once; the seed and the post's name decide everything."""

    def __init__(self, load: Load, assume: Assumptions, seed: int, duty_days: int) -> None:
        self.assume, self.duty_days = assume, duty_days
        self.random = random.Random(f"{seed}/{load.name}")
        self.year = Year(load.name, load.cases, load.agents or staff(load.cases, assume))
        self.due: list[list[tuple[str, _Case]]] = [[] for _ in range(HORIZON + 1)]
        self.queue: dict[str, deque[_Case]] = {queue: deque() for queue in QUEUES}
        self.spare = 0.0

    # --- chance -----------------------------------------------------------------------------------------------------

    def _days(self, mean: float) -> int:
        """A duration around ``mean``, at least one day."""
        return 1 + int(self.random.expovariate(1.0) * max(mean - 0.5, 0.01))

    def _arrivals(self) -> Iterator[int]:
        months = self.random.choices(range(12), weights=MONTHS, k=self.year.cases)
        for month in months:
            yield min(YEAR - 1, int((month + self.random.random()) * _DAY_OF_MONTH))

    def _join(self, queue: str, case: _Case, day: int) -> None:
        """Come to a queue on a day; past the horizon a case stays unfinished."""
        if day <= HORIZON:
            self.due[day].append((queue, case))
        else:
            self.year.unfinished += 1

    def _end(self, case: _Case) -> None:
        self.year.words[case.word] += 1

    # --- the gates --------------------------------------------------------------------------------------------------

    def _gate1(self, case: _Case, day: int) -> None:
        assume, chance = self.assume, self.random.random()
        if not case.word.endswith(p.CORRECTED) and chance < assume.correction_share:
            case.word += p.CORRECTED
            self._join("gate1", case, day + self._days(assume.correction_days))
        elif chance > 1 - assume.refused_at_gate1_share:
            case.word += p.REFUSED
            self._end(case)
        elif self.random.random() < assume.never_posts_share:
            case.word += p.ACCEPTED + p.LAPSED
            self._end(case)
        else:
            case.word += p.ACCEPTED + p.POSTED
            self._join("gate2", case, day + self._days(assume.posting_days) + self._days(assume.mail_days))

    def _gate2(self, case: _Case, day: int) -> None:
        assume = self.assume
        case.word += p.RECEIVED
        if p.REPLACED not in case.word and self.random.random() < assume.replacement_share:
            case.word += p.REPLACED
            self._join("gate2", case, day + self._days(assume.posting_days) + self._days(assume.mail_days))
        else:
            case.word += p.VERIFIED + p.BOOKED
            self._join("interview", case, day + max(1, round(assume.booking_lead_days)))

    def _interview(self, case: _Case, day: int) -> None:
        assume, chance = self.assume, self.random.random()
        again = day + max(1, round(assume.booking_lead_days))
        if chance < assume.no_show_share:
            if p.MISSED in case.word:
                case.word += p.IN_PERSON
                self._end(case)
            else:
                case.word += p.MISSED + p.BOOKED
                self._join("interview", case, again)
        elif chance < assume.no_show_share + assume.technical_failure_share:
            case.word += p.FAILED + p.BOOKED
            self._join("interview", case, again)
        else:
            case.word += p.HELD
            self._decide(case, day)

    def _decide(self, case: _Case, day: int) -> None:
        assume = self.assume
        if self.random.random() < assume.second_opinion_share:
            case.word += p.SECOND
            self.spare -= assume.second_opinion_minutes
        if self.random.random() < assume.refused_after_interview_share:
            case.word += p.DECLINED
            self._end(case)
        else:
            case.word += p.APPROVED + p.PRODUCED + p.ARRIVED
            self._join("dispatch", case, day + self._days(assume.production_days) + self._days(assume.bag_days))

    def _dispatch(self, case: _Case, day: int) -> None:
        assume = self.assume
        case.word += p.DISPATCHED
        delivered = day + self._days(assume.delivery_days)
        self.year.waits["total"].append(delivered - case.asked)
        confirmed = delivered + self._days(assume.confirming_days) - day
        handed = delivered + self._days(assume.returning_days) - day
        forgets = self.random.random() < assume.forgets_a_duty_share
        late = forgets or handed > self.duty_days or confirmed > self.duty_days
        case.word += p.DELIVERED
        if late:
            case.word += (p.CONFIRMED if confirmed <= self.duty_days else "") + p.INVALIDATED
            if confirmed > self.duty_days >= handed:
                case.word = case.word.replace(p.INVALIDATED, p.HANDED_OVER + p.INVALIDATED)
        else:
            both = p.CONFIRMED + p.HANDED_OVER if confirmed <= handed else p.HANDED_OVER + p.CONFIRMED
            case.word += both + p.RETURNED
        self._end(case)

    # --- the days ---------------------------------------------------------------------------------------------------

    def _serve(self, queue: str, day: int, minutes: float, budget: float) -> None:
        """Serve a queue in its order until this budget, or the day, is used."""
        waiting, wait = self.queue[queue], self.year.waits[queue]
        serve = getattr(self, f"_{queue}")
        while waiting and budget > 0 and self.spare > 0:
            case = waiting.popleft()
            budget -= minutes
            self.spare -= minutes
            wait.append(day - case.since)
            serve(case, day)

    def run(self) -> Year:
        """Play the year and what is left of it."""
        for day in self._arrivals():
            self.due[day].append(("gate1", _Case(day)))
        assume = self.assume
        capacity = self.year.agents * assume.agent_minutes_per_day * assume.working_days / 261  # weekdays of a year
        for day in range(HORIZON + 1):
            for queue, case in self.due[day]:
                case.since = day
                self.queue[queue].append(case)
            self.due[day] = []
            if day % 7 < 5:
                self.spare = min(self.spare, 0.0) + capacity
                self._serve("interview", day, assume.interview_minutes, assume.interview_share_of_day * capacity)
                self._serve("gate2", day, assume.gate2_minutes, math.inf)
                self._serve("dispatch", day, assume.dispatch_minutes, math.inf)
                self._serve("gate1", day, assume.gate1_minutes, math.inf)
            for queue, waiting in self.queue.items():
                self.year.queues[queue].append(len(waiting))
        self.year.unfinished += sum(len(waiting) for waiting in self.queue.values())
        return self.year


def play(load: Load, assume: Assumptions, seed: int, duty_days: int) -> Year:
    """One post's year. The same arguments give the same year."""
    return Post(load, assume, seed, duty_days).run()
