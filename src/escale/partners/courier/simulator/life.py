"""Parcels go their way on the virtual clock."""

from __future__ import annotations

from datetime import datetime

from escale.partners.courier.simulator import parcels
from escale.partners.kit.ticker import every_tick


@every_tick
def move_parcels(now: datetime) -> None:
    parcels.advance(now)
