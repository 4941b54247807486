"""``escale partners`` shows addresses and says who answers."""

import socket

import pytest
from django.test import override_settings

from escale.partners import reach
from escale.partners.kit.options import BadOption


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


def test_credentials_in_an_address_are_left_out():
    assert [place.shown for place in reach.places({"url": "http://user:hush@127.0.0.1:8100/x"})] == [
        "http://127.0.0.1:8100/x"
    ]


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
            status = reach.main([])

    said = capsys.readouterr().out.splitlines()
    assert status == 1
    assert said[0].split()[:2] == ["courier", "answers"]
    assert said[1].split()[:2] == ["issuance", "SILENT"]


def test_unusable_settings_are_said(capsys: pytest.CaptureFixture[str]):
    def options(name: str) -> dict[str, object]:
        raise BadOption("Set ESCALE_MAILER_HOST: production has no default for it.")

    with override_settings(ADAPTERS={"mailer": None}, PARTNER_OPTIONS=options):
        assert reach.main([]) == 1

    assert "mailer         cannot be used: Set ESCALE_MAILER_HOST" in capsys.readouterr().out
