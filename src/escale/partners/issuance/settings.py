"""Options of passport issuance (see docs/partners/issuance.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from escale.partners.kit.options import Options

# The simulator's own keys; production refuses to start without others.
DEMO_TOKEN = "titres-demonstration"
DEMO_EVENT_SECRET = "whsec_ZXNjYWxlLXRpdHJlcy1kZW1vbnN0cmF0aW9uLWtleSE="


def options(
    environ: Mapping[str, str],
    *,
    data_dir: Path,
    simulators_url: str,
    portal_url: str,
    desk_url: str,
    reception_url: str,
) -> dict[str, Any]:
    read = Options(environ, "ISSUANCE")
    return {
        "base_url": read.secret("URL", f"{simulators_url}/titres"),
        "token": read.secret("TOKEN", DEMO_TOKEN),
        "event_secret": read.secret("EVENT_SECRET", DEMO_EVENT_SECRET),
        "timeout": read.number("TIMEOUT", 10.0),
        "tls": read.tls(),
    }
