"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from escale import clock


def site(request: HttpRequest) -> dict[str, Any]:
    """The site, the actor, the addresses of the other sites, the theme, and the virtual hour in demonstration."""
    return {
        "site": getattr(request, "site", "portal"),
        "actor": getattr(request, "actor", None),
        "signed_in_name": request.session.get("name", "") if hasattr(request, "session") else "",
        "sites": settings.SITES,
        "theme": settings.THEME,
        "demonstration": not settings.PRODUCTION,
        "simulators_url": "" if settings.PRODUCTION else settings.SIMULATORS_URL,
        "now": clock.now(),
    }
