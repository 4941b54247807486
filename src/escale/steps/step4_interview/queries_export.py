"""What step 4 keeps of a person, for them to take away. The sheet and remarks of the agent are a working paper: they
are asked of the post, which judges what may be given (CRPA, art. L. 311-2)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from escale.ledger.models import Case
from escale.steps.step4_interview import queries
from escale.steps.step4_interview.models import Booking, Challenge, Interview, Offer, Readiness, Still, Waiting

DECIDED = frozenset({"approved", "refused", "directed_in_person"})


def export(case: Case) -> dict[str, Any]:
    """Appointments, interviews, what was asked there, the decision once taken. Raises KeyDestroyed."""
    return {
        "settings": Readiness.objects.filter(case=case)
        .values("tz", "language", "rehearsed_at", "camera", "microphone", "network")
        .first(),
        "appointments": list(
            Booking.objects.filter(case=case)
            .order_by("made_at", "id")
            .values("starts_at", "ends_at", "state", "made_at", "applicant_seen_at", "waiting_since")
        ),
        "waiting_list": Waiting.objects.filter(case=case).values("asked_at").first(),
        "slots_offered": list(
            Offer.objects.filter(case=case)
            .order_by("offered_at")
            .values("starts_at", "ends_at", "offered_at", "until", "outcome")
        ),
        "interviews": list(
            Interview.objects.filter(case=case).order_by("started_at").values("started_at", "held_at", "failed_at")
        ),
        "challenges": list(
            Challenge.objects.filter(interview__case=case).order_by("drawn_at").values("code", "drawn_at", "passed")
        ),
        "stills": list(
            Still.objects.filter(interview__case=case)
            .order_by("asked_at")
            .values("purpose", "asked_at", "taken_at", "sha256", "reading", "removed_at")
        ),
        "decision": _decision(case),
    }


def _decision(case: Case) -> dict[str, Any] | None:
    """Nothing while a second agent has not confirmed: until then it is a proposal."""
    final = queries.final_opinion(case.id) if case.interview in DECIDED else None
    if final is None:
        return None
    return {"decision": final.decision, "ground": final.ground, "words": asdict(queries.reasons(final)), "at": final.at}
