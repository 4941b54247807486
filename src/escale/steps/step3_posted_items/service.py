"""The envelope: announced by the applicant, received, opened and checked by an agent, or asked for again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.case.moves import MoveRefused
from escale.case.values import InvalidValue, Waybill
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.record import Change, changing
from escale.people import access
from escale.people.actors import Actor, partner
from escale.ports import directory
from escale.ports.courier import ScanKind
from escale.ports.errors import PartnerError
from escale.steps.step3_posted_items import queries, rules
from escale.steps.step3_posted_items.models import GateCheck, Posting
from escale.steps.step3_posted_items.service_custody import hand_over
from escale.steps.step3_posted_items.service_label import may_act, next_round, posting_of, unchanged
from escale.vault import sealing

SAME_OPENING = timedelta(minutes=30)


def announce(
    *, case_id: UUID, carrier: str, waybill: str, actor: Actor, now: datetime, revision: int | None = None
) -> None:
    """« J’ai posté » : the envelope is with a carrier; its number is optional.

    Raises RuleRefused (``label_first``, ``waybill_shape``, ``waybill_check``), MoveRefused, StaleCase, AccessDenied.
    """
    text = ""
    if waybill.strip():
        try:
            text = Waybill.parse(waybill, carrier=carrier).text
        except InvalidValue as error:
            raise RuleRefused(error.code) from None
    with changing(case_id, actor=actor, now=now) as change:
        may_act(change)
        unchanged(change, revision)
        row = posting_of(change)
        decision = rules.announce(change.case.posted_items, label_ready=bool(row.label_source), carrier_code=carrier)
        change.record(decision)
        row.outbound_carrier, row.announced_at = rules.carrier(carrier).code, now
        row.outbound_waybill = (
            sealing.seal_with(change.key, case_id, "outbound_waybill", text.encode()) if text else None
        )
        row.outbound_waybill_index = queries.waybill_index(text) if text else ""
        row.save()
        change.make_findable("waybill", text)
        for item in _travelling(case_id):
            hand_over(change, item, "courier")


def _travelling(case_id: UUID) -> list[str]:
    """What is in the envelope: the photo, the label, or only what was asked again."""
    return [line.item for line in queries.custody(case_id) if rules.travels(line.item, line.holder)]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan at the desk led to.

    ``outcome``: ``received``, ``already`` (received before), ``not_expected``, ``late`` (the case has ended: recorded,
    to be sent back), ``label_matches``, ``label_differs`` (the label of another case, or of none), ``unknown``.
    """

    outcome: Literal["received", "already", "not_expected", "late", "label_matches", "label_differs", "unknown"]
    reference: str = ""


def scan(*, typed: str, actor: Actor, now: datetime, open_reference: str = "") -> Scanned:
    """One scan in the mail room: a cover sheet's reference, an envelope's number, or the label found inside.

    ``open_reference`` is the envelope on the table: a label scanned then must be its own. A reference of another post
    reads as unknown: existence is not revealed.
    """
    case = ledger.by_reference(typed)
    if case is None:
        on_table = ledger.by_reference(open_reference) if open_reference else None
        owner = queries.find_by_waybill(typed)
        if on_table is not None and _of_this_post(on_table, actor) and _looks_like_a_label(typed):
            return _compare_label(on_table, owner, actor=actor, now=now)
        case = ledger.get(owner) if owner else None
    if case is None or not _of_this_post(case, actor):
        return Scanned("unknown")
    return receive(case_id=case.id, actor=actor, now=now)


def _of_this_post(case: Case, actor: Actor) -> bool:
    return actor.kind == "agent" and actor.post == case.post_id


def _looks_like_a_label(typed: str) -> bool:
    try:
        Waybill.parse(typed, carrier="dhl")
    except InvalidValue:
        return False
    return True


def _compare_label(case: Case, owner: UUID | None, *, actor: Actor, now: datetime) -> Scanned:
    if owner != case.id:
        return Scanned("label_differs", case.reference)
    with changing(case.id, actor=actor, now=now) as change:
        may_act(change)
        Posting.objects.filter(case_id=case.id).update(label_scanned_at=now)
    return Scanned("label_matches", case.reference)


def receive(*, case_id: UUID, actor: Actor, now: datetime) -> Scanned:
    """Open an envelope at the desk. Raises AccessDenied. An envelope for a case that has ended is recorded too."""
    with changing(case_id, actor=actor, now=now) as change:
        may_act(change)
        case, row = change.case, posting_of(change)
        if not case.is_open:
            change.record(Decision.of(e.LateObjectReceived(item="envelope")))
            _opened(change, row)
            return Scanned("late", case.reference)
        if case.posted_items not in rules.EXPECTING:
            known = case.posted_items in {"received", "verified"}
            return Scanned("already" if known else "not_expected", case.reference)
        change.record(Decision.of(e.EnvelopeReceived()))
        _opened(change, row)
        return Scanned("received", case.reference)


def _opened(change: Change, row: Posting) -> None:
    row.received_at, row.received_by = change.now, change.actor.label
    row.save()
    for line in queries.custody(change.case.id):
        if line.item in rules.POSTED and line.holder in {"applicant", "courier"}:
            hand_over(change, line.item, "post")


def send_back(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """What came for a case that has ended leaves again for the applicant. Raises AccessDenied, RuleRefused."""
    with changing(case_id, actor=actor, now=now) as change:
        may_act(change)
        if change.case.is_open:
            raise RuleRefused("case_open")
        for line in queries.custody(case_id):
            if line.item in rules.POSTED and line.holder == "post":
                hand_over(change, line.item, "courier")


def verify(*, case_id: UUID, ticked: Iterable[str], actor: Actor, now: datetime, revision: int | None = None) -> None:
    """Gate 2 passed. What is exact by construction needs no tick and is kept with its reason, apart from the ticks.

    Raises RuleRefused(``checks_missing``), MoveRefused, StaleCase, AccessDenied.
    """
    ticked = [check for check in rules.CHECKS if check in set(ticked)]
    with changing(case_id, actor=actor, now=now) as change:
        may_act(change)
        unchanged(change, revision)
        exact = rules.certain(queries.posted_items(case_id).checklist(now))
        change.record(rules.verify(ticked, exact))
        GateCheck.objects.create(
            case_id=case_id, at=now, by=actor.label, verdict="verified", ticked=ticked, reasons=exact
        )


def ask_again(
    *,
    case_id: UUID,
    reasons: Mapping[str, str],
    words: Mapping[str, str],
    actor: Actor,
    now: datetime,
    revision: int | None = None,
) -> None:
    """Ask for the photo, the label or both again. ``words``: the agent's own, by language; sealed.

    What is refused is destroyed by the post and the applicant holds what is to come. Raises RuleRefused, MoveRefused,
    StaleCase, AccessDenied.
    """
    with changing(case_id, actor=actor, now=now) as change:
        may_act(change)
        unchanged(change, revision)
        change.record(rules.ask_again(reasons))
        _await_again(change, dict(reasons), {code: text.strip() for code, text in words.items() if text.strip()})


def _await_again(change: Change, reasons: dict[str, str], words: dict[str, str]) -> None:
    case_id = change.case.id
    sealed = sealing.seal_json(case_id, "replacement_words", words) if words else None
    GateCheck.objects.create(
        case_id=case_id, at=change.now, by=change.actor.label, verdict="replacement", reasons=reasons, words=sealed
    )
    held = {line.item: line.holder for line in queries.custody(case_id)}
    for item in reasons:
        if held[item] == "post":
            hand_over(change, item, "destroyed")
        hand_over(change, item, "applicant")
    if "label" in reasons:
        row = posting_of(change)
        next_round(row)
        row.save()


def note_opening(*, case_id: UUID, part: str, actor: Actor, now: datetime) -> None:
    """An agent opened part of the file: the applicant sees it. Raises AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        case = change.case
        if not access.may_read_case(actor, post_code=case.post_id, applicant_sub=case.applicant_sub):
            raise access.AccessDenied
        opened(change, part)


def opened(change: Change, part: str) -> None:
    """Leave the trace of an opening, once per agent, part and half hour."""
    event, lately = e.FileViewed(part=part), change.now - SAME_OPENING
    before = [line for line in ledger.history(change.case.id) if line.at > lately and line.event == event]
    if not any(line.actor_id == change.actor.id for line in before):
        change.record(Decision.of(event))


def watch_labels(*, now: datetime, limit: int = 20) -> None:
    """Ask the carrier about labels in use: one it has cancelled must be replaced before the passport is ready."""
    due = Posting.objects.filter(label_poll_at__lte=now, case__outcome="open").exclude(label_source="")
    for row in due.order_by("label_poll_at")[:limit]:
        _watch(row, now)


def _watch(row: Posting, now: datetime) -> None:
    case = ledger.get(row.case_id)
    finished = (
        case.interview in {"approved", "refused", "directed_in_person"} and case.dispatch != "production_rejected"
    )
    Posting.objects.filter(pk=row.pk).update(label_poll_at=None if finished else rules.next_poll(now))
    if finished or case.posted_items not in rules.WATCHED or row.label_waybill is None:
        return
    waybill = Waybill(row.carrier, sealing.unseal(case.id, "label_waybill", row.label_waybill).decode())
    if not rules.generates(row.carrier):
        return
    try:
        scans = directory.courier().track(waybill)
    except PartnerError:
        return  # the next round asks again
    cancelled = next((scan for scan in scans if scan.kind is ScanKind.CANCELLED), None)
    if cancelled is not None:
        cancel_label(case_id=case.id, code=cancelled.raw, now=now)


def cancel_label(*, case_id: UUID, code: str, now: datetime) -> None:
    """The carrier has voided the label. Once: a label already replaced is left alone."""
    try:
        with changing(case_id, actor=partner("courier"), now=now) as change:
            change.record(Decision.of(e.LabelCancelledByCourier(code=code[:40])))
            _await_again(change, {"label": "courier_cancelled"}, {})
    except MoveRefused:
        return  # no longer in use: nothing to replace
