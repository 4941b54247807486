"""Submit, correct, withdraw; what the clock ends."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.decision import Decision
from escale.ledger import queries as ledger, record
from escale.ledger.models import Case
from escale.people.actors import Actor, job
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.models import Application, Stamp, StampState
from escale.steps.step2_application.service import stamp as stamps
from escale.steps.step2_application.service.draft import is_editable, may_act


def submit(*, case: Case, actor: Actor, now: datetime, version: int | None = None) -> None:
    """Submit the application, or answer the corrections asked for. Repeated, it is a no-op.

    The stamp is reserved at the partner first, outside the transaction: doing it again for the same case is harmless.
    Raises AccessDenied, RuleRefused (``incomplete``, or a reason of the stamp), PartnerUnavailable, StaleCase,
    MoveRefused.
    """
    may_act(case, actor)
    if case.application == "submitted":
        return
    read = queries.draft(case)
    if is_editable(case):
        rules.check_submission(read)
        if not read.free:
            stamps.reserve(case)
    with record.changing(case.id, actor=actor, now=now, version=version) as change:
        read = queries.draft(change.case)
        events: list[e.Event] = []
        if change.case.application == "correction_requested":
            events.append(e.CorrectionSubmitted())
        else:
            events.append(e.ApplicationSubmitted(motive=read.motive))
        rules.check_submission(read)
        if read.free:
            stamps.put_aside(case.id, now=now)
        else:
            fresh = Stamp.objects.filter(case_id=case.id, state=StampState.RESERVING).update(state=StampState.RESERVED)
            if fresh:
                events.append(e.StampReserved())
        change.record(Decision(tuple(events)))
        Application.objects.filter(case_id=case.id).update(submitted_at=now)


def withdraw(*, case: Case, actor: Actor, now: datetime, version: int | None = None) -> None:
    """The applicant gives up. Raises AccessDenied, MoveRefused (the passport is ordered already), StaleCase."""
    may_act(case, actor)
    with record.changing(case.id, actor=actor, now=now, version=version) as change:
        change.record(Decision.of(e.ApplicationWithdrawn()))


def _lapse(case_id: UUID, kind: DeadlineKind, now: datetime) -> None:
    """End a case whose deadline has run out and is still open. Harmless when it was dealt with in between."""
    with record.changing(case_id, actor=job("clock"), now=now) as change:
        due = ledger.open_deadlines(case_id).get(kind)
        if due is None or due > now:
            return
        change.record(Decision.of(e.ApplicationLapsed(reason=kind.value)))


def lapse_draft(*, case_id: UUID, now: datetime) -> None:
    """A draft left for thirty days."""
    _lapse(case_id, DeadlineKind.DRAFT_LAPSE, now)


def lapse_correction(*, case_id: UUID, now: datetime) -> None:
    """A correction nobody answered."""
    _lapse(case_id, DeadlineKind.CORRECTION_LAPSE, now)


def lapse_posting(*, case_id: UUID, now: datetime) -> None:
    """Nothing posted in time. An envelope announced and still on its way is waited for (the desk has its own alert),
    and one received before the acceptance was in time."""
    if ledger.get(case_id).posted_items not in {"awaited", "replacement_requested"}:
        return
    _lapse(case_id, DeadlineKind.POSTING_LAPSE, now)


def lapse_booking(*, case_id: UUID, now: datetime) -> None:
    """No interview booked in time."""
    _lapse(case_id, DeadlineKind.BOOKING_LAPSE, now)
