"""``escale partners check``: where each partner is looked for, whether something answers there, and what waits for it.

It opens a connection and closes it: no request, so nothing is asked, paid or noted. Only addresses are shown, never a
key. What waits is read in the outbox, as on the desk's page of the partners.
"""

from __future__ import annotations

import argparse
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError

from escale import clock
from escale.case.effects import EffectKind
from escale.ledger.outbox import by_kind

SECONDS = 3.0
PARTNER_OF = {
    EffectKind.RELEASE_STAMP: "tax_stamp",
    EffectKind.CONSUME_STAMP: "tax_stamp",
    EffectKind.OPEN_ROOM: "webconference",
    EffectKind.CLOSE_ROOM: "webconference",
    EffectKind.ORDER_PASSPORT: "issuance",
    EffectKind.EXPECT_RECEIPT: "issuance",
    EffectKind.CONFIRM_RECEIPT: "issuance",
    EffectKind.INVALIDATE_TITLE: "issuance",
    EffectKind.REPORT_TO_BORDERS: "border_alert",
    EffectKind.SEND_MESSAGE: "mailer",
}


@dataclass(frozen=True)
class Place:
    """An address of a partner, as settings give it."""

    shown: str
    host: str
    port: int

    def answers(self) -> bool:
        """Whether a connection is accepted within three seconds."""
        try:
            with socket.create_connection((self.host, self.port), timeout=SECONDS):
                return True
        except OSError:
            return False


def places(options: Mapping[str, object]) -> list[Place]:
    """Every address among an adapter's options: URLs, and ``host`` with ``port``. One per host and port.

    Of several providers (options within options), those of the ``order`` alone: nobody calls the others.
    """
    found: dict[tuple[str, int], Place] = {}
    order = options.get("order")
    for name, value in options.items():
        if isinstance(value, Mapping) and isinstance(order, tuple) and name in order:
            for place in places(value):
                found.setdefault((place.host, place.port), place)
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            parts = urlsplit(value)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            shown = f"{parts.scheme}://{parts.hostname}:{port}{parts.path}"
            found.setdefault((str(parts.hostname), port), Place(shown, str(parts.hostname), port))
    host, numbered = options.get("host"), options.get("port")
    if isinstance(host, str) and isinstance(numbered, int):
        found.setdefault((host, numbered), Place(f"{host}:{numbered}", host, numbered))
    return list(found.values())


def outbox(now: datetime) -> list[str]:
    """What waits for each partner or was refused by it, one sentence a kind of effect; nothing of what goes well."""
    said = []
    for kind, standing in sorted(by_kind(now).items()):
        parts = []
        if standing.oldest is not None:
            minutes = max(0, int((now - standing.oldest).total_seconds() // 60))
            parts.append(f"{standing.waiting} waiting, the oldest for {minutes} min")
        if standing.dead:
            parts.append(f"{standing.dead} refused")
        if parts and standing.error:
            parts.append(f"last error {standing.error}")
        if parts:
            said.append(f"{PARTNER_OF[EffectKind(kind)]:<14} {kind}: {'; '.join(parts)}")
    return said


def _tell_outbox() -> None:
    try:
        said = outbox(clock.now())
    except DatabaseError as error:
        print(f"what waits is not known, the database cannot be read: {type(error).__name__}")
        return
    for line in said or ["nothing waits, nothing was refused"]:
        print(line)


def main(arguments: list[str]) -> int:
    """`escale partners check`: exit status 1 when a partner is silent or its settings cannot be used."""
    parser = argparse.ArgumentParser(prog="escale partners", description=__doc__.splitlines()[0])
    parser.add_argument("action", nargs="?", choices=["check"], default="check", help="the only one: may be left out")
    parser.parse_args(arguments)
    silent = 0
    for name in settings.ADAPTERS:
        try:
            known = places(settings.PARTNER_OPTIONS(name))
        except ValueError as unusable:
            silent += 1
            print(f"{name:<14} cannot be used: {unusable}")
            continue
        for place in known:
            answers = place.answers()
            silent += not answers
            print(f"{name:<14} {'answers' if answers else 'SILENT '}  {place.shown}")
    _tell_outbox()
    return 1 if silent else 0
