"""What later steps and pages may read of step 6. A question never writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from escale.case.values import Waybill
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.queries import Line
from escale.ports.courier import Scan, ScanKind
from escale.steps.step6_delivery import reasons
from escale.steps.step6_delivery.models import Parcel, ParcelScan
from escale.ui.timeline import StepView
from escale.vault import keys, sealing

FEWEST = 5  # below, a delay would tell about single persons


@dataclass(frozen=True, slots=True)
class ScanLine:
    """One scan as shown: the carrier's words beside ours."""

    at: datetime
    kind: ScanKind
    raw: str
    said: str
    description: str
    place: str
    signed_by: str


def waybill(parcel: Parcel) -> Waybill:
    """Raises KeyDestroyed."""
    return Waybill(parcel.carrier, sealing.unseal(parcel.case_id, "parcel", parcel.sealed).decode())


def current(case_id: UUID, direction: str) -> Parcel | None:
    """The parcel under way, else the last one of this direction."""
    return _current(list(Parcel.objects.filter(case_id=case_id, direction=direction).order_by("-started_at")))


def current_of(case: Case, direction: str) -> Parcel | None:
    """The same, for a page that asks about both directions."""
    known = Parcel.objects.filter(case_id=case.id).order_by("-started_at")
    both = ledger.once(case, "parcels", lambda: list(known))
    return _current([one for one in both if one.direction == direction])


def _current(known: list[Parcel]) -> Parcel | None:
    return next((one for one in known if one.ended_at is None), known[0] if known else None)


def scans(case_id: UUID, direction: str = "outbound") -> list[ScanLine]:
    """Every scan of this direction, oldest first. Raises KeyDestroyed."""
    rows = ParcelScan.objects.filter(parcel__case_id=case_id, parcel__direction=direction).order_by("at", "id")
    found = list(rows)
    key = keys.of_case(case_id) if found else b""
    return [_open(row, case_id, key) for row in found]


def _open(row: ParcelScan, case_id: UUID, key: bytes) -> ScanLine:
    description, place, signed = sealing.open_with(key, case_id, "scan", row.sealed).decode().split("\x1f")
    kind = ScanKind(row.kind)
    return ScanLine(row.at, kind, row.raw, reasons.scan(kind), description, place, signed)


def kept_scans(parcel: Parcel) -> list[Scan]:
    """What is already known of a parcel, for comparison: instants and codes alone."""
    return [Scan(row.at, ScanKind(row.kind), row.raw, "", "") for row in parcel.scans.all()]


def usual_days(post_code: str) -> int | None:
    """Days between dispatch and delivery, median of the last fifty parcels of a post; None when too few are known."""
    rows = Parcel.objects.filter(
        case__post_id=post_code, direction="outbound", ended_at__isnull=False, case__delivery="delivered"
    ).order_by("-ended_at")
    known = rows.values_list("started_at", "ended_at")[:50]
    spans = [(ended - started).total_seconds() / 86400 for started, ended in known if ended]
    return max(1, round(median(spans))) if len(spans) >= FEWEST else None


def expected_on(parcel: Parcel, tz: ZoneInfo) -> date | None:
    """The day the parcel should arrive, by what this post's parcels usually take."""
    days = usual_days(parcel.case.post_id)
    return (parcel.started_at + timedelta(days=days)).astimezone(tz).date() if days else None


def delivered_at(case_id: UUID) -> datetime | None:
    """The carrier's own hour of delivery, or None."""
    rows = ParcelScan.objects.filter(
        parcel__case_id=case_id, parcel__direction="outbound", kind=ScanKind.DELIVERED.value
    )
    return rows.order_by("-at").values_list("at", flat=True).first()


def told(case: Case) -> tuple[str, str]:
    """How the parcel stands: a sentence and what follows from it; empty before dispatch."""
    if case.delivery == "waiting":
        return "", ""
    _stands, sentence, detail, _event = reasons.STORY[case.delivery]
    return str(sentence), str(detail)


def in_hand(case: Case) -> bool:
    """Whether the applicant should hold the new passport by now: handed over, or sent by a carrier that tells us
    nothing of it."""
    if case.delivery == "delivered":
        return True
    parcel = current(case.id, "outbound")
    return parcel is not None and not parcel.tracked


def timeline(case: Case, lines: list[Line]) -> StepView:
    """Step 6 as the applicant reads it."""
    at = {type(line.event): line.at for line in lines}
    state = case.delivery
    if state == "waiting":
        return StepView(6, "next", _("Votre passeport vous sera remis en personne, contre pièce d’identité."))
    stands, sentence, detail, event = reasons.STORY[state]
    actions = ((reverse("case_delivery", args=[case.reference]), _("Suivre mon pli")),)
    return StepView(6, stands, str(sentence), str(detail), at=at.get(event), actions=actions)
