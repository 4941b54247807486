"""The people registered, with what was changed since on the demonstration's page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from escale.partners.kit import people
from escale.partners.kit.people import Address, Person
from escale.partners.register.simulator.tries import STORE

CHANGEABLE = ("register_email", "phone", "line1", "line2", "postcode", "city")
POSTS = {
    "AU-SYDNEY": ("Sydney", "AU"),
    "CA-MONTREAL": ("Montréal", "CA"),
    "CA-TORONTO": ("Toronto", "CA"),
    "CA-VANCOUVER": ("Vancouver", "CA"),
    "CA-QUEBEC": ("Québec", "CA"),
    "CA-OTTAWA": ("Ottawa", "CA"),
    "CA-MONCTON": ("Moncton et Halifax", "CA"),
    "ES-MADRID": ("Madrid", "ES"),
    "ES-BARCELONA": ("Barcelone", "ES"),
    "PT-LISBON": ("Lisbonne", "PT"),
    "PT-PORTO": ("Porto", "PT"),
}


def registered() -> list[Person]:
    """Everyone with a NUMIC, struck off or not, in the order of the demonstration."""
    changes = dict(STORE.all("change"))
    return [_changed(person, changes.get(person.login, {})) for person in people.people() if person.numic]


def by_numic(numic: str) -> Person | None:
    return next((person for person in registered() if person.numic == numic), None)


def change(person: Person, values: dict[str, str]) -> None:
    """Keep new contact details: what people change at the register, Escale reads there."""
    kept = {name: values[name].strip() for name in CHANGEABLE if name in values}
    with STORE.locked():
        STORE.put("change", person.login, {**(STORE.get("change", person.login) or {}), **kept})


def details(person: Person) -> dict[str, Any]:
    """What the register says of a person who matched."""
    name, country = POSTS[person.post_code]
    address = person.address
    return {
        "courriel": person.register_email,
        "telephone": person.phone,
        "nom_usage": person.preferred_username,
        "poste": {"code": person.post_code, "nom": name, "pays": country},
        "date_inscription": person.registered_on.isoformat(),
        "date_fin": person.registered_until.isoformat(),
        "residence_depuis": person.resident_since.isoformat(),
        "adresse_courrier": {
            "ligne1": address.line1,
            "ligne2": address.line2,
            "code_postal": address.postcode,
            "commune": address.city,
            "pays": address.country,
        },
        "deja_renouvele_a_distance": person.already_renewed_remotely,
    }


def standing(person: Person, now: datetime) -> str:
    """``RADIE``, ``EXPIRE`` or ``CONCORDANT`` for a person whose answers all agree."""
    if person.struck_off:
        return "RADIE"
    return "EXPIRE" if person.registered_until < now.date() else "CONCORDANT"


def _changed(person: Person, changes: dict[str, str]) -> Person:
    if not changes:
        return person
    address = person.address
    parts = {name: changes.get(name, getattr(address, name)) for name in ("line1", "line2", "postcode", "city")}
    return replace(
        person,
        register_email=changes.get("register_email", person.register_email),
        phone=changes.get("phone", person.phone),
        address=Address(**parts, country=address.country),
    )
