"""Mails that come back after they were accepted: only what the mail server brings to an address of ours is believed."""

from __future__ import annotations

import random
from email import policy
from email.parser import BytesParser

import pytest

from escale.partners.kit.options import BadOption
from escale.partners.mailer.adapter import ADAPTER
from escale.partners.mailer.returns import ReturnPath
from escale.partners.mailer.settings import DEMO_RETURN_KEY, options
from escale.ports.errors import PartnerRefused
from escale.ports.mailer import DeliveryReport, MailerPort, Message
from tests.partners.conftest import Simulators
from tests.partners.listener import Listener, Pushed

KEY = "a key of the return path"
REFERENCE = "ESC-7K2M-9QX4-R83T-12-send_message"
RETURNS = ReturnPath("retours+{reference}@escale.example", KEY)

REPORT = """\
Return-Path: <>
To: {to}
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain

It did not arrive.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

{recipients}
--b
Content-Type: message/rfc822

Subject: whatever

Body
--b--
"""


def report(*recipients: str, to: str = "", kind: str = "delivery-status") -> bytes:
    blocks = "\n".join(f"Final-Recipient: rfc822; a@b.example\n{fields}\n" for fields in recipients)
    text = REPORT.format(to=to or RETURNS.address(REFERENCE), kind=kind, recipients=blocks)
    return text.replace("\n", "\r\n").encode()


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


def _message(reference: str, to: str) -> Message:
    return Message(reference, to, "fr", "Objet", "Bonjour", "<p>Bonjour</p>")


def _read(mailer: MailerPort, pushed: Pushed) -> DeliveryReport:
    assert pushed.path == "/partenaires/courriel/retours"
    return mailer.read_return(authorization=pushed.headers["Authorization"], mail=pushed.body)


@pytest.mark.parametrize(
    ("recipient", "status", "permanent", "temporary"),
    [
        ("late-bounce", "failed 5.1.1", True, False),
        ("full", "failed 4.2.2", False, True),
        ("delayed", "delayed 4.4.1", False, False),
        ("complaint", "complaint", False, False),
    ],
)
def test_what_comes_back_names_its_message(
    simulators: Simulators, mailer: MailerPort, recipient: str, status: str, permanent: bool, temporary: bool
) -> None:
    with Listener(simulators.portal_port) as product:
        mailer.send(_message(f"back-{recipient}", f"{recipient}@example.org"))
        simulators.advance(minutes=10, seconds=1)
        [pushed] = product.wait(f"back-{recipient}", 1)
    assert _read(mailer, pushed) == DeliveryReport(f"back-{recipient}", status, permanent, temporary)
    parsed = BytesParser(policy=policy.default).parsebytes(pushed.body)
    assert parsed.get_content_type() == "multipart/report"
    assert [part.get_content_type() for part in parsed.iter_parts()][2] == "text/rfc822-headers"
    assert parsed["Auto-Submitted"] == "auto-replied"


def test_a_holiday_answer_says_nothing(simulators: Simulators, mailer: MailerPort) -> None:
    with Listener(simulators.portal_port) as product:
        mailer.send(_message("back-holiday", "holiday@example.org"))
        simulators.advance(minutes=10, seconds=1)
        [pushed] = product.wait("back-holiday", 1)
    with pytest.raises(PartnerRefused, match="not_a_report"):
        _read(mailer, pushed)


def test_the_switch_gives_the_next_mail_back_and_the_one_after_arrives(
    simulators: Simulators, mailer: MailerPort
) -> None:
    simulators.fault("courriel", "late_bounce")
    with Listener(simulators.portal_port, statuses={"back-switch": [503]}) as product:
        mailer.send(_message("back-switch", "someone@example.org"))
        mailer.send(_message("back-not", "someone@example.org"))
        simulators.advance(minutes=10, seconds=1)
        product.wait("back-switch", 1)
        simulators.advance(minutes=5, seconds=1)
        refused, again = product.wait("back-switch", 2)
        assert product.wait("back-not", 1, seconds=0) == []
    assert refused.body == again.body
    assert _read(mailer, again).permanent


def test_a_stranger_cannot_make_a_message_come_back(simulators: Simulators, mailer: MailerPort) -> None:
    with pytest.raises(PartnerRefused, match="return_key"):
        mailer.read_return(authorization="Bearer guessed", mail=report("Action: failed\nStatus: 5.1.1"))
    forged = [
        f"retours+{REFERENCE}@escale.example",
        f"retours+{REFERENCE}.{'0' * 16}@escale.example",
        RETURNS.address("ESC-7K2M-9QX4-R83T-13-send_message").replace("-13-", "-12-"),
        ReturnPath("retours+{reference}@escale.example", "another key").address(REFERENCE),
        RETURNS.address(REFERENCE) + ".attacker.example",
    ]
    for address in forged:
        with pytest.raises(PartnerRefused, match="not_our_address"):
            RETURNS.read(report("Action: failed\nStatus: 5.1.1", to=address))
    assert mailer.read_return(
        authorization=f"Bearer {DEMO_RETURN_KEY}",
        mail=report(
            "Action: failed\nStatus: 5.1.1",
            to=ReturnPath("retours+{reference}@escale.example", DEMO_RETURN_KEY).address(REFERENCE),
        ),
    ).permanent


@pytest.mark.parametrize(
    ("recipients", "expected"),
    [
        (["Action: failed\nStatus: 5.1.1 (unknown)"], ("failed 5.1.1", True, False)),
        (["Action: FAILED\nStatus: 4.4.7"], ("failed 4.4.7", False, True)),
        (["Action: failed"], ("failed 5.0.0", True, False)),
        (["Action: delivered\nStatus: 2.0.0", "Action: failed\nStatus: 5.2.1"], ("failed 5.2.1", True, False)),
        (["Action: delivered\nStatus: 2.0.0"], ("delivered 2.0.0", False, False)),
        (["Action: relayed\nStatus: 5.0.0"], ("relayed 5.0.0", False, False)),
    ],
)
def test_the_worst_recipient_counts(recipients: list[str], expected: tuple[str, bool, bool]) -> None:
    assert RETURNS.read(report(*recipients)) == DeliveryReport(REFERENCE, *expected)


def test_capitals_lost_on_the_way_change_nothing() -> None:
    lowered = RETURNS.read(report("Action: failed\nStatus: 5.1.1", to=RETURNS.address(REFERENCE).lower()))
    assert lowered.reference == REFERENCE.lower()


@pytest.mark.parametrize(
    "mail",
    [
        report(),
        report("Action: danced\nStatus: 5.1.1"),
        report("Action: failed\nStatus: 5.1.1", kind="disposition-notification"),
        f"To: {RETURNS.address(REFERENCE)}\r\n\r\nUndeliverable".encode(),
        REPORT.partition("--b")[0].format(to=RETURNS.address(REFERENCE), kind="delivery-status").encode(),
    ],
)
def test_what_is_no_report_is_said_to_be_none(mail: bytes) -> None:
    with pytest.raises(PartnerRefused, match="not_a_report"):
        RETURNS.read(mail)


def test_hostile_mails_are_refused_or_read_but_never_break() -> None:
    header = f"To: {RETURNS.address(REFERENCE)}\r\n"
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n" for depth in range(2000))
    mails = [(header + nested).encode(), b"\xff\xfe" * 500, b""]
    generator, sound = random.Random(7), report("Action: failed\nStatus: 5.1.1")
    for _ in range(150):
        bent = bytearray(sound)
        for _ in range(generator.randint(1, 30)):
            bent[generator.randrange(len(bent))] = generator.randrange(256)
        mails.append(bytes(bent))
    outcomes = set()
    for mail in mails:
        try:
            outcomes.add(RETURNS.read(mail).reference)
        except PartnerRefused as refused:
            outcomes.add(refused.code)
    assert outcomes == {REFERENCE, "not_our_address", "not_a_report"}


@pytest.mark.parametrize("pattern", ["retours@a.example", "{reference}", "retours-de-courriels+{reference}@a.example"])
def test_a_return_path_that_cannot_be_one_stops_the_start(simulators: Simulators, pattern: str) -> None:
    with pytest.raises(BadOption, match="ESCALE_MAILER_RETURN_PATH"):
        options(
            {"ESCALE_MAILER_RETURN_PATH": pattern},
            data_dir=simulators.data_dir,
            simulators_url=simulators.url,
            portal_url=simulators.portal_url,
            desk_url=simulators.desk_url,
            reception_url=simulators.reception_url,
        )


def test_the_longest_reference_fits_an_address() -> None:
    """RFC 5321 §4.5.3.1.1: 64 octets before the @."""
    path = ReturnPath("retours-esc+{reference}@escale.example", KEY)
    assert len(path.address("ESC-7K2M-9QX4-R83T-999-send_message").partition("@")[0]) <= 64
