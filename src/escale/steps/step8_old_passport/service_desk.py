"""What agents do about the old passport and the title: receive, keep for a visa, suspend, release, withdraw."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.ledger import queries as ledger, search
from escale.ledger.models import Case
from escale.ledger.record import Change, changing
from escale.people.access import AccessDenied, may_act_on_case, may_read_case
from escale.people.actors import Actor
from escale.ports import directory
from escale.steps.step3_posted_items.service_custody import hand_over
from escale.steps.step6_delivery.service import stop_following
from escale.steps.step8_old_passport import queries, rules
from escale.steps.step8_old_passport.models import Hold, Invalidation, VisaRequest, Withdrawal
from escale.vault import documents, sealing


def _only_agents(change: Change, *, supervisor: bool = False) -> None:
    case = change.case
    if change.actor.kind != "agent" or not may_act_on_case(
        change.actor, post_code=case.post_id, applicant_sub=case.applicant_sub, supervisor=supervisor
    ):
        raise AccessDenied


def find(typed: str, *, actor: Actor) -> Case:
    """The case of an envelope: by its reference, the old passport's number or the waybill, at the agent's own post.

    Raises RuleRefused(unknown_object).
    """
    case = ledger.by_reference(typed)
    found = [case] if case else list(Case.objects.select_related("post").filter(pk__in=search.find(typed)))
    mine = [each for each in found if each.post_id == actor.post and each.old_passport != "waiting"]
    if len(mine) != 1:
        raise RuleRefused("unknown_object")
    return mine[0]


def receive(*, typed: str, actor: Actor, now: datetime) -> Case:
    """An old passport is at the post. Raises RuleRefused(unknown_object, return_not_expected), AccessDenied."""
    case = find(typed, actor=actor)
    with changing(case.id, actor=actor, now=now) as change:
        _only_agents(change)
        change.record(rules.received(change.case.old_passport))
        hand_over(change, "old_passport", "post")
        stop_following(case.id, "return", now=now)
    return case


def answer_visa(*, case_id: UUID, accept: bool, until: date, actor: Actor, now: datetime) -> None:
    """Answer a request to keep the old passport, on the visa's copy. Raises RuleRefused, AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        _only_agents(change)
        request = VisaRequest.objects.filter(case_id=case_id, state="pending").first()
        if request is None:
            raise RuleRefused("no_visa_request")
        if accept:
            change.record(rules.keep_for_visa(change.case.old_passport, until=until, today=now.date()))
        else:
            change.record(Decision.of(e.NoteAdded()))
        request.state, request.answered_at, request.until = "accepted" if accept else "refused", now, until
        request.save(update_fields=["state", "answered_at", "until"])


def lost_in_post(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """The carrier lost the old passport after taking it: nothing is held against the applicant."""
    with changing(case_id, actor=actor, now=now) as change:
        _only_agents(change)
        change.record(Decision.of(e.ReturnLostInPost()))
        stop_following(case_id, "return", now=now)


def hold(*, case_id: UUID, reason: str, until: datetime, actor: Actor, now: datetime) -> None:
    """Suspend an announced invalidation. Supervisors alone. Raises RuleRefused, AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        _only_agents(change, supervisor=True)
        change.record(rules.hold(change.case.title, until=until, reason=reason, now=now))
        sealed = sealing.seal_with(change.key, case_id, "hold", reason.strip().encode())
        Hold.objects.create(case_id=case_id, agent_id=int(actor.id), reason=sealed, at=now, until=until)


def release(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """End a suspension: the case is on the list again. Supervisors alone."""
    with changing(case_id, actor=actor, now=now) as change:
        _only_agents(change, supervisor=True)
        change.record(Decision.of(e.HoldEnded()))


def fulfil_late(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """Take a case off the list: both duties are met. Supervisors alone. Raises RuleRefused(duty_missing)."""
    with changing(case_id, actor=actor, now=now) as change:
        _only_agents(change, supervisor=True)
        change.record(rules.fulfilled_late(queries.duties(change.case)))


def declare(*, case_id: UUID, kind: str, actor: Actor, now: datetime) -> None:
    """The new passport was lost or stolen: it is invalidated and reported. Raises MoveRefused, AccessDenied."""
    if kind not in {"lost", "stolen"}:
        raise RuleRefused("kind")
    with changing(case_id, actor=actor, now=now) as change:
        _only_agents(change)
        change.record(Decision.of(e.PassportDeclaredLostOrStolen(kind=kind)))


def ask_withdrawal(*, case_id: UUID, reason: str, actor: Actor, now: datetime) -> None:
    """A first person asks to take a wrong entry back at the relay. Raises RuleRefused, AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        _only_agents(change, supervisor=True)
        if change.case.title != "reported":
            raise RuleRefused("not_reported")
        if not reason.strip():
            raise RuleRefused("reason_missing")
        sealed = sealing.seal_with(change.key, case_id, "withdrawal", reason.strip().encode())
        Withdrawal.objects.get_or_create(
            case_id=case_id, defaults={"asked_by_id": int(actor.id), "reason": sealed, "asked_at": now}
        )
        change.record(Decision.of(e.NoteAdded()))


def confirm_withdrawal(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """A second person confirms; the relay takes the entry back, then the ledger says so.

    Raises RuleRefused(no_withdrawal, same_person), PartnerUnavailable (nothing changed), AccessDenied.
    """
    with changing(case_id, actor=actor, now=now) as change:
        _only_agents(change)
        asked = Withdrawal.objects.filter(case_id=case_id).first()
        if asked is None or change.case.title != "reported":
            raise RuleRefused("no_withdrawal")
        if str(asked.asked_by_id) == actor.id:
            raise RuleRefused("same_person")
        reason = sealing.unseal(case_id, "withdrawal", asked.reason).decode()
        item = Invalidation.objects.get(case_id=case_id).item_id
    directory.border_alert().withdraw(item, reason=reason)
    with changing(case_id, actor=actor, now=now) as change:
        if change.case.title == "reported":
            change.record(Decision.of(e.BorderAlertWithdrawn()))
            Withdrawal.objects.filter(case_id=case_id).update(confirmed_by_id=int(actor.id), confirmed_at=now)


def look_at_visa(*, case_id: UUID, document_id: UUID, actor: Actor, now: datetime) -> tuple[bytes, str]:
    """The copy of a visa and its media type; looking at it is recorded. Raises AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        case = change.case
        if not may_read_case(actor, post_code=case.post_id, applicant_sub=case.applicant_sub):
            raise AccessDenied
        change.record(Decision.of(e.FileViewed(part="visa")))
    return documents.read(case_id, document_id)
