"""Register of French citizens established abroad (Registre des Français établis hors de France)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from escale.ports.franceconnect import PivotIdentity


@dataclass(frozen=True, slots=True)
class PostalAddress:
    line1: str
    line2: str
    postcode: str
    city: str
    country: str
    """ISO 3166-1 alpha-2."""


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What the register says of a person who matched."""

    numic: str
    email: str
    phone: str
    usage_name: str
    address: PostalAddress
    post_code: str
    registered_on: date
    registered_until: date
    resident_since: date
    already_renewed_remotely: bool


class NoMatch(Exception):
    """NUMIC, e-mail and identity do not agree, for whatever reason: one answer for all (no enumeration).

    ``reason`` is for our statistics alone (``mismatch``, ``expired``, ``struck_off``), never shown.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RegisterPort(Protocol):
    def verify(self, *, numic: str, email: str, identity: PivotIdentity) -> RegisterEntry:
        """Raises NoMatch; PartnerRefused(``429``) after too many tries; PartnerUnavailable."""
