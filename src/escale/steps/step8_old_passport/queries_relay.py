"""What the page of the border relay may read: both counts, the cases that differ, withdrawals under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.steps.step8_old_passport.models import Invalidation, RelayCount, Withdrawal
from escale.vault import sealing
from escale.vault.keys import KeyDestroyed

STATUSES = {"INVALID": _("Invalidés"), "LOST": _("Perdus"), "STOLEN": _("Volés")}
KINDS = {
    "border_record_missing": _("Signalé par nous, absent au relais : personne ne l’arrêterait à une frontière."),
    "border_record_remains": _("Retiré par nous, encore au relais : son titulaire risque d’être arrêté à tort."),
}
DAYS_SHOWN = 14


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One status: records in force by our count and by the relay's."""

    name: str
    ours: int
    theirs: int

    @property
    def difference(self) -> int:
        return self.theirs - self.ours


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day: ``compared_at`` is None when the relay stayed silent."""

    day: date
    compared_at: datetime | None
    ours: int
    theirs: int
    to_look_at: int


@dataclass(frozen=True, slots=True)
class Reported:
    """A case of the post whose passport is, or was, reported; ``differs`` says what does not agree, if anything."""

    case: Case
    name: str
    recorded_at: datetime | None
    differs: str
    asked_by: str
    asked_at: datetime | None
    reason: str
    mine: bool


def last_count() -> RelayCount | None:
    """The latest comparison that was answered."""
    return RelayCount.objects.filter(compared_at__isnull=False).order_by("-day").first()


def status_lines(count: RelayCount) -> list[StatusLine]:
    """Every status of one comparison, ours and theirs."""
    names = [*STATUSES, *sorted((set(count.ours) | set(count.theirs)) - set(STATUSES))]
    return [
        StatusLine(str(STATUSES.get(name, name)), count.ours.get(name, 0), count.theirs.get(name, 0)) for name in names
    ]


def days() -> list[DayLine]:
    """The latest days, the newest first."""
    return [
        DayLine(row.day, row.compared_at, sum(row.ours.values()), sum(row.theirs.values()), row.cases_to_look_at)
        for row in RelayCount.objects.order_by("-day")[:DAYS_SHOWN]
    ]


def differing(count: RelayCount | None) -> dict[UUID, str]:
    """Case → kind of difference, at the last comparison."""
    return {UUID(case_id): kind for case_id, kind in (count.differing if count else [])}


def reported(actor: Actor, *, limit: int = 200) -> list[Reported]:
    """Cases of the actor's post that are reported, or that differ; those to look at first, then the latest."""
    wrong = differing(last_count())
    cases = Case.objects.select_related("post").filter(post_id=actor.post, title__in=("reported", "withdrawn"))
    found = [case for case in cases.order_by("-changed_at")[:limit] if case.title == "reported" or case.id in wrong]
    ids = [case.id for case in found]
    recorded = dict(Invalidation.objects.filter(case_id__in=ids).values_list("case_id", "recorded_at"))
    asked = {row.case_id: row for row in Withdrawal.objects.select_related("asked_by").filter(case_id__in=ids)}
    names = ledger.summaries(found)
    lines = [
        _line(case, names.get(case.id, {}), recorded.get(case.id), wrong.get(case.id, ""), asked.get(case.id), actor)
        for case in found
    ]
    return sorted(lines, key=lambda line: not line.differs)


def _line(
    case: Case,
    summary: dict[str, Any],
    recorded_at: datetime | None,
    kind: str,
    asked: Withdrawal | None,
    actor: Actor,
) -> Reported:
    name = f"{summary.get('usage_name') or summary.get('family_name', '—')} {summary.get('given_names', '')}"
    differs = str(KINDS.get(kind, kind))
    if asked is None or case.title != "reported":
        return Reported(case, name, recorded_at, differs, "", None, "", mine=False)
    try:
        reason = sealing.unseal(case.id, "withdrawal", asked.reason).decode()
    except KeyDestroyed:
        reason = ""
    mine = str(asked.asked_by_id) == actor.id
    return Reported(case, name, recorded_at, differs, str(asked.asked_by), asked.asked_at, reason, mine=mine)
