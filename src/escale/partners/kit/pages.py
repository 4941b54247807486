"""Pages common to all simulators: their list, and the virtual clock."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from escale import clock
from escale.partners.kit.guide import GUIDES

FARTHEST = timedelta(days=3650)
"""At most in one step: the clock never goes back, and a slip of the keyboard must not end the demonstration."""
UNITS = {"minutes": "minutes", "heures": "hours", "jours": "days"}


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "simulators/home.html", {"now": clock.now(), "guides": GUIDES})


def health(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok", "now": clock.now().isoformat()})


@csrf_exempt
def clock_page(request: HttpRequest) -> HttpResponse:
    """Shows the virtual hour; POST ``amount`` and ``unit`` (minutes, heures, jours) moves it forward."""
    error = ""
    if request.method == "POST":
        try:
            step = timedelta(**{UNITS[request.POST["unit"]]: int(request.POST["amount"])})
            clock.advance(min(step, FARTHEST))
        except (KeyError, ValueError, OverflowError, clock.ClockRefused):
            error = "Indiquez un nombre positif et une unité : minutes, heures ou jours."
        else:
            return HttpResponseRedirect(request.path)
    now = clock.now()
    zones = [
        "Europe/Paris",
        "America/Toronto",
        "America/Vancouver",
        "Australia/Sydney",
        "Europe/Madrid",
        "Europe/Lisbon",
    ]
    status = 400 if error else 200
    return render(request, "simulators/clock.html", {"now": now, "zones": zones, "error": error}, status=status)
