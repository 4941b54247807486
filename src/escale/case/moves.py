"""Apply events to tracks by the law: the only way a case moves."""

from __future__ import annotations

from collections.abc import Iterable

from escale.case import events as e
from escale.case.gates import AFTER_THE_END, GATES, Setting, consequences
from escale.case.tracks import Outcome, Track, Tracks, outcome
from escale.case.transitions import MOVES, TRACKS_OF, expected_events, main_track


class MoveRefused(Exception):
    """The law does not allow this event now.

    ``code``: ``closed`` (the case has ended), ``gate`` (another track must move first: see ``expects``), or
    ``state`` (this track expects something else: see ``expects``, names of events).
    """

    def __init__(self, event: e.Event, *, code: str, track: Track, state: str, expects: tuple[str, ...]) -> None:
        super().__init__(
            f"{event.name} refused ({code}): {track.value} is {state}, expects {', '.join(expects) or 'nothing'}"
        )
        self.event, self.code, self.track, self.state, self.expects = event, code, track, state, expects


def check(tracks: Tracks, event: e.Event) -> None:
    """Raise MoveRefused unless the law allows ``event`` now."""
    if not event.MOVES:
        return
    kind = type(event)
    track = main_track(kind)
    state = tracks[track]
    if kind not in AFTER_THE_END and outcome(tracks) is not Outcome.OPEN and not _ends_with(tracks, kind):
        raise MoveRefused(event, code="closed", track=track, state=state, expects=())
    if (state, kind) not in MOVES[track]:
        expects = tuple(expected.__name__ for expected in expected_events(track, state))
        raise MoveRefused(event, code="state", track=track, state=state, expects=expects)
    gate = GATES.get(kind)
    if gate is not None and not gate.holds(tracks):
        raise MoveRefused(event, code="gate", track=track, state=state, expects=(gate.expects,))


def _ends_with(tracks: Tracks, kind: type[e.Event]) -> bool:
    """Invalidation of a passport that had become active goes on to its end (lost or stolen after completion)."""
    under_way = tracks[Track.TITLE] in {"issued", "invalidating", "invalidated"}
    return under_way and kind in {e.InvalidationConfirmed, e.BorderAlertRecorded, e.ReceiptVoided}


def move(tracks: Tracks, event: e.Event) -> Tracks:
    """The tracks after one event, gates checked. Raises MoveRefused. The argument is left as it was."""
    moved = dict(tracks)
    advance(moved, event)
    return moved


def advance(tracks: Tracks, event: e.Event) -> None:
    """The same, on the tracks themselves. Raises MoveRefused: then nothing has moved."""
    check(tracks, event)
    kind = type(event)
    for track in TRACKS_OF.get(kind, ()):
        state = tracks[track]
        tracks[track] = MOVES[track].get((state, kind), state)


def unfold(tracks: Tracks, events: Iterable[e.Event], setting: Setting) -> tuple[Tracks, tuple[e.Event, ...]]:
    """Apply events and all that follows from them by the law. Returns the new tracks and all events, in order."""
    happened: list[e.Event] = []
    queue = list(events)
    while queue:
        event = queue.pop(0)
        tracks = move(tracks, event)
        happened.append(event)
        waiting = {type(each) for each in queue}
        following = [each for each in consequences(tracks, event, setting) if type(each) not in waiting]
        queue[:0] = following
    return tracks, tuple(happened)
