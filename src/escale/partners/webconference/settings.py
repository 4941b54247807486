"""Options of the video room (see docs/partners/webconference.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from escale.partners.kit.options import BadOption, Options

PROVIDERS = ("embedded", "webconf", "visio")
# The simulator's own keys; production refuses to start without others.
DEMO_ROOM_SECRET = "rooms-demonstration"
DEMO_APP_ID = "passeport"
DEMO_KEY = "webconf-demonstration-signing-key-32b"
DEMO_AUDIENCE = "jitsi"
DEMO_VISIO_CLIENT = "escale"
DEMO_VISIO_SECRET = "visio-demonstration"


def options(
    environ: Mapping[str, str],
    *,
    data_dir: Path,
    simulators_url: str,
    portal_url: str,
    desk_url: str,
    reception_url: str,
) -> dict[str, Any]:
    read = Options(environ, "WEBCONFERENCE")
    order = tuple(name.strip() for name in read.text("ORDER", "embedded").split(",") if name.strip())
    if not order or set(order) - set(PROVIDERS):
        raise BadOption(f"ESCALE_WEBCONFERENCE_ORDER must be one or more of: {', '.join(PROVIDERS)}.")
    room_secret = read.secret("ROOM_SECRET", DEMO_ROOM_SECRET)
    timeout = read.number("TIMEOUT", 5.0)
    return {
        "order": order,
        "embedded": {
            "url": read.text("EMBEDDED_URL", f"{portal_url}/demande/{{case}}/salle"),
            "room_secret": room_secret,
        },
        "webconf": {
            "base_url": _needed(read, order, "webconf", "WEBCONF_URL", f"{simulators_url}/webconf"),
            "app_id": _needed(read, order, "webconf", "WEBCONF_APP_ID", DEMO_APP_ID),
            "key": _needed(read, order, "webconf", "WEBCONF_KEY", DEMO_KEY),
            "audience": read.text("WEBCONF_AUDIENCE", DEMO_AUDIENCE),
            "room_secret": room_secret,
            "timeout": timeout,
        },
        "visio": {
            "base_url": _needed(read, order, "visio", "VISIO_URL", f"{simulators_url}/webconf/visio/external-api/v1.0"),
            "client_id": _needed(read, order, "visio", "VISIO_CLIENT_ID", DEMO_VISIO_CLIENT),
            "client_secret": _needed(read, order, "visio", "VISIO_CLIENT_SECRET", DEMO_VISIO_SECRET),
            "timeout": timeout,
        },
    }


def _needed(read: Options, order: tuple[str, ...], provider: str, name: str, demonstration: str) -> str:
    """Production asks for the keys of the providers in the order alone."""
    return read.secret(name, demonstration) if provider in order else read.text(name, demonstration)
