"""The stamp of an application: in use, spare, consumed."""

from __future__ import annotations

from uuid import UUID

from escale.case.values import StampNumber
from escale.steps.step2_application.models import USED, Stamp, StampState
from escale.vault import sealing


def stamp_in_use(case_id: UUID) -> Stamp | None:
    return Stamp.objects.filter(case_id=case_id, state__in=USED).first()


def stamp_number(stamp: Stamp) -> StampNumber:
    """A bearer value: for the partner's call and the masked form alone."""
    return StampNumber(sealing.unseal(stamp.case_id, "step2|stamp", stamp.number).decode())


def spare_stamps(case_id: UUID) -> list[str]:
    """Stamps paid for and not used, masked: the applicant may have them refunded."""
    rows = Stamp.objects.filter(case_id=case_id, state__in=(StampState.SPARE, StampState.RELEASED))
    return [stamp_number(row).masked for row in rows]


def spare_or_held(case_id: UUID) -> bool:
    """Whether the applicant paid for a stamp that this case has not consumed."""
    return Stamp.objects.filter(case_id=case_id).exclude(state=StampState.CONSUMED).exists()


def stamp_receipt(stamp: Stamp | None) -> str:
    """Number of the receipt of a consumed stamp; empty before."""
    if stamp is None or stamp.receipt is None:
        return ""
    return sealing.unseal(stamp.case_id, "step2|receipt", stamp.receipt).decode()
