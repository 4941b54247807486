"""Random walks over the law: people, partners and the clock do, in any order, whatever the law allows them.

    python -m tests.case.walks 10000 [--seed 1]

The pure core decides; the walk keeps the deadlines as the ledger does, and acts for the clock only when one has come.
After every event the invariants of the procedure are checked. A walk is named by its seed: the same seed walks again.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from escale.case import events as e
from escale.case.deadlines import SURVIVE_THE_END, DeadlineKind as K, Frame, closed_by, opened_by
from escale.case.gates import Setting, duty_missing
from escale.case.moves import MoveRefused, check, unfold
from escale.case.policy import number
from escale.case.replay import replay
from escale.case.tracks import STATES, Outcome, Track, Tracks, WaitsFor, outcome, starting_tracks
from escale.case.transitions import MOVES, main_track

ZONES = ("America/Toronto", "Australia/Lord_Howe", "Europe/Madrid", "America/St_Johns", "Atlantic/Azores")
START = datetime(2026, 2, 10, 15, tzinfo=UTC)
STEPS = 90

# What the law adds by itself, or the clock alone may do: never anybody's free choice.
BY_THE_LAW = {
    e.PostingAsked, e.RequestValidated, e.ValidationWithdrawn, e.PassportOrdered, e.HandedToCourier, e.ReceiptExpected,
    e.ReturnExpected, e.ReceiptVoided, e.ReturnLate, e.DutiesFulfilled,
}  # fmt: skip
BY_THE_CLOCK = {
    K.DRAFT_LAPSE: e.ApplicationLapsed,
    K.CORRECTION_LAPSE: e.ApplicationLapsed,
    K.POSTING_LAPSE: e.ApplicationLapsed,
    K.BOOKING_LAPSE: e.ApplicationLapsed,
    K.INTERVIEW_NO_SHOW: e.InterviewMissed,
    K.TRANSIT_SILENCE: e.InquiryOpened,
    K.DUTY_END: e.DutyMissed,
    K.LOCKOUT_END: e.LockoutEnded,
    K.VISA_END: e.VisaEnded,
    K.HOLD_END: e.HoldEnded,
    K.INVALIDATION_RUN: e.InvalidationOrdered,
}
# Ends of every kind are lawful nearly everywhere: chosen less often, or no walk would get far.
RARE = {
    e.ApplicationWithdrawn, e.ApplicationRefused, e.DirectedInPerson, e.EligibilityLost, e.EligibilityRefused,
    e.InterviewRefused, e.InterviewDirectedInPerson, e.PassportDeclaredLostOrStolen, e.DeclaredLost,
    e.PassportDestroyed, e.BorderAlertWithdrawn, e.CorrectionRequested, e.ReplacementRequested,
    e.LabelCancelledByCourier, e.KeptForVisa,
}  # fmt: skip
# What brings a case on, against what only keeps it busy.
USUAL = {
    e.InvalidationHeld,
    e.ReceiptConfirmed,
    e.OldPassportReceived,
    e.ReturnHandedOver,
    e.Delivered,
    e.InterviewApproved,
    e.InterviewHeld,
}
CHOICES = sorted(
    {kind for table in MOVES.values() for _, kind in table} - BY_THE_LAW - set(BY_THE_CLOCK.values()),
    key=lambda kind: kind.__name__,
)


class Broken(AssertionError):
    """An invariant does not hold; the message names the walk and what happened last."""


@dataclass
class Walk:
    """One case walking. ``events`` is all that happened, ``open`` its open deadlines."""

    seed: int
    tracks: Tracks = field(default_factory=starting_tracks)
    now: datetime = START
    events: list[e.Event] = field(default_factory=list)
    open: dict[K, datetime] = field(default_factory=dict)
    since: dict[str, date] = field(default_factory=dict)  # the day each of the two duties began

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.zone = ZoneInfo(self.random.choice(ZONES))
        self.eager = self.random.choice((0.1, 1.0, 5.0))  # some people do at once what others put off
        self.setting = Setting(self.random.choice(("submission", "acceptance")))

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def make(self, kind: type[e.Event]) -> e.Event:
        """An event of this kind that could happen now."""
        if kind in {e.InterviewBooked, e.InterviewMoved}:
            starts = self.now + timedelta(hours=self.random.randint(30, 300))
            return kind(starts, starts + timedelta(minutes=20))
        if kind is e.KeptForVisa:
            return e.KeptForVisa(self.today + timedelta(days=self.random.randint(20, 400)))
        if kind is e.ReturnHandedOver:
            return e.ReturnHandedOver(self.now)
        if kind is e.InvalidationHeld:
            return e.InvalidationHeld(self.now + timedelta(days=self.random.randint(1, 30)))
        return kind()

    def lawful(self) -> list[type[e.Event]]:
        """What people and partners may do now."""
        found = []
        for kind in CHOICES:
            track = main_track(kind)
            if (self.tracks[track], kind) not in MOVES[track]:
                continue
            try:
                check(self.tracks, self.make(kind))
            except MoveRefused:
                continue
            found.append(kind)
        return found

    def do(self, event: e.Event) -> None:
        """Let it happen, with all that follows, and look at the invariants."""
        before, stood = outcome(self.tracks), self.tracks
        self.tracks, happened = unfold(self.tracks, [event], self.setting)
        frame = Frame(self.now, self.zone)
        for each in happened:
            for kind in closed_by(each):
                self.open.pop(kind, None)
            self.open.update(opened_by(each, frame))
            if isinstance(each, e.ReceiptExpected):
                self.since = {"receipt": self.today, "return": self.today}
            if isinstance(each, e.VisaEnded):
                self.since["return"] = self.today
            self._look(each, stood)
        self.events.extend(happened)
        ended = outcome(self.tracks)
        if ended is not Outcome.OPEN:
            kept = set(SURVIVE_THE_END)
            if self.tracks[Track.TITLE] in {"invalidating", "invalidated"}:
                kept.add(K.INVALIDATION_ALERT)
            self.open = {kind: at for kind, at in self.open.items() if kind in kept}
        if before not in {Outcome.OPEN, Outcome.COMPLETED} and ended is Outcome.OPEN:
            self._broken("a case that had ended is open again")
        self._every_wait_has_an_end()

    def tick(self) -> None:
        """The clock comes to the next deadline and does what is its to do."""
        if not self.open:
            self.now += timedelta(days=1)
            return
        kind = min(self.open, key=lambda each: self.open[each])
        self.now = max(self.now, self.open.pop(kind))
        answer = BY_THE_CLOCK.get(kind)
        if answer is None:
            return
        if answer is e.InvalidationOrdered and not duty_missing(self.tracks):
            answer = e.DutyFulfilledLate
        if answer is e.InterviewMissed and sum(isinstance(each, e.InterviewMissed) for each in self.events):
            answer = e.InterviewDirectedInPerson
        event = self.make(answer)
        try:
            check(self.tracks, event)
        except MoveRefused:
            if answer is e.VisaEnded and outcome(self.tracks) is Outcome.OPEN:
                self.open[kind] = self.now + timedelta(days=1)  # as step 8 does, until the passport is sent
            return  # what it waited for was done in between
        self.do(event)

    def run(self, steps: int = STEPS) -> Outcome:
        """Walk, and replay what happened."""
        for _ in range(steps):
            choices = self.lawful()
            if choices and self.random.random() < 0.93:
                weights = [0.01 if kind in RARE else self.eager if kind in USUAL else 1.0 for kind in choices]
                self.now += timedelta(hours=self.random.choice((1, 5, 20, 60)))
                while (due := [each for each in self.open.values() if each <= self.now]) and due:
                    self.tick()
                kind = self.random.choices(choices, weights)[0]
                try:
                    self.do(self.make(kind))
                except MoveRefused:
                    continue  # the clock was quicker
            else:
                self.tick()
        if replay(self.events) != self.tracks:
            self._broken("its events do not replay to its tracks")
        return outcome(self.tracks)

    # --- what must always hold --------------------------------------------------------------------------------------

    def _look(self, event: e.Event, stood: Tracks) -> None:
        if isinstance(event, e.PassportProduced) and any(isinstance(each, e.PassportProduced) for each in self.events):
            self._broken("a second new passport was produced")
        if not isinstance(event, e.InvalidationOrdered):
            return
        days = number("duty_days", self.today)
        over = [duty for duty, day in self.since.items() if (self.today - day).days > days]
        if not set(over) & set(duty_missing(stood)):
            self._broken("invalidated before day 41 of a duty that is missing")
        if stood[Track.TITLE] != "listed":
            self._broken(f"invalidated while {stood[Track.TITLE]}")

    def _every_wait_has_an_end(self) -> None:
        if outcome(self.tracks) is not Outcome.OPEN:
            return
        for track, state in self.tracks.items():
            if STATES[track][state] is WaitsFor.CLOCK and not any(
                (state, BY_THE_CLOCK[kind]) in MOVES[track] for kind in self.open if kind in BY_THE_CLOCK
            ):
                self._broken(f"{track.value} {state} waits for a clock that will not come")
        if not self.lawful() and not any(kind in BY_THE_CLOCK for kind in self.open):
            self._broken("nobody can do anything any more")

    def _broken(self, what: str) -> None:
        last = ", ".join(each.name for each in self.events[-6:])
        raise Broken(f"walk {self.seed}: {what} (after {last})")


def main() -> None:
    """Walk as often as asked and count how the walks ended."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("walks", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    ends: Counter[str] = Counter()
    events = 0
    for seed in range(asked.seed, asked.seed + asked.walks):
        walk = Walk(seed)
        ends[walk.run().value] += 1
        events += len(walk.events)
    print(f"{asked.walks} walks, {events} events, every invariant held: {dict(ends.most_common())}")


if __name__ == "__main__":
    main()
