"""Passport issuance (TES, France Titres): order, states, receipt, invalidation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from escale.case.values import PassportNumber


@dataclass(frozen=True, slots=True)
class Order:
    """Everything issuance needs. No fingerprint is taken: those of the previous request are reused (poster)."""

    case_reference: str
    civil_status: dict[str, str]
    usage_name: str
    height_cm: int
    eye_colour: str
    address: dict[str, str]
    numic: str
    post_code: str
    motive: str
    previous_number: PassportNumber
    keeps_expiry_of_previous: bool
    photo: bytes
    stamp_receipt: str
    agent_id: str
    evidence_digest: str


@dataclass(frozen=True, slots=True)
class Title:
    """The passport produced."""

    number: PassportNumber
    issued_on: date
    expires_on: date
    mrz: str


@dataclass(frozen=True, slots=True)
class OrderState:
    """``state``: received, checking, rejected (``code`` says why), in_production, produced, sent_to_post."""

    state: str
    code: str = ""
    title: Title | None = None


@dataclass(frozen=True, slots=True)
class IssuanceEvent:
    """A state change pushed by issuance: its id is unique, so that a replay counts once."""

    event_id: str
    case_reference: str
    state: OrderState


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened after a cursor, oldest first; ``cursor`` to ask from next time; ``more``: ask again at once."""

    events: tuple[IssuanceEvent, ...]
    cursor: str
    more: bool


class IssuancePort(Protocol):
    def order(self, order: Order, *, key: str) -> str:
        """Idempotent by case reference and ``key`` (a new key is a new attempt after a rejection).

        Returns the partner's order number. Raises PartnerRefused, PartnerUnavailable.
        """

    def state(self, case_reference: str) -> OrderState: ...

    def read_event(self, *, headers: dict[str, str], body: bytes, now: float) -> IssuanceEvent:
        """Verify the signature and age of a pushed event. Raises PartnerRefused."""

    def changes(self, cursor: str) -> Changes:
        """Every change of state since ``cursor`` (empty: since the beginning), whether it was pushed or not.

        Raises PartnerRefused(``410 …``) for a cursor that issuance no longer knows, PartnerUnavailable.
        """

    def expect_receipt(self, number: PassportNumber, *, dispatched_at: datetime, due_at: datetime) -> None: ...

    def confirm_receipt(self, number: PassportNumber, *, confirmed_at: datetime) -> None: ...

    def invalidate(self, number: PassportNumber, *, reason: str, effective_on: date, agents: tuple[str, ...]) -> None:
        """Irreversible, idempotent. ``reason`` among not_received, old_not_returned, lost, stolen, destroyed."""

    def validity(self, number: PassportNumber) -> str:
        """``pending``, ``valid`` or ``invalid``."""

    def previous(self, number: PassportNumber) -> dict[str, Any] | None:
        """What issuance holds of an earlier passport (issue and expiry dates, remote or not), or None when unknown."""
