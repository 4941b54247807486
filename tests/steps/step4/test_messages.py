"""Every message of step 4, in both languages, whole and safe."""

from dataclasses import replace

import icalendar
import pytest

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.messages import STEP_OF_MESSAGE, message_of
from escale.people.actors import applicant
from escale.steps.step4_interview import handlers, queries, service
from escale.steps.step4_interview.models import Offer
from escale.ui import mail
from tests.factories.cases import NOON
from tests.steps.step4.scenes import an_offer, booked, decide, held

pytestmark = pytest.mark.django_db
SLOT = (NOON, NOON.replace(minute=20))
EVENTS = [
    e.RequestValidated(),
    e.ReminderDue(kind=DeadlineKind.BOOKING_REMINDER),
    e.InterviewBooked(*SLOT),
    e.InterviewMoved(*SLOT),
    e.InterviewMoved(*SLOT, by="post", reason="post_closed"),
    e.SlotOffered(*SLOT, until=NOON),
    e.InterviewCancelled(by="applicant"),
    e.InterviewCancelled(by="post", reason="agent_away"),
    e.InterviewCancelled(by="post", reason="applicant_asked"),
    e.InterviewCancelled(by="failure"),
    e.ReminderDue(kind=DeadlineKind.INTERVIEW_D1),
    e.ReminderDue(kind=DeadlineKind.INTERVIEW_H1),
    e.InterviewMissed(),
    e.InterviewFailedTechnically(side="agent"),
    e.ValidationWithdrawn(),
    e.InterviewApproved(),
    e.InterviewRefused(rule="identity_doubt"),
    e.InterviewDirectedInPerson(rule="missed_twice"),
    e.InterviewDirectedInPerson(rule="validity_doubt"),
]


def composed(case, event, language):
    case.language = language
    code = message_of(event)
    common = {
        "name": "Jeanne MARTIN", "reference": case.reference, "case_url": "http://x/", "post_tz": case.post.tz,
        "post_name": case.post.name, "post_email": case.post.email, "post_phone": "+1",
    }  # fmt: skip
    extra = handlers.MESSAGES[code](case=case, event=event, now=NOON)
    return mail.compose(code, language, {**common, **extra}), extra


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: f"{event.name}-{getattr(event, 'by', '')}")
def test_a_message_is_whole(sub: str, event: e.Event, language: str):
    case, _agents, _booking = booked(sub)

    if isinstance(event, e.SlotOffered):
        event = replace(event, offer=str(an_offer(case).pk))

    message, _extra = composed(case, event, language)

    assert message.subject
    assert "{" not in message.text
    assert "None" not in message.text
    assert "http" in message.text


def test_every_code_of_the_step_is_tried():
    assert {message_of(event) for event in EVENTS} == {code for code, step in STEP_OF_MESSAGE.items() if step == 4}


def test_bookings_and_cancellations_carry_a_calendar(sub: str):
    case, _agents, booking = booked(sub)

    asked = composed(case, e.InterviewBooked(*SLOT, slot=str(booking.pk)), "fr")[1]["calendar"]
    cancelled = composed(case, e.InterviewCancelled(), "fr")[1]["calendar"]

    assert (asked.method, cancelled.method) == ("REQUEST", "CANCEL")
    first, last = (icalendar.Calendar.from_ical(one.content).walk("VEVENT")[0] for one in (asked, cancelled))
    assert first["uid"] == last["uid"] == booking.uid
    assert (first["sequence"], last["sequence"]) == (0, 1)
    assert case.reference in str(first["url"])


def test_the_security_number_is_in_no_mail(sub: str):
    case, actors, now = held(sub)
    decide(case, actors[0], now)
    number = queries.security_number(case.id)
    assert number is not None

    for language in ("fr", "en"):
        message, _extra = composed(case, e.InterviewApproved(), language)
        assert number.text not in message.text.replace(" ", "")


def test_a_refusal_gives_rule_reasons_and_appeal(sub: str):
    case, actors, now = held(sub)
    decide(
        case,
        actors[0],
        now,
        "refuse",
        ground="identity_doubt",
        reasons="Le visage\n\ndiffère.",
        reasons_en="The face differs.",
    )

    message, _extra = composed(case, e.InterviewRefused(rule="identity_doubt"), "fr")

    assert "Le visage diffère." in message.text
    english, _extra = composed(case, e.InterviewRefused(rule="identity_doubt"), "en")
    assert "The face differs." in english.text
    assert "Le visage" not in english.text
    assert "arrêté du 29 novembre 2025, art. 5" in message.text
    assert "tribunal administratif" in message.text


def test_the_post_answers_for_what_it_changes(sub: str):
    case, _agents, _booking = booked(sub)
    said = {
        event: composed(case, event, "fr")[0].text
        for event in (
            e.InterviewCancelled(by="post", reason="agent_away"),
            e.InterviewCancelled(by="post", reason="applicant_asked"),
            e.InterviewMoved(*SLOT, by="post", reason="post_closed"),
        )
    }

    away, asked, moved = said.values()
    assert "L’agent qui devait vous recevoir est absent." in away
    assert "à votre demande" in asked
    assert "Le poste est fermé ce jour-là." in moved


def test_an_offer_that_is_over_is_not_announced(sub: str):
    case, _agents, _booking = booked(sub)
    offer = an_offer(case)
    told = {"case": case, "event": e.SlotOffered(*SLOT, until=offer.until, offer=str(offer.pk))}

    assert handlers.MESSAGES["slot_offered"](**told, now=NOON) is not None
    assert handlers.MESSAGES["slot_offered"](**told, now=offer.until) is None
    Offer.objects.filter(pk=offer.pk).update(ended_at=NOON)
    assert handlers.MESSAGES["slot_offered"](**told, now=NOON) is None


def test_a_reminder_that_comes_late_is_not_sent(sub: str):
    """Once the interview has begun, or is no longer booked, there is nothing to remind of."""
    case, _agents, booking = booked(sub)
    remind = {"case": case, "event": e.ReminderDue(kind=DeadlineKind.INTERVIEW_H1)}

    assert handlers.MESSAGES["interview_reminder"](**remind, now=NOON) is not None
    assert handlers.MESSAGES["interview_reminder"](**remind, now=booking.starts_at) is None
    service.cancel(case_id=case.id, actor=applicant(sub), now=NOON)
    assert handlers.MESSAGES["interview_reminder"](**remind, now=NOON) is None
