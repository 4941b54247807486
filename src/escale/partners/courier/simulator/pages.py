"""Pages for people: the parcels with their buttons, and the public shop of labels."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from escale import clock
from escale.case.carriers import DHL
from escale.partners.courier import plain, shipment
from escale.partners.courier.settings import SIMULATOR_ACCOUNT
from escale.partners.courier.simulator import label, parcels
from escale.partners.courier.simulator.parcels import AREAS, EVENTS, SCENARIO_WORDS, STORE, Unplayable
from escale.partners.courier.simulator.schema import SHIPMENT

LISTED = 200
OPTIONS = (
    ("", "Aucune option (conseillé)"),
    ("SF", "Signature directe du destinataire"),
    ("SG", "Remise contre signature"),
    ("SD", "Signature d’un adulte"),
    ("SX", "Sans signature"),
)
SIDES = {"from": "Expéditeur (le poste consulaire)", "to": "Destinataire (vous)"}
FIELDS = (
    ("name", "Nom", "name", True),
    ("company", "Organisme", "organization", False),
    ("line1", "Adresse", "address-line1", True),
    ("line2", "Complément d’adresse", "address-line2", False),
    ("postcode", "Code postal", "postal-code", True),
    ("city", "Ville", "address-level2", True),
    ("phone", "Téléphone", "tel", True),
)
COUNTRIES = {"CA": "Canada", "AU": "Australie", "ES": "Espagne", "PT": "Portugal"}


def listing(request: HttpRequest) -> HttpResponse:
    """The last parcels, newest first; ``?q=`` keeps those whose waybill or reference contains it."""
    parcels.advance(clock.now())
    wanted = request.GET.get("q", "").replace(" ", "").upper()
    found = [
        _row(parcel)
        for _, parcel in reversed(STORE.all("parcel"))
        if wanted in parcel["waybill"] or wanted in parcel["reference"].replace(" ", "").upper()
    ]
    context = {"rows": found[:LISTED], "more": len(found) > LISTED, "q": request.GET.get("q", "")}
    return render(request, "courier/listing.html", context)


def _row(parcel: dict[str, Any]) -> dict[str, Any]:
    last = parcel["events"][-1] if parcel["events"] else None
    return {
        **parcel,
        "to": parcel["receiver"]["contactInformation"]["fullName"],
        "last": EVENTS[last["code"]][0] if last else "étiquette créée",
    }


def parcel_page(request: HttpRequest, waybill: str, message: str = "", status: int = 200) -> HttpResponse:
    """One parcel: its scans in local hours, its buttons, its scenario."""
    parcels.advance(clock.now())
    parcel = STORE.get("parcel", waybill)
    if parcel is None:
        raise Http404
    scans = [
        {
            "at": datetime.fromisoformat(event["at"]),
            "zone": parcels.zone_name(event["area"]),
            "words": EVENTS[event["code"]][0],
            "code": event["code"],
            "place": AREAS[event["area"]],
        }
        for event in parcel["events"]
    ]
    context = {
        "parcel": _row(parcel),
        "scans": scans,
        "events": EVENTS,
        "scenarios": SCENARIO_WORDS,
        "message": message,
    }
    return render(request, "courier/parcel.html", context, status=status)


@csrf_exempt
def act(request: HttpRequest, waybill: str, action: str) -> HttpResponse:
    """POST ``evenement`` (with ``code``), ``scenario`` (with ``scenario``) or ``perdu``: no more scan comes."""
    if request.method != "POST":
        return HttpResponse(status=405)
    try:
        if action == "evenement":
            parcels.play(waybill, request.POST.get("code", ""), clock.now())
        elif action == "scenario":
            parcels.choose(waybill, request.POST.get("scenario", ""))
        else:
            parcels.wait_for_orders(waybill)
    except Unplayable as refusal:
        return parcel_page(request, waybill, str(refusal), 409)
    return HttpResponseRedirect(f"/dhl/colis/{waybill}/", status=303)


@csrf_exempt
def shop(request: HttpRequest) -> HttpResponse:
    """The public shop: GET the form, POST sells a label and leads to its page."""
    if request.method != "POST":
        return render(request, "courier/shop.html", _form({}, []))
    faults = _missing(request)
    body = _order(request)
    if faults or SHIPMENT.read(body):
        faults = faults or ["Un champ ne peut pas être imprimé sur une étiquette : écrivez-le en lettres latines."]
        return render(request, "courier/shop.html", _form(request.POST.dict(), faults), status=400)
    parcel = parcels.register(body, origin="shop", now=clock.now())
    return HttpResponseRedirect(f"/dhl/etiquettes/{parcel['waybill']}/", status=303)


def _missing(request: HttpRequest) -> list[str]:
    """What must be filled in, in the order of the page."""
    return [
        f"{words} : indiquez « {text} »."
        for side, words in SIDES.items()
        for name, text, _, need in FIELDS
        if need and not request.POST.get(f"{side}_{name}", "").strip()
    ]


def _form(values: dict[str, Any], faults: list[str]) -> dict[str, Any]:
    sides = [
        (
            side,
            words,
            [
                (f"{side}_{name}", text, auto, need, values.get(f"{side}_{name}", ""))
                for name, text, auto, need in FIELDS
            ],
            values.get(f"{side}_country", ""),
        )
        for side, words in SIDES.items()
    ]
    return {
        "sides": sides,
        "options": OPTIONS,
        "chosen": values.get("option", ""),
        "countries": COUNTRIES,
        "faults": faults,
        "warning": DHL.forbidden[0].reason.fr,
    }


def _order(request: HttpRequest) -> dict[str, Any]:
    def party(side: str) -> dict[str, Any]:
        read = {name: plain.latin(request.POST.get(f"{side}_{name}", "")) for name, *_ in FIELDS}
        street = plain.lines((read["line1"], read["line2"]), count=3, length=45) or [""]
        return {
            "postalAddress": {
                "postalCode": read["postcode"][:12],
                "cityName": read["city"][:45],
                "countryCode": request.POST.get(f"{side}_country", ""),
                **{f"addressLine{number}": line for number, line in enumerate(street, start=1)},
            },
            "contactInformation": {
                "phone": read["phone"][:70],
                "companyName": (read["company"] or read["name"])[:100],
                "fullName": read["name"][:255],
            },
        }

    option = request.POST.get("option", "")
    order: dict[str, Any] = {
        "plannedShippingDateAndTime": shipment.planned(clock.now() + timedelta(hours=1), ""),
        "pickup": {"isRequested": False},
        "productCode": "N",
        "accounts": [{"typeCode": "payer", "number": SIMULATOR_ACCOUNT}],
        "customerDetails": {"shipperDetails": party("from"), "receiverDetails": party("to")},
        "content": {
            "packages": [shipment.ENVELOPE],
            "isCustomsDeclarable": False,
            "description": "DOCUMENTS",
            "incoterm": "DAP",
            "unitOfMeasurement": "metric",
        },
    }
    if option:
        order["valueAddedServices"] = [{"serviceCode": option}]
    return order


def sold(request: HttpRequest, waybill: str) -> HttpResponse:
    parcel = STORE.get("parcel", waybill)
    if parcel is None or parcel["origin"] != "shop":
        raise Http404
    services = [label.SERVICES.get(code, code) for code in parcel["services"]]
    return render(request, "courier/sold.html", {"parcel": parcel, "services": services})


def label_pdf(request: HttpRequest, waybill: str) -> HttpResponse:
    parcel = STORE.get("parcel", waybill)
    if parcel is None:
        raise Http404
    response = HttpResponse(label.pdf(parcel), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="etiquette-{waybill}.pdf"'
    return response
