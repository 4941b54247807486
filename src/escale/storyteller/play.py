"""One story being played: its people, the chapters they go through, and what is told of each act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from escale.storyteller import papers
from escale.storyteller.browser import Lost
from escale.storyteller.papers import PassportPage
from escale.storyteller.people import AgentWalk, ApplicantWalk, Hands
from escale.storyteller.world import World

BEFORE_INTERVIEW = timedelta(minutes=10)
PRODUCTION = timedelta(hours=169)
DELIVERY = timedelta(days=4)
RETURN_SCAN = timedelta(hours=4)
LONG_INTERVIEW = timedelta(minutes=11)
"""Longer than the ten minutes for which an agent's proof of identity holds."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: logins of the demonstration's people. The agents are those of the applicant's post."""

    applicant: str
    agent: str
    supervisor: str


@dataclass(frozen=True, slots=True)
class Told:
    """One act: step of the poster, who, what; then what the applicant's page says of that step, and by when."""

    step: int
    who: str
    what: str
    state: str
    deadline: str
    at: datetime


type Listener = Callable[[Told], None]


def _silent(told: Told) -> None:
    """For those who look at the end alone."""


class Stage:
    """Who plays and what is told: each act is told to ``listener`` as it happens."""

    def __init__(
        self, world: World, cast: Cast, *, hands: Callable[[str], Hands] | None = None, listener: Listener = _silent
    ) -> None:
        give = hands or (lambda _: world.lend())
        self.world = world
        self.cast = cast
        self.applicant = ApplicantWalk(world, give("applicant"), cast.applicant)
        self.agent = AgentWalk(world, give("agent"), cast.agent)
        self._give = give
        self._supervisor: AgentWalk | None = None
        self.listener = listener
        self.told: list[Told] = []
        self.waybill = ""
        self.return_waybill = ""
        self.security = ""
        self.passport: PassportPage | None = None

    @property
    def supervisor(self) -> AgentWalk:
        """Called only where a story needs one."""
        if self._supervisor is None:
            self._supervisor = AgentWalk(self.world, self._give("supervisor"), self.cast.supervisor)
        return self._supervisor

    @property
    def ref(self) -> str:
        return self.applicant.ref

    @property
    def new(self) -> PassportPage:
        """The new passport, once somebody holds it."""
        if self.passport is None:
            raise Lost("no passport has been produced yet")
        return self.passport

    def tell(self, step: int, who: str, what: str) -> None:
        """Say what has just been done, with what the applicant's page now says of that step."""
        badge, sentence = self.applicant.story_told()[step]
        told = Told(step, who, what, f"{badge} — {sentence}", self.applicant.last_moment(), self.world.now())
        self.told.append(told)
        self.listener(told)

    def wait_for(self, step: int, words: str) -> None:
        """Wait until the applicant's page says these words of a step."""

        def said() -> bool:
            badge, sentence = self.applicant.story_told()[step]
            return words in f"{badge} — {sentence}"

        self.world.until(said, f"step {step} of {self.ref} says « {words} »")


class FirstHalf(Stage):
    """Chapters up to the decision: steps 1 to 4."""

    def enter(self) -> None:
        """Step 1."""
        one = self.applicant
        one.sign_in()
        one.match_register()
        self.tell(1, "applicant", "signs in with FranceConnect+ and is found in the register")
        one.confirm_eligibility()
        self.tell(1, "applicant", "answers the questions: may renew without travelling")

    def apply(self, *, visa_until: date | None = None) -> None:
        """Step 2, up to the acceptance."""
        self.submit(visa_until=visa_until)
        self.accept()

    def submit(self, *, visa_until: date | None = None) -> None:
        """Step 2, on the portal."""
        one = self.applicant
        one.fill(visa_until=visa_until)
        one.attach_papers(visa_until=visa_until)
        one.send_photo()
        one.pay_stamp()
        one.submit()
        self.tell(2, "applicant", "files papers and photo, pays the stamp, submits")

    def accept(self) -> None:
        """Step 2, gate 1."""
        self.agent.accept(self.ref)
        self.tell(2, "agent", "reviews the application and accepts it")

    def post(self) -> None:
        """Step 3: a label made on the portal, the envelope posted."""
        self.waybill = self.applicant.generate_label()
        self.applicant.announce_posting()
        self.tell(3, "applicant", "makes the prepaid label and posts photo and label")

    def receive_envelope(self) -> None:
        """Step 3, at the post."""
        self.agent.receive_envelope(self.ref, self.waybill)
        self.tell(3, "agent", "scans the envelope and its label")

    def verify_envelope(self) -> None:
        self.agent.verify_items(self.ref)
        self.tell(3, "agent", "checks photo and label: the interview can be booked")

    def book(self) -> datetime:
        """Step 4: the first free slot."""
        start = self.applicant.book()
        self.tell(4, "applicant", f"books the interview of {start:%Y-%m-%d %H:%M} UTC")
        return start

    def meet(self, start: datetime) -> None:
        """Step 4: the interview itself, up to the closed sheet."""
        self.world.advance_to(start - BEFORE_INTERVIEW)
        self.applicant.enter_room()
        self.world.advance_to(start)
        self.agent.start_interview(self.ref)
        self.world.advance(LONG_INTERVIEW)
        self.check()

    def check(self) -> None:
        """Step 4: the agent's sheet, some minutes after the start."""
        self.agent.check_person(self.ref, self.applicant.passport)
        self.tell(4, "agent", "sees the person, the passport, the challenge; closes the interview")

    def approve(self) -> None:
        """Step 4: the favourable decision, and the security number on both sides."""
        self.agent.decide(self.ref, "approve")
        spoken = self.agent.tell_number(self.ref)
        self.security = self.applicant.security_number()
        if spoken != self.security:
            raise Lost("the desk and the receipt do not show the same security number")
        self.tell(4, "agent", "proves their identity again and approves; the security number is handed over")


class Play(FirstHalf):
    """The chapters of every story: steps 5 to 8 after the first four."""

    def produce(self) -> None:
        """Step 5: order, production, arrival at the post."""
        self.order()
        self.world.advance(PRODUCTION)
        self.arrive()

    def order(self) -> None:
        """Step 5: the producer has the order."""
        self.world.until(lambda: self.world.orders(self.ref) == 1, f"{self.ref} is ordered")

    def arrive(self) -> None:
        """Step 5: made, sent, scanned at the post; the days of production have passed."""
        self.world.until(
            lambda: self.world.order_words(self.ref) == "expédiée au poste", f"the producer sends {self.ref}"
        )
        self.world.until(lambda: self.agent.expects(self.ref), f"the bench expects {self.ref}")
        self.tell(5, "producer", "makes the passport and sends it to the post")
        self.passport = papers.new_passport(self.world, self.ref)
        self.agent.arrive(self.passport)
        self.tell(5, "agent", "scans the passport that has arrived")

    def dispatch(self) -> None:
        """Step 5: two scans, and the carrier takes the parcel."""
        self.agent.dispatch(self.new.number, self.waybill)
        self.tell(5, "agent", "scans passport and label: the parcel leaves")
        self.world.play_parcel(self.waybill, "PU")

    def deliver(self) -> None:
        """Step 6: three days on the road."""
        self.world.advance(DELIVERY)
        self.delivered()

    def delivered(self) -> None:
        """Step 6: the carrier has said so; the days on the road have passed."""
        self.wait_for(6, "fait")
        self.tell(6, "carrier", "hands the parcel over in person")

    def confirm(self) -> None:
        """Step 7, on the other site."""
        self.applicant.confirm_receipt(self.new.number, self.security)
        self.tell(7, "applicant", "confirms the receipt with both numbers on the site of the ANTS")

    def give_back(self) -> None:
        """Step 8: the old passport on its way, then at the post."""
        self.send_back()
        self.world.advance(RETURN_SCAN)
        self.take_back()

    def send_back(self) -> None:
        """Step 8: the old passport handed over with the label of the way back."""
        self.return_waybill = self.applicant.return_label()
        self.world.play_parcel(self.return_waybill, "PU")

    def take_back(self) -> None:
        """Step 8: seen at the carrier's, then received at the post; the hours before the first scan have passed."""
        self.wait_for(8, "en route vers le poste")
        self.tell(8, "applicant", "hands the old passport to the carrier")
        self.agent.receive_old_passport(self.return_waybill)
        self.tell(8, "agent", "receives the old passport: everything is done")


def until_validated(play: Play) -> None:
    """From the sign-in to the moment the interview can be booked."""
    play.enter()
    play.apply()
    play.post()
    play.receive_envelope()
    play.verify_envelope()


def until_dispatched(play: Play) -> None:
    """From the opened booking to the parcel at the carrier."""
    play.meet(play.book())
    play.approve()
    play.produce()
    play.dispatch()
