"""Still pictures of the applicant's video: told before, taken once, made anew, sealed, and kept for their time.

The agent asks; the applicant's own screen says what will be taken; only then may the picture come, within seconds. Its
digest is in the chained entry, so that the picture kept cannot be replaced. Nothing else of the video is ever kept.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.case.policy import number
from escale.inspection.mrz import MrzReading
from escale.inspection.mrz_burst import MOST, read_burst
from escale.inspection.recogniser import available as can_read
from escale.inspection.uploads import sanitise
from escale.ledger import queries as ledger
from escale.ledger.record import changing
from escale.people.actors import Actor
from escale.steps.step2_application.service.files import scanner
from escale.steps.step4_interview import queries, queries_room, rules, service_interview
from escale.steps.step4_interview.access import require_agent
from escale.steps.step4_interview.models import Booking, Still
from escale.vault import documents

LOG = logging.getLogger("escale.step4")
KIND = "interview_still"


def ask(*, case_id: UUID, purpose: str, actor: Actor, now: datetime) -> Still:
    """The agent wants a still: the applicant is told first. Raises RuleRefused, AccessDenied."""
    if purpose not in rules.STILL_PURPOSES:
        raise RuleRefused("still_purpose")
    with changing(case_id, actor=actor, now=now) as change:
        require_agent(change)
        row = service_interview.under_way(change)
        return Still.objects.create(interview=row, purpose=purpose, asked_at=now)


def told(booking: Booking, now: datetime) -> None:
    """The applicant's page has received the announcement."""
    still = queries_room.still_asked(booking, now)
    if still is not None and still.told_at is None:
        Still.objects.filter(pk=still.pk, told_at__isnull=True).update(told_at=now)


def frames(purpose: str) -> int:
    """How many pictures the agent's page takes within a second: one of them is kept."""
    return MOST if purpose == "passport" else 1


def keep(*, case_id: UUID, still_id: int, taken: Sequence[bytes], actor: Actor, now: datetime) -> Still:
    """Take the picture: made anew, sealed with the case's key, its digest chained; the zone of a passport is read on
    all that were ``taken`` within a second, and compared with the file. The sharpest is kept, the others are forgotten.
    Raises UploadRefused, RuleRefused (see rules.still_due; ``still_unknown``, ``still_shape``), AccessDenied."""
    purpose = Still.objects.filter(pk=still_id).values_list("purpose", flat=True).first() or ""
    made = [sanitise(content, filename="image.jpg", scanner=scanner()) for content in taken[: frames(purpose)]]
    if not made or any(one.media_type != "image/jpeg" for one in made):
        raise RuleRefused("still_shape")
    reading, sharpest = _zone([one.content for one in made]) if purpose == "passport" else (None, 0)
    safe = made[sharpest]
    with changing(case_id, actor=actor, now=now) as change:
        require_agent(change)
        row = service_interview.under_way(change)
        still = Still.objects.filter(pk=still_id, interview=row).first()
        if still is None:
            raise RuleRefused("still_unknown")
        rules.still_due(told_at=still.told_at, taken_at=still.taken_at, asked_at=still.asked_at, now=now)
        still.document = documents.add(case_id, kind=KIND, content=safe.content, media_type=safe.media_type, now=now)
        still.sha256, still.taken_at = safe.sha256, now
        if purpose == "passport":
            still.reading = "unread"
        today = now.astimezone(ZoneInfo(change.case.post.tz)).date()
        differing = _differing(reading, queries.on_file(change.case), today)
        if differing is not None:
            service_interview.note_zone(change, row, differing)
            still.reading = "differs" if differing else "match"
        still.save()
        change.record(Decision.of(e.StillTaken(kind=still.purpose, digest=still.sha256)))
        return still


def _zone(pictures: Sequence[bytes]) -> tuple[MrzReading | None, int]:
    """The zone on pictures of one page when all its check digits hold, and the place of the sharpest picture.

    A machine that fails costs the agent nothing: they type.
    """
    if not can_read():
        return None, 0
    try:
        reading, sharpest = read_burst(pictures)
    except Exception:  # the recogniser is a help, never a condition
        LOG.exception("reading the zone of a still failed")
        return None, 0
    return (reading if reading is not None and reading.valid else None), sharpest


def _differing(reading: MrzReading | None, file: rules.OnFile, today: date) -> tuple[str, ...] | None:
    """On what the zone and the file differ; None when the picture cannot tell.

    No check digit protects names: on a poor picture, letters misread would cast a doubt on somebody.
    """
    if reading is None or reading.mrz is None:
        return None
    differing = rules.compare_mrz(reading.mrz, file, today=today)
    unsure = differing and not reading.names_are_sure and rules.UNPROTECTED.issuperset(differing)
    return None if unsure else differing


def sweep_stills(*, now: datetime, limit: int = 20) -> None:
    """Poll: remove the stills whose time is over (policy ``retention_still_days``); their digest stays in the chain."""
    over = now - timedelta(days=number("retention_still_days", now.date()))
    for still in Still.objects.select_related("interview").filter(taken_at__lte=over, removed_at__isnull=True)[:limit]:
        with transaction.atomic():
            if still.document is not None:
                documents.remove(still.interview.case_id, still.document)
            Still.objects.filter(pk=still.pk).update(removed_at=now, document=None)


def open_still(*, case_id: UUID, still_id: int, actor: Actor, now: datetime) -> bytes | None:
    """A still's picture, with a trace the applicant reads; None when there is none, or no more. Raises AccessDenied."""
    still = Still.objects.filter(pk=still_id, interview__case_id=case_id).first()
    if still is None or still.document is None:
        return None
    service_interview.open_sheet(case_id=case_id, part="still", actor=actor, now=now)
    return documents.read(ledger.get(case_id).id, still.document)[0]
