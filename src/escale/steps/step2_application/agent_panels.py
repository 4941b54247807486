"""What the desk's file of a case shows of step 2: the answers beside their documents, findings, and gate 1."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _

from escale.case import policy
from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.steps.step1_sign_in import rules as step1
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.agent_panels_points import Point, green, points
from escale.steps.step2_application.forms_gate import CorrectionForm, DecisionForm, EndForm
from escale.ui.guards import DECIDERS


def rule_choices() -> list[tuple[str, str]]:
    """Rules an agent may name: those of eligibility, and the two of article 5 of the order of 29 November 2025."""
    return [
        *((rule.id, f"{rule.id} — {_(rule.title)}") for rule in step1.RULES),
        ("A5-file", _("Art. 5 — Dossier non conforme")),
        ("A5-doubt", _("Art. 5 — Doute sur l’identité ou sur la validité des pièces")),
    ]


def correctable(read: rules.Draft) -> tuple[str, ...]:
    """Items that can be sent back: the answers, the documents asked for, the photo, the stamp."""
    kinds = {document.kind for document in rules.documents_wanted(read)} | read.documents
    skipped = {"stamp"} if read.free else set()
    return tuple(
        item for item in rules.ITEM_LABELS if item not in skipped and (item not in rules.DOCUMENT or item in kinds)
    )


def _remarks(point: Point, form: CorrectionForm | None) -> list[BoundField]:
    """The boxes for words about this point; none where nothing can be sent back."""
    names = [name for item in point.items for name in CorrectionForm.names(item)] if form is not None else []
    return [form[name] for name in names if form is not None and name in form.fields]


def panel(case: Case, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """Answers, documents, findings and the forms of gate 1. None while nothing has been submitted."""
    application = queries.application_of(case)
    if application is None or case.application == "draft":
        return None
    revision = application.revision
    decides = actor.role in DECIDERS and case.is_open and case.dispatch == "waiting"
    reopenable = case.application == "accepted" and case.interview in {"locked", "bookable", "booked"}
    correct = decides and (case.application == "submitted" or reopenable)
    seen, read_in = {"revision": revision}, case.language
    remarks = CorrectionForm(initial=seen, items=correctable(application.draft), language=read_in) if correct else None
    found = points(case, application, now)
    return {
        "application": application,
        "points": [(point, _remarks(point, remarks)) for point in found],
        "green": green(found),
        "photo": next((queries.photo_report(doc) for doc in application.documents if doc.kind == queries.PHOTO), {}),
        "overrulable": _overrulable(application),
        "set_aside": queries.set_aside(case.id),
        "corrections": queries.corrections(case.id),
        "ruling": queries.ruling(case.id),
        "oldest_proof": _oldest_proof(now.date()),
        "accept": DecisionForm(initial={"revision": revision}) if decides and case.application == "submitted" else None,
        "correct": remarks,
        "end": EndForm(initial=seen, choices=rule_choices(), language=read_in) if decides else None,
        "tz": case.post.tz,
    }


def _overrulable(application: queries.Application) -> frozenset[str]:
    """Documents of which the machine says no, or does not know: the agent may find them compliant, with reasons."""
    return frozenset(doc.kind for doc in application.documents if doc.machine in {"to_check", "not_compliant"})


def _oldest_proof(today: date) -> dict[str, Any]:
    return {"day": rules.oldest_address_proof(today), "days": policy.number("address_proof_max_days", today)}
