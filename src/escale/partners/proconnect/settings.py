"""Options of the ProConnect adapter. Every variable is explained in the README beside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from escale.partners.kit.options import Options

DEMO_CLIENT_ID = "escale-demonstration-proconnect"
DEMO_CLIENT_SECRET = "demonstration-secret-of-proconnect-without-any-value"
DEMO_SIRET = "99900000600018"
DEMO_IDP = "5b1f4f0c-6c39-4f0e-9a86-0d6d7f5c2a11"


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
    read = Options(environ, "PROCONNECT")
    return {
        "issuer": read.secret("ISSUER", f"{simulators_url}/proconnect/api/v2"),
        "client_id": read.secret("CLIENT_ID", DEMO_CLIENT_ID),
        "client_secret": read.secret("CLIENT_SECRET", DEMO_CLIENT_SECRET),
        "sirets": frozenset(read.secret("SIRETS", DEMO_SIRET).split()),
        "providers": frozenset(read.secret("PROVIDERS", DEMO_IDP).split()),
        "acrs": tuple(read.text("ACRS", "eidas0-mfa eidas1-mfa eidas2 eidas3").split()),
        "timeout": read.number("TIMEOUT", 5.0),
    }
