"""What the desk's file of a case shows of step 2: the answers beside their documents, findings, and gate 1."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime
from functools import cache
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _

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


@cache
def _boxes(item: str, reader: str, _page: str) -> SafeString:
    """The empty boxes for words about one item, in the page's language: the same on every file of such a ``reader``,
    and the dearest thing on it, so they are drawn once."""
    form = CorrectionForm(items=(item,), language=reader)
    return format_html_join("", "{}", ((form[name].as_field_group(),) for name in CorrectionForm.names(item)))


def _remarks(point: Point, items: Container[str], reader: str) -> SafeString:
    """The boxes for words about this point; none where nothing can be sent back."""
    page = get_language() or ""
    return format_html_join("", "{}", ((_boxes(item, reader, page),) for item in point.items if item in items))


@cache
def _end_boxes(reader: str, _page: str) -> SafeString:
    """The empty form that ends a request, but for the application it was written about: drawn once as well."""
    form = EndForm(choices=rule_choices(), language=reader)
    return format_html_join("", "{}", ((field.as_field_group(),) for field in form.visible_fields()))


def panel(case: Case, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """Answers, documents, findings and the forms of gate 1. None while nothing has been submitted."""
    application = queries.application_of(case)
    if application is None or case.application == "draft":
        return None
    decides = actor.role in DECIDERS and case.is_open and case.dispatch == "waiting"
    reopenable = case.application == "accepted" and case.interview in {"locked", "bookable", "booked"}
    correct = decides and (case.application == "submitted" or reopenable)
    may_go_back = correctable(application.draft) if correct else ()
    found = points(case, application, now)
    return {
        "application": application,
        "points": [(point, _remarks(point, may_go_back, case.language)) for point in found],
        "green": green(found),
        "photo": next((queries.photo_report(doc) for doc in application.documents if doc.kind == queries.PHOTO), {}),
        "overrulable": _overrulable(application),
        "set_aside": queries.set_aside(case.id),
        "corrections": queries.corrections_of(case),
        "ruling": queries.ruling(case.id) if case.application in {"refused", "directed_in_person"} else None,
        "oldest_proof": _oldest_proof(now.date()),
        "seen": DecisionForm(initial={"revision": application.revision})["revision"] if decides else None,
        "accept": decides and case.application == "submitted",
        "correct": correct,
        "end": _end_boxes(case.language, get_language() or "") if decides else "",
        "tz": case.post.tz,
    }


def _overrulable(application: queries.Application) -> frozenset[str]:
    """Documents of which the machine says no, or does not know: the agent may find them compliant, with reasons."""
    return frozenset(doc.kind for doc in application.documents if doc.machine in {"to_check", "not_compliant"})


def _oldest_proof(today: date) -> dict[str, Any]:
    return {"day": rules.oldest_address_proof(today), "days": policy.number("address_proof_max_days", today)}
