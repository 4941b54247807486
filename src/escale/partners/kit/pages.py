"""Pages common to all simulators: their list, and the virtual clock."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from escale import clock

UNITS = {"minutes": "minutes", "heures": "hours", "jours": "days"}


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "simulators/home.html", {"now": clock.now()})


def health(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok", "now": clock.now().isoformat()})


@csrf_exempt
def clock_page(request: HttpRequest) -> HttpResponse:
    """Shows the virtual hour; POST ``amount`` and ``unit`` (minutes, heures, jours) moves it forward."""
    error = ""
    if request.method == "POST":
        try:
            clock.advance(timedelta(**{UNITS[request.POST["unit"]]: int(request.POST["amount"])}))
        except (KeyError, ValueError, clock.ClockRefused):
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
    clocks = [(zone, now.astimezone(ZoneInfo(zone))) for zone in zones]
    status = 400 if error else 200
    return render(request, "simulators/clock.html", {"now": now, "clocks": clocks, "error": error}, status=status)
