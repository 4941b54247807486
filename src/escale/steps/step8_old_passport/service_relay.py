"""Once a day, what the border relay holds is compared with what we told it; a difference is brought to the desk.

A number that nobody stops at a border, or a traveller stopped for a record we took back, must not wait for a complaint.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from escale.case import events as e
from escale.case.decision import Decision
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.access import AccessDenied
from escale.people.actors import Actor, job
from escale.ports import directory
from escale.ports.errors import PartnerError
from escale.steps.step5_dispatch import queries as step5
from escale.steps.step8_old_passport.models import Invalidation, RelayCount
from escale.vault.keys import KeyDestroyed

LOG = logging.getLogger("escale.step8")
TRY_AGAIN = timedelta(hours=1)
SETTLED = timedelta(hours=2)
"""What has just been told or taken back may still be on its way."""
STATUS = {"lost": "LOST", "stolen": "STOLEN"}


def expected() -> dict[str, int]:
    """Records that should be in force, by the relay's status."""
    reasons = Invalidation.objects.filter(case__title="reported").values_list("reason", flat=True)
    return dict(Counter(STATUS.get(reason, "INVALID") for reason in reasons))


def compare_with_relay(*, now: datetime) -> None:
    """Poll: the first worker of the day compares; a silent relay is asked again an hour later."""
    today, made = RelayCount.objects.get_or_create(day=now.date(), defaults={"next_try_at": now + TRY_AGAIN})
    if not made:
        waiting = RelayCount.objects.filter(pk=today.pk, compared_at__isnull=True, next_try_at__lte=now)
        if not waiting.update(next_try_at=now + TRY_AGAIN):
            return
    _compare(today, now)


def compare_now(*, actor: Actor, now: datetime) -> bool:
    """A supervisor asks again at once. False when the relay did not answer. Raises AccessDenied."""
    if actor.role != "supervisor":
        raise AccessDenied
    today, _ = RelayCount.objects.get_or_create(day=now.date(), defaults={"next_try_at": now + TRY_AGAIN})
    return _compare(today, now)


def _compare(today: RelayCount, now: datetime) -> bool:
    """Ask the relay, keep both counts, alert once about each case that differs. False when it did not answer."""
    try:
        theirs = {status: count for status, count in directory.border_alert().counts().items() if count}
        ours = expected()
        wrong = _differing(now) if theirs != ours else []
    except PartnerError as error:
        LOG.warning("the border relay could not be compared: %s", error.code)
        return False
    if theirs != ours:
        LOG.error("the border relay holds %s, we count %s; %d cases to look at", theirs, ours, len(wrong))
    known = {tuple(pair) for pair in today.differing}
    for case_id, kind in wrong:
        if (str(case_id), kind) not in known:
            with changing(case_id, actor=job("reconciliation"), now=now) as change:
                change.record(Decision.of(e.AlertRaised(kind=kind)))
    RelayCount.objects.filter(pk=today.pk).update(
        compared_at=now,
        ours=ours,
        theirs=theirs,
        cases_to_look_at=len(wrong),
        differing=[[str(case_id), kind] for case_id, kind in wrong],
    )
    return True


def _differing(now: datetime) -> list[tuple[UUID, str]]:
    """Ask about each passport: the cases whose record is not as it should be, and why."""
    found = []
    for case in Case.objects.filter(title__in=("reported", "withdrawn"), changed_at__lte=now - SETTLED).order_by("id"):
        try:
            made = step5.title(case.id)
        except KeyDestroyed:
            continue  # its number is gone: nobody can ask any more
        if made is not None and directory.border_alert().is_reported(made.number) != (case.title == "reported"):
            kind = "border_record_missing" if case.title == "reported" else "border_record_remains"
            found.append((case.id, kind))
    return found
