"""Partners that ask for our certificate: with it we enter, without it we do not, and we trust its authority alone."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from escale.case.values import PassportNumber
from escale.partners.border_alert import adapter as border_alert, settings as border_alert_settings
from escale.partners.issuance import adapter as issuance, settings as issuance_settings
from escale.partners.kit.options import BadOption
from escale.partners.register import adapter as register, settings as register_settings
from escale.ports.errors import PartnerUnavailable
from escale.ports.franceconnect import PivotIdentity
from escale.ports.register import NoMatch

NUMBER = PassportNumber("12AB34567")


def _ask_register(adapter: Any) -> str:
    with pytest.raises(NoMatch):
        adapter.verify(
            numic="24681373",
            email="jeanne@courriel.example",
            identity=PivotIdentity("sub", "Jeanne", "DURAND", "1962-08-24", "female", "75107", "99100"),
        )
    return "answered"


@dataclass(frozen=True, slots=True)
class Partner:
    """``asked`` puts a question to an adapter and says ``answered`` when the answer came through."""

    prefix: str
    adapter: Callable[..., Any]
    options: Callable[..., dict[str, Any]]
    asked: Callable[[Any], str]


PARTNERS = [
    Partner("REGISTER", register.ADAPTER, register_settings.options, _ask_register),
    Partner(
        "ISSUANCE",
        issuance.ADAPTER,
        issuance_settings.options,
        lambda adapter: {"valid": "answered"}[adapter.validity(NUMBER)],
    ),
    Partner(
        "BORDER_ALERT",
        border_alert.ADAPTER,
        border_alert_settings.options,
        lambda adapter: {False: "answered"}[adapter.is_reported(NUMBER)],
    ),
]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A server on loopback behind mutual TLS; ``folder`` holds ``ca.pem``, ``ours.pem`` and ``ours.key``."""

    url: str
    folder: Path


def _certificate(
    name: str, issuer: tuple[x509.Name, ec.EllipticCurvePrivateKey] | None
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer, signing_key = issuer or (subject, key)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(_usage(authority=issuer is None), critical=True)
    )
    return builder.sign(signing_key, hashes.SHA256()), key


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _write(folder: Path, name: str, made: tuple[x509.Certificate, ec.EllipticCurvePrivateKey]) -> None:
    certificate, key = made
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"result": "NO_ANSWER", "resultat": "INCONNU", "etat": "VALIDE"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are quiet."""


class _Quiet(HTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A refused certificate is what the test is about."""


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Guarded]:
    authority = _certificate("authority", None)
    issuer = (authority[0].subject, authority[1])
    _write(tmp_path, "ca", authority)
    _write(tmp_path, "server", _certificate("relay", issuer))
    _write(tmp_path, "ours", _certificate("escale", issuer))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(tmp_path / "ca.pem"))
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    context.verify_mode = ssl.CERT_REQUIRED
    server = _Quiet(("127.0.0.1", 0), _Answer)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield Guarded(f"https://127.0.0.1:{server.server_port}", tmp_path)
    server.shutdown()
    server.server_close()
    thread.join()


def _options(partner: Partner, guarded: Guarded, **files: str) -> dict[str, Any]:
    environ = {f"ESCALE_{partner.prefix}_URL": guarded.url}
    environ |= {f"ESCALE_{partner.prefix}_{name}": str(guarded.folder / file) for name, file in files.items()}
    nowhere = dict.fromkeys(("simulators_url", "portal_url", "desk_url", "reception_url"), "http://127.0.0.1:9")
    return partner.options(environ, data_dir=guarded.folder, **nowhere)


@pytest.mark.parametrize("partner", PARTNERS, ids=lambda partner: partner.prefix)
@pytest.mark.parametrize(
    ("files", "enters"),
    [
        ({"CA_FILE": "ca.pem", "CERT_FILE": "ours.pem", "KEY_FILE": "ours.key"}, True),
        ({"CA_FILE": "ca.pem"}, False),
        ({}, False),
    ],
)
def test_our_certificate_opens_the_door(
    partner: Partner, guarded: Guarded, files: dict[str, str], enters: bool
) -> None:
    adapter = partner.adapter(**_options(partner, guarded, **files))
    if enters:
        assert partner.asked(adapter) == "answered"
    else:
        with pytest.raises(PartnerUnavailable):
            partner.asked(adapter)


@pytest.mark.parametrize("partner", PARTNERS, ids=lambda partner: partner.prefix)
@pytest.mark.parametrize(
    "files",
    [
        {"CERT_FILE": "ours.pem"},
        {"CERT_FILE": "ours.pem", "KEY_FILE": "server.key"},
        {"CERT_FILE": "missing.pem", "KEY_FILE": "missing.key"},
        {"CA_FILE": "ours.key"},
    ],
)
def test_files_that_do_not_fit_stop_the_start(partner: Partner, guarded: Guarded, files: dict[str, str]) -> None:
    with pytest.raises(BadOption, match=f"ESCALE_{partner.prefix}_CERT_FILE"):
        _options(partner, guarded, **files)
