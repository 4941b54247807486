"""Steps 5 to 7 as the applicant reads them, in every state their tracks can be in."""

import pytest

from escale.case.tracks import STATES, Track
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.steps.step5_dispatch import queries as step5
from escale.steps.step6_delivery import queries as step6
from escale.steps.step7_confirm_receipt import queries as step7
from tests.factories.cases import acting, an_agent
from tests.steps.step5.builders import dispatched

pytestmark = pytest.mark.django_db
ROOMS = {Track.DISPATCH: (5, step5), Track.DELIVERY: (6, step6), Track.RECEIPT: (7, step7)}


@pytest.fixture
def case(issuance, courier, sub) -> Case:
    return dispatched(issuance, acting(an_agent()), sub=sub)


@pytest.mark.parametrize(("track", "state"), [(track, state) for track in ROOMS for state in STATES[track]])
def test_every_state_is_told_in_a_sentence(case: Case, track: Track, state: str):
    in_hand = {"delivery": "delivered"} if track is Track.RECEIPT else {}
    Case.objects.filter(pk=case.pk).update(**in_hand, **{track.value: state})
    case.refresh_from_db()
    number, room = ROOMS[track]

    view = room.timeline(case, ledger.history(case.id))

    assert view.number == number
    assert view.sentence.endswith((".", "!", "?"))
    assert all(address and label for address, label in view.actions)
    waits = STATES[track][state].value
    # The carrier holds it, and only the applicant can say when to come again.
    helps = (track, state) == (Track.DELIVERY, "exception")
    assert (view.state == "now") == (waits == "applicant" or helps)


def test_the_last_moment_stands_beside_what_the_applicant_must_do(case: Case):
    view = step7.timeline(case, ledger.history(case.id))

    assert view.before == step5.dispatch(case.id).due_at
    assert view.actions[0][0] == "http://127.0.0.1:8001/"
