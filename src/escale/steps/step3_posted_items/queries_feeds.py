"""What step 3 asks of carriers again and again: whether a label still holds."""

from __future__ import annotations

from escale.ledger.feeds import Question
from escale.steps.step3_posted_items.models import Posting


def questions() -> list[Question]:
    """Labels that are watched."""
    watched = Posting.objects.filter(case__outcome="open").exclude(label_source="")
    return [Question("labels", "courier", watched, "label_poll_at")]
