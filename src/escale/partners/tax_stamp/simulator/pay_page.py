"""PayFiP's hosted page, where the person pays, and the list of operations for whoever watches."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from escale import clock
from escale.partners.kit import faults
from escale.partners.tax_stamp.simulator import operations
from escale.partners.tax_stamp.simulator.operations import NOTIFICATIONS, RESULTS, SoapFault
from escale.partners.tax_stamp.simulator.stamps import STORE

_FROM_SWITCH = {"silent": "aucune", "duplicate": "double", "late": "tardive", "reordered": "doublée"}


@csrf_exempt
def pay(request: HttpRequest) -> HttpResponse:
    """GET shows the payment; POST ``resultat`` (P, R, V, Z, A) and ``notification`` gives it an end."""
    idop, now = request.GET.get("idop", ""), clock.now()
    try:
        operation = operations.find(idop, now)
    except SoapFault:
        return render(request, "tax_stamp/too_late.html", {"back": ""}, status=404)
    back = _back(operation["urlredirect"], idop)
    if request.method == "POST":
        result, notification = request.POST.get("resultat", ""), request.POST.get("notification", "normale")
        if result not in RESULTS or notification not in NOTIFICATIONS:
            return HttpResponse("resultat ou notification inconnus", status=400, content_type="text/plain")
        switch = faults.take(STORE, *_FROM_SWITCH)
        if operations.settle(idop, result, _FROM_SWITCH[switch] if switch else notification, now) is not None:
            return HttpResponseRedirect(back, status=303)
    elif operations.usable(operation, now):
        context = {
            "operation": operation,
            "euros": f"{int(operation['montant']) / 100:.2f}".replace(".", ","),
            "results": RESULTS,
            "notifications": NOTIFICATIONS,
        }
        return render(request, "tax_stamp/pay.html", context)
    return render(request, "tax_stamp/too_late.html", {"back": back, "done": operation["result"]}, status=410)


def _back(address: str, idop: str) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode({'idop': idop})}"


def listing(request: HttpRequest) -> HttpResponse:
    """Every operation with its result and what became of its notifications."""
    told: dict[str, list[str]] = {}
    for _, notification in STORE.all("told"):
        told.setdefault(notification["idop"], []).append(notification["status"])
    for _, notification in STORE.all("due"):
        told.setdefault(notification["idop"], []).append(f"prévue à {notification['at']}")
    rows = [{**operation, "idop": idop, "told": told.get(idop, [])} for idop, operation in STORE.all("operation")]
    return render(request, "tax_stamp/operations.html", {"rows": rows[::-1], "results": RESULTS})


@csrf_exempt
def notify_again(request: HttpRequest, idop: str) -> HttpResponse:
    """POST: one more notification of an operation, as PayFiP may send."""
    if request.method != "POST" or STORE.get("operation", idop) is None:
        return HttpResponse(status=405 if request.method != "POST" else 404)
    operations.plan_notification(idop, clock.now())
    return HttpResponseRedirect("/timbre/payfip/operations/", status=303)
