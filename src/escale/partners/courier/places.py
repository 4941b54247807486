"""DHL service areas of our lanes and their time zones, for scans that come without an offset."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

AREA_ZONES = {
    "YYZ": "America/Toronto",
    "YOW": "America/Toronto",
    "YUL": "America/Toronto",
    "YQB": "America/Toronto",
    "YVR": "America/Vancouver",
    "YYC": "America/Edmonton",
    "YEG": "America/Edmonton",
    "YWG": "America/Winnipeg",
    "YHZ": "America/Halifax",
    "YQM": "America/Moncton",
    "SYD": "Australia/Sydney",
    "MEL": "Australia/Melbourne",
    "BNE": "Australia/Brisbane",
    "PER": "Australia/Perth",
    "ADL": "Australia/Adelaide",
    "MAD": "Europe/Madrid",
    "BCN": "Europe/Madrid",
    "TFN": "Atlantic/Canary",
    "LPA": "Atlantic/Canary",
    "LIS": "Europe/Lisbon",
    "OPO": "Europe/Lisbon",
    "PDL": "Atlantic/Azores",
    "CDG": "Europe/Paris",
    "LEJ": "Europe/Berlin",
    "CVG": "America/New_York",
}
COUNTRY_ZONES = {
    "CANADA": "America/Toronto",
    "AUSTRALIA": "Australia/Sydney",
    "SPAIN": "Europe/Madrid",
    "PORTUGAL": "Europe/Lisbon",
    "FRANCE": "Europe/Paris",
    "GERMANY": "Europe/Berlin",
    "USA": "America/New_York",
}
CAPITAL_AREAS = {"CA": "YYZ", "AU": "SYD", "ES": "MAD", "PT": "LIS", "FR": "CDG"}


def zone_of(area: str, description: str = "") -> tzinfo:
    """Zone of a service area, else that of the country ending its description (« TORONTO - CANADA »), else UTC."""
    name = AREA_ZONES.get(area.upper())
    if name is None:
        country = description.upper().rpartition("-")[2].strip()
        name = COUNTRY_ZONES.get(country)
    return ZoneInfo(name) if name else UTC


def zone_of_country(country: str) -> ZoneInfo | None:
    area = CAPITAL_AREAS.get(country.upper())
    return ZoneInfo(AREA_ZONES[area]) if area else None
