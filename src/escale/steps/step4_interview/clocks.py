"""The clock an applicant reads: zones of the countries of the procedure, from the IANA table."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

# Zones that show the same hour as another of the list all year long are left out where a country has many.
_LEFT_OUT = frozenset(
    {"Australia/Lindeman", "America/Blanc-Sablon", "America/Coral_Harbour", "America/Atikokan", "America/Creston"}
)


@cache
def zones(country: str) -> tuple[str, ...]:
    """IANA zones of a country (ISO 3166-1), the most populous first; empty when the country is unknown."""
    table = (files("tzdata") / "zoneinfo" / "zone1970.tab").read_text(encoding="utf-8")
    found = []
    for line in table.splitlines():
        if not line.startswith("#"):
            codes, _place, zone, *_ = line.split("\t")
            if country in codes.split(",") and zone not in _LEFT_OUT:
                found.append(zone)
    return tuple(found)


def chosen(wanted: str, *, country: str, post_tz: str) -> ZoneInfo:
    """The applicant's clock: the one they chose, else the post's when it is of their country, else their country's."""
    offered = zones(country)
    if wanted in offered:
        return ZoneInfo(wanted)
    return ZoneInfo(post_tz if post_tz in offered or not offered else offered[0])


def city(zone: str) -> str:
    """« America/St_Johns » as people say it: « St Johns »."""
    return zone.rpartition("/")[2].replace("_", " ")
