"""Switches of a simulator: it can fail, be slow, never answer, repeat itself, or lose a reply after acting.

Set over HTTP: ``POST /<prefix>/_pannes`` with ``mode`` and ``times`` (form fields), read with GET, which also lists the
modes this simulator knows; ``mode=`` clears. ``CALLS`` concern every call; the others what a simulator tells by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from escale.partners.kit.store import Store

CALLS = ("error", "slow", "mute", "lost_reply")
SLOW_SECONDS = 3.0
MUTE_SECONDS = 40.0
"""Longer than any of our time-outs."""


def take(store: Store, *modes: str) -> str | None:
    """The fault to play now among ``modes``, or None. Each call uses up one of its ``times``."""
    with store.locked():
        fault = store.get("fault", "current")
        if not fault or fault["mode"] not in modes or fault["times"] <= 0:
            return None
        fault["times"] -= 1
        store.put("fault", "current", fault)
        return str(fault["mode"])


def faulty(store: Store) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Decorate an API view: ``error`` is 503 and ``mute`` no answer, both before acting; ``slow`` waits;
    ``lost_reply`` acts, then is 502."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            fault = take(store, *CALLS)
            if fault == "error":
                return HttpResponse("Service Unavailable", status=503)
            if fault == "mute":
                time.sleep(MUTE_SECONDS)
                return HttpResponse("Gateway Timeout", status=504)
            if fault == "slow":
                time.sleep(SLOW_SECONDS)
            response = view(request, *args, **kwargs)
            return HttpResponse("Bad Gateway", status=502) if fault == "lost_reply" else response

        return wrapped

    return decorate


def panel(store: Store, *own: str) -> Callable[[HttpRequest], HttpResponse]:
    """The view behind ``_pannes``. ``own``: the modes of this simulator besides those of every call."""
    modes = (*CALLS, *own)

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            mode, times = request.POST.get("mode", ""), request.POST.get("times", "1")
            if (mode and mode not in modes) or not times.isdecimal():
                return JsonResponse({"error": f"mode among {', '.join(modes)}; times is a number"}, status=400)
            store.put("fault", "current", {"mode": mode, "times": int(times)})
        return JsonResponse({**(store.get("fault", "current") or {"mode": "", "times": 0}), "modes": modes})

    return view
