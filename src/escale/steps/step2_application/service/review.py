"""Gate 1: an agent accepts the application, sends items back, or ends it with a rule and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.ledger import queries as ledger, record
from escale.ledger.models import Case, Entry
from escale.people.access import AccessDenied, may_act_on_case
from escale.people.actors import Actor
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.models import Correction, Opinion, Ruling
from escale.ui.said import Said
from escale.vault import sealing

SAME_OPENING = timedelta(minutes=10)


def _may_decide(case: Case, actor: Actor) -> None:
    allowed = may_act_on_case(actor, post_code=case.post_id, applicant_sub=case.applicant_sub)
    if actor.kind != "agent" or not allowed:
        raise AccessDenied(case.reference)


def _unchanged(case: Case, revision: int) -> None:
    """The content judged is the content on screen."""
    if queries.revision(case.id) != revision:
        raise record.StaleCase(case.reference)


def accept(*, case: Case, revision: int, actor: Actor, now: datetime) -> None:
    """Gate 1 passed. Raises AccessDenied, StaleCase, MoveRefused, RuleRefused(``incomplete``)."""
    _may_decide(case, actor)
    with record.changing(case.id, actor=actor, now=now) as change:
        _unchanged(change.case, revision)
        rules.check_submission(queries.draft(change.case))
        for doc in queries.documents(case.id):
            _count(case, doc, accepted=True, now=now)
        change.record(Decision.of(e.ApplicationAccepted()))


def overrule(*, case: Case, kind: str, reasons: str, revision: int, actor: Actor, now: datetime) -> None:
    """The agent finds a document compliant against the automatic check, and says why: colleagues read it on the
    file, the applicant in what they take away.

    Raises AccessDenied, StaleCase, RuleRefused(``reasons_missing``, ``nothing_to_overrule``).
    """
    _may_decide(case, actor)
    if not reasons.strip():
        raise RuleRefused("reasons_missing")
    with record.changing(case.id, actor=actor, now=now) as change:
        _unchanged(change.case, revision)
        found = [doc for doc in queries.documents(case.id, kind) if doc.machine in {"to_check", "not_compliant"}]
        if not found or change.case.application != "submitted":
            raise RuleRefused("nothing_to_overrule")
        _count(case, found[0], accepted=True, now=now, reasons=reasons.strip())
        change.record(Decision.of(e.CheckOverruled(kind=kind)))


def _count(case: Case, doc: queries.Doc, *, accepted: bool, now: datetime, reasons: str = "") -> None:
    """Keep the agent's opinion beside the machine's, when the machine had one. The last one of a document counts."""
    if not doc.machine:
        return
    values = {"kind": doc.kind, "machine": doc.machine, "accepted": accepted, "contested": doc.contested, "at": now}
    if reasons or not accepted:
        values["reasons"] = sealing.seal(case.id, f"step2|opinion|{doc.id}", reasons.encode()) if reasons else None
    Opinion.objects.update_or_create(
        document_id=doc.id, defaults=values, create_defaults={"case_id": case.id, **values}
    )


def ask_correction(*, case: Case, words: Mapping[str, Said], revision: int, actor: Actor, now: datetime) -> None:
    """Send named items back, each with the agent's words in French, and in English where written. The rest is kept.

    Raises AccessDenied, StaleCase, MoveRefused, RuleRefused(``nothing_to_correct`` or ``unknown_item``).
    """
    _may_decide(case, actor)
    words = {item: said for item, said in words.items() if said.fr.strip()}
    if not words:
        raise RuleRefused("nothing_to_correct")
    if any(item not in rules.ITEM_LABELS for item in words):
        raise RuleRefused("unknown_item")
    with record.changing(case.id, actor=actor, now=now) as change:
        _unchanged(change.case, revision)
        for item, said in words.items():
            french, english = _sealed(case, f"step2|words|{item}", said)
            Correction.objects.create(case_id=case.id, item=item, words=french, words_en=english, asked_at=now)
            for doc in queries.documents(case.id, item):
                _count(case, doc, accepted=False, now=now)
        change.record(Decision.of(e.CorrectionRequested(items=tuple(words))))


def _sealed(case: Case, purpose: str, said: Said) -> tuple[bytes, bytes | None]:
    """French, and English where it was written."""
    english = said.en.strip()
    return (
        sealing.seal(case.id, purpose, said.fr.strip().encode()),
        sealing.seal(case.id, f"{purpose}|en", english.encode()) if english else None,
    )


def end(*, case: Case, kind: str, rule: str, reasons: Said, revision: int, actor: Actor, now: datetime) -> None:
    """Refuse (``refused``) or direct to an appointment (``in_person``), with the rule and reasons the person can read.

    Arrêté du 29 novembre 2025, art. 5: at any moment, if eligibility fails, the file is not compliant, or a doubt
    remains. Raises AccessDenied, StaleCase, MoveRefused, RuleRefused(``reasons_missing``).
    """
    _may_decide(case, actor)
    if not reasons.fr.strip() or not rule:
        raise RuleRefused("reasons_missing")
    event: e.Event = e.ApplicationRefused(rule=rule) if kind == "refused" else e.DirectedInPerson(rule=rule)
    with record.changing(case.id, actor=actor, now=now) as change:
        _unchanged(change.case, revision)
        french, english = _sealed(case, "step2|reasons", reasons)
        Ruling.objects.create(case_id=case.id, kind=kind, rule=rule, reasons=french, reasons_en=english, at=now)
        change.record(Decision.of(event))


def note_opening(*, case: Case, part: str, actor: Actor, now: datetime) -> None:
    """An agent opens a document: the applicant will see it. Looking again within ten minutes is the same opening."""
    recent = Entry.objects.filter(
        case_id=case.id, event="FileViewed", actor_id=actor.id, at__gte=now - SAME_OPENING
    ).exists()
    if recent and any(
        isinstance(line.event, e.FileViewed) and line.event.part == part and line.at >= now - SAME_OPENING
        for line in ledger.history(case.id)
        if line.actor_id == actor.id
    ):
        return
    with record.changing(case.id, actor=actor, now=now) as change:
        change.record(Decision.of(e.FileViewed(part=part)))
