"""Fold the events of a case back into its tracks. What the ledger holds must replay to what the case shows."""

from __future__ import annotations

from collections.abc import Iterable

from escale.case import events as e
from escale.case.moves import advance
from escale.case.tracks import Tracks, starting_tracks


def replay(events: Iterable[e.Event]) -> Tracks:
    """Tracks after these events, from the start. Raises MoveRefused when one could not have happened there."""
    tracks = starting_tracks()
    for event in events:
        advance(tracks, event)
    return tracks
