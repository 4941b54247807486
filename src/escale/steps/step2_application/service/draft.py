"""Save the application page after page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db.models import F

from escale.case.decision import RuleRefused
from escale.ledger import record
from escale.ledger.models import Case
from escale.people.access import AccessDenied, may_act_on_case
from escale.people.actors import Actor
from escale.steps.step1_sign_in import queries as step1
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.models import Application, Correction
from escale.vault import sealing

EDITABLE = frozenset({"draft", "correction_requested"})


def may_act(case: Case, actor: Actor) -> None:
    """Raises AccessDenied unless this actor may act on this case."""
    if not may_act_on_case(actor, post_code=case.post_id, applicant_sub=case.applicant_sub):
        raise AccessDenied(case.reference)


def is_editable(case: Case) -> bool:
    """Whether the applicant may still change the application."""
    return case.is_open and case.identity == "eligible" and case.application in EDITABLE


@contextmanager
def editing(case: Case, *, actor: Actor, now: datetime, items: tuple[str, ...]) -> Iterator[record.Change]:
    """Hold an application open for change: marks the corrections of ``items`` as answered and counts a revision.

    Raises AccessDenied, RuleRefused(``not_editable``).
    """
    may_act(case, actor)
    with record.changing(case.id, actor=actor, now=now) as change:
        if not is_editable(change.case):
            raise RuleRefused("not_editable")
        yield change
        row, created = Application.objects.get_or_create(
            case_id=case.id,
            defaults={"answers": sealing.seal_json(case.id, "step2|answers", {}), "revision": 1, "changed_at": now},
        )
        if not created:
            Application.objects.filter(pk=row.pk).update(revision=F("revision") + 1, changed_at=now)
        Correction.objects.filter(case_id=case.id, item__in=items, answered_at__isnull=True).update(answered_at=now)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def save(*, case: Case, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Keep the answers of one page. Raises AccessDenied, RuleRefused(``not_editable`` or a rule of the motive)."""
    if "motive" in values:
        passport, given = step1.declared_passport(case), queries.answers(case.id)
        expires = given.get("passport_expires_on")
        rules.check_motive(
            values["motive"],
            expires_on=date.fromisoformat(expires) if expires else passport.expires_on,
            remote=bool(step1.declared(case).get("obtained_remotely")),
            on=now.date(),
        )
    items = tuple(values) + (("usage_name",) if "usage_origin" in values else ())
    with editing(case, actor=actor, now=now, items=items) as change:
        given = queries.answers(case.id)
        given.update({name: _plain(value) for name, value in values.items()})
        sealed = sealing.seal_json(case.id, "step2|answers", given)
        Application.objects.update_or_create(
            case_id=case.id,
            defaults={"answers": sealed, "changed_at": now},
            create_defaults={"answers": sealed, "changed_at": now, "revision": 0},
        )
        if "travel_on" in values:
            change.set_travel(values["travel_on"])
        if values.get("passport_number"):
            change.make_findable("passport", values["passport_number"])
        if values.get("usage_name"):
            change.make_findable("name", values["usage_name"])
        if values.get("phone"):
            change.reseal_summary(phone=values["phone"])
