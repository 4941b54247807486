"""Options of the mailer (see docs/partners/mailer.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from escale.partners.kit.options import BadOption, Options
from escale.partners.mailer.returns import LONGEST_PREFIX, PLACE, ReturnPath

DEMO_SENDER = "Renouvellement de passeport <ne-pas-repondre@escale.example>"
DEMO_RETURN_PATH = "retours+{reference}@escale.example"
DEMO_RETURN_KEY = "demonstration-key-of-the-return-path-without-any-value"
DEMO_TEMPLATES = {
    "message": "5f0f7a1c-0f5e-4f6b-9a53-1f5f2b3c7d01",
    "calendar": "5f0f7a1c-0f5e-4f6b-9a53-1f5f2b3c7d02",
}
DEMO_CALLBACK_TOKEN = "notify-callback-demonstration"
# Name, service and signing key, as Notify writes its keys; the simulator accepts no other.
DEMO_NOTIFY_KEY = "escale-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"


def options(
    environ: Mapping[str, str],
    *,
    data_dir: Path,
    simulators_url: str,
    portal_url: str,
    desk_url: str,
    reception_url: str,
) -> dict[str, Any]:
    read = Options(environ, "MAILER")
    if read.among("TRANSPORT", ("smtp", "notify"), "smtp") == "notify":
        return {
            "transport": "notify",
            "base_url": read.secret("NOTIFY_URL", f"{simulators_url}/courriel"),
            "api_key": read.secret("NOTIFY_API_KEY", DEMO_NOTIFY_KEY),
            "template": read.secret("NOTIFY_TEMPLATE", DEMO_TEMPLATES["message"]),
            "calendar_template": read.secret("NOTIFY_CALENDAR_TEMPLATE", DEMO_TEMPLATES["calendar"]),
            "callback_token": read.secret("NOTIFY_CALLBACK_TOKEN", DEMO_CALLBACK_TOKEN),
        }
    return {
        "transport": "smtp",
        "host": read.secret("HOST", "127.0.0.1"),
        "port": int(read.number("PORT", float(environ.get("ESCALE_SMTP_PORT", "8125")))),
        "security": read.among("SECURITY", ("none", "starttls", "tls"), "none"),
        "username": read.text("USERNAME", ""),
        "password": read.text("PASSWORD", ""),
        "sender": read.secret("SENDER", DEMO_SENDER),
        "return_path": _return_path(read.secret("RETURN_PATH", DEMO_RETURN_PATH)),
        "return_key": read.secret("RETURN_KEY", DEMO_RETURN_KEY),
        "timeout": read.number("TIMEOUT", 10.0),
    }


def _return_path(pattern: str) -> str:
    try:
        ReturnPath(pattern, "")
    except ValueError:
        raise BadOption(
            f"ESCALE_MAILER_RETURN_PATH must be an address with {PLACE} before the @ "
            f"and {LONGEST_PREFIX} characters beside it at most."
        ) from None
    return pattern
