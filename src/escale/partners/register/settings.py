"""Options of the register's adapter. Every variable is explained in the README beside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from escale.partners.kit.options import Options

DEMO_TOKEN = "demonstration-token-of-the-register-without-any-value"


def options(
    environ: Mapping[str, str],
    *,
    data_dir: Path,
    simulators_url: str,
    portal_url: str,
    desk_url: str,
    reception_url: str,
) -> dict[str, Any]:
    """Keyword arguments of the adapter. Raises BadOption."""
    read = Options(environ, "REGISTER")
    return {
        "base_url": read.secret("URL", f"{simulators_url}/registre"),
        "token": read.secret("TOKEN", DEMO_TOKEN),
        "numic_pattern": read.text("NUMIC_PATTERN", r"[0-9]{6,12}"),
        "timeout": read.number("TIMEOUT", 2.0),
        "tls": read.tls(),
    }
