"""The page of the two duties, in each of the ways they can stand, and the reminders before it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from escale import clock
from escale.case import events as e
from escale.case.decision import Decision
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.actors import job
from escale.steps.step8_old_passport import rules
from escale.worker import sweep
from tests.factories.cases import a_case, an_agent
from tests.factories.web import as_agent, as_applicant

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
OVER = AT + timedelta(days=41)


def standing(sub: str, *events: e.Event, now: datetime = AT + timedelta(days=3)) -> Case:
    case = a_case("dispatched", sub=sub, now=AT)
    for event in events:
        with changing(case.id, actor=job("test"), now=now) as change:
            change.record(Decision.of(event))
    return ledger.get(case.id)


RECEIVED = e.ReceiptConfirmed()
HANDED = e.ReturnHandedOver(scanned_at=AT + timedelta(days=3))
KEPT = e.KeptForVisa(until=(AT + timedelta(days=90)).date())
BOTH, LATE = e.DutyMissed(missing=("receipt", "return")), e.DutyMissed(missing=("return",))
HELD = e.InvalidationHeld(until=OVER + timedelta(days=9))
GONE = (BOTH, e.InvalidationOrdered(reason="not_received"))
CASES = [
    ((), "Dernier moment pour les deux\u00a0:"),
    ((RECEIVED,), "Dernier moment pour remettre l’ancien passeport au transporteur\u00a0:"),
    ((HANDED,), "Dernier moment pour confirmer la réception\u00a0:"),
    ((KEPT,), "Dernier moment pour confirmer la réception\u00a0:"),
    ((RECEIVED, HANDED), "L’ancien passeport est encore en route\u00a0: rien à faire."),
    ((RECEIVED, KEPT), "vous gardez l’ancien passeport jusqu’à la fin de son visa"),
    ((RECEIVED, HANDED, e.OldPassportReceived()), "Vous avez rempli vos deux obligations."),
    ((RECEIVED, HANDED, e.ReturnLostInPost()), "cela ne vous est pas reproché"),
    ((BOTH,), "Les deux manquent."),
    ((RECEIVED, LATE), "L’ancien passeport n’a pas été remis à temps."),
    ((HANDED, BOTH), "La confirmation de réception manque."),
    ((BOTH, HELD), "Suspension jusqu’au\u00a0:"),
    (GONE, "Il va être signalé à Interpol"),
    ((*GONE, e.InvalidationConfirmed(), e.BorderAlertRecorded()), "Il est signalé à Interpol"),
    (
        (*GONE, e.InvalidationConfirmed(), e.BorderAlertRecorded(), e.BorderAlertWithdrawn()),
        "Son signalement à Interpol a été retiré.",
    ),
]


@pytest.mark.parametrize(("events", "said"), CASES)
def test_each_standing_has_its_own_words(sub, events, said, monkeypatch):
    listed = any(isinstance(event, e.DutyMissed) for event in events)
    now = OVER if listed else AT + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: now)
    case = standing(sub, *events, now=now)

    text = as_applicant(sub).get(f"/demande/{case.reference}/deux-obligations/").content.decode()

    assert said in text
    assert ("Dernier moment" in text) == ("Dernier moment" in said)
    assert ("pour les deux" in text) == (said == CASES[0][1])
    assert ("tribunal administratif" in text and "arrêté du 27 avril 2017" in text) == (GONE[1] in events)
    if BOTH in events and HELD not in events and GONE[1] not in events:
        assert "L’invalidation automatique est prévue\u00a0:" in text
        assert "(Toronto)" in text


@pytest.mark.parametrize(
    ("name", "typed"), [("return_announce", {"carrier": "dhl", "waybill": "1"}), ("return_visa", {})]
)
def test_a_refused_form_opened_anew_leads_to_its_page(sub, name, typed, monkeypatch):
    """By a reload of its address, or in the other language."""
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=3))
    case, client = standing(sub), as_applicant(sub)
    path = reverse(name, args=[case.reference])

    refused = client.post(path, typed)
    other = re.search(r'href="(/langue/en/[^"]+)"', refused.content.decode())
    assert refused.status_code == 400
    assert other

    anew = client.get(other[1], follow=True)

    assert anew.redirect_chain[-1][0] == f"/demande/{case.reference}/deux-obligations/"
    assert "Your two duties" in anew.content.decode()


def reminders(case: Case) -> list[e.ReminderDue]:
    return [line.event for line in ledger.history(case.id) if isinstance(line.event, e.ReminderDue)]


def test_each_reminder_on_its_day_leaves_alone(sub):
    case = standing(sub)
    for days in range(1, 40):
        sweep.sweep(AT + timedelta(days=days))
    assert [event.kind for event in reminders(case)] == [f"duty_reminder_{number}" for number in range(1, 6)]
    assert all(event.skipped == () for event in reminders(case))


def test_several_reminders_due_at_once_are_one_message_that_names_the_others(sub):
    case = standing(sub)
    for _ in range(2):
        sweep.sweep(AT + timedelta(days=31))
    assert reminders(case) == [
        e.ReminderDue(kind="duty_reminder_3", skipped=("duty_reminder_1", "duty_reminder_2")),
    ]
    sweep.sweep(AT + timedelta(days=37))
    assert [event.kind for event in reminders(case)] == ["duty_reminder_3", "duty_reminder_4"]


def test_nobody_is_reminded_of_what_is_done_or_too_late(sub):
    done = standing(sub, RECEIVED, HANDED)
    sweep.sweep(AT + timedelta(days=8))
    assert reminders(done) == []
    late = standing(f"{sub}2")
    sweep.sweep(AT + timedelta(days=45))
    assert reminders(late) == []
    assert ledger.get(late.id).title == "listed"


def test_an_older_entry_without_skipped_reminders_is_still_read():
    duties = rules.Duties("awaited", "due", "issued", OVER)
    assert rules.remind(duties, (), AT).events == ()
    assert e.ReminderDue(kind="duty_reminder_1").skipped == ()


def test_the_board_costs_as_many_questions_for_many_as_for_few(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: OVER)
    client = as_agent(an_agent("supervisor"))

    def questions(expected: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            text = client.get("/bureau/quarante-jours/").content.decode()
        assert text.count("Invalidation annoncée") + text.count(">attendu<") == expected
        return len(asked)

    cases = [standing("few", now=OVER), standing("listed", BOTH, now=OVER)]
    questions(2)  # the first page of a process also fills what is kept in memory
    few = questions(2)
    cases += [standing(f"many{number}", BOTH, now=OVER) for number in range(10)]
    assert questions(12) == few
    page = client.get("/bureau/quarante-jours/").content.decode()
    assert page.count("samedi 11 avril 2026 à 23:59 (Toronto)") == len(cases)
    assert page.count("Invalidation automatique\u00a0:") == 11


def test_an_old_passport_already_handed_over_is_not_announced_again(sub: str, monkeypatch: pytest.MonkeyPatch):
    case, now = standing(sub, RECEIVED, HANDED), AT + timedelta(days=4)
    monkeypatch.setattr(clock, "now", lambda: now)

    told = as_applicant(sub).post(
        f"/demande/{case.reference}/deux-obligations/annoncer",
        {"carrier": "dhl", "waybill": "8487135506"},
        follow=True,
    )

    assert "déjà remis au transporteur" in told.content.decode()
    assert ledger.get(case.id).version == case.version
