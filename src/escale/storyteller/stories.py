"""Eight stories, each with the end it must have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from escale.storyteller.browser import Lost
from escale.storyteller.play import DELIVERY, Cast, Play, until_dispatched, until_validated

RETURNED_STAMP = "Votre timbre électronique vous est rendu"
OPEN_STEPS = ("en attente",) * 4
VISA = timedelta(days=300)
SILENCE = timedelta(days=11)
MISSED = timedelta(minutes=20)
LATE = timedelta(days=41)
NEXT_RUN = timedelta(hours=36)
INVALIDATION = timedelta(minutes=3)
CANCELLATION = timedelta(days=1, hours=4)


class EndedOtherwise(Lost):
    """The story did not end as it should; the message says where."""


@dataclass(frozen=True, slots=True)
class End:
    """How a story ends, in the words of the pages. ``title``: what the producer says of the new passport."""

    tracks: tuple[str, ...]
    mails: tuple[str, ...]
    """Words of the subjects of messages that must have come, each exactly once."""
    title: str = ""
    reports: int = 0
    """Entries at the border relay about the new passport."""


@dataclass(frozen=True, slots=True)
class Story:
    name: str
    about: str
    cast: Cast
    run: Callable[[Play], None]
    end: End

    def play(self, play: Play) -> None:
        """From the first page to the checked end. Raises Lost, or EndedOtherwise."""
        self.run(play)
        check(self.end, play)


def check(end: End, play: Play) -> None:
    """Compare what the pages show with the end a story must have. Raises EndedOtherwise."""
    shown = play.agent.states(play.ref)
    for number, (wanted, seen) in enumerate(zip(end.tracks, shown, strict=True), start=1):
        if seen != wanted:
            raise EndedOtherwise(f"step {number} of {play.ref} should end « {wanted} » and shows « {seen} »")
    _check_title(end, play)
    for words in end.mails:
        _check_mail(words, play)


def _check_mail(words: str, play: Play) -> None:
    address = play.applicant.person.register_email

    def received() -> list[str]:
        return [mail.subject for mail in play.world.mails(address) if words in mail.subject]

    try:
        found = play.world.until(received, f"the message « {words} »", patience=20)
    except Lost:
        latest = [mail.subject for mail in play.world.mails(address)][:3]
        raise EndedOtherwise(f"the message « {words} » never came; the latest are {latest}") from None
    if len(found) > 1:
        raise EndedOtherwise(f"the message « {words} » came {len(found)} times")


def _check_title(end: End, play: Play) -> None:
    if play.passport is None:
        if end.title:
            raise EndedOtherwise(f"a passport should have been made for {play.ref}, and none was")
        return
    title, number = play.world.title_words(play.ref), play.passport.number
    if title != end.title:
        raise EndedOtherwise(f"the new passport should be « {end.title} » and is « {title} »")
    reports = play.world.border_reports(number)
    if len(reports) != end.reports:
        raise EndedOtherwise(f"the border relay should hold {end.reports} report(s) and holds {len(reports)}")
    if play.world.stopped_at_border(number) != bool(end.reports):
        raise EndedOtherwise("the border guard's page does not agree with the relay's register")


# --- how each goes ---


def _happy(play: Play) -> None:
    until_validated(play)
    until_dispatched(play)
    play.deliver()
    play.confirm()
    play.give_back()
    play.world.until(lambda: play.world.title_words(play.ref) == "valide", "the new passport is active")


def _photo_refused(play: Play) -> None:
    play.enter()
    play.apply()
    play.post()
    play.receive_envelope()
    play.agent.refuse_photo(play.ref, "Le tirage est flou.")
    play.tell(3, "agent", "refuses the printed photo and asks for another; the place is kept")
    play.applicant.announce_posting()
    play.tell(3, "applicant", "posts another photo")
    play.agent.receive_envelope(play.ref)
    play.verify_envelope()
    until_dispatched(play)
    play.deliver()
    play.confirm()
    play.give_back()
    play.world.until(lambda: play.world.title_words(play.ref) == "valide", "the new passport is active")


def _forbidden_label(play: Play) -> None:
    play.enter()
    play.apply()
    waybill, file = play.applicant.buy_label(option="SD")
    refusal = play.applicant.import_label(file)
    if "signature d’un adulte" not in refusal:
        raise EndedOtherwise(f"a label with the forbidden option was not refused: {refusal or 'it was accepted'}")
    play.tell(3, "applicant", "brings a label with « signature d’un adulte »: refused at once, with the reason")
    play.applicant.type_label(waybill)
    play.applicant.announce_posting()
    play.tell(3, "applicant", "types its number all the same, and posts it")
    play.world.advance(CANCELLATION)
    play.wait_for(3, "à vous")
    play.tell(3, "carrier", "cancels the label; another one is asked for")
    play.waybill, proper = play.applicant.buy_label()
    refusal = play.applicant.import_label(proper)
    if refusal:
        raise EndedOtherwise(f"a label without option was refused: {refusal}")
    play.applicant.announce_posting()
    play.tell(3, "applicant", "brings a label without option and posts it")
    play.receive_envelope()
    play.verify_envelope()


def _missed_interview(play: Play) -> None:
    until_validated(play)
    start = play.book()
    play.world.advance_to(start + MISSED)
    play.wait_for(4, "à vous")
    play.tell(4, "clock", "nobody came: another slot may be booked, once")
    start = play.book()
    play.world.advance_to(start + MISSED)
    play.wait_for(4, "arrêté")
    play.tell(4, "clock", "nobody came again: the request goes on in person")


def _lost_parcel(play: Play) -> None:
    until_validated(play)
    until_dispatched(play)
    play.world.lose_parcel(play.waybill)
    play.world.advance(SILENCE)
    play.world.until(lambda: play.agent.states(play.ref)[5] == "enquête", "an inquiry is opened at the carrier")
    play.tell(6, "clock", "ten days without a scan: an inquiry is opened")
    play.agent.declare_lost(play.ref)
    play.tell(6, "agent", "declares the parcel lost")
    _reported(play)


def _overdue(play: Play) -> None:
    until_validated(play)
    until_dispatched(play)
    play.deliver()
    play.world.advance(LATE - DELIVERY)
    play.world.until(lambda: play.ref in play.supervisor.listed(), f"{play.ref} is on the list of day 41")
    play.tell(8, "clock", "day 41, neither confirmed nor sent back: the case is listed")
    if play.world.border_reports(play.new.number):
        raise EndedOtherwise("the passport was reported before the daily run")
    play.world.advance(NEXT_RUN)
    play.wait_for(8, "est invalidé")
    play.tell(8, "clock", "the next daily run orders the invalidation")
    _reported(play)


def _reported(play: Play) -> None:
    """The invalidation is confirmed by the producer, then reaches the border."""
    number = play.new.number

    def told() -> bool:
        # The producer counts its minutes from when it was asked, which may be after the clock was moved.
        play.world.advance(INVALIDATION)
        return bool(play.world.border_reports(number))

    play.world.until(told, "the invalidation reaches the border relay")
    play.tell(8, "border", "records the invalid passport: Interpol knows it")


def _visa_kept(play: Play) -> None:
    until = (play.world.now() + VISA).date()
    play.enter()
    play.apply(visa_until=until)
    play.post()
    play.receive_envelope()
    play.verify_envelope()
    until_dispatched(play)
    play.deliver()
    play.applicant.ask_to_keep(until)
    play.tell(8, "applicant", "asks to keep the old passport for its visa")
    play.agent.accept_visa(play.ref)
    play.tell(8, "agent", "reads the visa and lets the old passport be kept")
    play.confirm()
    play.world.until(lambda: play.world.title_words(play.ref) == "valide", "the new passport is active")


def _refused(play: Play) -> None:
    until_validated(play)
    play.meet(play.book())
    play.agent.decide(play.ref, "refuse", ground="identity_doubt", ready="face")
    play.tell(4, "agent", "refuses, with the rule, the reasons and the appeal; the stamp is released")


DONE = ("éligible", "acceptée", "contrôlé", "approuvé", "expédié")
STORIES = {
    story.name: story
    for story in (
        Story(
            "happy",
            "from the sign-in to the old passport back at the post",
            Cast("jeanne", "camille", "dominique"),
            _happy,
            End((*DONE, "remis", "confirmée", "revenu"), ("La démarche est terminée",), "valide"),
        ),
        Story(
            "photo-refused",
            "the printed photo is refused, another one is posted",
            Cast("elena", "noe", "claude"),
            _photo_refused,
            End((*DONE, "remis", "confirmée", "revenu"), ("La démarche est terminée",), "valide"),
        ),
        Story(
            "forbidden-label",
            "« signature d’un adulte » is refused here and cancelled by the carrier",
            Cast("tiago", "alix", "andrea"),
            _forbidden_label,
            End((*DONE[:3], "à réserver", *OPEN_STEPS), ("réservez votre entretien",)),
        ),
        Story(
            "missed-interview",
            "two absences send the request to the in-person way",
            Cast("hugo", "ines", "yann"),
            _missed_interview,
            End((*DONE[:3], "en personne", *OPEN_STEPS), ("continue en personne", RETURNED_STAMP)),
        ),
        Story(
            "lost-parcel",
            "the carrier loses the new passport",
            Cast("angela", "maxime", "charlie"),
            _lost_parcel,
            End((*DONE, "perdu", "sans objet", "dû"), ("perdu",), "invalidé", 1),
        ),
        Story(
            "overdue",
            "day 41 comes with nothing done: invalidated and reported",
            Cast("clement", "sasha", "frederique"),
            _overdue,
            End((*DONE, "remis", "sans objet", "en retard"), ("est invalidé",), "invalidé", 1),
        ),
        Story(
            "visa-kept",
            "the old passport is kept for its visa",
            Cast("joelle", "lou", "pascale"),
            _visa_kept,
            End((*DONE, "remis", "confirmée", "conservé pour visa"), ("La démarche est terminée",), "valide"),
        ),
        Story(
            "refused",
            "the agent refuses after the interview",
            Cast("vincent", "leo", "stephane"),
            _refused,
            End((*DONE[:3], "refusée", *OPEN_STEPS), ("est refusée", RETURNED_STAMP)),
        ),
    )
}
