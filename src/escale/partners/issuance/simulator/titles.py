"""The titles that issuance knows: those produced here, and the earlier passports of the demonstration's people."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from escale.case.mrz import Mrz
from escale.partners.kit import people
from escale.partners.kit.store import Store

PLAYED = {
    "silent": "le prochain événement n’est jamais envoyé",
    "duplicate": "le prochain événement est envoyé deux fois, sous le même identifiant",
    "late": "le prochain événement a trois jours virtuels de retard",
    "reordered": "le prochain événement part après celui qui le suit",
}
STORE = Store("issuance", plays=PLAYED)
INVALIDATION_TAKES = timedelta(minutes=1)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SEXES = {"female": "F", "male": "M"}


def find(number: str) -> dict[str, Any] | None:
    """A title by its number, or None."""
    return STORE.get("title", number) or next(
        (_of_person(person) for person in people.people() if person.passport.number == number), None
    )


def keep(title: dict[str, Any]) -> None:
    STORE.put("title", title["number"], title)


def of_login(login: str) -> dict[str, Any] | None:
    """The passport that a person of the demonstration holds at the start."""
    return next((_of_person(person) for person in people.people() if person.login == login), None)


def state(title: dict[str, Any], now: datetime) -> str:
    """``INVALIDE`` one virtual minute after the request. Expiry is another question, answered by the date."""
    asked = title["invalidation"]
    if asked and datetime.fromisoformat(asked["asked_at"]) + INVALIDATION_TAKES <= now:
        return "INVALIDE"
    return "VALIDE" if title["confirmed_at"] else "VALIDE_EN_ATTENTE"


def produce(order: dict[str, Any], on: date) -> dict[str, Any]:
    """Draw a number and print the zone. The number is unknown to everybody until the state says it."""
    content = order["content"]
    civil = content["etatCivil"]
    number = _draw(on)
    expires_on = ten_years_less_a_day(on)
    if content["conserveExpiration"]:
        previous = find(content["numeroPrecedent"])
        assert previous is not None, "the check before production asks for it"
        expires_on = date.fromisoformat(previous["expires_on"])
    title = _title(
        number=number,
        issued_on=on,
        expires_on=expires_on,
        remote=True,
        surname=civil["nomNaissance"],
        given_names=civil["prenoms"],
        birth=civil["dateNaissance"],
        sex=civil["sexe"] if civil["sexe"] in ("F", "M") else "",
    )
    title["reference"] = order["reference"]
    title["confirmed_at"] = ""
    keep(title)
    return title


def ten_years_less_a_day(issued_on: date) -> date:
    """Décret 2005-1726 art. 4: ten years; the last day is the eve of the anniversary."""
    try:
        anniversary = issued_on.replace(year=issued_on.year + 10)
    except ValueError:  # 29 February: the anniversary falls on 1 March
        anniversary = date(issued_on.year + 10, 3, 1)
    return anniversary - timedelta(days=1)


def _draw(on: date) -> str:
    """A number that nobody holds: the year's two digits, two letters, five digits."""
    while True:
        letters = "".join(secrets.choice(_LETTERS) for _ in range(2))
        number = f"{on:%y}{letters}{secrets.randbelow(100_000):05d}"
        if find(number) is None:
            return number


def _of_person(person: people.Person) -> dict[str, Any]:
    passport = person.passport
    return _title(
        number=passport.number,
        issued_on=passport.issued_on,
        expires_on=passport.expires_on,
        remote=passport.remote,
        surname=person.family_name,
        given_names=person.given_names,
        birth=person.birthdate,
        sex=_SEXES.get(person.gender, ""),
    )


def _title(
    *,
    number: str,
    issued_on: date,
    expires_on: date,
    remote: bool,
    surname: str,
    given_names: str,
    birth: str,
    sex: str,
) -> dict[str, Any]:
    zone = Mrz.build(surname=surname, given_names=given_names, number=number, birth=birth, sex=sex, expiry=expires_on)
    return {
        "number": number,
        "issued_on": issued_on.isoformat(),
        "expires_on": expires_on.isoformat(),
        "remote": remote,
        "surname": surname,
        "given_names": given_names,
        "birth": birth,
        "sex": sex,
        "mrz": zone.text,
        "reference": "",
        "confirmed_at": issued_on.isoformat(),
        "expected": None,
        "invalidation": None,
    }
