"""The invented people and agents of the demonstration, shared by all simulators and by the product's demonstration.

Dates of the JSON files may be relative, so that the demonstration never goes stale: ``-9y-290d`` counts from the day of
first load, ``issued+10y-1d`` and ``expires-10y+1d`` from the passport's other date. That day is kept in the data
directory: everyone sees the same dates, whenever and wherever they are read.
"""

from __future__ import annotations

import calendar
import json
import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from escale import clock

DATA = Path(__file__).parents[2] / "data" / "demo"
NEIGHBOUR = "neighbour"
"""The story of those who live at one post and have none of their own: they make its desk's day."""
_RELATIVE = re.compile(r"(?P<anchor>issued|expires)?(?P<moves>(?:[+-]\d+[ymd])+)")


@dataclass(frozen=True, slots=True)
class Address:
    line1: str
    line2: str
    postcode: str
    city: str
    country: str
    """ISO 3166-1 alpha-2."""


@dataclass(frozen=True, slots=True)
class Passport:
    """The passport a person holds at first load. ``remote``: it was itself obtained without travelling."""

    number: str
    issued_on: date
    expires_on: date
    remote: bool


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person: ``email`` is FranceConnect+'s, ``register_email`` the register's; empty ``numic``: unknown
    to the register. ``birthdate`` is ``YYYY-MM-DD`` where month and day may be ``00``."""

    login: str
    story: str
    situation: str
    given_names: str
    family_name: str
    preferred_username: str
    gender: str
    birthdate: str
    birthplace: str
    birthcountry: str
    email: str
    numic: str
    register_email: str
    phone: str
    post_code: str
    address: Address
    registered_on: date
    registered_until: date
    resident_since: date
    already_renewed_remotely: bool
    struck_off: bool
    deceased: bool
    passport: Passport


@dataclass(frozen=True, slots=True)
class Agent:
    """One invented agent. ``role``, ``post_code`` and ``languages`` seed the product's directory; ProConnect does not
    know them."""

    login: str
    role: str
    post_code: str
    situation: str
    given_name: str
    usual_name: str
    email: str
    uid: str
    sub: str
    idp_id: str
    siret: str
    organisation: str
    mfa: bool
    active: bool
    private_sector: bool
    languages: tuple[str, ...] = ("fr",)


def first_day() -> date:
    """The day that relative dates count from: that of the first load in this data directory (virtual clock, UTC)."""
    path = Path(os.environ.get("ESCALE_DATA_DIR", "var")) / "demo-first-day"
    try:
        return date.fromisoformat(path.read_text().strip())
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:
        draft.write(clock.now().date().isoformat())
        draft.flush()
        with suppress(FileExistsError):
            os.link(draft.name, path)  # whole or not at all: of several processes the first one names the day
    return date.fromisoformat(path.read_text().strip())


def people() -> tuple[Person, ...]:
    """Everyone: those with a story of their own, then the neighbours."""
    return _people(first_day())


def person(login: str) -> Person:
    """Raises KeyError."""
    return {someone.login: someone for someone in people()}[login]


@cache
def agents() -> tuple[Agent, ...]:
    return tuple(Agent(**item) for item in _read("agents.json"))


def agent(login: str) -> Agent:
    """Raises KeyError."""
    return {someone.login: someone for someone in agents()}[login]


@cache
def _people(today: date) -> tuple[Person, ...]:
    told = tuple(_person(item, today) for item in _read("people.json"))
    return told + tuple(_neighbour(rank, item, today) for rank, item in enumerate(_read("neighbours.json"), start=1))


def _neighbour(rank: int, item: dict[str, Any], today: date) -> Person:
    """One of many whose renewal goes well: the file says who and where, their ``rank`` in it gives the numbers."""
    login = f"voisin{rank:02}"
    where = {"line2": "", "city": "Toronto ON", "country": "CA", "line1": item["line1"], "postcode": item["postcode"]}
    said = {name: value for name, value in item.items() if name not in {"line1", "postcode"}}
    passport = {"number": f"17HV{10450 + 137 * rank}", "issued_on": f"-9y-{180 + 5 * rank}d"}
    return _person(
        {
            **said,
            "login": login,
            "story": NEIGHBOUR,
            "situation": "Réside à Toronto ; tout est en ordre.",
            "birthcountry": "99100",
            "email": f"{login}@identite.example",
            "register_email": f"{login}@courriel.example",
            "numic": f"{25310000 + 1373 * rank}",
            "phone": f"+141655502{rank:02}",
            "post_code": "CA-TORONTO",
            "address": where,
            "registered_on": "-3y",
            "registered_until": "+2y",
            "resident_since": "-5y",
            "already_renewed_remotely": False,
            "struck_off": False,
            "deceased": False,
            "passport": {**passport, "expires_on": "issued+10y-1d", "remote": False},
        },
        today,
    )


def _read(name: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads((DATA / name).read_text(encoding="utf-8"))
    return items


def _person(item: dict[str, Any], today: date) -> Person:
    dates = {name: resolve(item[name], today) for name in ("registered_on", "registered_until", "resident_since")}
    birthdate = item["birthdate"]
    if _RELATIVE.fullmatch(birthdate):
        birthdate = resolve(birthdate, today).isoformat()
    known = {"address": Address(**item["address"]), "passport": _passport(item["passport"], today)}
    return Person(**{**item, **dates, **known, "birthdate": birthdate})


def _passport(item: dict[str, Any], today: date) -> Passport:
    """One of the two dates may count from the other."""
    days = {"today": today}
    for name in sorted(("issued_on", "expires_on"), key=lambda name: item[name].startswith(("issued", "expires"))):
        days[name.removesuffix("_on")] = resolve(item[name], **days)
    return Passport(item["number"], days["issued"], days["expires"], item["remote"])


def resolve(text: str, today: date, issued: date | None = None, expires: date | None = None) -> date:
    """An ISO date, or a relative one as the module says. Raises ValueError."""
    relative = _RELATIVE.fullmatch(text)
    if relative is None:
        return date.fromisoformat(text)
    anchor = {"issued": issued, "expires": expires, None: today}[relative["anchor"]]
    if anchor is None:
        raise ValueError(f"nothing to count from in {text!r}")
    for number, unit in re.findall(r"([+-]\d+)([ymd])", relative["moves"]):
        anchor = _moved(anchor, int(number), unit)
    return anchor


def _moved(day: date, number: int, unit: str) -> date:
    if unit == "d":
        return day + timedelta(days=number)
    months = day.year * 12 + day.month - 1 + number * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
