"""The carrier's memory: parcels, their scans, and the scenario each one plays on the virtual clock."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from escale.case.values import Waybill
from escale.partners.courier.places import AREA_ZONES, CAPITAL_AREAS
from escale.partners.kit.store import Store

PLAYED = {
    "silent": "suivi vide (404) à la prochaine lecture",
    "duplicate": "chaque événement deux fois",
    "late": "le dernier événement n’y est pas encore",
    "reordered": "événements dans le désordre",
}
STORE = Store("courier", plays=PLAYED)

AREAS = {
    "YYZ": "TORONTO - CANADA",
    "YOW": "OTTAWA - CANADA",
    "YUL": "MONTREAL - CANADA",
    "YQB": "QUEBEC - CANADA",
    "YVR": "VANCOUVER - CANADA",
    "YQM": "MONCTON - CANADA",
    "SYD": "SYDNEY - AUSTRALIA",
    "MEL": "MELBOURNE - AUSTRALIA",
    "MAD": "MADRID - SPAIN",
    "BCN": "BARCELONA - SPAIN",
    "LIS": "LISBON - PORTUGAL",
    "OPO": "PORTO - PORTUGAL",
    "CDG": "PARIS - FRANCE",
    "LEJ": "LEIPZIG - GERMANY",
}
# First characters of a postcode, by country: enough to tell our posts' districts apart.
_DISTRICTS = {
    "CA": {"K": "YOW", "H": "YUL", "J": "YUL", "G": "YQB", "V": "YVR", "E": "YQM"},
    "AU": {"3": "MEL"},
    "ES": {"08": "BCN", "17": "BCN", "25": "BCN", "43": "BCN"},
    "PT": {"4": "OPO"},
}

# Buttons of the parcels' page: code → (French words, DHL's description).
EVENTS = {
    "PU": ("Prise en charge", "Shipment picked up"),
    "DF": ("En transit", "Shipment has departed from a DHL facility"),
    "WC": ("En cours de livraison", "Shipment is out with courier for delivery"),
    "OK": ("Livré", "Delivered"),
    "NH": ("Destinataire absent", "Delivery attempted; recipient not home"),
    "RT": ("Retourné à l’expéditeur", "Returned to shipper"),
    "DD": ("Livré endommagé", "Delivered damaged"),
    "CS": ("Annulé par le transporteur", "Shipment cancelled by the carrier: service not allowed (SD)"),
}
_ENDS = frozenset({"OK", "RT", "DD", "CS"})
_AT_ORIGIN = frozenset({"PU", "CS"})

# Scenario → (days after the first acceptance, code). « lost » says nothing more after its first transit scan.
SCENARIOS: dict[str, tuple[tuple[float, str], ...]] = {
    "happy": ((1, "DF"), (3, "WC"), (3.2, "OK")),
    "nobody_home": ((1, "DF"), (3, "WC"), (3.3, "NH"), (4, "WC"), (4.2, "OK")),
    "returned": ((1, "DF"), (3, "WC"), (3.3, "NH"), (4, "WC"), (4.3, "NH"), (8, "RT")),
    "lost": ((1, "DF"),),
    "damaged": ((1, "DF"), (3, "WC"), (3.2, "DD")),
}
SCENARIO_WORDS = {
    "happy": "livraison normale en trois jours",
    "nobody_home": "absent au premier passage",
    "returned": "retour à l’expéditeur",
    "lost": "perdu en chemin",
    "damaged": "livré endommagé",
}


class Unplayable(Exception):
    """This event cannot happen to this parcel; the message is for the page."""


def area_of(country: str, postcode: str) -> str:
    """Service area of an address; that of the country's largest city when the postcode says nothing."""
    code = postcode.replace(" ", "").upper()
    for start, area in _DISTRICTS.get(country, {}).items():
        if code.startswith(start):
            return area
    return CAPITAL_AREAS.get(country, "LEJ")


def zone_name(area: str) -> str:
    return AREA_ZONES[area]


def register(request: dict[str, Any], *, origin: str, now: datetime) -> dict[str, Any]:
    """A new parcel from the body of a shipment. ``origin`` is ``api`` or ``shop``. No deduplication, as at DHL."""
    shipper = request["customerDetails"]["shipperDetails"]
    receiver = request["customerDetails"]["receiverDetails"]
    with STORE.locked():
        while True:
            waybill = Waybill.dhl(10**8 + secrets.randbelow(9 * 10**8)).text
            if STORE.get("parcel", waybill) is None:
                break
        parcel = {
            "waybill": waybill,
            "piece": f"JD01{secrets.randbelow(10**16):016d}",
            "origin": origin,
            "reference": next(iter(request.get("customerReferences") or [{}])).get("value", ""),
            "account": request["accounts"][0]["number"],
            "product": request["productCode"],
            "description": request["content"]["description"],
            "weight": sum(package["weight"] for package in request["content"]["packages"]),
            "shipper": shipper,
            "receiver": receiver,
            "services": [each["serviceCode"] for each in request.get("valueAddedServices") or []],
            "from_area": area_of(shipper["postalAddress"]["countryCode"], shipper["postalAddress"]["postalCode"]),
            "to_area": area_of(receiver["postalAddress"]["countryCode"], receiver["postalAddress"]["postalCode"]),
            "created_at": now.isoformat(),
            "scenario": "happy",
            "accepted_at": "",
            "ended": False,
            "events": [],
        }
        STORE.put("parcel", waybill, parcel)
        if "SD" in parcel["services"]:
            STORE.put("moving", waybill, {"played": 0})
        if parcel["reference"]:
            known = STORE.get("reference", parcel["reference"]) or {"waybills": []}
            STORE.put("reference", parcel["reference"], {"waybills": [*known["waybills"], waybill]})
    return parcel


def bearing(reference: str) -> list[dict[str, Any]]:
    """The parcels that bear a customer's reference, oldest first."""
    known = STORE.get("reference", reference) or {"waybills": []}
    return [parcel for waybill in known["waybills"] if (parcel := STORE.get("parcel", waybill)) is not None]


def play(waybill: str, code: str, at: datetime) -> dict[str, Any]:
    """Add a scan at ``at``. Raises Unplayable. Adult signature is cancelled at its acceptance at the latest."""
    with STORE.locked():
        parcel = STORE.get("parcel", waybill)
        if parcel is None:
            raise Unplayable("Ce colis n’existe pas.")
        if parcel["ended"]:
            raise Unplayable("Le parcours de ce colis est terminé.")
        if code not in EVENTS:
            raise Unplayable("Cet événement n’existe pas.")
        if code not in _AT_ORIGIN and not parcel["accepted_at"]:
            raise Unplayable("Ce colis n’a pas encore été remis au transporteur.")
        if code == "PU" and parcel["accepted_at"]:
            raise Unplayable("Ce colis a déjà été remis au transporteur.")
        if code == "PU" and "SD" in parcel["services"]:
            code = "CS"
        elif code == "PU":
            parcel["accepted_at"] = at.isoformat()
        parcel["events"].append(_event(parcel, code, at))
        parcel["ended"] = code in _ENDS
        STORE.put("parcel", waybill, parcel)
        if parcel["ended"]:
            STORE.delete("moving", waybill)
        elif code == "PU":
            STORE.put("moving", waybill, {"played": 0})
    return parcel


def _event(parcel: dict[str, Any], code: str, at: datetime) -> dict[str, Any]:
    area = parcel["from_area"] if code in _AT_ORIGIN or code in ("DF", "RT") else parcel["to_area"]
    event = {"at": at.isoformat(timespec="seconds"), "code": code, "area": area, "description": EVENTS[code][1]}
    if code == "OK":
        event["signed_by"] = parcel["receiver"]["contactInformation"]["fullName"]
    return event


def choose(waybill: str, scenario: str) -> None:
    """What the parcel will play from its acceptance on. Raises Unplayable."""
    with STORE.locked():
        parcel = STORE.get("parcel", waybill)
        if parcel is None or scenario not in SCENARIOS:
            raise Unplayable("Colis ou scénario inconnu.")
        parcel["scenario"] = scenario
        STORE.put("parcel", waybill, parcel)


def _course(parcel: dict[str, Any]) -> tuple[tuple[tuple[float, str], ...], datetime]:
    """What the parcel plays by itself, and from when. Adult signature is cancelled a day after its sale."""
    if "SD" in parcel["services"]:
        return ((1, "CS"),), datetime.fromisoformat(parcel["created_at"])
    return SCENARIOS[parcel["scenario"]], datetime.fromisoformat(parcel["accepted_at"])


def advance(now: datetime) -> int:
    """Play what is due of every moving parcel's scenario, at its own hour. Returns the number of scans."""
    played = 0
    for waybill, _ in STORE.all("moving"):
        with STORE.locked():
            parcel, moving = STORE.get("parcel", waybill), STORE.get("moving", waybill)
            if parcel is None or moving is None:
                continue
            steps, start = _course(parcel)
            steps = steps[moving["played"] :]
            due = [(start + timedelta(days=days), code) for days, code in steps if start + timedelta(days=days) <= now]
            for at, code in due:
                play(waybill, code, at)
            played += len(due)
            if len(due) == len(steps):
                STORE.delete("moving", waybill)
            elif due:
                STORE.put("moving", waybill, {"played": moving["played"] + len(due)})
    return played


def wait_for_orders(waybill: str) -> None:
    """Stop the scenario: from now on only buttons move this parcel."""
    STORE.delete("moving", waybill)
