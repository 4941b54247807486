"""The stamps' shop, and the magic numbers. A purchase is found by an identifier of its own, never by its number."""

from __future__ import annotations

import uuid
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from escale import clock
from escale.partners.tax_stamp.simulator import paper, stamps
from escale.partners.tax_stamp.simulator.stamps import MAGIC, OUT_OF_ORDER, PRODUCTS, STORE, TOO_MANY_TRIES


def _grouped(number: str) -> str:
    return " ".join(number[i : i + 4] for i in range(0, 16, 4))


@csrf_exempt
def shop(request: HttpRequest) -> HttpResponse:
    """GET lists products and magic numbers; POST ``motif`` sells a stamp and leads to its page."""
    now = clock.now()
    if request.method == "POST":
        motive = request.POST.get("motif", "")
        if motive not in PRODUCTS:
            return HttpResponse("motif inconnu", status=400, content_type="text/plain; charset=utf-8")
        stamp = stamps.issue(motive, PRODUCTS[motive][1], now)
        purchase = str(uuid.uuid4())
        STORE.put("shop", purchase, {"numero": stamp["numero"]})
        return HttpResponseRedirect(f"/timbre/boutique/{purchase}/", status=303)
    stamps.seed(now)
    rows = [(_grouped(number), words, stamps.find(number, now)["etat"]) for number, (words, _) in MAGIC.items()]
    rows += [
        (_grouped(TOO_MANY_TRIES), "trop de tentatives", "429"),
        (_grouped(OUT_OF_ORDER), "service indisponible", "503"),
    ]
    products = [(code, words, cents // 100) for code, (words, cents) in PRODUCTS.items()]
    return render(request, "tax_stamp/shop.html", {"products": products, "rows": rows})


def _bought(purchase: uuid.UUID) -> dict[str, str]:
    sold = STORE.get("shop", str(purchase))
    if sold is None:
        raise Http404
    stamp = stamps.find(sold["numero"], clock.now())
    return {
        "number": stamp["numero"],
        "product": PRODUCTS[stamp["motif"]][0],
        "amount": f"{stamp['montantCentimes'] // 100} €",
        "bought": f"{date.fromisoformat(stamp['dateAchat']):%d/%m/%Y}",
        "ends": f"{date.fromisoformat(stamp['dateFinValidite']):%d/%m/%Y}",
    }


def sold(request: HttpRequest, purchase: uuid.UUID) -> HttpResponse:
    stamp = _bought(purchase)
    return render(request, "tax_stamp/sold.html", {**stamp, "grouped": _grouped(stamp["number"])})


def sold_pdf(request: HttpRequest, purchase: uuid.UUID) -> HttpResponse:
    response = HttpResponse(paper.pdf(**_bought(purchase)), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="timbre-fiscal.pdf"'
    return response
