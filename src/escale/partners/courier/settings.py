"""Options of the adapter, from the environment; the simulator's by default (variables: see README.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from escale.case.carriers import DHL
from escale.partners.kit.options import Options

SIMULATOR_USERNAME = "escale"
SIMULATOR_PASSWORD = "simulateur-dhl"  # opens the demonstration simulator only; production refuses to start with it
SIMULATOR_ACCOUNT = "960123456"


def options(
    environ: Mapping[str, str],
    *,
    data_dir: Path,
    simulators_url: str,
    portal_url: str,
    desk_url: str,
    reception_url: str,
) -> dict[str, Any]:
    """Keyword arguments of DhlAdapter. Raises BadOption."""
    read = Options(environ, "COURIER")
    return {
        "base_url": read.secret("URL", f"{simulators_url}/dhl/mydhlapi"),
        "username": read.secret("USERNAME", SIMULATOR_USERNAME),
        "password": read.secret("PASSWORD", SIMULATOR_PASSWORD),
        "account": read.secret("ACCOUNT", SIMULATOR_ACCOUNT),
        "version": read.text("VERSION", "3.3.2"),
        "connect_timeout": read.number("CONNECT_TIMEOUT", 5.0),
        "read_timeout": read.number("READ_TIMEOUT", 30.0),
    }


def label_page(environ: Mapping[str, str], *, simulators_url: str) -> str:
    """Where the applicant buys a DHL label: the simulated shop in a demonstration, else DHL's own."""
    real = environ.get("ESCALE_MODE") == "production"
    return Options(environ, "COURIER").text(
        "LABEL_PAGE", DHL.label_page if real else f"{simulators_url}/dhl/etiquettes/"
    )
