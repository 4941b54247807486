"""The board of the forty days: what is about to be invalidated, with its evidence; what leaves; what runs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from escale.case.deadlines import DeadlineKind
from escale.ledger import queries as ledger
from escale.ledger.models import Case, Deadline, Entry
from escale.people.actors import Actor
from escale.steps.step8_old_passport import rules
from escale.steps.step8_old_passport.models import Hold, VisaRequest
from escale.vault import keys, sealing

SECOND = timedelta(seconds=1)
SHOWN = 200
NEAR_DAYS = 3
# What tells whether an invalidation would be just: facts of the case since the passport left.
EVIDENCE: dict[str, object] = {
    "PassportDispatched": _("Nouveau passeport expédié"),
    "Delivered": _("Remise du nouveau passeport"),
    "DeliveryException": _("Incident du transporteur"),
    "DeliveryDisputed": _("Remise contestée par l’usager"),
    "InquiryOpened": _("Enquête auprès du transporteur"),
    "PassportCameBack": _("Nouveau passeport revenu au poste"),
    "WrongNumberEntered": _("Numéro erroné à la confirmation"),
    "ReceiptConfirmed": _("Réception confirmée"),
    "ReturnAnnounced": _("Retour annoncé par l’usager"),
    "ReturnHandedOver": _("Ancien passeport remis au transporteur"),
    "OldPassportReceived": _("Ancien passeport reçu au poste"),
    "ReminderDue": _("Rappel envoyé"),
    "MessageFailed": _("Courriel non remis"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened: in words, how many times, and when last."""

    what: object
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One case on the board. ``evidence``: for those about to be invalidated alone."""

    case: Case
    name: str
    duties: rules.Duties
    last_moment: datetime | None
    run_at: datetime | None
    hold: dict[str, Any] | None
    visa: VisaRequest | None
    evidence: list[Fact]
    days_left: int | None

    @property
    def near(self) -> bool:
        """Whether the last moment is a matter of days and something is missing."""
        return self.days_left is not None and self.days_left <= NEAR_DAYS and bool(self.duties.missing())

    @property
    def delivered(self) -> bool:
        return self.case.delivery == "delivered"


@dataclass(frozen=True, slots=True)
class Board:
    """``listed``: to be invalidated, or suspended; ``leaving``: being invalidated; ``running``: the nearest first, of
    ``running_count`` in all."""

    listed: list[BoardLine]
    leaving: list[BoardLine]
    running: list[BoardLine]
    running_count: int


def board(actor: Actor, now: datetime) -> Board:
    """Cases of the post whose clock runs. Those about to be invalidated are all there, however many run."""
    cases = Case.objects.select_related("post").filter(dispatch="dispatched", post_id=actor.post)
    ends = Deadline.objects.filter(case_id=OuterRef("pk"), kind=DeadlineKind.DUTY_END.value).order_by("-opened_at")
    clocked = cases.annotate(duty_end=Subquery(ends.values("due_at")[:1])).order_by("duty_end", "pk")
    late = list(clocked.filter(title__in=("listed", "held", "invalidating", "invalidated")))
    issued = clocked.filter(title="issued")
    lines = _lines([*late, *issued[:SHOWN]], now)
    return Board(
        [line for line in lines if line.case.title in {"listed", "held"}],
        [line for line in lines if line.case.title in {"invalidating", "invalidated"}],
        [line for line in lines if line.case.title == "issued"],
        issued.count(),
    )


def _lines(cases: list[Case], now: datetime) -> list[BoardLine]:
    ids = [case.id for case in cases]
    listed = [case.id for case in cases if case.title in {"listed", "held"}]
    names, runs, holds, facts = ledger.summaries(cases), _runs(listed), _holds(listed), _evidence(listed)
    visas = {row.case_id: row for row in VisaRequest.objects.filter(case_id__in=ids, state="pending")}
    return [
        _line(
            case,
            now,
            names.get(case.id, {}),
            runs.get(case.id),
            holds.get(case.id),
            visas.get(case.id),
            facts.get(case.id, []),
        )
        for case in cases
    ]


def _line(
    case: Case,
    now: datetime,
    summary: dict[str, Any],
    run_at: datetime | None,
    hold: dict[str, Any] | None,
    visa: VisaRequest | None,
    evidence: list[Fact],
) -> BoardLine:
    end: datetime | None = case.duty_end  # type: ignore[attr-defined]  # annotated by ``board``
    duties = rules.Duties(case.receipt, case.old_passport, case.title, end)
    return BoardLine(
        case=case,
        name=f"{summary.get('usage_name') or summary.get('family_name', '—')} {summary.get('given_names', '')}",
        duties=duties,
        last_moment=end - SECOND if end else None,
        run_at=run_at,
        hold=hold if case.title == "held" else None,
        visa=visa,
        evidence=evidence,
        days_left=duties.days_left(now),
    )


def _runs(ids: list[UUID]) -> dict[UUID, datetime]:
    """When the daily run is to take each listed case."""
    rows = Deadline.objects.filter(
        case_id__in=ids, kind=DeadlineKind.INVALIDATION_RUN.value, closed_at__isnull=True
    ).order_by("due_at")
    return dict(rows.values_list("case_id", "due_at"))


def _holds(ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """The latest suspension of each case: who, why, until when; in two queries."""
    rows = {row.case_id: row for row in Hold.objects.select_related("agent").filter(case_id__in=ids).order_by("at")}
    known = keys.of_cases(list(rows))
    return {
        case_id: {
            "who": str(row.agent),
            "reason": sealing.open_with(known[case_id], case_id, "hold", row.reason).decode(),
            "at": row.at,
            "until": row.until,
        }
        for case_id, row in rows.items()
        if case_id in known
    }


def _evidence(ids: list[UUID]) -> dict[UUID, list[Fact]]:
    """What happened since each passport first left, in the order of its last time, from names and dates alone."""
    rows = Entry.objects.filter(case_id__in=ids, event__in=EVIDENCE).order_by("case_id", "seq")
    times: dict[UUID, dict[str, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for case_id, event, at in rows.values_list("case_id", "event", "at"):
        if event == "PassportDispatched" or "PassportDispatched" in times[case_id]:
            times[case_id][event].append(at)
    return {
        case_id: sorted(
            (Fact(EVIDENCE[event], len(moments), moments[-1]) for event, moments in of_case.items()),
            key=lambda fact: fact.last_at,
        )
        for case_id, of_case in times.items()
    }
