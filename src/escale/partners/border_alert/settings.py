"""Options of the border relay (see docs/partners/border_alert.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from escale.partners.kit.options import Options

DEMO_KEY = "sltd-demonstration-signing-key-of-32-bytes"
DEMO_CLIENT = "escale"


def options(
    environ: Mapping[str, str],
    *,
    data_dir: Path,
    simulators_url: str,
    portal_url: str,
    desk_url: str,
    reception_url: str,
) -> dict[str, Any]:
    read = Options(environ, "BORDER_ALERT")
    return {
        "base_url": read.secret("URL", f"{simulators_url}/sltd"),
        "client": read.secret("CLIENT", DEMO_CLIENT),
        "signing_key": read.secret("SIGNING_KEY", DEMO_KEY),
        "contact_unit": read.text("CONTACT_UNIT", "DGEF passeports"),
        "timeout": read.number("TIMEOUT", 10.0),
        "tls": read.tls(),
    }
