"""Confirm receipt: both numbers together, tries counted under lock, the readable copy erased at the end."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.case.values import PassportNumber, SecurityNumber
from escale.ledger import queries as ledger
from escale.ledger.record import changing
from escale.people.access import AccessDenied, may_act_on_case
from escale.people.actors import Actor, job
from escale.ports import directory
from escale.ports.errors import PartnerUnavailable
from escale.steps.step3_posted_items.service_custody import hand_over
from escale.steps.step4_interview import service_security
from escale.steps.step5_dispatch import queries as step5
from escale.steps.step7_confirm_receipt import queries, rules
from escale.ui.limits import within


@dataclass(frozen=True, slots=True)
class Answer:
    """What one entry led to. ``left``: wrong entries left before the lock."""

    confirmed: bool
    locked: bool = False
    left: int = 0


def _both_match(case_id: UUID, number: PassportNumber, security: SecurityNumber) -> bool:
    """Both are always compared, each in a time that does not depend on the answer."""
    made = step5.title(case_id)
    printed = made.number.text if made else "-" * len(number.text)
    same_passport = hmac.compare_digest(printed.encode(), number.text.encode())
    same_security = service_security.matches(case_id, security)
    return same_passport & same_security & (made is not None)


def confirm(
    *,
    case_id: UUID,
    number: PassportNumber,
    security: SecurityNumber,
    actor: Actor,
    now: datetime,
    seen: int | None = None,
) -> Answer:
    """One entry on the reception site. ``seen``: how many wrong entries the form was shown after; one that was sent
    again by itself (a reload, a second tap, another tab) is neither compared nor counted.

    The slow comparison is made before the case is locked; the tries are counted under lock, so that a burst of entries
    never gets more than five answers. Raises RuleRefused (locked_out, confirmed_already, invalidated, not_dispatched,
    too_many_tries, sent_again), AccessDenied, MoveRefused.
    """
    case = ledger.get(case_id)
    if actor.kind != "applicant" or not may_act_on_case(
        actor, post_code=case.post_id, applicant_sub=case.applicant_sub
    ):
        raise AccessDenied
    rules.may_try(case.receipt, case.title)
    if not within("security_number", actor.id, now=now):
        raise RuleRefused("too_many_tries")
    both = _both_match(case_id, number, security)
    with changing(case_id, actor=actor, now=now) as change:
        rules.may_try(change.case.receipt, change.case.title)
        wrong = queries.wrong_entries(case_id)
        if seen is not None and seen != wrong:
            raise RuleRefused("sent_again")
        events = rules.confirmation(both_match=both, wrong_before=wrong, now=now)
        change.record(Decision(events))
        if both:
            service_security.erase(change)
            hand_over(change, "new_passport", "applicant")
            return Answer(confirmed=True)
        locked = any(isinstance(event, e.ReceiptLockedOut) for event in events)
        return Answer(confirmed=False, locked=locked, left=rules.tries_left(wrong + 1, now))


def end_lockout(*, case_id: UUID, now: datetime) -> None:
    """The deadline of step 7: 24 hours have passed. Idempotent."""
    with changing(case_id, actor=job("clock"), now=now) as change:
        change.record(Decision(rules.unlocking(change.case.receipt)))


def unlock(*, case_id: UUID, actor: Actor, now: datetime) -> None:
    """An agent ends the lock early, once sure of the person. Raises RuleRefused(``not_locked``), AccessDenied."""
    with changing(case_id, actor=actor, now=now) as change:
        case = change.case
        if actor.kind != "agent" or not may_act_on_case(
            actor, post_code=case.post_id, applicant_sub=case.applicant_sub
        ):
            raise AccessDenied
        events = rules.unlocking(case.receipt)
        if not events:
            raise RuleRefused("not_locked")
        change.record(Decision(events))


def confirm_at_issuance(*, case_id: UUID, event: e.Event, key: str, now: datetime) -> None:
    """Effect of ReceiptConfirmed: issuance learns it. Idempotent there, by the passport's number."""
    made, at = step5.title(case_id), queries.confirmed_at(case_id)
    if made is None or at is None:
        raise PartnerUnavailable("issuance", "title_not_kept")
    directory.issuance().confirm_receipt(made.number, confirmed_at=at)
