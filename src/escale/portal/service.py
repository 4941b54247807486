"""What the applicant may change of a case outside its steps."""

from __future__ import annotations

from datetime import datetime

from escale.ledger import record
from escale.ledger.models import Case
from escale.people.access import AccessDenied, may_act_on_case
from escale.people.actors import Actor


def choose_language(*, case: Case, language: str, actor: Actor, now: datetime) -> None:
    """Language of the messages to come: ``fr`` or ``en``. Raises AccessDenied."""
    if not may_act_on_case(actor, post_code=case.post_id, applicant_sub=case.applicant_sub):
        raise AccessDenied(case.reference)
    with record.changing(case.id, actor=actor, now=now) as change:
        change.case.language = language
