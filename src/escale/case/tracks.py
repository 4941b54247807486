"""The tracks of a case: their states, and whom each state waits for.

A case has one track per step of the poster, and ``title``, the validity of the new passport.
"""

from __future__ import annotations

from enum import StrEnum


class Track(StrEnum):
    IDENTITY = "identity"
    APPLICATION = "application"
    POSTED_ITEMS = "posted_items"
    INTERVIEW = "interview"
    DISPATCH = "dispatch"
    DELIVERY = "delivery"
    RECEIPT = "receipt"
    OLD_PASSPORT = "old_passport"
    TITLE = "title"


class WaitsFor(StrEnum):
    """Who must move next. ``nobody``: the state rests."""

    APPLICANT = "applicant"
    AGENT = "agent"
    PARTNER = "partner"
    CLOCK = "clock"
    NOBODY = "nobody"


A, G, P, C, N = WaitsFor.APPLICANT, WaitsFor.AGENT, WaitsFor.PARTNER, WaitsFor.CLOCK, WaitsFor.NOBODY

# Every state of every track, the first being where the track starts, and whom it waits for.
# ``nobody`` marks both resting ends and tracks asleep until an earlier step opens them.
STATES: dict[Track, dict[str, WaitsFor]] = {
    Track.IDENTITY: {"signed_in": A, "matched": A, "eligible": N, "ineligible": N},
    Track.APPLICATION: {
        "draft": A,
        "submitted": G,
        "correction_requested": A,
        "accepted": N,
        "refused": N,
        "directed_in_person": N,
        "withdrawn": N,
        "lapsed": N,
    },
    Track.POSTED_ITEMS: {
        "not_asked": N,
        "awaited": A,
        "announced": P,
        "received": G,
        "verified": N,
        "replacement_requested": A,
    },
    Track.INTERVIEW: {
        "locked": N,
        "bookable": A,
        "booked": C,
        "in_progress": G,
        "held": G,
        "second_opinion": G,
        "approved": N,
        "refused": N,
        "directed_in_person": N,
    },
    Track.DISPATCH: {
        "waiting": N,
        "ordered": P,
        "in_production": P,
        "production_rejected": G,
        "produced": P,
        "at_post": G,
        "dispatched": N,
        "destroyed": N,
    },
    Track.DELIVERY: {
        "waiting": N,
        "in_transit": P,
        "out_for_delivery": P,
        "exception": P,
        "delivered": N,
        "returned": G,
        "inquiry": G,
        "lost": N,
    },
    Track.RECEIPT: {"waiting": N, "awaited": A, "locked_out": C, "confirmed": N, "void": N},
    Track.OLD_PASSPORT: {
        "waiting": N,
        "due": A,
        "announced": A,
        "handed_over": P,
        "late": A,
        "returned": N,
        "kept_for_visa": N,
        "lost_in_post": N,
    },
    Track.TITLE: {
        "none": N,
        "issued": A,
        "active": N,
        "listed": C,
        "held": C,
        "invalidating": P,
        "invalidated": P,
        "reported": N,
        "withdrawn": N,
    },
}

# Where a track may end for ever. Checked against the transitions: no other dead end exists.
RESTING: dict[Track, frozenset[str]] = {
    Track.IDENTITY: frozenset({"eligible", "ineligible"}),
    Track.APPLICATION: frozenset({"accepted", "directed_in_person", "lapsed", "refused", "withdrawn"}),
    Track.POSTED_ITEMS: frozenset({"verified"}),
    Track.INTERVIEW: frozenset({"approved", "directed_in_person", "refused"}),
    Track.DISPATCH: frozenset({"dispatched", "destroyed"}),
    Track.DELIVERY: frozenset({"delivered", "lost"}),
    Track.RECEIPT: frozenset({"confirmed", "void"}),
    Track.OLD_PASSPORT: frozenset({"kept_for_visa", "lost_in_post", "returned"}),
    Track.TITLE: frozenset({"active", "reported", "withdrawn"}),
}

type Tracks = dict[Track, str]


def starting_tracks() -> Tracks:
    """The state of a case that has just been opened."""
    return {track: next(iter(states)) for track, states in STATES.items()}


class Outcome(StrEnum):
    """How a case stands, derived from its tracks. All but ``open`` are terminal."""

    OPEN = "open"
    COMPLETED = "completed"
    REFUSED = "refused"
    DIRECTED_IN_PERSON = "directed_in_person"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    LOST = "lost"
    INVALIDATED = "invalidated"


def outcome(tracks: Tracks) -> Outcome:
    """Derive the outcome from the tracks alone."""
    application, interview, title = tracks[Track.APPLICATION], tracks[Track.INTERVIEW], tracks[Track.TITLE]
    if title == "active":
        return Outcome.COMPLETED
    if title in {"reported", "withdrawn"}:
        gone = tracks[Track.DELIVERY] == "lost" or tracks[Track.DISPATCH] == "destroyed"
        return Outcome.LOST if gone else Outcome.INVALIDATED
    if application in {"withdrawn", "lapsed"}:
        return Outcome(application)
    if tracks[Track.IDENTITY] == "ineligible" or "refused" in (application, interview):
        return Outcome.REFUSED
    if "directed_in_person" in (application, interview):
        return Outcome.DIRECTED_IN_PERSON
    return Outcome.OPEN
