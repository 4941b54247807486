"""The home of a case tells first what matters first, until when, and why a request ended."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.decision import Decision
from escale.case.messages import STEP_OF_MESSAGE
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.actors import job
from escale.portal import words
from escale.portal.templatetags.portal import hours
from escale.ui import mail
from escale.ui.templatetags.ui import day_in_zone
from escale.worker.messages import common_context
from escale.worker.registry import handlers
from tests.factories.cases import NOON, a_case
from tests.factories.web import as_applicant
from tests.steps.step4.scenes import decide, held

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)


@pytest.fixture(autouse=True)
def two_hours_later():
    with time_machine.travel(LATER, tick=False):
        yield


def after(case: Case, *events: e.Event) -> Case:
    with changing(case.id, actor=job("told"), now=LATER) as change:
        change.record(Decision.of(*events))
    case.refresh_from_db()
    return case


def page(case: Case, path: str = "") -> str:
    return as_applicant(case.applicant_sub).get(f"/demande/{case.reference}/{path}").content.decode()


def told(case: Case) -> str:
    """What stands in large type, with its lines below."""
    block = page(case).split('class="escale-now"')[1].split("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", block).replace("\u00a0", " ").split())


def test_on_its_way_the_parcel_is_what_matters_and_not_yet_the_two_duties():
    first = told(a_case("dispatched"))

    assert "Rien à faire pour vous Votre passeport est en route vers vous." in first
    assert "confirmer sa réception et à renvoyer l’ancien" in first


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        ((e.DeliveryException(code="NH"),), "À vous, maintenant Contactez le transporteur"),
        ((e.InquiryOpened(),), "Rien à faire pour vous Une enquête est ouverte auprès du transporteur."),
    ],
)
def test_what_happens_to_the_parcel_is_told_before_what_will_be_due(events: tuple[e.Event, ...], sentence: str):
    assert sentence in told(after(a_case("dispatched"), *events))


def test_once_handed_over_the_confirmation_is_due():
    first = told(a_case("delivered"))

    assert "À vous, maintenant" in first
    assert "confirmez sa réception" in first


def test_a_passport_about_to_be_invalidated_is_told_before_anything_else():
    late = after(a_case("delivered"), e.ReturnLate(), e.DutyMissed(missing=("receipt", "return")))

    assert "Votre nouveau passeport va être invalidé" in told(late)


def test_at_the_end_it_is_said_that_all_is_done():
    first = told(a_case("completed"))

    assert "La démarche est terminée : votre nouveau passeport est pleinement valable." in first
    assert "Votre ancien passeport est arrivé au poste." in first


@pytest.mark.parametrize(
    ("event", "from_point", "sentence"),
    [
        (e.InterviewMissed(), "booked", "Vous avez manqué votre entretien"),
        (e.InterviewFailedTechnically(side="applicant"), "in_progress", "Une panne a interrompu votre entretien"),
    ],
)
def test_an_interview_to_book_again_says_why(event: e.Event, from_point: str, sentence: str):
    assert sentence in told(after(a_case(from_point), event))


def test_a_refusal_after_the_interview_is_read_whole_on_the_site():
    case, actors, now = held("somebody")
    decide(case, actors[0], now, "refuse", ground="identity_doubt", reasons="Le visage diffère.")

    shown = page(case)

    for part in ("Un doute demeure sur votre identité.", "art. 5", "Le visage diffère.", "R. 421-1", case.reference):
        assert part in shown


@pytest.mark.parametrize(
    ("point", "kind", "path", "code", "event"),
    [
        ("accepted", DeadlineKind.POSTING_LAPSE, "envoi/", "posting_reminder", e.ReminderDue(kind="posting_reminder")),
        (
            "bookable",
            DeadlineKind.BOOKING_LAPSE,
            "rendez-vous/",
            "book_interview",
            e.RequestValidated(),
        ),
    ],
)
def test_the_last_day_is_the_same_on_the_home_on_the_page_and_in_the_mail(
    point: str, kind: DeadlineKind, path: str, code: str, event: e.Event
):
    case = a_case(point)
    zone = ZoneInfo(case.post.tz)
    due_at = ledger.open_deadlines(case.id)[kind]
    assert due_at.astimezone(zone).hour == 0
    last_day = day_in_zone(due_at - timedelta(seconds=1), zone)
    context = common_context(case, LATER) | handlers().messages[code](case=case, event=event, now=LATER)

    assert f"{last_day} à 23:59" in told(case)
    assert f"avant le {last_day} inclus" in page(case, path)
    assert f"avant le {last_day} inclus" in mail.compose(code, "fr", context).text


def test_what_a_stage_usually_takes_is_said_with_its_ground():
    for _ in range(5):
        a_case("accepted", now=NOON - timedelta(days=30))
    case = a_case("submitted", now=NOON - timedelta(days=1))

    assert "C’est plus long que d’ordinaire" in told(case)
    assert "neuf demandes sur dix" in told(case)
    fresh = told(a_case("submitted", now=LATER - timedelta(minutes=10)))
    assert "une demande sur deux passe cette étape d’ici au 2 mars, neuf sur dix d’ici au 2 mars 2026" in fresh
    assert "D’après les douze derniers mois à ce poste." in fresh


def test_with_too_few_cases_nothing_is_promised():
    assert "D’ordinaire" not in told(a_case("submitted"))


def test_every_message_has_its_line_among_the_messages_received():
    assert set(words.MESSAGES) == set(STEP_OF_MESSAGE)


def test_days_of_the_same_hours_share_a_line():
    opening = {str(day): [["09:00", "12:00"]] for day in range(4)} | {"4": [["09:00", "11:00"]], "5": []}

    assert hours(opening) == [("lundi à jeudi", "09:00 – 12:00"), ("vendredi", "09:00 – 11:00")]
