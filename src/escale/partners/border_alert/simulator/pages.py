"""The border check, and what the relay holds."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from escale import clock
from escale.case.mrz import Mrz
from escale.case.values import InvalidValue
from escale.partners.border_alert.simulator import records

STATUSES = {"INVALID": "invalide", "LOST": "perdu", "STOLEN": "volé", "REVOKED": "révoqué"}
REASONS = {
    "NOT_RECEIVED_40D": "réception non confirmée dans les quarante jours",
    "OLD_NOT_RETURNED_40D": "ancien passeport non rendu dans les quarante jours",
    "LOST": "déclaré perdu",
    "STOLEN": "déclaré volé",
    "DESTROYED": "détruit",
}


@csrf_exempt
@require_http_methods(["GET", "POST"])
def border(request: HttpRequest) -> HttpResponse:
    """Type a number or the two lines of the zone, as a border guard would: hit or no hit."""
    context: dict[str, Any] = {"asked": False, "error": ""}
    if request.method == "POST":
        try:
            number, country = _read(request.POST.get("document", ""))
        except InvalidValue as error:
            context["error"] = _ERRORS[error.code]
        else:
            hits = [_shown(hit) for hit in records.hits(number, country, clock.now())]
            context |= {"asked": True, "number": number, "country": country, "hits": hits}
    return render(request, "border_alert/border.html", context, status=400 if context["error"] else 200)


_ERRORS = {
    "mrz_shape": "La bande de lecture compte deux lignes de 44 caractères.",
    "mrz_check": "Un chiffre de contrôle de la bande de lecture est faux : relisez-la.",
    "number": "Indiquez un numéro de document : des lettres et des chiffres, neuf au plus.",
}


def _read(typed: str) -> tuple[str, str]:
    """Number and issuing country of what was typed; a bare number is taken for French. Raises InvalidValue."""
    if len(typed.strip().splitlines()) > 1:
        zone = Mrz.parse(typed)
        return zone.number, zone.issuer
    number = re.sub(r"[\s-]", "", typed).upper()
    if not re.fullmatch(r"[A-Z0-9]{1,9}", number):
        raise InvalidValue("number")
    return number, "FRA"


@require_GET
def records_page(request: HttpRequest) -> HttpResponse:
    found = [_shown({**known, "item_id": identity}) for identity, known in records.STORE.all("record")][::-1]
    counts = records.counts()
    named = [(STATUSES[status], count) for status, count in counts["in_force"].items()]
    context = {"records": found, "counts": named, "withdrawn": counts["withdrawn"]}
    return render(request, "border_alert/records.html", context)


def _shown(record: dict[str, Any]) -> dict[str, Any]:
    return {
        **record,
        "status_label": STATUSES[record["status"]],
        "reason_label": REASONS.get(record["reason"], record["reason"]),
        "recorded": datetime.fromisoformat(record["recorded_at"]),
        "withdrawn": datetime.fromisoformat(record["withdrawn_at"]) if record["withdrawn_at"] else None,
    }
