"""``escale partners``: where each partner is looked for, and whether something answers there.

It opens a connection and closes it: no request, so nothing is asked, paid or noted. Only addresses are shown, never a
key.
"""

from __future__ import annotations

import argparse
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

SECONDS = 3.0


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
    """Every address among an adapter's options: URLs, and ``host`` with ``port``. One per host and port."""
    found: dict[tuple[str, int], Place] = {}
    for value in options.values():
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            parts = urlsplit(value)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            shown = f"{parts.scheme}://{parts.hostname}:{port}{parts.path}"
            found.setdefault((str(parts.hostname), port), Place(shown, str(parts.hostname), port))
    host, port = options.get("host"), options.get("port")
    if isinstance(host, str) and isinstance(port, int):
        found.setdefault((host, port), Place(f"{host}:{port}", host, port))
    return list(found.values())


def main(arguments: list[str]) -> int:
    """`escale partners`: exit status 1 when a partner is silent or its settings cannot be used."""
    argparse.ArgumentParser(prog="escale partners", description=__doc__.splitlines()[0]).parse_args(arguments)
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
    return 1 if silent else 0
