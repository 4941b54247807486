"""The trust list of 2D-Doc authorities: which one is in force, and how an operator lays in a fresher one, offline.

    escale trust status
    escale trust install tsl_signed.xml [CERTIFICATE.der …]

``status`` is for a daily job: its exit code is 1 when the list must be renewed within thirty days, or does not hold.
``install`` verifies the list before it counts, and refuses one that is older than the list in force.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

from escale.inspection import trust

_SOON = timedelta(days=30)


def status(today: date) -> tuple[str, bool]:
    """What is in force, in a sentence, and whether it may stay so."""
    try:
        held = trust.national_trust_list()
    except (trust.TrustListError, OSError) as error:
        return f"The list in {trust.folder()} does not hold: {error}. No 2D-Doc is believed.", False
    sure = sum(listed.in_accord for listed in held.authorities)
    said = (
        f"List of {held.issued_on:%Y-%m-%d}, to be renewed by {held.next_update:%Y-%m-%d}: "
        f"{sure} of {len(held.authorities)} authorities in accord, {len(held.signers)} signers."
    )
    left = held.next_update - today
    if left < timedelta(0):
        return f"{said} It has expired: every 2D-Doc goes to an agent.", False
    return (f"{said} {left.days} days are left.", False) if left < _SOON else (said, True)


def install(files: list[Path]) -> str:
    """Lay in a list and its signers' certificates. Raises TrustListError (``no_folder``, ``older``, or what is wrong
    with the list), OSError."""
    place = trust.folder()
    if place is None:
        raise trust.TrustListError("no_folder")
    content = files[0].read_bytes()
    certificates = {file.stem: file.read_bytes() for file in files[1:]}
    if len(trust.load_certificates(list(certificates.values()))) != len(certificates):
        raise trust.TrustListError("unreadable_certificate")
    found = trust.read_trust_list(content, ())
    try:
        if found.issued_on < trust.national_trust_list().issued_on:
            raise trust.TrustListError("older")
    except OSError:
        pass
    place.mkdir(parents=True, exist_ok=True)
    for name, der in certificates.items():
        (place / f"{name}.der").write_bytes(der)
    part = place / f"{trust.LIST_NAME}.part"
    part.write_bytes(content)
    part.replace(place / trust.LIST_NAME)
    return f"List of {found.issued_on:%Y-%m-%d} laid in {place}."


def main(arguments: list[str], *, today: date) -> int:
    """See the module. 2 when misused."""
    if arguments == ["status"]:
        said, fine = status(today)
        print(said)
        return 0 if fine else 1
    if len(arguments) < 2 or arguments[0] != "install":
        print("usage: escale trust status | install LIST.xml [FILE.der …]", file=sys.stderr)
        return 2
    try:
        print(install([Path(name) for name in arguments[1:]]))
    except (trust.TrustListError, OSError) as error:
        print(f"Nothing was changed: {error}.", file=sys.stderr)
        return 1
    return 0
