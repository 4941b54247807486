"""What the worker asks of step 2: effects, deadlines, the words of messages, polls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.effects import EffectKind
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.steps.step1_sign_in import rules as step1_rules
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.service import checks, payment, stamp, submission
from escale.ui.sites import address

EFFECTS: dict[str, Callable[..., None]] = {
    EffectKind.RELEASE_STAMP: stamp.release,
    EffectKind.CONSUME_STAMP: stamp.consume,
}
DEADLINES: dict[str, Callable[..., None]] = {
    DeadlineKind.DRAFT_LAPSE: submission.lapse_draft,
    DeadlineKind.CORRECTION_LAPSE: submission.lapse_correction,
    DeadlineKind.POSTING_LAPSE: submission.lapse_posting,
    DeadlineKind.BOOKING_LAPSE: submission.lapse_booking,
}


def _deadline(kind: DeadlineKind) -> Callable[..., dict[str, Any]]:
    """Words that need a last day."""

    def build(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
        return {"last_at": ledger.last_moment(case.id, kind)}

    return build


def _submitted(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    read = queries.application(case.id)
    with translation.override(case.language):
        motive = _(rules.MOTIVE[read.motive].label) if read and read.motive in rules.MOTIVE else ""
    return {"motive": motive, "free": bool(read and read.free), "answered": isinstance(event, e.CorrectionSubmitted)}


def _correction(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    asked = queries.open_corrections(case.id)
    with translation.override(case.language):
        told = [{"label": _(rules.ITEM_LABELS[item]), "words": sent.words} for item, sent in asked.items()]
    return {
        "items": told,
        "last_at": ledger.last_moment(case.id, DeadlineKind.CORRECTION_LAPSE),
        "paid": queries.spare_or_held(case.id),
    }


def _accepted(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    return {
        "awaits_envelope": case.posted_items in {"awaited", "replacement_requested"},
        "last_at": ledger.last_moment(case.id, DeadlineKind.POSTING_LAPSE),
        "paid": queries.spare_or_held(case.id),
    }


def _ended(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    """Rule, reasons, way out and appeal of a refusal or of a direction to an appointment."""
    found = event.rules if isinstance(event, e.EligibilityLost) else (getattr(event, "rule", ""),)
    reasons = queries.ruling(case.id)
    with translation.override(case.language):
        told = [
            {"title": _(rule.title), "source": rule.source, "way_out": _(rule.way_out)}
            for rule in (step1_rules.BY_ID.get(name) for name in found)
            if rule is not None
        ]
    return {
        "rules": told,
        "reasons": reasons.said.read(case.language) if reasons else "",
        "paid": queries.spare_or_held(case.id),
    }


def _lapsed(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    return {**_with_stamp(case=case, event=event, now=now), "reason": getattr(event, "reason", "")}


def _with_stamp(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    return {"paid": queries.spare_or_held(case.id), "home_url": address("portal", "home")}


def _given_back(*, case: Case, event: e.Event, now: datetime) -> dict[str, Any]:
    """``second``: another stamp was paid for and serves the case, which goes on."""
    second = case.is_open and queries.stamp_in_use(case.id) is not None
    return {**_with_stamp(case=case, event=event, now=now), "second": second}


MESSAGES: dict[str, Callable[..., dict[str, Any]]] = {
    "draft_reminder": _deadline(DeadlineKind.DRAFT_LAPSE),
    "submitted": _submitted,
    "correction_requested": _correction,
    "correction_reminder": _correction,
    "accepted": _accepted,
    "refused": _ended,
    "directed_in_person": _ended,
    "withdrawn": _with_stamp,
    "lapsed": _lapsed,
    "stamp_released": _given_back,
}
POLLS: list[Callable[..., int | None]] = [checks.run_due, payment.reconcile, stamp.release_what_was_put_aside]
