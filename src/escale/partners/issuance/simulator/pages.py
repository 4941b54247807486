"""The workshop's pages: the orders, what each is waiting for, and the printed page of a passport."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from escale import clock
from escale.partners.issuance.simulator import datapage, orders, titles
from escale.partners.kit import people

LABELS = {
    "RECUE": "reçue",
    "EN_CONTROLE": "en contrôle",
    "REJETEE": "rejetée",
    "EN_PRODUCTION": "en production",
    "PRODUITE": "produite",
    "EXPEDIEE_POSTE": "expédiée au poste",
}
TITLE_LABELS = {"VALIDE_EN_ATTENTE": "en attente de confirmation", "VALIDE": "valide", "INVALIDE": "invalidé"}
REASONS = {
    "PHOTO_NON_CONFORME": "photo non conforme",
    "TITRE_PRECEDENT_INCONNU": "ancien passeport inconnu",
    "TITRE_PRECEDENT_PERIME": "ancien passeport périmé",
}
_TYPES = {"png": "image/png", "pdf": "application/pdf"}


@require_GET
def all_orders(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    orders.run(now)
    found = [_shown(order, now) for _, order in titles.STORE.all("order")][::-1]
    return render(request, "issuance/orders.html", {"now": now, "orders": found})


@require_GET
def one_order(request: HttpRequest, reference: str) -> HttpResponse:
    now = clock.now()
    orders.run(now)
    context = {"order": _shown(_order(reference), now), "reasons": REASONS, "now": now}
    return render(request, "issuance/order.html", context)


@csrf_exempt
@require_POST
def advance(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the next step at once, without waiting for the clock."""
    _order(reference)
    orders.advance(reference, clock.now())
    return HttpResponseRedirect(reverse("issuance_simulator:one-order", args=[reference]))


@csrf_exempt
@require_POST
def reject(request: HttpRequest, reference: str) -> HttpResponse:
    """Reject an order that is not produced; ``motif`` among REASONS."""
    _order(reference)
    reason = request.POST.get("motif", "PHOTO_NON_CONFORME")
    if reason not in REASONS:
        raise Http404
    orders.reject(reference, reason, clock.now())
    return HttpResponseRedirect(reverse("issuance_simulator:one-order", args=[reference]))


@require_GET
def produced_page(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """The page of the passport produced for an order, to be scanned or typed where it arrives."""
    title = titles.find(_order(reference)["title"])
    if title is None:
        raise Http404
    return _printed(title, orders.photo_of(reference), kind)


@require_GET
def specimens(request: HttpRequest) -> HttpResponse:
    """The passports that the people of the demonstration hold at the start."""
    return render(request, "issuance/specimens.html", {"people": people.people()})


@require_GET
def specimen_page(request: HttpRequest, login: str, kind: str) -> HttpResponse:
    title = titles.of_login(login)
    if title is None:
        raise Http404
    return _printed(title, b"", kind)


def _printed(title: dict[str, Any], photo: bytes, kind: str) -> HttpResponse:
    if kind not in _TYPES:
        raise Http404
    return HttpResponse(datapage.render(title, photo, kind), content_type=_TYPES[kind])


def _order(reference: str) -> dict[str, Any]:
    found = titles.STORE.get("order", reference)
    if found is None:
        raise Http404
    return found


def _shown(order: dict[str, Any], now: datetime) -> dict[str, Any]:
    title = titles.find(order["title"]) if order["title"] else None
    return {
        **order,
        "label": LABELS[order["state"]],
        "reason_label": REASONS.get(order["reason"], order["reason"]),
        "received": datetime.fromisoformat(order["received_at"]),
        "due": orders.due_at(order),
        "can_advance": order["state"] in orders.NEXT,
        "can_reject": order["state"] in ("RECUE", "EN_CONTROLE", "EN_PRODUCTION"),
        "title": title,
        "title_label": TITLE_LABELS[titles.state(title, now)] if title else "",
    }
