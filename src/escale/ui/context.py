"""What every page knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from escale import clock
from escale.ui import sessions

HOME_ZONE = "Europe/Paris"
SCHEME_COOKIE = "apparence"
SCHEMES = ("auto", "light", "dark")


def site(request: HttpRequest) -> dict[str, Any]:
    """The site, the actor, the addresses of the other sites, the theme, and the virtual hour in demonstration."""
    now = clock.now()
    end = sessions.end_of(request) if hasattr(request, "session") and getattr(request, "actor", None) else None
    return {
        "session_end": end,
        "session_ends_at": now + timedelta(seconds=end.seconds) if end else None,
        "session_zone": getattr(request, "zone", HOME_ZONE),
        "scheme": _scheme(request),
        "site": getattr(request, "site", "portal"),
        "actor": getattr(request, "actor", None),
        "signed_in_name": request.session.get("name", "") if hasattr(request, "session") else "",
        "sites": settings.SITES,
        "theme": settings.THEME,
        "demonstration": not settings.PRODUCTION,
        "simulators_url": "" if settings.PRODUCTION else settings.SIMULATORS_URL,
        "now": now,
    }


def _scheme(request: HttpRequest) -> str:
    """Light, dark, or what the machine says: the choice of the visitor."""
    chosen = request.COOKIES.get(SCHEME_COOKIE, "")
    return chosen if chosen in SCHEMES else "auto"
