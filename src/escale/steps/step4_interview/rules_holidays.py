"""Public holidays: a post rests on those of its host country, and may close on those of France. Pure.

The days are those of the ``holidays`` library: national days, those of the province or region where the post stands,
and the days given instead of one that falls on a week-end. The supervisor has the last word on each day, because posts
work on some, keep some of France's, and have local days besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays

HOME = "FR"
# Where federal offices close on other days than everybody does (Canada Labour Code, s. 166), both are proposed.
_CATEGORIES = {"CA": ("public", "government")}
# The names the library has in the language of the page; elsewhere those of the country, which its agents read.
_NAMED = {("FR", "fr"): "fr", ("CA", "fr"): "fr", ("CA", "en"): "en_CA", ("AU", "en"): "en_AU"}
_LOCAL = {"AU": "en", "ES": "es", "PT": "pt"}


def of_country(country: str, region: str, years: range, language: str) -> dict[date, str]:
    """The public holidays of a country (ISO 3166-1) and of one of its regions (ISO 3166-2, without the country), named
    in ``fr`` or ``en``; empty for a country nobody has written down."""
    named = _NAMED.get((country, language), "en_US" if language == "en" else None)
    try:
        found = holidays.country_holidays(
            country,
            subdiv=region or None,
            years=years,
            language=named,
            categories=_CATEGORIES.get(country, ("public",)),
        )
    except NotImplementedError:
        return {}
    return {day: name.replace("'", "’").replace("; ", ", ") for day, name in found.items()}


def load() -> None:
    """Read the calendars. The library reads those of every country when it is first asked about one, which costs most
    of a second: a process pays it when it starts, and not the first person who looks for a slot."""
    holidays.country_holidays(HOME)


def rests(country: str, region: str, day: date) -> bool:
    """Whether everybody rests in this country or region on that day."""
    return day in _resting(country, region, day.year)


@cache
def _resting(country: str, region: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))
    except NotImplementedError:
        return frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A weekday that is a holiday somewhere. ``language`` is that of the name; ``countries``: « FR, CA »."""

    day: date
    name: str
    language: str
    countries: str


def proposed(host: str, region: str, since: date, until: date, language: str) -> list[Proposal]:
    """Weekdays that are holidays in France or in the host country, in order, under the name of the first of them."""
    found: dict[date, tuple[str, str, list[str]]] = {}
    years = range(since.year, until.year + 1)
    for country, where in ((HOME, ""), (host, region)):
        tongue = language if (country, language) in _NAMED or language == "en" else _LOCAL.get(country, language)
        for day, name in of_country(country, where, years, language).items():
            if since <= day <= until and day.weekday() < 5:
                found.setdefault(day, (name, tongue, []))[2].append(country)
    return [
        Proposal(day, name, tongue, ", ".join(countries)) for day, (name, tongue, countries) in sorted(found.items())
    ]
