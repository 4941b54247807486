"""Switches of a simulator: it can fail, be slow, never answer, repeat itself, come late, or lose a reply after acting.

Set over HTTP: ``POST /<prefix>/_pannes`` with ``mode``, ``times`` and, for those that wait, ``seconds`` (form fields);
``mode=`` clears. GET tells what is on, and shows a form to a browser. Every simulator has every mode of ``MODES``.
Those in its ``Store.plays`` it plays itself, on what it tells without being asked; the others here, on its calls.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from escale.partners.kit.store import Store

type View = Callable[..., HttpResponseBase]

SLOW_SECONDS = 3.0
MUTE_SECONDS = 40.0
"""Longer than any of our time-outs."""
OVERTAKEN_SECONDS = 5.0
CALLS = {
    "error": "503, avant d’avoir agi",
    "slow": "répond après trois secondes",
    "mute": "n’agit pas et ne répond pas",
    "lost_reply": "agit, puis coupe la connexion",
}
TOLD = {
    "silent": "agit et ne répond jamais",
    "duplicate": "reçoit l’appel deux fois, répond la seconde",
    "late": "agit quand l’appelant a renoncé",
    "reordered": "attend qu’un autre appel soit passé devant",
}
"""What these four do to a call. A simulator that tells things by itself plays them on those instead."""
MODES = (*CALLS, *TOLD)
WAITS = {
    "slow": SLOW_SECONDS,
    "mute": MUTE_SECONDS,
    "silent": MUTE_SECONDS,
    "late": MUTE_SECONDS,
    "reordered": OVERTAKEN_SECONDS,
}
_ANSWERED = threading.Condition()
_COUNTS: Counter[str] = Counter()


def take(store: Store, *modes: str) -> str | None:
    """The fault to play now among ``modes``, or None. Each call uses up one of its ``times``."""
    return take_with_wait(store, *modes)[0]


def take_with_wait(store: Store, *modes: str) -> tuple[str | None, float]:
    """The same, and how many seconds it waits."""
    with store.locked():
        fault = store.get("fault", "current")
        if not fault or fault["mode"] not in modes or fault["times"] <= 0:
            return None, 0.0
        fault["times"] -= 1
        store.put("fault", "current", fault)
        return str(fault["mode"]), float(fault.get("seconds", WAITS.get(fault["mode"], 0.0)))


def faulty(store: Store) -> Callable[[View], View]:
    """Decorate an API view: it plays the modes that the simulator does not play itself."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            fault, seconds = take_with_wait(store, *(mode for mode in MODES if mode not in store.plays))
            if fault == "error":
                return HttpResponse("Service Unavailable", status=503)
            if fault in ("slow", "mute", "late"):
                time.sleep(seconds)
            if fault == "mute":
                return _cut()
            if fault == "reordered":
                _be_overtaken(store, seconds)
            response = view(request, *args, **kwargs)
            if fault == "duplicate":
                response = view(request, *args, **kwargs)
            _be_answered(store)
            if fault == "silent":
                time.sleep(seconds)
            return _cut() if fault in ("lost_reply", "silent") else response

        return wrapped

    return decorate


def _cut() -> StreamingHttpResponse:
    """A reply whose connection ends before its first byte: the caller knows nothing of what was done."""
    return StreamingHttpResponse(iter(()), headers={"Content-Length": "1000"})


def _be_overtaken(store: Store, seconds: float) -> None:
    with _ANSWERED:
        before = _COUNTS[store.partner]
        _ANSWERED.wait_for(lambda: _COUNTS[store.partner] > before, timeout=seconds)


def _be_answered(store: Store) -> None:
    with _ANSWERED:
        _COUNTS[store.partner] += 1
        _ANSWERED.notify_all()


def panel(store: Store) -> Callable[[HttpRequest], HttpResponse]:
    """The view behind ``_pannes``."""
    meanings = {**CALLS, **TOLD, **store.plays}

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponse:
        by_hand = "text/html" in request.headers.get("Accept", "")
        if request.method == "POST":
            try:
                store.put("fault", "current", _asked(request, tuple(meanings)))
            except ValueError:
                error = f"mode among {', '.join(meanings)}; times and seconds are numbers"
                return JsonResponse({"error": error}, status=400)
            if by_hand:
                return HttpResponseRedirect(request.path, headers={"Cache-Control": "no-store"})
        current = store.get("fault", "current") or {"mode": "", "times": 0}
        if by_hand:
            return render(request, "simulators/faults.html", {"current": current, "meanings": meanings})
        return JsonResponse({**current, "modes": list(meanings)})

    return view


def _asked(request: HttpRequest, modes: tuple[str, ...]) -> dict[str, Any]:
    """Raises ValueError."""
    mode, times = request.POST.get("mode", ""), request.POST.get("times", "1")
    if (mode and mode not in modes) or not times.isdecimal():
        raise ValueError(mode)
    asked: dict[str, Any] = {"mode": mode, "times": int(times)}
    if request.POST.get("seconds"):
        asked["seconds"] = float(request.POST["seconds"])
        if not 0 <= asked["seconds"] <= 600:
            raise ValueError("seconds")
    return asked
