"""The official Python client of GOV.UK Notify, unchanged, works against our simulator."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import requests
import time_machine
from notifications_python_client import prepare_upload
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient
from requests.adapters import HTTPAdapter

from escale.partners.mailer.settings import DEMO_NOTIFY_KEY, DEMO_TEMPLATES
from tests.partners.conftest import Simulators


class UnderPrefix(HTTPAdapter):
    """The client knows a host alone: it drops the path of its base address. The simulator lives under a prefix."""

    def __init__(self, base: str, prefix: str) -> None:
        super().__init__()
        self.base, self.prefix = base, prefix

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        asked = urlsplit(str(request.url))
        if not asked.path.startswith(self.prefix):  # addresses that the service gave already hold it
            request.url = f"{self.base}{self.prefix}{asked.path}" + (f"?{asked.query}" if asked.query else "")
        return super().send(request, *args, **options)


@pytest.fixture
def client(simulators: Simulators) -> Iterator[NotificationsAPIClient]:
    made = NotificationsAPIClient(DEMO_NOTIFY_KEY, base_url=simulators.url)
    made.request_session.trust_env = False
    made.request_session.mount(simulators.url, UnderPrefix(simulators.url, "/courriel"))
    with time_machine.travel(simulators.now(), tick=True), made.request_session:
        yield made


def _send(client: NotificationsAPIClient, to: str, reference: str, **values: Any) -> dict[str, Any]:
    values = {"subject": "Objet", "body": "Bonjour", **values}
    template = DEMO_TEMPLATES["calendar" if "calendar" in values else "message"]
    return client.send_email_notification(to, template, personalisation=values, reference=reference)


def test_a_mail_is_sent_then_read_by_its_id_and_its_reference(
    simulators: Simulators, client: NotificationsAPIClient
) -> None:
    sent = _send(client, "official@example.org", "official-1")
    assert sent["content"]["subject"] == "Objet"
    assert client.get_notification_by_id(sent["id"])["status"] == "delivered"
    [found] = client.get_all_notifications(reference="official-1", template_type="email")["notifications"]
    assert (found["id"], found["email_address"]) == (sent["id"], "official@example.org")
    inbox = httpx.get(f"{simulators.url}/courriel/api/messages", params={"to": "official@example.org"}, trust_env=False)
    assert [mail["text"].strip() for mail in inbox.json()["messages"]] == ["Bonjour"]


def test_a_file_travels_as_the_client_prepares_it(simulators: Simulators, client: NotificationsAPIClient) -> None:
    invitation = prepare_upload(io.BytesIO(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), filename="invite.ics")
    _send(client, "official-cal@example.org", "official-cal", calendar=invitation)
    query = {"to": "official-cal@example.org"}
    inbox = httpx.get(f"{simulators.url}/courriel/api/messages", params=query, trust_env=False).json()
    [part] = inbox["messages"][0]["attachments"]
    assert httpx.get(simulators.url + part["url"], trust_env=False).content.startswith(b"BEGIN:VCALENDAR")


def test_the_client_follows_the_pages_to_their_end(client: NotificationsAPIClient) -> None:
    sent = {_send(client, "official-pages@example.org", f"official-page-{place}")["id"] for place in range(3)}
    assert sent <= {found["id"] for found in client.get_all_notifications_iterator(status="delivered")}


def test_the_client_understands_errors(simulators: Simulators, client: NotificationsAPIClient) -> None:
    with pytest.raises(HTTPError) as wrong:
        _send(client, "official@example.org", "official-bad", surprise="x")
    assert (wrong.value.status_code, wrong.value.message[0]["error"]) == (400, "BadRequestError")
    with pytest.raises(HTTPError) as unknown:
        client.get_notification_by_id("00000000-0000-4000-8000-000000000000")
    assert (unknown.value.status_code, unknown.value.message[0]["error"]) == (404, "NoResultFound")
    simulators.fault("courriel", "error")
    with pytest.raises(HTTPError) as down:
        _send(client, "official@example.org", "official-down")
    assert down.value.status_code == 503
    assert _send(client, "perm-fail@example.org", "official-dead")["id"]
    [dead] = client.get_all_notifications(reference="official-dead")["notifications"]
    assert dead["status"] == "permanent-failure"
