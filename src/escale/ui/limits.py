"""Rate limits, on by default."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from escale.ui.models import Attempt
from escale.vault.keys import index

# what → (attempts, within)
LIMITS: dict[str, tuple[int, timedelta]] = {
    "sign_in": (30, timedelta(hours=1)),
    "register_match": (10, timedelta(hours=1)),
    "stamp": (10, timedelta(hours=1)),
    "presence": (20, timedelta(minutes=15)),
    "upload": (120, timedelta(hours=1)),
    "security_number": (20, timedelta(hours=1)),
}


def within(what: str, who: str, *, now: datetime) -> bool:
    """Count one attempt and say whether it is still within the limit."""
    allowed, window = LIMITS[what]
    key = f"{what}:{index('limit', who)}"
    with transaction.atomic():
        Attempt.objects.filter(key=key, at__lt=now - window).delete()
        if Attempt.objects.filter(key=key).count() >= allowed:
            return False
        Attempt.objects.create(key=key, at=now)
    return True
