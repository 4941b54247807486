"""Public holidays a post may close on: those of France and of the host country. Pure; a proposal, never a rule.

The supervisor chooses, because posts keep some of each and local days besides; substituted days are theirs to add.
Sources: Code du travail, art. L3133-1 (FR); Canada Labour Code, s. 166 (CA); Fair Work Act 2009, s. 115 (AU, days of
the whole country); Real Decreto 2001/1983, art. 45 (ES, national days); Código do Trabalho, art. 234 (PT).
"""

from __future__ import annotations

from datetime import date, timedelta

# (month, day) → name, by country.
_FIXED: dict[str, dict[tuple[int, int], str]] = {
    "FR": {
        (1, 1): "Jour de l’an",
        (5, 1): "Fête du Travail",
        (5, 8): "Victoire 1945",
        (7, 14): "Fête nationale",
        (8, 15): "Assomption",
        (11, 1): "Toussaint",
        (11, 11): "Armistice 1918",
        (12, 25): "Noël",
    },
    "CA": {
        (1, 1): "Jour de l’an",
        (7, 1): "Fête du Canada",
        (9, 30): "Vérité et réconciliation",
        (11, 11): "Jour du Souvenir",
        (12, 25): "Noël",
        (12, 26): "Lendemain de Noël",
    },
    "AU": {
        (1, 1): "Jour de l’an",
        (1, 26): "Australia Day",
        (4, 25): "Anzac Day",
        (12, 25): "Noël",
        (12, 26): "Boxing Day",
    },
    "ES": {
        (1, 1): "Jour de l’an",
        (1, 6): "Épiphanie",
        (5, 1): "Fête du Travail",
        (8, 15): "Assomption",
        (10, 12): "Fête nationale d’Espagne",
        (11, 1): "Toussaint",
        (12, 6): "Constitution espagnole",
        (12, 8): "Immaculée Conception",
        (12, 25): "Noël",
    },
    "PT": {
        (1, 1): "Jour de l’an",
        (4, 25): "Jour de la Liberté",
        (5, 1): "Fête du Travail",
        (6, 10): "Jour du Portugal",
        (8, 15): "Assomption",
        (10, 5): "Fête de la République",
        (11, 1): "Toussaint",
        (12, 1): "Restauration de l’indépendance",
        (12, 8): "Immaculée Conception",
        (12, 25): "Noël",
    },
}
# Days from Easter Sunday → name, by country.
_EASTER: dict[str, dict[int, str]] = {
    "FR": {1: "Lundi de Pâques", 39: "Ascension", 50: "Lundi de Pentecôte"},
    "CA": {-2: "Vendredi saint"},
    "AU": {-2: "Vendredi saint", 1: "Lundi de Pâques"},
    "ES": {-2: "Vendredi saint"},
    "PT": {-2: "Vendredi saint", 0: "Pâques", 60: "Fête-Dieu"},
}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * n) // 433
    month = (h + n - 7 * m + 90) // 25
    return date(year, month, (h + n - 7 * m + 33 * month + 19) % 32)


def _weekday_on_or_after(first: date, weekday: int) -> date:
    return first + timedelta(days=(weekday - first.weekday()) % 7)


def _movable(country: str, year: int) -> dict[date, str]:
    found = {easter(year) + timedelta(days=shift): name for shift, name in _EASTER.get(country, {}).items()}
    if country == "CA":
        found[_weekday_on_or_after(date(year, 5, 18), 0)] = "Fête de la Reine"
        found[_weekday_on_or_after(date(year, 9, 1), 0)] = "Fête du Travail"
        found[_weekday_on_or_after(date(year, 10, 8), 0)] = "Action de grâces"
    return found


def of_country(country: str, year: int) -> dict[date, str]:
    """The public holidays of a country (ISO 3166-1) in a year; empty for one we have no table of."""
    fixed = {date(year, month, day): name for (month, day), name in _FIXED.get(country, {}).items()}
    return {**fixed, **_movable(country, year)}


def proposed(host: str, since: date, until: date) -> list[tuple[date, str, str]]:
    """Weekdays that are holidays in France or in the host country, in order: day, name, countries (« FR, CA »)."""
    found: dict[date, tuple[str, list[str]]] = {}
    for country in ("FR", host):
        for year in range(since.year, until.year + 1):
            for day, name in of_country(country, year).items():
                if since <= day <= until and day.weekday() < 5:
                    found.setdefault(day, (name, []))[1].append(country)
    return [(day, name, ", ".join(countries)) for day, (name, countries) in sorted(found.items())]
