"""The mailer's contract over SMTP: what is handed over is what the mailbox shows, and every refusal is sorted."""

from __future__ import annotations

import email
import re
import socket
from datetime import UTC, datetime
from email import policy

import httpx
import pytest

from escale.partners.kit.templatetags.moments import moment
from escale.partners.mailer.adapter import ADAPTER
from escale.partners.mailer.mime import build
from escale.partners.mailer.settings import options
from escale.partners.mailer.smtp import SmtpMailer
from escale.ports.errors import PartnerRefused, PartnerUnavailable
from escale.ports.mailer import Calendar, MailerPort, Message
from tests.partners.conftest import Simulators

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ICS = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def mailer(simulators: Simulators) -> MailerPort:
    return ADAPTER(
        **options(
            {"ESCALE_SMTP_PORT": str(simulators.smtp_port)},
            data_dir=simulators.data_dir,
            simulators_url=simulators.url,
            portal_url=simulators.portal_url,
            desk_url=simulators.desk_url,
            reception_url=simulators.reception_url,
        )
    )


def _message(reference: str, to: str, **changes: object) -> Message:
    facts: dict[str, object] = {
        "reference": reference,
        "to": to,
        "language": "fr",
        "subject": "Votre passeport est expédié : à réception, deux gestes",
        "text": "Bonjour Joëlle,\n\nVotre passeport est parti.\n",
        "html": "<!doctype html><html lang=fr><head><title>x</title></head><body><p>Bonjour Joëlle</p></body></html>",
    }
    return Message(**{**facts, **changes})  # type: ignore[arg-type]  # the facts are spelt just above


def _inbox(simulators: Simulators, to: str) -> list[dict]:
    answer = httpx.get(f"{simulators.url}/courriel/api/messages", params={"to": to}, trust_env=False)
    return answer.raise_for_status().json()["messages"]


def test_a_message_arrives_with_both_alternatives(simulators: Simulators, mailer: MailerPort) -> None:
    identity = mailer.send(_message("outbox-1", "joelle@example.org"))
    [mail] = _inbox(simulators, "joelle@example.org")
    assert mail["subject"] == "Votre passeport est expédié : à réception, deux gestes"
    assert mail["text"].replace("\r\n", "\n") == "Bonjour Joëlle,\n\nVotre passeport est parti.\n"
    assert "Bonjour Joëlle" in mail["html"]
    assert identity == mail["message_id"] == "<outbox-1@escale.example>"
    assert mail["headers"]["Auto-Submitted"] == "auto-generated"
    assert mail["headers"]["Content-Language"] == "fr"
    assert mail["attachments"] == []


@pytest.mark.parametrize(
    "subject",
    [
        "Il vous reste une chose à faire avant le dimanche 14 février 2027 inclus",  # a line breaks before an accent
        "Votre demande est validée : réservez votre entretien, déjà proposé à Noël à d’autres demandeurs",
        "One thing is left to do before Sunday 14 February 2027",
    ],
)
def test_a_subject_is_read_as_it_was_written_in_words_of_the_length_allowed(subject: str) -> None:
    raw = build(_message("R-0", "a@b.example", subject=subject), sender="x@y.example", now=NOW).as_bytes()

    assert email.message_from_bytes(raw, policy=policy.default)["Subject"] == subject
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?[^ \r]+", raw))
    assert b"?==?" not in raw
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78


def test_the_mailbox_tells_the_hour_as_people_do(simulators: Simulators, mailer: MailerPort) -> None:
    mailer.send(_message("ref-hour", "heure@exemple.test"))
    answer = httpx.get(f"{simulators.url}/courriel/", params={"to": "heure@exemple.test"}, trust_env=False)

    assert f"<td>{moment(simulators.now().isoformat()).partition(' à ')[0]} à " in answer.text


def test_a_calendar_is_an_alternative_and_a_file(simulators: Simulators, mailer: MailerPort) -> None:
    mailer.send(_message("outbox-2", "calendrier@example.org", calendar=Calendar("REQUEST", ICS)))
    [mail] = _inbox(simulators, "calendrier@example.org")
    assert [(part["name"], part["type"], part["method"]) for part in mail["attachments"]] == [
        ("partie-1", "text/calendar", "REQUEST"),
        ("invite.ics", "application/ics", ""),
    ]
    for part in mail["attachments"]:
        assert httpx.get(simulators.url + part["url"], trust_env=False).content == ICS
    raw = httpx.get(f"{simulators.url}{mail['url']}source", trust_env=False).content
    structure = [part.get_content_type() for part in email.message_from_bytes(raw, policy=policy.default).walk()]
    assert structure == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]


def test_the_same_reference_gives_the_same_message_id(mailer: MailerPort) -> None:
    message = _message("case:ESC-1/effect 7", "twice@example.org")
    assert mailer.send(message) == mailer.send(message)


def test_a_dead_address_is_refused_for_good_without_naming_it(mailer: MailerPort) -> None:
    with pytest.raises(PartnerRefused) as refused:
        mailer.send(_message("outbox-3", "bounce@example.org"))
    assert refused.value.code == "550 5.1.1"
    assert "bounce@" not in str(refused.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Objet\r\nBcc: other@example.org"},
        {"to": "no address"},
        {"to": "a@example.org\nBcc: b@example.org"},
        {"headers": {"From": "other@example.org"}},
        {"headers": {"X-Note": "one\r\ntwo"}},
    ],
)
def test_what_cannot_be_a_mail_is_refused(mailer: MailerPort, changes: dict[str, object]) -> None:
    facts = {"to": "someone@example.org", **changes}
    to = str(facts.pop("to"))
    with pytest.raises(PartnerRefused) as refused:
        mailer.send(_message("outbox-4", to, **facts))
    assert refused.value.code == "invalid_message"


def test_a_temporary_failure_may_be_repeated(simulators: Simulators, mailer: MailerPort) -> None:
    simulators.fault("courriel", "error")
    with pytest.raises(PartnerUnavailable) as failure:
        mailer.send(_message("outbox-5", "later@example.org"))
    assert failure.value.code == "451 4.3.0"
    assert _inbox(simulators, "later@example.org") == []
    mailer.send(_message("outbox-5", "later@example.org"))
    assert len(_inbox(simulators, "later@example.org")) == 1


def test_a_lost_reply_gives_two_mails_of_one_message_id(simulators: Simulators, mailer: MailerPort) -> None:
    simulators.fault("courriel", "lost_reply")
    with pytest.raises(PartnerUnavailable):
        mailer.send(_message("outbox-6", "lost@example.org"))
    mailer.send(_message("outbox-6", "lost@example.org"))
    assert [mail["message_id"] for mail in _inbox(simulators, "lost@example.org")] == ["<outbox-6@escale.example>"] * 2


@pytest.mark.parametrize(("mode", "count"), [("silent", 0), ("duplicate", 2)])
def test_silence_and_repetition(simulators: Simulators, mailer: MailerPort, mode: str, count: int) -> None:
    simulators.fault("courriel", mode)
    mailer.send(_message(f"outbox-{mode}", f"{mode}@example.org"))
    assert len(_inbox(simulators, f"{mode}@example.org")) == count


def test_a_late_mail_is_shown_ten_minutes_later(simulators: Simulators, mailer: MailerPort) -> None:
    simulators.fault("courriel", "late")
    mailer.send(_message("outbox-late", "late@example.org"))
    assert _inbox(simulators, "late@example.org") == []
    simulators.advance(minutes=11)
    assert len(_inbox(simulators, "late@example.org")) == 1


def test_two_mails_change_places(simulators: Simulators, mailer: MailerPort) -> None:
    simulators.fault("courriel", "reordered")
    for reference in ("outbox-first", "outbox-second"):
        mailer.send(_message(reference, "places@example.org"))
    latest_first = [mail["message_id"] for mail in _inbox(simulators, "places@example.org")]
    assert latest_first == ["<outbox-first@escale.example>", "<outbox-second@escale.example>"]


def test_no_server_and_a_silent_server_are_unavailable() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        closed = SmtpMailer(
            host="127.0.0.1",
            port=port,
            sender="a@example.org",
            return_path="retours+{reference}@example.org",
            return_key="key",
            timeout=0.3,
            now=lambda: NOW,
        )
        with pytest.raises(PartnerUnavailable):
            closed.send(_message("x", "b@example.org"))
        listener.listen()
        with pytest.raises(PartnerUnavailable):
            closed.send(_message("x", "b@example.org"))


def test_bounces_name_the_message_they_answer(simulators: Simulators) -> None:
    mailer = SmtpMailer(
        host="127.0.0.1",
        port=simulators.smtp_port,
        sender="Escale <noreply@example.org>",
        return_path="retours+{reference}@example.org",
        return_key="key",
        now=lambda: NOW,
    )
    mailer.send(_message("outbox-verp", "verp@example.org"))
    [mail] = _inbox(simulators, "verp@example.org")
    assert re.fullmatch(r"retours\+outbox-verp\.[0-9a-f]{16}@example\.org", mail["envelope_from"])
    assert mail["headers"]["Date"] == "Mon, 23 Nov 2026 09:30:00 +0000"


def test_the_mailbox_is_readable_and_runs_nothing(simulators: Simulators, mailer: MailerPort) -> None:
    mailer.send(_message("outbox-page", "page@example.org"))
    [mail] = _inbox(simulators, "page@example.org")
    with httpx.Client(base_url=simulators.url, trust_env=False) as browser:
        listing = browser.get("/courriel/", params={"to": "page@example.org"})
        assert listing.status_code == 200
        assert mail["url"] in listing.text
        page = browser.get(mail["url"])
        assert "Votre passeport est parti." in page.text
        framed = browser.get(f"{mail['url']}html")
        assert framed.headers["content-security-policy"].startswith("sandbox ")
        assert "allow-scripts" not in framed.headers["content-security-policy"]
        assert '<base target="_top">' in framed.text
        assert browser.get("/courriel/messages/unknown/").status_code == 404
        assert browser.get("/courriel/api/messages", params={"limit": "many"}).status_code == 400
        assert browser.post("/courriel/vider", data={"to": "page@example.org"}).status_code == 302
        assert browser.get(mail["url"]).status_code == 404
