"""Hand-overs of the four objects: photo, label, new passport, old passport."""

from __future__ import annotations

from escale.case import events as e
from escale.case.decision import Decision
from escale.ledger.record import Change
from escale.steps.step3_posted_items.models import Custody
from escale.steps.step3_posted_items.rules import HOLDERS, OBJECTS


def hand_over(change: Change, item: str, holder: str) -> None:
    """Say within a change who now holds an object: the row moves, the ledger gets its entry.

    ``item`` among rules.OBJECTS, ``holder`` among rules.HOLDERS (else KeyError). Repeating it changes nothing.
    """
    if item not in OBJECTS or holder not in HOLDERS:
        raise KeyError((item, holder))
    row, created = Custody.objects.get_or_create(
        case_id=change.case.id, item=item, defaults={"holder": holder, "since": change.now}
    )
    if not created and row.holder == holder:
        return
    if not created:
        row.holder, row.since = holder, change.now
        row.save(update_fields=["holder", "since"])
    change.record(Decision.of(e.CustodyMoved(item=item, holder=holder)))
