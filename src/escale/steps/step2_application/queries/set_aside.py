"""Automatic opinions that an agent set aside, and why: for colleagues on the file, for the applicant in the export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from escale.steps.step2_application import rules
from escale.steps.step2_application.models import Opinion
from escale.vault import sealing


@dataclass(frozen=True, slots=True)
class SetAside:
    """``label`` names the document; ``machine`` is what the check had said; ``reasons`` are the agent's own words."""

    kind: str
    label: str
    machine: str
    reasons: str
    at: datetime


def set_aside(case_id: UUID) -> tuple[SetAside, ...]:
    """The oldest first. Raises KeyDestroyed."""
    return tuple(
        SetAside(
            kind=row.kind,
            label=rules.ITEM_LABELS.get(row.kind, row.kind),
            machine=row.machine,
            reasons=sealing.unseal(case_id, f"step2|opinion|{row.document_id}", row.reasons).decode(),
            at=row.at,
        )
        for row in Opinion.objects.filter(case_id=case_id, reasons__isnull=False).order_by("at")
        if row.reasons is not None
    )
