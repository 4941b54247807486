"""The seal under which a list of authorities counts: the one shipped, or one that an operator has vouched for.

The authority above the seal is not published with the list, so no chain can be followed offline. What stands in for it
is a person: they give the certificate's file and type the fingerprint that the authority told them by another channel.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

# « ANTS CACHET 2DDOC », the seal under which the list is published; valid until 26 March 2027.
PINNED_SEALS = frozenset({"c290cb9e0ac1be84ecc514a2d657a493e05bff7a5372bab7dd12dccc8cf6e09d"})
RECORD = "seal.json"


class TrustListError(Exception):
    """The list is not what its publisher signed, or is not a list at all. ``args[0]`` is a stable code."""


@dataclass(frozen=True)
class Seal:
    """The certificate that sealed a list: its SHA-256 fingerprint in lower-case hexadecimal, its name, its first and
    last day."""

    fingerprint: str
    name: str
    since: date
    until: date


@dataclass(frozen=True)
class Vouched:
    """A seal that an operator has installed: it takes the place of the shipped one for the lists they lay in."""

    fingerprint: str
    installed_on: date

    def as_json(self) -> bytes:
        held = {"fingerprint": self.fingerprint, "installed_on": self.installed_on.isoformat()}
        return f"{json.dumps(held)}\n".encode()


def common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def seal_of(certificate: x509.Certificate) -> Seal:
    return Seal(
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        name=common_name(certificate.subject),
        since=certificate.not_valid_before_utc.date(),
        until=certificate.not_valid_after_utc.date(),
    )


def vouched_in(place: Path) -> Vouched | None:
    """What an operator recorded in their folder, or None. A record that cannot be read is never passed over for the
    shipped seal: raises TrustListError, or OSError."""
    try:
        held = json.loads((place / RECORD).read_text("utf-8"))
        return Vouched(str(held["fingerprint"]), date.fromisoformat(held["installed_on"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise TrustListError("unreadable_record") from error


def vouch(content: bytes, typed: str, *, today: date) -> Vouched:
    """The seal of a certificate's file (DER or PEM), once the fingerprint typed is its own.

    The fingerprint is taken with or without colons and spaces, in either case. Raises TrustListError.
    """
    try:
        pem = content.lstrip().startswith(b"-----BEGIN")
        seal = seal_of(x509.load_pem_x509_certificate(content) if pem else x509.load_der_x509_certificate(content))
    except ValueError as error:
        raise TrustListError("unreadable_seal") from error
    if "".join(typed.replace(":", " ").split()).lower() != seal.fingerprint:
        raise TrustListError("wrong_fingerprint")
    return Vouched(seal.fingerprint, today)
