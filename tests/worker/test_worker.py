"""The worker: effects once, retries, refusals, deadlines that may run twice."""

import threading
from datetime import timedelta

import pytest

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.decision import Decision
from escale.case.effects import EffectKind
from escale.ledger import queries
from escale.ledger.models import Deadline, Effect, EffectState, Entry
from escale.ledger.record import changing
from escale.people.actors import job
from escale.ports.errors import AlreadyDone, PartnerRefused, PartnerUnavailable
from escale.vault.keys import KeyDestroyed
from escale.worker import loop, outbox, registry, sweep
from tests.factories.cases import NOON, a_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def handled(monkeypatch):
    """Handlers that note what they were asked, and answer what the test wants."""
    table = registry.Handlers()
    calls = []

    def handler(**arguments):
        calls.append(arguments)
        if handler.answer is not None:
            raise handler.answer

    handler.answer = None
    handler.calls = calls
    for kind in EffectKind:
        table.effects[kind.value] = handler
    monkeypatch.setattr(outbox, "handlers", lambda: table)
    monkeypatch.setattr(outbox.messages, "send", lambda case, event, key, now: None)
    return handler


def only(case, kind=EffectKind.ORDER_PASSPORT):
    """Leave one effect of the case pending."""
    Effect.objects.exclude(kind=kind.value).delete()
    return Effect.objects.get(case=case)


def test_an_effect_is_done_once(handled):
    effect = only(a_case("approved"))
    assert outbox.drain(NOON + timedelta(days=1)) == 1
    assert outbox.drain(NOON + timedelta(days=2)) == 0
    effect.refresh_from_db()
    assert effect.state == EffectState.DONE
    assert [call["key"] for call in handled.calls] == [effect.key]


def test_a_leased_effect_is_left_to_its_worker_until_the_lease_ends(handled):
    only(a_case("approved"))
    later = NOON + timedelta(days=1)
    assert len(outbox.claim(later)) == 1
    assert outbox.claim(later + timedelta(seconds=30)) == []
    assert len(outbox.claim(later + timedelta(seconds=61))) == 1


def test_an_unavailable_partner_is_asked_again_later(handled):
    effect = only(a_case("approved"))
    handled.answer = PartnerUnavailable("titres", "503", retry_after=30)
    now = NOON + timedelta(days=1)
    outbox.drain(now)
    effect.refresh_from_db()
    assert effect.state == EffectState.PENDING
    assert effect.due_at >= now + timedelta(seconds=30)
    assert effect.last_error == "titres: 503"
    handled.answer = None
    outbox.drain(effect.due_at)
    effect.refresh_from_db()
    assert effect.state == EffectState.DONE
    assert len({call["key"] for call in handled.calls}) == 1


def test_a_refusal_is_final_and_leaves_a_trace_with_the_raw_code(handled):
    case = a_case("approved")
    effect = only(case)
    handled.answer = PartnerRefused("titres", "PHOTO_NON_CONFORME")
    outbox.drain(NOON + timedelta(days=1))
    effect.refresh_from_db()
    assert effect.state == EffectState.DEAD
    assert queries.latest(case.id, e.PartnerRefused).event.code == "PHOTO_NON_CONFORME"


def test_a_message_that_is_refused_for_good_is_told_as_such_and_alerts_the_desk(handled, monkeypatch):
    case = a_case("submitted")
    effect = only(case, EffectKind.SEND_MESSAGE)

    def refused(case, event, key, now):
        raise PartnerRefused("mailer", "550 5.1.1")

    monkeypatch.setattr(outbox.messages, "send", refused)
    outbox.drain(NOON + timedelta(days=1))
    outbox.drain(NOON + timedelta(days=2))
    effect.refresh_from_db()
    assert (effect.state, effect.last_error) == (EffectState.DEAD, "mailer: 550 5.1.1")
    assert queries.latest(case.id, e.MessageFailed).event.kind == "submitted"
    assert queries.latest(case.id, e.AlertRaised).event.kind == "message_undelivered"
    assert [queries.count(case.id, kind) for kind in (e.MessageFailed, e.AlertRaised, e.PartnerRefused)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (AlreadyDone("x", "409"), EffectState.DONE),
        (KeyDestroyed("x"), EffectState.DEAD),
        (RuntimeError("bug"), EffectState.PENDING),
    ],
)
def test_other_answers(handled, answer, state):
    effect = only(a_case("approved"))
    handled.answer = answer
    outbox.drain(NOON + timedelta(days=1))
    effect.refresh_from_db()
    assert effect.state == state


def test_pauses_grow_and_stay_under_an_hour():
    assert outbox.pause(1) < timedelta(seconds=2)
    assert timedelta(minutes=30) <= outbox.pause(50) <= timedelta(hours=1)


def test_a_reminder_is_sent_once_however_often_the_clock_runs(monkeypatch):
    monkeypatch.setattr(sweep, "handlers", registry.Handlers)
    case = a_case("draft")
    Deadline.objects.exclude(kind=DeadlineKind.DRAFT_REMINDER.value).delete()
    now = NOON + timedelta(days=16)
    stale = queries.due_deadlines(now)
    assert sweep.sweep(now) == 1
    assert sweep.sweep(now) == 0
    for deadline in stale:
        sweep.handle(deadline, now)
    assert queries.count(case.id, e.ReminderDue) == 1


def test_a_deadline_nobody_handles_alerts_the_desk(monkeypatch):
    monkeypatch.setattr(sweep, "handlers", registry.Handlers)
    case = a_case("approved")
    Deadline.objects.exclude(kind=DeadlineKind.PRODUCTION_ALERT.value).delete()
    sweep.sweep(NOON + timedelta(days=31))
    assert queries.latest(case.id, e.AlertRaised).event.kind == "production_alert"


def test_the_end_of_retention_destroys_the_key(monkeypatch):
    monkeypatch.setattr(sweep, "handlers", registry.Handlers)
    case = a_case("completed")
    sweep.sweep(NOON + timedelta(days=400))
    with pytest.raises(KeyDestroyed):
        queries.summary(case)
    assert Entry.objects.filter(case=case, event="RetentionEnded").count() == 1
    assert sweep.sweep(NOON + timedelta(days=500)) == 0


def test_a_failing_deadline_does_not_stop_the_others(monkeypatch):
    table = registry.Handlers()
    table.deadlines[DeadlineKind.DRAFT_LAPSE.value] = lambda **arguments: 1 / 0
    monkeypatch.setattr(sweep, "handlers", lambda: table)
    case = a_case("draft")
    now = NOON + timedelta(days=40)
    assert sweep.sweep(now) == 1
    assert queries.count(case.id, e.ReminderDue) == 1
    assert sweep.sweep(now) == 0
    assert queries.open_deadlines(case.id)[DeadlineKind.DRAFT_LAPSE] < now


def test_every_effect_of_the_law_has_a_handler():
    missing = [
        kind
        for kind in EffectKind
        if kind is not EffectKind.SEND_MESSAGE and kind.value not in registry.handlers().effects
    ]
    assert missing == []


def test_a_stamp_is_consumed_before_the_passport_is_ordered():
    kinds = [effect.kind for effect in queries.pending_effects(a_case("approved").id)]
    assert kinds.index("consume_stamp") < kinds.index("order_passport")


def test_a_case_changed_by_another_hand_is_looked_at_again(monkeypatch):
    monkeypatch.setattr(sweep, "handlers", registry.Handlers)
    case = a_case("draft")
    now = NOON + timedelta(days=16)
    due = queries.due_deadlines(now)
    with changing(case.id, actor=job("other"), now=now) as change:
        change.record(Decision.of(e.ApplicationSubmitted()))
    for deadline in due:
        sweep.handle(deadline, now)
    assert queries.count(case.id, e.ReminderDue) == 0


def test_a_poll_that_fails_stops_neither_the_others_nor_what_is_due(
    handled, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    polled = []

    def broken(*, now):
        raise RuntimeError("a poll has a fault")

    def sound(*, now):
        polled.append(now)

    case = a_case("approved", now=NOON)
    monkeypatch.setattr(loop, "handlers", lambda: registry.Handlers(polls=[broken, sound]))
    monkeypatch.setattr(loop.clock, "now", lambda: NOON)
    monkeypatch.setattr(loop, "close_old_connections", lambda: None)  # the test's own is still needed
    loop.run(threading.Event(), once=True)

    assert polled
    assert "poll broken failed" in caplog.text
    assert not Effect.objects.filter(case=case, state=EffectState.PENDING, due_at__lte=NOON).exists()
