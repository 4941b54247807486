"""Options of the two adapters, from the environment; the simulator's by default (variables: see README.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from escale import clock
from escale.partners.kit.options import Options

SIMULATOR_CLIENT = "escale"
SIMULATOR_SECRET = "simulateur-timbre"  # opens the demonstration simulator only; production refuses to start with it
SIMULATOR_TELESERVICE = "PASSEPORT-A-DISTANCE"
SIMULATOR_CLIENT_NUMBER = "099099"


def _gateway(read: Options) -> dict[str, Any]:
    return {
        "client_id": read.secret("CLIENT_ID", SIMULATOR_CLIENT),
        "client_secret": read.secret("CLIENT_SECRET", SIMULATOR_SECRET),
        "teleservice": read.secret("TELESERVICE", SIMULATOR_TELESERVICE),
        "connect_timeout": read.number("CONNECT_TIMEOUT", 3.0),
        "read_timeout": read.number("READ_TIMEOUT", 10.0),
    }


def options(
    environ: Mapping[str, str],
    *,
    data_dir: Path,
    simulators_url: str,
    portal_url: str,
    desk_url: str,
    reception_url: str,
) -> dict[str, Any]:
    """Keyword arguments of TaxStampAdapter. Raises BadOption."""
    read = Options(environ, "TAX_STAMP")
    return {"base_url": read.secret("URL", f"{simulators_url}/timbre"), **_gateway(read)}


def payment_options(
    environ: Mapping[str, str],
    *,
    data_dir: Path,
    simulators_url: str,
    portal_url: str,
    desk_url: str,
    reception_url: str,
) -> dict[str, Any]:
    """Keyword arguments of PayFip. Raises BadOption."""
    stamp, payfip = Options(environ, "TAX_STAMP"), Options(environ, "PAYFIP")
    real_payments = environ.get("ESCALE_MODE") == "production"
    return {
        "endpoint": payfip.secret("ENDPOINT", f"{simulators_url}/timbre/payfip/tpa/services/securite"),
        "pay_page": payfip.secret("PAY_PAGE", f"{simulators_url}/timbre/payfip/tpa/paiementws.web"),
        "client_number": payfip.secret("CLIENT_NUMBER", SIMULATOR_CLIENT_NUMBER),
        "entry_mode": payfip.among("ENTRY_MODE", ("T", "X", "W"), "W" if real_payments else "T"),
        "clock": clock.now,
        "apim_url": stamp.secret("URL", f"{simulators_url}/timbre"),
        **_gateway(stamp),
        "read_timeout": payfip.number("READ_TIMEOUT", 15.0),
    }
