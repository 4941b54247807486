"""The daily comparison with the border relay: once a day, again when it was silent, an alert where it differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest

from escale import clock
from escale.case import events as e
from escale.case.decision import Decision
from escale.case.values import PassportNumber
from escale.ledger import queries as ledger
from escale.ledger.models import Case, Entry
from escale.ledger.record import changing
from escale.people.access import AccessDenied
from escale.people.actors import job
from escale.ports import directory
from escale.ports.errors import PartnerUnavailable
from escale.steps.step5_dispatch.models import ProducedTitle
from escale.steps.step5_dispatch.queries import number_index
from escale.steps.step8_old_passport.models import Invalidation, RelayCount
from escale.steps.step8_old_passport.service_relay import compare_now, compare_with_relay
from escale.vault import keys, sealing
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.factories.web import as_agent

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=2)


class Relay:
    """What the relay holds: statuses by number. ``silent``: how many calls stay without answer."""

    def withdraw(self, item_id: str, *, reason: str) -> None:
        self.held.clear()

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.silent, self.asked = 0, 0

    def counts(self) -> dict[str, int]:
        self.asked += 1
        if self.silent:
            self.silent -= 1
            raise PartnerUnavailable("border_alert", "503")
        return {"INVALID": 0, "LOST": 0, "STOLEN": 0} | Counter(self.held.values())

    def is_reported(self, number: PassportNumber) -> bool:
        return number.text in self.held


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch) -> Relay:
    answering = Relay()
    monkeypatch.setattr(directory, "border_alert", lambda: answering)
    return answering


def reported(number: str, at: datetime = NOON, *then: e.Event) -> Case:
    """A case whose passport was lost on its way, invalidated and told to the relay."""
    case = a_case("dispatched", now=at - timedelta(days=1))
    ProducedTitle.objects.create(
        case=case,
        number_index=number_index(PassportNumber(number)),
        issued_on=date(2026, 2, 1),
        expires_on=date(2036, 1, 31),
        produced_at=at,
        sealed=sealing.seal_json(case.id, "title", {"number": number, "mrz": ""}),
    )
    Invalidation.objects.create(case=case, reason="lost", ordered_at=at, confirmed_at=at, item_id="1", recorded_at=at)
    events = (e.InquiryOpened(), e.DeclaredLost(), e.InvalidationConfirmed(), e.BorderAlertRecorded(), *then)
    with changing(case.id, actor=job("test"), now=at) as change:
        change.record(Decision(events))
    return ledger.get(case.id)


def alerts(case: Case) -> list[str]:
    lines = [line.event for line in ledger.history(case.id)]
    return [event.kind for event in lines if isinstance(event, e.AlertRaised)]


def test_counts_that_agree_are_noted_once_a_day(relay: Relay) -> None:
    case = reported("26AA00001")
    relay.held["26AA00001"] = "LOST"
    compare_with_relay(now=LATER)
    compare_with_relay(now=LATER + timedelta(hours=3))
    assert relay.asked == 1
    row = RelayCount.objects.get()
    assert (row.ours, row.theirs, row.cases_to_look_at, row.compared_at) == ({"LOST": 1}, {"LOST": 1}, 0, LATER)
    assert alerts(case) == []
    compare_with_relay(now=LATER + timedelta(days=1))
    assert relay.asked == 2


def test_a_record_that_is_missing_or_remains_alerts_the_desk_of_its_case(relay: Relay) -> None:
    missing, well = reported("26AA00001"), reported("26AA00002")
    taken_back = reported("26AA00003", NOON, e.BorderAlertWithdrawn())
    relay.held |= {"26AA00002": "LOST", "26AA00003": "INVALID"}
    compare_with_relay(now=LATER)
    compare_with_relay(now=LATER + timedelta(hours=2))
    assert alerts(missing) == ["border_record_missing"]
    assert alerts(taken_back) == ["border_record_remains"]
    assert alerts(well) == []
    assert RelayCount.objects.get().cases_to_look_at == 2


def test_what_was_told_a_moment_ago_may_be_on_its_way(relay: Relay) -> None:
    case = reported("26AA00001", LATER - timedelta(minutes=30))
    compare_with_relay(now=LATER)
    assert alerts(case) == []
    assert RelayCount.objects.get().theirs == {}


def test_a_silent_relay_is_asked_again_an_hour_later(relay: Relay) -> None:
    relay.silent = 1
    compare_with_relay(now=LATER)
    compare_with_relay(now=LATER + timedelta(minutes=59))
    assert relay.asked == 1
    assert RelayCount.objects.get().compared_at is None
    compare_with_relay(now=LATER + timedelta(hours=1))
    assert RelayCount.objects.get().compared_at == LATER + timedelta(hours=1)


def test_a_record_too_many_is_noted_though_no_case_is_at_fault(relay: Relay, caplog: pytest.LogCaptureFixture) -> None:
    relay.held["26ZZ99999"] = "STOLEN"
    compare_with_relay(now=LATER)
    assert "the border relay holds {'STOLEN': 1}, we count {}" in caplog.text
    assert "26ZZ99999" not in caplog.text
    assert not Entry.objects.filter(event="AlertRaised").exists()


def test_a_case_whose_key_is_destroyed_is_still_counted(relay: Relay) -> None:
    case = reported("26AA00001")
    keys.destroy(case.id, now=NOON)
    compare_with_relay(now=LATER)
    row = RelayCount.objects.get()
    assert (row.ours, row.theirs, row.cases_to_look_at) == ({"LOST": 1}, {}, 0)


PAGE = "/bureau/signalements/"


def test_the_page_shows_both_counts_and_what_differs(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATER)
    case = reported("26AA00001")
    client = as_agent(an_agent("supervisor", case.post_id))
    assert "Aucune comparaison" in client.get(PAGE).content.decode()

    client.post(PAGE)
    text = client.get(PAGE).content.decode()
    assert "Les deux comptes diffèrent" in text
    assert "1 dossier à regarder" in text
    assert "<strong>-1</strong>" in text
    assert "personne ne l’arrêterait" in text
    assert "26AA00001" not in text

    client.post(PAGE)
    assert alerts(case) == ["border_record_missing"]  # asked again, alerted once
    relay.held["26AA00001"] = "LOST"
    client.post(PAGE)
    assert "Les deux comptes sont d’accord" in client.get(PAGE).content.decode()


def test_a_silent_relay_is_said_and_the_last_count_stays(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATER)
    client = as_agent(an_agent("supervisor"))
    relay.silent = 1
    assert "Le relais ne répond pas" in client.post(PAGE, follow=True).content.decode()
    assert "le relais n’a pas répondu" in client.get(PAGE).content.decode()


def test_another_post_knows_that_cases_differ_and_not_which(relay: Relay) -> None:
    case = reported("26AA00001")
    compare_with_relay(now=LATER)
    text = as_agent(an_agent("supervisor", "CA-MONTREAL")).get(PAGE).content.decode()
    assert "1 relève d’un autre poste" in text
    assert case.reference not in text


def test_the_page_is_for_supervisors() -> None:
    for role in ("agent", "auditor"):
        assert as_agent(an_agent(role)).get(PAGE).status_code in {403, 404}
    with pytest.raises(AccessDenied):
        compare_now(actor=acting(an_agent("agent")), now=LATER)


def test_a_withdrawal_is_asked_and_confirmed_by_two_people_from_there(
    relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATER)
    case = reported("26AA00001")
    first, second = (as_agent(an_agent("supervisor", case.post_id)) for _ in range(2))
    given = {"reason": "Retrouvé au poste", "depuis": "relais"}

    asked = first.post(f"/bureau/dossiers/{case.reference}/signalement/retrait", given)
    assert asked["Location"] == PAGE
    assert "Une autre personne du poste doit confirmer" in first.get(PAGE).content.decode()
    text = second.get(PAGE).content.decode()
    assert "Retrouvé au poste" in text
    assert "Confirmer le retrait" in text
    confirmed = {"what": "confirm_withdrawal", "depuis": "relais"}
    second.post(f"/bureau/dossiers/{case.reference}/titre", confirmed)

    assert ledger.get(case.id).title == "withdrawn"


def test_the_page_asks_as_much_for_one_case_as_for_ten(
    relay: Relay, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    client = as_agent(an_agent("supervisor"))
    for number in range(10):
        reported(f"26AA0000{number}")
    with django_assert_max_num_queries(25):
        client.get(PAGE)
