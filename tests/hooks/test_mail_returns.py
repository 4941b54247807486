"""A mail that comes back days later is dealt with as one refused at the door; strangers and answers change nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from escale import clock
from escale.case.effects import EffectKind
from escale.config.urls import portal
from escale.ledger.models import Effect, EffectState, Entry
from escale.partners.mailer.notify import NotifyMailer
from escale.partners.mailer.returns import ReturnPath
from escale.partners.mailer.smtp import SmtpMailer
from escale.ports import directory
from escale.vault import keys
from tests.factories.cases import a_case
from tests.factories.web import a_client
from tests.partners.mailer.test_returns import report

pytestmark = pytest.mark.django_db
PATTERN, KEY = "retours+{reference}@escale.example", "key-of-the-return-path"
RETURNS = ReturnPath(PATTERN, KEY)
GONE, FULL = "Action: failed\nStatus: 5.1.1", "Action: failed\nStatus: 4.2.2"
type Give = Callable[..., int]


@pytest.fixture
def give_back(monkeypatch: pytest.MonkeyPatch) -> Give:
    smtp = SmtpMailer(host="127.0.0.1", port=1, sender="a@escale.example", return_path=PATTERN, return_key=KEY)
    monkeypatch.setattr(directory, "mailer", lambda: smtp)
    return _post


def _post(mail: bytes, key: str = KEY) -> int:
    url = reverse("mail_returns", urlconf=portal)
    headers = {"Authorization": f"Bearer {key}"}
    return a_client("portal").post(url, mail, content_type="message/rfc822", headers=headers).status_code


@pytest.fixture
def message(db: None) -> Effect:
    case = a_case("submitted")
    sent = Effect.objects.filter(case=case, kind=EffectKind.SEND_MESSAGE.value).latest("id")
    sent.state, sent.attempts = EffectState.DONE, 1
    sent.save()
    return sent


def _traces(message: Effect) -> list[str]:
    told = Entry.objects.filter(case=message.case, event__in=("MessageFailed", "AlertRaised")).order_by("seq")
    return list(told.values_list("event", flat=True))


@pytest.mark.parametrize("changed", [str, str.lower, str.upper])
def test_a_dead_address_alerts_the_desk_once(give_back: Give, message: Effect, changed: Callable[[str], str]) -> None:
    mail = report(GONE, to=changed(RETURNS.address(message.key)))
    assert give_back(mail) == 204
    assert give_back(mail) == 204
    message.refresh_from_db()
    assert (message.state, message.last_error) == (EffectState.DEAD, "mailer: failed 5.1.1")
    assert _traces(message) == ["MessageFailed", "AlertRaised"]


def test_a_full_mailbox_is_tried_again_an_hour_later(give_back: Give, message: Effect) -> None:
    assert give_back(report(FULL, to=RETURNS.address(message.key))) == 204
    message.refresh_from_db()
    assert message.state == EffectState.PENDING
    assert message.due_at > clock.now() + timedelta(minutes=50)
    assert _traces(message) == []


def test_a_return_that_overtakes_the_sending_comes_again(give_back: Give, message: Effect) -> None:
    Effect.objects.filter(pk=message.pk).update(state=EffectState.PENDING)
    assert give_back(report(GONE, to=RETURNS.address(message.key))) == 503


@pytest.mark.parametrize("fields", ["Action: delayed\nStatus: 4.4.1", "Action: delivered\nStatus: 2.0.0"])
def test_what_is_on_its_way_changes_nothing(give_back: Give, message: Effect, fields: str) -> None:
    assert give_back(report(fields, to=RETURNS.address(message.key))) == 204
    message.refresh_from_db()
    assert message.state == EffectState.DONE
    assert _traces(message) == []


def test_an_answer_to_a_machine_is_taken_and_forgotten(
    give_back: Give, message: Effect, mailoutbox: list[object]
) -> None:
    """204 and nothing is written to anybody: a loop needs two."""
    before = Effect.objects.count()
    assert (
        give_back(f"To: {RETURNS.address(message.key)}\r\nAuto-Submitted: auto-replied\r\n\r\nAbsent".encode()) == 204
    )
    assert give_back(report(GONE, to="anyone@escale.example")) == 204
    assert give_back(report(GONE, to=RETURNS.address("ESC-0000-0000-0000-1-send_message"))) == 204
    assert give_back(report(GONE, to=RETURNS.address("nothing"))) == 204
    assert (Effect.objects.count(), mailoutbox, _traces(message)) == (before, [], [])


def test_only_our_mail_server_may_give_back(give_back: Give, message: Effect) -> None:
    mail = report(GONE, to=RETURNS.address(message.key))
    assert give_back(mail, key="guessed") == 401
    assert give_back(b"x" * 1_000_001) == 413
    assert a_client("portal").get(reverse("mail_returns", urlconf=portal)).status_code == 405
    assert _traces(message) == []


def test_a_return_after_the_retention_is_taken(give_back: Give, message: Effect) -> None:
    keys.destroy(message.case_id, now=clock.now())
    assert give_back(report(GONE, to=RETURNS.address(message.key))) == 204
    assert _traces(message) == []


def test_the_http_service_keeps_its_own_returns(message: Effect, monkeypatch: pytest.MonkeyPatch) -> None:
    notify = NotifyMailer(
        base_url="http://127.0.0.1:1", api_key="k" * 80, template="t", calendar_template="c", callback_token="t"
    )
    monkeypatch.setattr(directory, "mailer", lambda: notify)
    assert _post(report(GONE, to=RETURNS.address(message.key))) == 404
    notify.close()
