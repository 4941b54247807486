"""``escale trust``: the list of those who may seal a proof of address, read with today's date."""

from __future__ import annotations

from collections.abc import Sequence

from escale import clock
from escale.inspection import trust_update


def main(arguments: Sequence[str]) -> int:
    """``status`` or ``install``; exit status as said there."""
    return trust_update.main(list(arguments), today=clock.now().date())
