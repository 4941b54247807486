"""What later steps and pages may read of the interview."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.values import SecurityNumber
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.queries import Line
from escale.people.actors import Actor
from escale.people.models import Agent
from escale.steps.step2_application import queries as step2
from escale.steps.step4_interview import clocks, queries_waiting, rules, words
from escale.steps.step4_interview.models import (
    Booking,
    BookingState,
    Challenge,
    Conflict,
    Interview,
    KeptNumber,
    Opinion,
    Pooling,
    Readiness,
    Room,
)
from escale.ui.said import Said, opened
from escale.ui.templatetags.ui import in_zone
from escale.ui.timeline import StepView
from escale.vault import sealing


@dataclass(frozen=True, slots=True)
class Appointment:
    """The booking in force. ``tz`` is the applicant's clock, ``post_tz`` the post's."""

    booking_id: int
    starts_at: datetime
    ends_at: datetime
    agent: Agent
    tz: ZoneInfo
    post_tz: ZoneInfo
    uid: str
    sequence: int
    failure_reported: bool

    @property
    def one_clock(self) -> bool:
        """Whether both clocks show the same hour then."""
        return self.starts_at.astimezone(self.tz).utcoffset() == self.starts_at.astimezone(self.post_tz).utcoffset()


@dataclass(slots=True)
class Sheet:
    """The agent's sheet. ``controls``: control → verdict; ``mrz``: fields that differ, None before it is read."""

    controls: dict[str, str] = field(default_factory=dict)
    mrz: list[str] | None = None
    questions: list[str] = field(default_factory=list)
    own_doubt: bool = False


def readiness(case_id: UUID) -> Readiness:
    """The applicant's settings and last rehearsal; an unsaved row when there is none."""
    return Readiness.objects.filter(case_id=case_id).first() or Readiness(case_id=case_id)


def applicant_zone(case: Case) -> ZoneInfo:
    """The clock the applicant reads."""
    return zone_chosen(case, readiness(case.id))


def zone_chosen(case: Case, ready: Readiness) -> ZoneInfo:
    """The clock of the applicant's settings, else of where they live."""
    country = ledger.summary(case)["address"]["country"]
    return clocks.chosen(ready.tz, country=country, post_tz=case.post.tz)


def clocks_of(case: Case, starts_at: datetime) -> dict[str, Any]:
    """An hour as messages tell it: the applicant's clock, and whether the post's shows the same."""
    tz = applicant_zone(case)
    alike = starts_at.astimezone(tz).utcoffset() == starts_at.astimezone(ZoneInfo(case.post.tz)).utcoffset()
    return {"starts_at": starts_at, "tz": tz, "one_clock": alike}


def booking_in_force(case_id: UUID) -> Booking | None:
    return Booking.objects.select_related("agent").filter(case_id=case_id, state=BookingState.ACTIVE).first()


def last_booking(case_id: UUID) -> Booking | None:
    """The booking in force, else the latest one."""
    made = list(Booking.objects.select_related("agent").filter(case_id=case_id).order_by("-made_at", "-id"))
    return next((one for one in made if one.state == BookingState.ACTIVE), made[0] if made else None)


def holders(cases: list[UUID]) -> dict[UUID, Agent]:
    """Who holds the appointment in force of each case, in one query."""
    rows = Booking.objects.select_related("agent").filter(case_id__in=cases, state=BookingState.ACTIVE)
    return {row.case_id: row.agent for row in rows}


def appointment(case_id: UUID) -> Appointment | None:
    """The appointment in force, or None."""
    booking = booking_in_force(case_id)
    return told(booking) if booking else None


def told(booking: Booking) -> Appointment:
    """A booking as pages and messages tell it."""
    case = ledger.get(booking.case_id)
    return told_of(case, booking, readiness(case.id))


def told_of(case: Case, booking: Booking, ready: Readiness) -> Appointment:
    """The same, for a page that has read the case and what the applicant set."""
    return Appointment(
        booking_id=booking.pk,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        agent=booking.agent,
        tz=zone_chosen(case, ready),
        post_tz=ZoneInfo(case.post.tz),
        uid=booking.uid,
        sequence=booking.sequence,
        failure_reported=booking.failure_reported_at is not None,
    )


def room(booking: Booking) -> Room | None:
    return Room.objects.filter(booking=booking).first()


def interview(case_id: UUID) -> Interview | None:
    """The latest interview of a case, held or under way."""
    return Interview.objects.select_related("agent", "booking").filter(case_id=case_id).order_by("-started_at").first()


def sheet(row: Interview) -> Sheet:
    opened: dict[str, Any] = sealing.unseal_json(row.case_id, f"sheet|{row.pk}", row.sheet)
    return Sheet(**opened)


def remarks(row: Interview) -> str:
    return sealing.unseal(row.case_id, f"remarks|{row.pk}", row.remarks).decode() if row.remarks else ""


def challenges(row: Interview) -> list[Challenge]:
    """Every challenge drawn, the latest first."""
    return list(Challenge.objects.filter(interview=row).order_by("-drawn_at", "-id"))


def challenge_shown(booking: Booking, now: datetime) -> Challenge | None:
    """The challenge the applicant must answer now, or None."""
    last = (
        Challenge.objects.select_related("interview")
        .filter(interview__booking=booking)
        .order_by("-drawn_at", "-id")
        .first()
    )
    if last is None or last.answered_at is not None:
        return None
    return last if (now - last.drawn_at).total_seconds() <= rules.challenge_seconds(last.code, last.why) else None


def opinions(row: Interview) -> list[Opinion]:
    return list(Opinion.objects.select_related("agent").filter(interview=row).order_by("at", "id"))


def reasons(opinion: Opinion) -> Said:
    """The agent's own words; empty where none were written."""
    purpose = f"opinion|{opinion.interview_id}|{opinion.at.isoformat()}"
    return opened(opinion.interview.case_id, purpose, opinion.reasons, opinion.reasons_en)


def final_opinion(case_id: UUID) -> Opinion | None:
    """The opinion that decided the case, or None."""
    row = interview(case_id)
    return opinions(row)[-1] if row and opinions(row) else None


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a request ends with its interview. Not ``refused``: invited to come. ``said``: the agent's own words."""

    refused: bool
    rule: str
    article: str
    said: Said
    at: datetime

    @property
    def words(self) -> str:
        """In the reader's language."""
        return self.said.here


def ending(case: Case, language: str) -> Ending | None:
    """What a decision after the interview, or two missed interviews, said; None while the request goes on."""
    refused = case.interview == "refused"
    if not refused and case.interview != "directed_in_person":
        return None
    told = ledger.latest(case.id, e.InterviewRefused if refused else e.InterviewDirectedInPerson)
    if told is None:
        return None
    code = getattr(told.event, "rule", "")
    opinion = final_opinion(case.id)
    return Ending(
        refused=refused,
        rule=words.ground(code, language),
        article=rules.GROUNDS.get(code, ""),
        said=reasons(opinion) if opinion else Said(""),
        at=told.at,
    )


def in_conflict(case_id: UUID, agent_id: str) -> bool:
    return Conflict.objects.filter(case_id=case_id, agent_id=agent_id).exists()


def pooled(actor: Actor, post_code: str) -> bool:
    """Whether an agent of another post holds interviews for this one."""
    known = actor.kind == "agent" and actor.role in {"agent", "supervisor"}
    return known and Pooling.objects.filter(agent_id=actor.id, post_id=post_code, proposed=False).exists()


def holds(actor: Actor, case: Case, now: datetime | None = None) -> bool:
    """Whether the interview of another post's case is this pooled agent's: booked with them, under way or to decide by
    them, and at ``now`` within the hour after the decision, to tell the security number. Nothing else of the case is.
    """
    if not pooled(actor, case.post_id):
        return False
    if case.interview == "booked":
        booking = booking_in_force(case.id)
        return booking is not None and str(booking.agent_id) == actor.id
    row = interview(case.id)
    if row is None or str(row.agent_id) != actor.id:
        return False
    if case.interview in {"in_progress", "held", "second_opinion"}:
        return True
    decided = final_opinion(case.id) if case.interview in {"approved", "refused", "directed_in_person"} else None
    return decided is not None and now is not None and now - decided.at <= rules.NUMBER_AT_DESK


def security_number(case_id: UUID) -> SecurityNumber | None:
    """The sealed copy, opened; None before approval and once erased. Showing it must leave a trace: see
    ``service_security.show``."""
    row = KeptNumber.objects.filter(case_id=case_id).first()
    if row is None or row.sealed is None:
        return None
    return SecurityNumber(sealing.unseal(case_id, "security_number", row.sealed).decode())


def on_file(case: Case) -> rules.OnFile:
    """What the passport shown must agree with."""
    summary, application = ledger.summary(case), step2.application_of(case)
    number = application.passport_number if application else None
    return rules.OnFile(
        surnames=tuple(name for name in (summary["family_name"], summary.get("usage_name")) if name),
        given_names=summary["given_names"],
        birthdate=summary["birthdate"],
        gender=summary.get("gender", ""),
        passport_number=number.text if number else "",
        passport_expires_on=application.passport_expires_on if application else None,
    )


def motive(case_id: UUID) -> str:
    application = step2.application(case_id)
    return application.motive if application else ""


def answers(case: Case) -> dict[str, str]:
    """Questions the file can answer: code → the answer expected. Those without an answer are left out."""
    summary, application = ledger.summary(case), step2.application_of(case)
    names = summary["given_names"].split()
    known = {
        "second_name": names[1] if len(names) > 1 else "",
        "city": summary["address"]["city"],
        "postcode": summary["address"]["postcode"],
        "street": summary["address"]["line1"],
        "numic_end": summary.get("numic", "")[-3:],
        "usage_name": summary.get("usage_name", ""),
    }
    if application is not None:
        issued: date | None = application.passport_issued_on
        known |= {
            "height": f"{application.height_cm} cm" if application.height_cm else "",
            "issue_year": str(issued.year) if issued else "",
            "passport_end": application.passport_number.text[-2:] if application.passport_number else "",
        }
    return {code: answer for code, answer in known.items() if answer}


def timeline(case: Case, lines: list[Line]) -> StepView:
    """Step 4 as the applicant reads it."""
    state = case.interview
    at = {type(line.event): line.at for line in lines}
    if state == "approved":
        actions = ((reverse("receipt_of_request", args=[case.reference]), _("Voir mon récépissé")),)
        sentence = _("L’agent consulaire a validé votre demande.")
        return StepView(4, "done", sentence, at=at.get(e.InterviewApproved), actions=actions)
    if state == "refused":
        sentence = _("Votre demande est refusée, après l’entretien.")
        return StepView(4, "stopped", sentence, at=at.get(e.InterviewRefused))
    if state == "directed_in_person":
        sentence = _("Votre demande continue en personne, au poste consulaire.")
        return StepView(4, "stopped", sentence, at=at.get(e.InterviewDirectedInPerson))
    if not case.is_open:
        return StepView(4, "next" if state == "locked" else "stopped", _("Il n’y aura pas d’entretien."))
    if state == "locked":
        return StepView(4, "next", _("Vous réserverez un entretien en visioconférence avec un agent consulaire."))
    if state in {"in_progress", "held", "second_opinion"}:
        sentence = _("L’entretien a eu lieu : l’agent consulaire prend sa décision.")
        if state == "in_progress":
            actions = ((reverse("room", args=[case.reference]), _("Revenir dans la salle")),)
            return StepView(
                4, "now", _("Votre entretien est en cours."), at=at.get(e.InterviewStarted), actions=actions
            )
        return StepView(4, "waiting", sentence, at=at.get(e.InterviewHeld))
    return _to_come(case, at)


def _to_come(case: Case, at: dict[type[e.Event], datetime]) -> StepView:
    page = reverse("interview_booking", args=[case.reference])
    current, offer = appointment(case.id), queries_waiting.open_offer(case.id)
    if offer is not None:
        here = in_zone(offer.starts_at, applicant_zone(case))
        sentence = _("Un créneau vous est réservé : le %(when)s.") % {"when": here}
        kept = _("Si vous ne le prenez pas, votre rendez-vous tient : le %(when)s.")
        return StepView(
            4,
            "now",
            sentence,
            _("Vous étiez sur la liste d’attente. Sans réponse, ce créneau passe à la personne suivante.")
            + (f" {kept % {'when': in_zone(current.starts_at, current.tz)}}" if current else ""),
            at=at.get(e.SlotOffered),
            before=offer.until,
            actions=((page, _("Prendre ce créneau ou le laisser")),),
        )
    if case.interview == "bookable" or current is None:
        before = ledger.last_moment(case.id, DeadlineKind.BOOKING_LAPSE)
        sentence, detail, event = _to_book(at)
        actions = ((page, _("Réserver mon entretien")),)
        return StepView(4, "now", sentence, detail, at=at.get(event), before=before, actions=actions)
    sentence = _("Votre entretien aura lieu le %(when)s.") % {"when": in_zone(current.starts_at, current.tz)}
    ahead = (
        (reverse("room", args=[case.reference]), _("Aller à la salle d’attente")),
        (page, _("Voir, déplacer ou annuler")),
        (reverse("rehearsal", args=[case.reference]), _("Essayer ma caméra et mon micro")),
    )
    return StepView(4, "waiting", sentence, at=at.get(e.InterviewBooked), actions=ahead)


def _to_book(at: dict[type[e.Event], datetime]) -> tuple[str, str, type[e.Event]]:
    """The first interview to book, or another one: what became of the last is the latest that happened to it."""
    ends = (e.RequestValidated, e.InterviewMissed, e.InterviewFailedTechnically, e.InterviewCancelled)
    last = max((event for event in ends if event in at), key=lambda event: at[event], default=e.RequestValidated)
    if last is e.InterviewMissed:
        sentence = _("Vous avez manqué votre entretien : réservez-en un autre.")
        return sentence, _("Après une seconde absence, votre demande devra continuer en personne."), last
    if last is e.InterviewFailedTechnically:
        sentence = _("Une panne a interrompu votre entretien : réservez-en un autre.")
        return sentence, _("Elle ne compte pas comme une absence."), last
    if last is e.InterviewCancelled:
        return _("Votre entretien est annulé : réservez-en un autre."), "", last
    return _("Votre demande est validée : réservez votre entretien en visioconférence."), "", e.RequestValidated
