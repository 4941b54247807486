"""What step 2 asks of partners again and again: payments under way, stamps to give back."""

from __future__ import annotations

from escale.ledger.feeds import Question
from escale.steps.step2_application.models import UNKNOWN, Payment, Stamp, StampState


def questions() -> list[Question]:
    """By partner."""
    return [
        Question("payments", "payment", Payment.objects.filter(state__in=UNKNOWN), "next_check_at"),
        Question("stamps", "tax_stamp", Stamp.objects.filter(state=StampState.RELEASING), "next_try_at"),
    ]
