"""The board of the forty days, the day before invalidations: nothing on the list is hidden, each line has its proof."""

from datetime import UTC, datetime, timedelta

import pytest

from escale import clock
from escale.case import events as e
from escale.case.decision import Decision
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.actors import job
from escale.people.models import Agent
from escale.steps.step8_old_passport import queries_board, service_desk
from tests.factories.cases import a_case, acting, an_agent
from tests.factories.web import as_agent

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
OVER = AT + timedelta(days=41)
MISSED = e.DutyMissed(missing=("receipt", "return"))


@pytest.fixture
def boss() -> Agent:
    return an_agent("supervisor")


def sent(*events: tuple[int, e.Event], now: datetime = AT, **named: str) -> Case:
    """A case dispatched then, and what happened so many days later."""
    case = a_case("dispatched", now=now, **named)
    for days, event in events:
        with changing(case.id, actor=job("test"), now=now + timedelta(days=days)) as change:
            change.record(Decision.of(event))
    case.refresh_from_db()
    return case


def board(boss: Agent) -> queries_board.Board:
    return queries_board.board(acting(boss), OVER)


def test_however_many_run_every_case_of_the_list_is_shown(boss: Agent, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queries_board, "SHOWN", 2)
    soon, later, *_rest = [sent(now=AT + timedelta(days=day)) for day in range(10, 14)]
    listed = sent((41, MISSED))

    found = board(boss)

    assert [line.case.pk for line in found.listed] == [listed.pk]
    assert [line.case.pk for line in found.running] == [soon.pk, later.pk]
    assert found.running_count == 4


def test_each_line_of_the_list_says_what_the_file_shows(boss: Agent, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: OVER)
    sent(
        (7, e.ReminderDue(kind="duty_reminder_1")),
        (20, e.ReminderDue(kind="duty_reminder_2")),
        (21, e.MessageFailed(kind="duties")),
        (30, e.ReturnAnnounced(carrier="dhl")),
        (41, MISSED),
    )

    (line,) = board(boss).listed
    page = as_agent(boss).get("/bureau/quarante-jours/").content.decode()

    told = [(str(fact.what), fact.times) for fact in line.evidence]
    assert told == [
        ("Nouveau passeport expédié", 1),
        ("Rappel envoyé", 2),
        ("Courriel non remis", 1),
        ("Retour annoncé par l’usager", 1),
    ]
    assert "Rappel envoyé (2 ×)" in page
    assert "Aucune remise du nouveau passeport n’est connue." in page


def test_reminders_from_before_the_dispatch_prove_nothing(boss: Agent):
    case = a_case("draft", now=AT - timedelta(days=20))
    with changing(case.id, actor=job("test"), now=AT) as change:
        change.record(Decision.of(e.ReminderDue(kind="draft_reminder")))
    sent((41, MISSED))

    (line,) = board(boss).listed
    assert [str(fact.what) for fact in line.evidence] == ["Nouveau passeport expédié"]


def test_a_suspension_says_who_why_and_until_when(boss: Agent):
    case = sent((41, MISSED))
    until = OVER + timedelta(days=9)
    service_desk.hold(case_id=case.id, reason="Hospitalisation.", until=until, actor=acting(boss), now=OVER)

    (line,) = board(boss).listed
    assert line.hold is not None
    assert (line.hold["who"], line.hold["reason"], line.hold["until"]) == (str(boss), "Hospitalisation.", until)


@pytest.mark.parametrize(
    ("reason", "until", "says", "status"),
    [
        ("Hospitalisation.", "", "Choisissez le dernier jour de la suspension.", 422),
        ("", "2027-01-01", "Écrivez la raison de la suspension", 422),
        ("Hospitalisation.", "2031-01-01", "La fin de la suspension doit être dans le futur", 409),
    ],
)
def test_a_suspension_that_cannot_be_recorded_keeps_what_was_typed(
    boss: Agent, reason: str, until: str, says: str, status: int
):
    case, other = sent((41, MISSED)), sent((41, MISSED))

    answer = as_agent(boss).post(f"/bureau/dossiers/{case.reference}/suspension", {"reason": reason, "until": until})

    page = answer.content.decode()
    assert answer.status_code == status
    assert says in page
    assert page.count(f'id="reason-{case.reference}"') == page.count(f'id="reason-{other.reference}"') == 1
    assert page.count(reason or until) == 1, "in its own form alone"
    assert "#until-" in page or "#reason-" in page, "the summary leads to the field"
    case.refresh_from_db()
    assert case.title == "listed"


def test_the_file_of_a_listed_passport_says_when_it_goes_and_who_can_stop_it(boss: Agent):
    case = sent((41, MISSED))
    page = f"/bureau/dossiers/{case.reference}/"

    told = [as_agent(who).get(page).content.decode() for who in (boss, an_agent())]

    assert all("va être invalidé et signalé à Interpol" in one for one in told)
    assert ["Suspendre, ou retirer de la liste" in one for one in told] == [True, False]


def test_the_last_days_stand_out(boss: Agent, monkeypatch: pytest.MonkeyPatch):
    day = AT + timedelta(days=39)
    monkeypatch.setattr(clock, "now", lambda: day)
    sent()
    sent((3, e.ReceiptConfirmed()), (4, e.ReturnHandedOver(scanned_at=AT)))  # nothing is missing: no hurry
    sent(now=AT + timedelta(days=5))

    page = as_agent(boss).get("/bureau/quarante-jours/").content.decode()

    assert page.count("encore 1 jour<") == 1
    assert "dernier jour<" not in page


def test_a_file_that_has_ended_counts_no_days(boss: Agent, monkeypatch: pytest.MonkeyPatch):
    case = a_case("completed", now=AT)
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=60))

    page = as_agent(boss).get(f"/bureau/dossiers/{case.reference}/").content.decode()

    assert "Dernier moment" in page
    assert "C’est le dernier jour" not in page
