"""The same contract through the HTTP service compatible with Notify."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from escale.partners.mailer.adapter import ADAPTER
from escale.partners.mailer.notify import NotifyMailer, service_and_secret
from escale.partners.mailer.settings import DEMO_NOTIFY_KEY, DEMO_TEMPLATES, options
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.mailer import Calendar, Message
from tests.partners.conftest import Simulators
from tests.partners.listener import Listener

ICS = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def mailer(simulators: Simulators) -> Iterator[NotifyMailer]:
    read = options(
        {"ESCALE_MAILER_TRANSPORT": "notify"},
        data_dir=simulators.data_dir,
        simulators_url=simulators.url,
        portal_url=simulators.portal_url,
        desk_url=simulators.desk_url,
        reception_url=simulators.reception_url,
    )
    made = ADAPTER(**read, now=simulators.now)
    assert isinstance(made, NotifyMailer)
    yield made
    made.close()


def _message(reference: str, to: str, calendar: Calendar | None = None) -> Message:
    return Message(reference, to, "fr", "Objet", "Bonjour", "<p>Bonjour</p>", calendar)


def _inbox(simulators: Simulators, to: str) -> list[dict]:
    answer = httpx.get(f"{simulators.url}/courriel/api/messages", params={"to": to}, trust_env=False)
    return answer.raise_for_status().json()["messages"]


def test_a_reference_is_sent_once(simulators: Simulators, mailer: NotifyMailer) -> None:
    first = mailer.send(_message("n-1", "notify@example.org"))
    assert mailer.send(_message("n-1", "notify@example.org")) == first
    [mail] = _inbox(simulators, "notify@example.org")
    assert (mail["subject"], mail["text"].strip()) == ("Objet", "Bonjour")


def test_a_lost_reply_does_not_send_twice(simulators: Simulators, mailer: NotifyMailer) -> None:
    service, secret = service_and_secret(DEMO_NOTIFY_KEY)
    body = {
        "email_address": "lost-notify@example.org",
        "template_id": DEMO_TEMPLATES["message"],
        "personalisation": {"subject": "Objet", "body": "Bonjour"},
        "reference": "n-lost",
    }
    simulators.fault("courriel", "lost_reply")
    with pytest.raises(httpx.RemoteProtocolError):
        _post(simulators, body, service, secret)
    mailer.send(_message("n-lost", "lost-notify@example.org"))
    assert len(_inbox(simulators, "lost-notify@example.org")) == 1


def _post(simulators: Simulators, body: object, service: str, secret: str, drift: int = 0) -> httpx.Response:
    claims = {"iss": service, "iat": int((simulators.now() + timedelta(seconds=drift)).timestamp())}
    token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret.encode()))
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.post(
        f"{simulators.url}/courriel/v2/notifications/email", json=body, headers=headers, trust_env=False, timeout=10
    )


def test_a_calendar_travels_as_a_file(simulators: Simulators, mailer: NotifyMailer) -> None:
    mailer.send(_message("n-cal", "notify-cal@example.org", Calendar("REQUEST", ICS)))
    [mail] = _inbox(simulators, "notify-cal@example.org")
    [part] = mail["attachments"]
    assert part["name"] == "invite.ics"
    assert httpx.get(simulators.url + part["url"], trust_env=False).content == ICS


def test_failures_are_sorted(simulators: Simulators, mailer: NotifyMailer) -> None:
    mailer.send(_message("n-bounce", "bounce@example.org"))
    with pytest.raises(PartnerRefused) as refused:
        mailer.send(_message("n-bounce", "bounce@example.org"))
    assert refused.value.code == "permanent-failure"
    first = mailer.send(_message("n-temporary", "temp-fail@example.org"))
    assert mailer.send(_message("n-temporary", "temp-fail@example.org")) != first
    with pytest.raises(PartnerRefused) as refused:
        mailer.send(_message("n-bad", "no address"))
    assert refused.value.code == "400 ValidationError"
    simulators.fault("courriel", "error", times=2)
    with pytest.raises(PartnerUnavailable):
        mailer.send(_message("n-down", "down@example.org"))
    simulators.fault("courriel", "")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"personalisation": {"subject": "x"}}, "Missing personalisation: body"),
        ({"personalisation": {"subject": "x", "body": "y", "other": "z"}}, "Unknown personalisation: other"),
        ({"template_id": "00000000-0000-0000-0000-000000000000"}, "Template not found"),
        ({"email_address": None}, "email_address is a required property"),
        ({"surprise": 1}, "Additional properties are not allowed (surprise was unexpected)"),
    ],
)
def test_the_service_explains_bad_orders(simulators: Simulators, changes: dict[str, object], message: str) -> None:
    service, secret = service_and_secret(DEMO_NOTIFY_KEY)
    body = {
        "email_address": "x@example.org",
        "template_id": DEMO_TEMPLATES["message"],
        "personalisation": {"subject": "x", "body": "y"},
        **changes,
    }
    answer = _post(simulators, body, service, secret)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == message


def test_the_service_checks_the_token(simulators: Simulators) -> None:
    service, secret = service_and_secret(DEMO_NOTIFY_KEY)
    assert _post(simulators, {}, service, "0" * 36).status_code == 403
    assert _post(simulators, {}, "another-service", secret).status_code == 403
    late = _post(simulators, {}, service, secret, drift=-40)
    assert "system clock" in late.json()["errors"][0]["message"]
    bare = httpx.get(f"{simulators.url}/courriel/v2/notifications", trust_env=False)
    assert bare.status_code == 401


def test_the_list_ends_with_an_empty_page(simulators: Simulators, mailer: NotifyMailer) -> None:
    """Independent clients of the service read on until then."""
    sent = {mailer.send(_message(f"n-page-{place}", "pages@example.org")) for place in range(2)}
    service, secret = service_and_secret(DEMO_NOTIFY_KEY)
    address, seen = f"{simulators.url}/courriel/v2/notifications?status=delivered&template_type=email", set()
    while address:
        claims = {"iss": service, "iat": int(simulators.now().timestamp())}
        token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret.encode()))
        page = httpx.get(address, headers={"Authorization": f"Bearer {token}"}, trust_env=False).json()
        seen |= {found["id"] for found in page["notifications"]}
        address = page["links"].get("next", "")
    assert page["notifications"] == []
    assert sent <= seen


def test_what_became_of_a_mail_is_reported(simulators: Simulators, mailer: NotifyMailer) -> None:
    """The service reports on its own, and again five minutes later to a product that was away."""
    with Listener(simulators.portal_port, statuses={"n-report": [503]}) as product:
        mailer.send(_message("n-report", "perm-fail@example.org"))
        product.wait("n-report", 1)
        simulators.advance(minutes=5, seconds=1)
        refused, accepted = product.wait("n-report", 2)
    assert refused.json == accepted.json
    assert accepted.path == "/partenaires/courriel/avis"
    report = mailer.read_report(authorization=accepted.headers["Authorization"], body=accepted.json)
    assert (report.reference, report.status, report.permanent) == ("n-report", "permanent-failure", True)


def test_reports_may_be_missing_repeated_or_late(simulators: Simulators, mailer: NotifyMailer) -> None:
    with Listener(simulators.portal_port) as product:
        for mode in ("silent", "duplicate", "late"):
            simulators.fault("courriel", mode)
            mailer.send(_message(f"n-{mode}", "reported@example.org"))
        first, second = product.wait("n-duplicate", 2)
        assert first.json == second.json
        assert product.wait("n-silent", 1, seconds=1.5) + product.wait("n-late", 1, seconds=0) == []
        simulators.advance(minutes=10, seconds=1)
        assert len(product.wait("n-late", 1)) == 1


def test_two_reports_change_places(simulators: Simulators, mailer: NotifyMailer) -> None:
    with Listener(simulators.portal_port) as product:
        simulators.fault("courriel", "reordered")
        for reference in ("n-first", "n-second"):
            mailer.send(_message(reference, "reported@example.org"))
        product.wait("n-first", 1)
        told = [push.reference for push in product.pushed]
        assert [name for name in told if name in ("n-first", "n-second")] == ["n-second", "n-first"]


def test_reports_need_our_token(mailer: NotifyMailer) -> None:
    body = {"id": "1", "reference": "n-1", "status": "permanent-failure", "to": "x@example.org"}
    report = mailer.read_report(authorization="Bearer notify-callback-demonstration", body=body)
    assert report.permanent
    with pytest.raises(PartnerRefused):
        mailer.read_report(authorization="Bearer wrong", body=body)
    with pytest.raises(PartnerRefused):
        mailer.read_report(authorization="Bearer notify-callback-demonstration", body={"id": "1"})
    later = mailer.read_report(
        authorization="Bearer notify-callback-demonstration", body={**body, "status": "temporary-failure"}
    )
    assert (later.permanent, later.temporary) == (False, True)


def test_slow_recipients_do_not_exhaust_patience(mailer: NotifyMailer) -> None:
    started = time.monotonic()
    mailer.send(_message("n-slow", "slow@example.org"))
    assert time.monotonic() - started >= 2.5
