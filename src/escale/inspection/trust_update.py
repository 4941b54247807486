"""The trust list of 2D-Doc authorities: which one is in force, and how an operator lays in a fresher one, offline.

    escale trust status
    escale trust install tsl_signed.xml [CERTIFICATE.der …] [--seal CERTIFICATE --fingerprint SHA256]

``status`` is for a daily job: its exit code is 1 when the list or its seal must be renewed within thirty days, or does
not hold. ``install`` verifies the list before it counts, and refuses one that is older than the list in force. A list
under a new seal counts only when the operator gives the seal's certificate and types its fingerprint: see
:mod:`escale.inspection.trust_seal`.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, timedelta
from pathlib import Path

from escale.inspection import trust
from escale.inspection.trust_seal import RECORD, TrustListError, Vouched, vouch

_SOON = timedelta(days=30)
_REFUSALS = {
    "no_folder": "set ESCALE_TRUST_LIST_DIR to the folder where the list is to lie",
    "older": "this list is older than the one in force",
    "in_force_does_not_hold": "the list in ESCALE_TRUST_LIST_DIR does not hold, so nothing says if this one is older. "
    "Look into it (escale trust status), move what lies in the folder away, then install again",
    "unknown_seal": "this list is sealed by a certificate that is not known here. Ask its publisher for the "
    "certificate's file and, by another channel (a telephone number or a postal address that you already trust), for "
    "its SHA-256 fingerprint; then: escale trust install LIST --seal CERTIFICATE --fingerprint SHA256",
    "half_vouched": "--seal and --fingerprint go together: the certificate's file, and the fingerprint that its "
    "publisher told you by another channel",
    "other_seal": "this list is not sealed by the certificate that --seal names",
    "unreadable_seal": "the file that --seal names is not a certificate (DER or PEM)",
    "wrong_fingerprint": "the fingerprint typed is not that of the certificate's file. Ask its publisher again, by "
    "another channel than the file's; should they still differ, the file is not theirs",
    "seal_not_valid": "the seal's certificate is not valid today. Ask the publisher for a list under the new one",
    "bad_signature": "the list's signature does not hold",
    "altered": "the list is not what was signed",
    "no_signature": "the list carries no signature, or more than one",
    "unsupported_signature": "the list's signature is not of the kind that is verified here (RSA of 2048 bits or more, "
    "SHA-256)",
    "unreadable": "the file is not a trust list",
    "unreadable_record": "seal.json in ESCALE_TRUST_LIST_DIR cannot be read: see docs/operations.md",
    "unreadable_certificate": "a file given after the list is not a certificate (DER)",
}


def _seal_in_words(held: trust.TrustList) -> str:
    vouched = trust.vouched_seal()
    since = f"installed on {vouched.installed_on:%Y-%m-%d}" if vouched else "shipped with this release"
    return (
        f"Seal « {held.seal.name} », {since}, valid until {held.seal.until:%Y-%m-%d}, SHA-256 {held.seal.fingerprint}."
    )


def status(today: date) -> tuple[str, bool]:
    """What is in force, in sentences, and whether it may stay so."""
    try:
        held = trust.national_trust_list()
        seal = _seal_in_words(held)
    except (TrustListError, OSError) as error:
        return f"The list in {trust.folder()} does not hold: {error}. No 2D-Doc is believed.", False
    sure = sum(listed.in_accord for listed in held.authorities)
    said = (
        f"List of {held.issued_on:%Y-%m-%d}, to be renewed by {held.next_update:%Y-%m-%d}: "
        f"{sure} of {len(held.authorities)} authorities in accord, {len(held.signers)} signers.\n{seal}"
    )
    what = "list" if held.last_day == held.next_update else "seal"
    left = held.last_day - today
    if left < timedelta(0):
        return f"{said}\nThe {what} has expired: every 2D-Doc goes to an agent.", False
    return (f"{said}\nThe {what} must be renewed: {left.days} days are left.", False) if left < _SOON else (said, True)


def _fresher(content: bytes, place: Path, vouched: Vouched | None, today: date) -> trust.TrustList:
    """The list given, once nothing speaks against it. Raises TrustListError."""
    pinned = trust.pinned_seals(place) if vouched is None else frozenset({vouched.fingerprint})
    try:
        found = trust.read_trust_list(content, (), pinned=pinned)
    except TrustListError as error:
        if vouched is not None and str(error) == "unknown_seal":
            raise TrustListError("other_seal") from error
        raise
    if not found.seal.since <= today <= found.seal.until:
        raise TrustListError("seal_not_valid")
    try:
        in_force = trust.national_trust_list()
    except (TrustListError, OSError) as error:
        raise TrustListError("in_force_does_not_hold") from error
    if found.issued_on < in_force.issued_on:
        raise TrustListError("older")
    return found


def _lay(place: Path, contents: dict[str, bytes]) -> None:
    """Write all of it aside, then put each in its place: a full disk leaves everything as it was."""
    place.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (place / f"{name}.part").write_bytes(content)
    for name in contents:
        (place / f"{name}.part").replace(place / name)


def install(files: list[Path], *, seal: Path | None, fingerprint: str | None, today: date) -> str:
    """Lay in a list, its signers' certificates and, when one is given, the seal they count by.

    Raises TrustListError (a code of ``_REFUSALS``, or what is wrong with the list), OSError.
    """
    place = trust.folder()
    if place is None:
        raise TrustListError("no_folder")
    vouched = None
    if seal is not None and fingerprint is not None:
        vouched = vouch(seal.read_bytes(), fingerprint, today=today)
    elif seal is not None or fingerprint is not None:
        raise TrustListError("half_vouched")
    content = files[0].read_bytes()
    certificates = {f"{file.stem}.der": file.read_bytes() for file in files[1:]}
    if len(trust.load_certificates(list(certificates.values()))) != len(certificates):
        raise TrustListError("unreadable_certificate")
    found = _fresher(content, place, vouched, today)
    record = {} if vouched is None else {RECORD: vouched.as_json()}
    _lay(place, {**certificates, **record, trust.LIST_NAME: content})
    return f"List of {found.issued_on:%Y-%m-%d} laid in {place}.\n{_seal_in_words(found)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="escale trust", description="The signed list of those who may seal a proof of address (2D-Doc)."
    )
    words = parser.add_subparsers(dest="word", required=True)
    words.add_parser("status", help="what is in force; status 1 when it must be renewed within thirty days")
    laying = words.add_parser("install", help="verify a fresher list and lay it in")
    laying.add_argument("files", nargs="+", type=Path, metavar="FILE", help="the list, then signers (DER)")
    laying.add_argument("--seal", type=Path, help="file of the new certificate that the list is sealed by")
    laying.add_argument("--fingerprint", help="its SHA-256, as the publisher told it by another channel")
    return parser


def main(arguments: list[str], *, today: date) -> int:
    """See the module. Misuse ends the command with status 2."""
    asked = _parser().parse_args(arguments)
    if asked.word == "status":
        said, fine = status(today)
        print(said)
        return 0 if fine else 1
    try:
        print(install(asked.files, seal=asked.seal, fingerprint=asked.fingerprint, today=today))
    except (TrustListError, OSError) as error:
        print(f"Nothing was changed: {_REFUSALS.get(str(error), str(error))}.", file=sys.stderr)
        return 1
    return 0
