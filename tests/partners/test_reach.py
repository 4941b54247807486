"""``escale partners check`` shows addresses, says who answers and what waits."""

import re
import socket
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.test import override_settings

from escale.case.effects import EffectKind
from escale.desk import partner_health
from escale.ledger import outbox
from escale.ledger.models import Effect, EffectState
from escale.partners import reach
from escale.partners.kit.options import BadOption
from tests.factories.cases import NOON, a_case


def test_addresses_are_found_among_options_and_keys_are_not_shown():
    options = {
        "issuer": "https://partner.example/api/v2",
        "other": "https://partner.example/other",
        "client_secret": "hush",
        "keys": {},
        "host": "mail.example",
        "port": 587,
    }

    assert [place.shown for place in reach.places(options)] == [
        "https://partner.example:443/api/v2",
        "mail.example:587",
    ]


def test_only_the_providers_of_the_order_are_looked_for():
    options = {
        "order": ("embedded", "visio"),
        "embedded": {"url": "https://portal.example/demande/{case}/salle"},
        "webconf": {"base_url": "https://webconf.example"},
        "visio": {"base_url": "https://visio.example/external-api/v1.0"},
        "keys": {"url": "https://nobody.example"},
    }
    assert [(place.host, place.port) for place in reach.places(options)] == [
        ("portal.example", 443),
        ("visio.example", 443),
    ]


@pytest.mark.parametrize("name", list(settings.ADAPTERS))
def test_every_partner_of_the_settings_is_looked_for_somewhere(name: str):
    assert reach.places(settings.PARTNER_OPTIONS(name))


@pytest.mark.django_db
def test_the_terminal_and_the_desk_count_the_same(capsys: pytest.CaptureFixture[str]):
    a_case("approved", now=NOON)
    Effect.objects.filter(kind=EffectKind.CONSUME_STAMP).update(state=EffectState.DEAD, last_error="tax_stamp: 409")
    Effect.objects.filter(kind=EffectKind.ORDER_PASSPORT).update(attempts=2, last_error="issuance: timeout")
    now = NOON + timedelta(hours=1)

    said = Counter[tuple[str, str]]()
    for line in reach.outbox(now):
        partner = line.split()[0]
        for count, word in re.findall(r"(\d+) (waiting|refused)", line):
            said[partner, word] += int(count)

    found = partner_health.of_partners(now, outbox.by_kind(now))
    shown = {
        **{(health.code, "waiting"): health.waiting for health in found if health.waiting},
        **{(health.code, "refused"): health.dead for health in found if health.dead},
    }
    assert dict(said) == shown
    assert said["tax_stamp", "refused"] == said["issuance", "waiting"] == 1


def test_credentials_in_an_address_are_left_out():
    assert [place.shown for place in reach.places({"url": "http://user:hush@127.0.0.1:8100/x"})] == [
        "http://127.0.0.1:8100/x"
    ]


@pytest.mark.django_db
def test_who_answers_and_who_does_not(capsys: pytest.CaptureFixture[str]):
    with socket.socket() as open_line, socket.socket() as closed:
        open_line.bind(("127.0.0.1", 0))
        open_line.listen()
        closed.bind(("127.0.0.1", 0))
        options = {
            "courier": {"base_url": f"http://127.0.0.1:{open_line.getsockname()[1]}/dhl"},
            "issuance": {"base_url": f"http://127.0.0.1:{closed.getsockname()[1]}/titres"},
        }
        with override_settings(ADAPTERS=dict.fromkeys(options), PARTNER_OPTIONS=options.__getitem__):
            status = reach.main(["check"])

    said = capsys.readouterr().out.splitlines()
    assert status == 1
    assert said[0].split()[:2] == ["courier", "answers"]
    assert said[1].split()[:2] == ["issuance", "SILENT"]
    assert said[2:] == ["nothing waits, nothing was refused"]


@pytest.mark.django_db
def test_unusable_settings_are_said(capsys: pytest.CaptureFixture[str]):
    def options(name: str) -> dict[str, object]:
        raise BadOption("Set ESCALE_MAILER_HOST: production has no default for it.")

    with override_settings(ADAPTERS={"mailer": None}, PARTNER_OPTIONS=options):
        assert reach.main([]) == 1

    assert "mailer         cannot be used: Set ESCALE_MAILER_HOST" in capsys.readouterr().out


@pytest.mark.django_db
def test_what_waits_and_what_was_refused():
    a_case("approved", now=NOON)
    Effect.objects.exclude(kind=EffectKind.ORDER_PASSPORT).update(state=EffectState.DONE)
    Effect.objects.filter(kind=EffectKind.CONSUME_STAMP).update(state=EffectState.DEAD, last_error="tax_stamp: 409")

    since = Effect.objects.get(kind=EffectKind.ORDER_PASSPORT).created_at

    said = reach.outbox(since + timedelta(minutes=61, seconds=30))

    assert said == [
        "tax_stamp      consume_stamp: 1 refused; last error tax_stamp: 409",
        "issuance       order_passport: 1 waiting, the oldest for 61 min",
    ]


def test_every_kind_of_effect_has_its_partner():
    assert set(reach.PARTNER_OF) == set(EffectKind)


def test_a_database_that_cannot_be_read_is_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    def unreadable(now: object) -> list[str]:
        raise DatabaseError("no such table")

    monkeypatch.setattr(reach, "outbox", unreadable)
    with override_settings(ADAPTERS={}):
        assert reach.main([]) == 0
    assert "what waits is not known" in capsys.readouterr().out
