"""The photo's automatic check, as pages show it: the same words and the same drawing for applicant and agent."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from escale.inspection.portrait.crop import CropProposal, from_json
from escale.inspection.portrait.judge import Verdict
from escale.steps.step2_application.models import Document
from escale.steps.step2_application.queries.reading import Doc
from escale.vault import sealing


def photo_report(doc: Doc) -> dict[str, Any]:
    """The report of the photo's check in the reader's language; empty while it waits, or when it could not be made.

    ``marks`` is the drawing to lay over the photo, an SVG; ``drawing`` says in words what it shows; ``frame``: the
    framing offered, None without one.
    """
    language = "en" if (get_language() or "fr").startswith("en") else "fr"
    report: dict[str, Any] = doc.findings.get(language, {})
    if not report:
        return {}
    marks = mark_safe(doc.findings.get("marks", {}).get(language, ""))  # noqa: S308 - drawn by us, kept sealed
    return {**report, "marks": marks, "frame": None if doc.framed else _offered(report)}


def photo_frame(row: Document) -> CropProposal | None:
    """The frame of 35 × 45 mm the check proposes; None while it waits, or when the photo cannot be framed well."""
    findings = sealing.unseal_json(row.case_id, f"step2|findings|{row.id}", row.findings)
    return None if row.reading.framed else _offered(findings.get("fr", {}))


def _offered(report: dict[str, Any]) -> CropProposal | None:
    """A frame without a conflict, in which enough is left to see."""
    judged = {check.get("code"): check["verdict"] for check in report.get("checks", ())}
    if judged.get("framing") in (None, Verdict.NOT_COMPLIANT.value):
        return None
    try:
        return from_json(report["crop"])
    except KeyError:  # kept by an earlier version
        return None
