"""What the desk's file of a case shows of step 2: the answers beside their documents, findings, and gate 1."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language, gettext as _

from escale.case import policy
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.actors import Actor
from escale.steps.step1_sign_in import rules as step1
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.forms import CorrectionForm, DecisionForm, EndForm
from escale.ui.guards import DECIDERS

URGENT_DAYS = 30


def rule_choices() -> list[tuple[str, str]]:
    """Rules an agent may name: those of eligibility, and the two of article 5 of the order of 29 November 2025."""
    return [
        *((rule.id, f"{rule.id} — {_(rule.title)}") for rule in step1.RULES),
        ("A5-file", _("Art. 5 — Dossier non conforme")),
        ("A5-doubt", _("Art. 5 — Doute sur l’identité ou sur la validité des pièces")),
    ]


def correctable(case: Case) -> tuple[str, ...]:
    """Items that can be sent back for this case: the answers, the documents asked for, the photo, the stamp."""
    read = queries.draft(case)
    kinds = {document.kind for document in rules.documents_wanted(read)} | read.documents
    skipped = {"stamp"} if read.free else set()
    return tuple(
        item for item in rules.ITEM_LABELS if item not in skipped and (item not in rules.DOCUMENT or item in kinds)
    )


def findings(case: Case, application: queries.Application, now: datetime) -> list[dict[str, str]]:
    """What a machine found, as lines with their verdict: ``ok``, ``check`` or ``no``. The agent decides."""
    found = _zone_findings(case, application)
    for doc in application.documents:
        if doc.kind not in {queries.PHOTO, "passport_page"}:
            found += [{"text": f"{_(doc.label)} : {told['text']}", "verdict": told["verdict"]} for told in doc.told]
    found += _photo_findings(application)
    if application.travel_on is not None and (application.travel_on - now.date()).days <= URGENT_DAYS:
        found.append({"text": _("Voyage prévu bientôt."), "verdict": "check"})
    return found


def _zone_findings(case: Case, application: queries.Application) -> list[dict[str, str]]:
    """The machine readable zone against what was typed and what FranceConnect+ says."""
    zones = [doc.findings["mrz"] for doc in application.documents if doc.findings.get("mrz", {}).get("valid")]
    if not zones:
        return [{"text": _("Zone du passeport non lue : comparer à l’œil."), "verdict": "check"}]
    zone, summary = zones[-1], ledger.summary(case)
    typed = application.passport_number.text if application.passport_number else ""
    expiry = application.passport_expires_on.isoformat() if application.passport_expires_on else ""
    parts = zip(zone["birth"].split("-"), summary["birthdate"].split("-"), strict=True)
    same_birth = all(read == said or "00" in (read, said) for read, said in parts)
    lines = [
        (zone["number"] == typed, _("Numéro saisi et numéro lu sur le passeport")),
        (zone["expires_on"] == expiry, _("Date d’expiration saisie et date lue sur le passeport")),
        (same_birth, _("Date de naissance de FranceConnect+ et du passeport")),
    ]
    return [
        {"text": _("%(what)s : identiques") % {"what": what}, "verdict": "ok"}
        if same
        else {"text": _("%(what)s : différents") % {"what": what}, "verdict": "no"}
        for same, what in lines
    ]


def _photo_findings(application: queries.Application) -> list[dict[str, str]]:
    photos = [doc for doc in application.documents if doc.kind == queries.PHOTO]
    report = photos[-1].findings.get("en" if get_language() == "en" else "fr", {}) if photos else {}
    if not report:
        return []
    if report["engine"] == "off":
        return [{"text": _("Photo : vérification automatique indisponible."), "verdict": "check"}]
    verdicts = {"not_compliant": "no", "to_check": "check"}
    lines = [
        {"text": f"{check['title']} : {check['reason']}", "verdict": verdicts[check["verdict"]]}
        for check in report["checks"]
        if check["verdict"] in verdicts
    ]
    return lines or [{"text": _("Photo : rien à signaler."), "verdict": "ok"}]


def panel(case: Case, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """Answers, documents, findings and the forms of gate 1. None while nothing has been submitted."""
    application = queries.application(case.id)
    if application is None or case.application == "draft":
        return None
    revision = queries.revision(case.id)
    decides = actor.role in DECIDERS and case.is_open and case.dispatch == "waiting"
    reopenable = case.application == "accepted" and case.interview in {"locked", "bookable", "booked"}
    return {
        "application": application,
        "motive": rules.MOTIVE.get(application.motive),
        "eyes": dict(rules.EYE_COLOURS).get(application.eye_colour, ""),
        "findings": findings(case, application, now),
        "corrections": queries.corrections(case.id),
        "ruling": queries.ruling(case.id),
        "oldest_proof": _oldest_proof(now.date()),
        "accept": DecisionForm(initial={"revision": revision}) if decides and case.application == "submitted" else None,
        "correct": CorrectionForm(initial={"revision": revision}, items=correctable(case))
        if decides and (case.application == "submitted" or reopenable)
        else None,
        "end": EndForm(initial={"revision": revision}, choices=rule_choices()) if decides else None,
        "tz": case.post.tz,
    }


def _oldest_proof(today: date) -> dict[str, Any]:
    return {"day": rules.oldest_address_proof(today), "days": policy.number("address_proof_max_days", today)}
