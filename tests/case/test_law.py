"""The law of movement holds together: the matrix of states × events, reachability, dead ends, gates."""

from datetime import UTC, date, datetime

import pytest

from escale.case import events as e
from escale.case.gates import AFTER_THE_END, GATES, Setting
from escale.case.messages import OF_EVENT, OF_REMINDER, STEP_OF_MESSAGE
from escale.case.moves import MoveRefused, move, unfold
from escale.case.payload import BY_NAME, from_payload, to_payload
from escale.case.replay import replay
from escale.case.tracks import RESTING, STATES, Outcome, Track, outcome, starting_tracks
from escale.case.transitions import LAW, MOVES, TRACKS_OF, main_track

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ARGUMENTS = {
    e.InterviewBooked: (NOON, NOON),
    e.InterviewMoved: (NOON, NOON),
    e.KeptForVisa: (date(2027, 1, 1),),
    e.ReturnHandedOver: (NOON,),
    e.InvalidationHeld: (NOON,),
}
MOVING = [kind for kind in BY_NAME.values() if kind.MOVES]
HAPPY = [
    e.IdentityMatched(),
    e.EligibilityConfirmed(),
    e.ApplicationSubmitted(),
    e.ApplicationAccepted(),
    e.PostingAnnounced(),
    e.EnvelopeReceived(),
    e.PostedItemsVerified(),
    e.InterviewBooked(NOON, NOON),
    e.InterviewStarted(),
    e.InterviewHeld(),
    e.InterviewApproved(),
    e.ProductionStarted(),
    e.PassportProduced(),
    e.PassportArrivedAtPost(),
    e.PassportDispatched(),
]


def make(kind: type[e.Event]) -> e.Event:
    return kind(*ARGUMENTS.get(kind, ()))


def attempt(tracks, event):
    """The tracks after the event and no refusal, or no tracks and the code of the refusal."""
    try:
        return move(tracks, event), ""
    except MoveRefused as refused:
        return None, refused.code


def after(*events: e.Event):
    return unfold(starting_tracks(), events, Setting())[0]


def test_the_law_has_eighty_rows():
    assert sum(len(rows) for rows in LAW.values()) == 80


@pytest.mark.parametrize("track", Track)
def test_no_pair_has_two_results(track):
    pairs = [(state, event) for states, event, _, _ in LAW[track] for state in states.split()]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("track", Track)
def test_every_state_is_known_and_reachable(track):
    start = next(iter(STATES[track]))
    reached, frontier = {start}, [start]
    while frontier:
        state = frontier.pop()
        for (origin, _), target in MOVES[track].items():
            if origin == state and target not in reached:
                reached.add(target)
                frontier.append(target)
    assert reached == set(STATES[track])


@pytest.mark.parametrize("track", Track)
def test_every_dead_end_is_a_resting_state(track):
    ends = {state for state in STATES[track] if not any(origin == state for origin, _ in MOVES[track])}
    assert ends <= RESTING[track]


@pytest.mark.parametrize("track", Track)
def test_resting_states_wait_for_nobody(track):
    assert {STATES[track][state].value for state in RESTING[track]} <= {"nobody"}


@pytest.mark.parametrize("kind", MOVING, ids=lambda kind: kind.__name__)
def test_each_event_in_each_state_moves_or_is_refused_with_what_is_expected(kind):
    track = main_track(kind)
    for state in STATES[track]:
        tracks = {**starting_tracks(), track: state}
        allowed = (state, kind) in MOVES[track]
        moved, refusal = attempt(tracks, make(kind))
        if moved is None:
            assert refusal in {"gate", "closed"} or (refusal == "state" and not allowed)
        else:
            assert moved[track] == MOVES[track][(state, kind)]
            changed = {each for each in Track if moved[each] != tracks[each]}
            assert changed <= set(TRACKS_OF[kind])


@pytest.mark.parametrize("kind", MOVING, ids=lambda kind: kind.__name__)
def test_events_survive_the_ledger(kind):
    event = make(kind)
    assert from_payload(event.name, to_payload(event)) == event


def test_every_moving_event_is_in_the_law():
    assert set(MOVING) == set(TRACKS_OF)


def test_every_gate_belongs_to_an_event_of_the_law():
    assert set(GATES) <= set(TRACKS_OF)
    assert set(TRACKS_OF) >= AFTER_THE_END


def test_the_happy_journey_ends_with_an_active_passport():
    tracks, happened = unfold(
        starting_tracks(),
        [
            *HAPPY,
            e.OutForDelivery(),
            e.Delivered(),
            e.ReceiptConfirmed(),
            e.ReturnAnnounced(),
            e.ReturnHandedOver(NOON),
            e.OldPassportReceived(),
        ],
        Setting(),
    )
    assert outcome(tracks) is Outcome.COMPLETED
    assert replay(happened) == tracks


def test_posting_is_asked_at_submission_where_the_post_says_so():
    events = HAPPY[:3]
    assert after(*events)[Track.POSTED_ITEMS] == "not_asked"
    tracks, _ = unfold(starting_tracks(), events, Setting(posting_asked_at="submission"))
    assert tracks[Track.POSTED_ITEMS] == "awaited"


def test_booking_opens_only_when_both_gates_are_passed():
    assert after(*HAPPY[:6])[Track.INTERVIEW] == "locked"
    assert after(*HAPPY[:7])[Track.INTERVIEW] == "bookable"


def test_reopening_a_gate_withdraws_the_validation():
    tracks = after(*HAPPY[:8], e.ReplacementRequested(items=("photo",)))
    assert tracks[Track.INTERVIEW] == "locked"


def test_nothing_reopens_once_the_interview_has_started():
    with pytest.raises(MoveRefused) as refused:
        after(*HAPPY[:9], e.CorrectionRequested())
    assert refused.value.code == "gate"


def test_withdrawal_is_no_longer_possible_once_ordered():
    with pytest.raises(MoveRefused):
        after(*HAPPY[:11], e.ApplicationWithdrawn())


def test_a_closed_case_refuses_everything_but_objects_that_come_back():
    tracks = after(*HAPPY[:3], e.ApplicationWithdrawn())
    with pytest.raises(MoveRefused) as refused:
        move(tracks, e.ApplicationAccepted())
    assert refused.value.code == "closed"
    assert move(tracks, e.LateObjectReceived(item="photo")) == tracks


def test_a_photo_refused_by_issuance_is_replaced_and_ordered_again():
    tracks = after(*HAPPY[:11], e.ProductionRejected(code="PHOTO"), e.ReplacementRequested(items=("photo",)))
    assert tracks[Track.INTERVIEW] == "approved"
    tracks, happened = unfold(tracks, [e.EnvelopeReceived(), e.PostedItemsVerified()], Setting())
    assert tracks[Track.DISPATCH] == "ordered"
    assert [event.name for event in happened][-1] == "PassportOrdered"


def test_missing_a_duty_invalidates_and_reports():
    tracks = after(
        *HAPPY,
        e.Delivered(),
        e.DutyMissed(missing=("receipt", "return")),
        e.InvalidationOrdered(),
        e.InvalidationConfirmed(),
    )
    assert tracks[Track.RECEIPT] == "void"
    assert tracks[Track.OLD_PASSPORT] == "late"
    assert outcome(tracks) is Outcome.OPEN
    assert outcome(move(tracks, e.BorderAlertRecorded())) is Outcome.INVALIDATED


def test_duties_met_leave_nothing_to_miss():
    tracks = after(*HAPPY, e.ReceiptConfirmed(), e.ReturnHandedOver(NOON))
    with pytest.raises(MoveRefused):
        move(tracks, e.DutyMissed())


def test_a_lost_parcel_ends_lost():
    tracks = after(*HAPPY, e.InquiryOpened(), e.DeclaredLost(), e.InvalidationConfirmed(), e.BorderAlertRecorded())
    assert outcome(tracks) is Outcome.LOST


def test_a_visa_that_ends_opens_a_new_return():
    tracks = after(*HAPPY, e.KeptForVisa(date(2027, 1, 1)), e.ReceiptConfirmed())
    assert outcome(tracks) is Outcome.COMPLETED
    tracks = move(tracks, e.VisaEnded())
    assert (tracks[Track.TITLE], tracks[Track.OLD_PASSPORT]) == ("issued", "due")
    assert outcome(tracks) is Outcome.OPEN


def test_a_receipt_confirmed_first_completes_the_delivery():
    assert after(*HAPPY, e.ReceiptConfirmed())[Track.DELIVERY] == "delivered"


def test_every_message_has_a_room():
    assert set(OF_EVENT.values()) | set(OF_REMINDER.values()) == set(STEP_OF_MESSAGE)
