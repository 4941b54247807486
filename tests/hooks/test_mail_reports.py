"""Delivery reports: a dead address alerts the desk once, a pause is followed by another try, strangers are refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.urls import reverse

from escale import clock
from escale.case import events as e
from escale.case.effects import EffectKind
from escale.config.urls import portal
from escale.ledger import queries
from escale.ledger.models import Effect, EffectState, Entry
from escale.ledger.undelivered import MOST_TRIES
from escale.partners.mailer.notify import NotifyMailer
from escale.partners.mailer.settings import DEMO_CALLBACK_TOKEN, DEMO_NOTIFY_KEY
from escale.partners.mailer.smtp import SmtpMailer
from escale.ports import directory
from escale.vault import keys
from tests.factories.cases import a_case
from tests.factories.web import a_client

pytestmark = pytest.mark.django_db
type Post = Callable[..., int]


@pytest.fixture
def notify() -> Iterator[NotifyMailer]:
    mailer = NotifyMailer(
        base_url="http://127.0.0.1:1",
        api_key=DEMO_NOTIFY_KEY,
        template="t",
        calendar_template="c",
        callback_token=DEMO_CALLBACK_TOKEN,
    )
    yield mailer
    mailer.close()


@pytest.fixture
def reported(notify: NotifyMailer, monkeypatch: pytest.MonkeyPatch) -> Post:
    monkeypatch.setattr(directory, "mailer", lambda: notify)
    return _post


def _post(reference: str, status: str, *, token: str = DEMO_CALLBACK_TOKEN) -> int:
    body = {"id": "1", "reference": reference, "to": "jeanne@courriel.example", "status": status}
    return _raw(json.dumps(body), token)


def _raw(body: str, token: str = DEMO_CALLBACK_TOKEN) -> int:
    url = reverse("mail_reports", urlconf=portal)
    headers = {"Authorization": f"Bearer {token}"}
    return a_client("portal").post(url, body, content_type="application/json", headers=headers).status_code


@pytest.fixture
def message(db: None) -> Effect:
    """The message that said « demande déposée », handed over."""
    case = a_case("submitted")
    sent = Effect.objects.filter(case=case, kind=EffectKind.SEND_MESSAGE.value).latest("id")
    sent.state, sent.attempts = EffectState.DONE, 1
    sent.save()
    return sent


def _traces(message: Effect) -> list[str]:
    return list(
        Entry.objects.filter(case=message.case, event__in=("MessageFailed", "AlertRaised"))
        .order_by("seq")
        .values_list("event", flat=True)
    )


def test_a_dead_address_leaves_a_trace_and_alerts_the_desk_once(reported: Post, message: Effect) -> None:
    assert reported(message.key, "permanent-failure") == 204
    assert reported(message.key, "permanent-failure") == 204

    message.refresh_from_db()
    assert (message.state, message.last_error) == (EffectState.DEAD, "mailer: permanent-failure")
    assert _traces(message) == ["MessageFailed", "AlertRaised"]
    failed, alert = (queries.latest(message.case_id, kind) for kind in (e.MessageFailed, e.AlertRaised))
    assert failed is not None
    assert alert is not None
    assert (failed.event, alert.event) == (e.MessageFailed("submitted"), e.AlertRaised("message_undelivered"))
    assert Entry.objects.filter(
        case=message.case, event="AlertRaised", actor_kind="partner", actor_id="mailer"
    ).exists()


def test_what_arrived_changes_nothing(reported: Post, message: Effect) -> None:
    assert reported(message.key, "delivered") == 204
    message.refresh_from_db()
    assert message.state == EffectState.DONE
    assert _traces(message) == []


def test_a_service_that_stopped_trying_is_asked_again_later_but_not_for_ever(reported: Post, message: Effect) -> None:
    assert reported(message.key, "temporary-failure") == 204
    message.refresh_from_db()
    assert message.state == EffectState.PENDING
    assert message.due_at > clock.now() + timedelta(minutes=50)

    message.state, message.attempts = EffectState.DONE, MOST_TRIES
    message.save()
    assert reported(message.key, "temporary-failure") == 204
    assert _traces(message) == ["MessageFailed", "AlertRaised"]


def test_a_report_that_overtakes_the_sending_is_told_again_later(reported: Post, message: Effect) -> None:
    Effect.objects.filter(pk=message.pk).update(state=EffectState.PENDING)
    assert reported(message.key, "permanent-failure") == 503
    assert _traces(message) == []


def test_strangers_and_nonsense_are_refused(reported: Post, message: Effect) -> None:
    assert reported(message.key, "permanent-failure", token="wrong") == 401
    assert _raw(json.dumps({"reference": message.key})) == 400
    assert _raw("not json") == 400
    assert _raw("[]") == 400
    assert _raw(" " * 20_000) == 413
    assert a_client("portal").get(reverse("mail_reports", urlconf=portal)).status_code == 405
    assert _traces(message) == []


def test_a_reference_that_is_not_ours_is_acknowledged(reported: Post, message: Effect) -> None:
    assert reported("ESC-0000-0000-0000-1-send_message", "permanent-failure") == 204
    order = Effect.objects.create(
        case=message.case,
        entry=message.entry,
        kind=EffectKind.CONSUME_STAMP.value,
        key="a-consumption",
        state=EffectState.DONE,
        due_at=clock.now(),
        created_at=clock.now(),
    )
    assert reported(order.key, "permanent-failure") == 204
    order.refresh_from_db()
    assert order.state == EffectState.DONE


def test_a_report_after_the_retention_is_acknowledged(reported: Post, message: Effect) -> None:
    keys.destroy(message.case_id, now=clock.now())
    assert reported(message.key, "permanent-failure") == 204
    assert _traces(message) == []


def test_a_mail_server_sends_no_reports(message: Effect, monkeypatch: pytest.MonkeyPatch) -> None:
    smtp = SmtpMailer(
        host="127.0.0.1",
        port=1,
        sender="Escale <a@escale.example>",
        return_path="r+{reference}@a.example",
        return_key="k",
    )
    monkeypatch.setattr(directory, "mailer", lambda: smtp)
    assert _post(message.key, "permanent-failure") == 404
