"""What later steps and pages may read of the envelope, the label and the four objects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.payload import BY_NAME
from escale.case.values import Waybill
from escale.ledger import queries as ledger
from escale.ledger.models import Case, Entry
from escale.ledger.queries import Line
from escale.steps.step3_posted_items import rules
from escale.steps.step3_posted_items.models import Custody, GateCheck, Posting
from escale.steps.step3_posted_items.rules import OBJECTS, Finding
from escale.ui.timeline import StepView
from escale.vault import keys, sealing

BATCH_SHOWN = 60
TRACES = tuple(name for name, kind in BY_NAME.items() if not kind.MOVES)


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """One of the four objects and who holds it. ``holder`` is empty while the object does not exist yet."""

    item: str
    holder: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class PostedItems:
    """The envelope of a case: the label it holds, how it travelled, and who holds what."""

    carrier: str
    label_waybill: Waybill | None
    label_source: str
    label_document_id: UUID | None
    label_findings: tuple[Finding, ...]
    label_made_at: datetime | None
    label_round: int
    outbound_carrier: str
    outbound_waybill: str
    announced_at: datetime | None
    received_at: datetime | None
    label_scanned_at: datetime | None
    custody: tuple[CustodyLine, ...]

    @property
    def label_ready(self) -> bool:
        return bool(self.label_source)

    def checklist(self, now: datetime) -> tuple[Finding, ...]:
        """Gate 2, line by line: what could be computed of the label, and what the agent's eyes must see."""
        made = self.label_made_at.date() if self.label_made_at else None
        generated = self.label_source == "generated"
        valid_days = rules.carrier(self.carrier).label_valid_days
        young = rules.validity(made, valid_days, now.date(), certain=generated)
        scanned = self.label_scanned_at is not None
        return rules.compared(rules.for_the_agent((*self.label_findings, young)), scanned=scanned)


@dataclass(frozen=True, slots=True)
class Asked:
    """The last replacement asked for: object → reason's code, and the agent's own words by language."""

    at: datetime
    reasons: dict[str, str]
    words: dict[str, str]


def revision(case_id: UUID) -> int:
    """Grows each time a case moves, and not when a mail leaves or a page is opened: what a decision was looking at."""
    return Entry.objects.filter(case_id=case_id).exclude(event__in=TRACES).count()


def revision_of(case: Case) -> int:
    """The same, for a page that has read the history of the case."""
    return sum(line.event.MOVES for line in ledger.history_of(case))


def custody(case_id: UUID) -> tuple[CustodyLine, ...]:
    """The four objects, in the poster's order. Until somebody hands it over, what exists is with the applicant; the
    label exists once it is made here, or its number is known."""
    held = Custody.objects.filter(case_id=case_id).values_list("item", "holder", "since")
    label = Posting.objects.filter(case_id=case_id).exclude(label_source="")
    made = label.values_list(Value("made", CharField()), Value("", CharField()), "label_made_at")
    known = {item: CustodyLine(item, holder, since) for item, holder, since in held.union(made, all=True)}
    start = {"photo": "applicant", "label": "", "new_passport": "", "old_passport": "applicant"}
    if "made" in known:
        start["label"] = "applicant"
    return tuple(known.get(item, CustodyLine(item, start[item], None)) for item in OBJECTS)


def posted_items(case_id: UUID) -> PostedItems:
    """The envelope of a case, empty when nothing was prepared. Raises KeyDestroyed after the end of retention."""
    row = Posting.objects.filter(case_id=case_id).first() or Posting(case_id=case_id)
    waybill = None
    if row.label_waybill:
        waybill = Waybill(row.carrier, sealing.unseal(case_id, "label_waybill", row.label_waybill).decode())
    outbound = (
        sealing.unseal(case_id, "outbound_waybill", row.outbound_waybill).decode() if row.outbound_waybill else ""
    )
    return PostedItems(
        carrier=row.carrier,
        label_waybill=waybill,
        label_source=row.label_source,
        label_document_id=row.label_document_id,
        label_findings=tuple(Finding(*finding) for finding in row.label_findings),
        label_made_at=row.label_made_at,
        label_round=row.label_round,
        outbound_carrier=row.outbound_carrier,
        outbound_waybill=outbound,
        announced_at=row.announced_at,
        received_at=row.received_at,
        label_scanned_at=row.label_scanned_at,
        custody=custody(case_id),
    )


def asked_again(case_id: UUID) -> Asked | None:
    """The last replacement asked for, or None."""
    row = GateCheck.objects.filter(case_id=case_id, verdict="replacement").order_by("-at", "-id").first()
    if row is None:
        return None
    words: dict[str, str] = sealing.unseal_json(case_id, "replacement_words", row.words) if row.words else {}
    return Asked(row.at, dict(row.reasons), words)


def find_by_waybill(typed: str) -> UUID | None:
    """The case whose label or outbound envelope bears this number, or None."""
    digest = waybill_index(typed)
    label = Posting.objects.filter(label_waybill_index=digest).first()
    row = label or Posting.objects.filter(outbound_waybill_index=digest).order_by("-announced_at").first()
    return row.case_id if row else None


def waybill_index(text: str) -> str:
    """The keyed digest of a waybill, however it is spaced."""
    return keys.index("waybill", "".join(text.split()).upper())


def received_lately(post_code: str, since: datetime) -> list[dict[str, Any]]:
    """Envelopes received at a post since an hour, the latest first: the batch on the desk."""
    rows = Posting.objects.filter(case__post_id=post_code, received_at__gte=since).order_by("-received_at")
    found = list(rows.select_related("case__post")[:BATCH_SHOWN])
    names = ledger.summaries([row.case for row in found])
    return [
        {
            "case": row.case,
            "name": _name(names.get(row.case_id, {})),
            "at": row.received_at,
            "label_scanned": row.label_scanned_at is not None,
            "checked": row.case.posted_items == "verified",
        }
        for row in found
    ]


def awaited_at(post_code: str) -> list[dict[str, Any]]:
    """Cases of a post whose envelope is opened and not yet checked, the oldest first (gate 2)."""
    rows = Posting.objects.filter(case__post_id=post_code, case__outcome="open", case__posted_items="received")
    found = list(rows.select_related("case__post").order_by("received_at"))
    names = ledger.summaries([row.case for row in found])
    return [{"case": row.case, "name": _name(names.get(row.case_id, {})), "at": row.received_at} for row in found]


def _name(summary: dict[str, Any]) -> str:
    """As on the other lists of the desk; a dash once the key is destroyed."""
    return f"{summary.get('usage_name') or summary.get('family_name', '—')} {summary.get('given_names', '')}".strip()


def timeline(case: Case, lines: list[Line]) -> StepView:
    """Step 3 as the applicant reads it."""
    state = case.posted_items
    at = {type(line.event): line.at for line in lines}
    page = reverse("posting", args=[case.reference])
    owed = case.is_open and state in {"awaited", "replacement_requested"}
    before = ledger.last_moment(case.id, DeadlineKind.POSTING_LAPSE) if owed else None
    if not case.is_open and state != "verified":
        return StepView(3, "stopped" if state != "not_asked" else "next", _("Rien n’est plus attendu par courrier."))
    if state == "not_asked":
        return StepView(3, "next", _("Vous enverrez votre photo et une étiquette d’envoi prépayée."))
    if state == "awaited":
        sentence = _("Postez votre photo et l’étiquette d’envoi prépayée à votre poste consulaire.")
        return StepView(
            3, "now", sentence, at=at.get(e.PostingAsked), before=before, actions=((page, _("Préparer l’enveloppe")),)
        )
    if state == "replacement_requested":
        sentence = _("Une pièce est à renvoyer par courrier.")
        when = at.get(e.ReplacementRequested) or at.get(e.LabelCancelledByCourier)
        actions = ((page, _("Voir quoi et pourquoi")),)
        return StepView(3, "now", sentence, at=when, before=before, actions=actions)
    if state == "announced":
        sentence = _("Votre enveloppe est en route vers le poste consulaire.")
        detail = _("Le poste nous préviendra à l’ouverture. Sans nouvelle six semaines après l’envoi, écrivez-lui.")
        actions = ((page, _("Revoir l’envoi")),)
        return StepView(3, "waiting", sentence, detail, at=at.get(e.PostingAnnounced), actions=actions)
    if state == "received":
        sentence = _("Votre enveloppe est arrivée : un agent vérifie la photo et l’étiquette.")
        return StepView(3, "waiting", sentence, at=at.get(e.EnvelopeReceived))
    return StepView(3, "done", _("Votre photo et votre étiquette sont vérifiées."), at=at.get(e.PostedItemsVerified))
