"""The pages about an appointment: the offer and the waiting list, and what an agent changes."""

import pytest

from escale import clock
from escale.case.decision import RuleRefused
from escale.ledger.models import Case
from escale.people.actors import applicant
from escale.steps.step4_interview import queries, queries_slots, queries_waiting, rules_slots, service, service_waiting
from tests.factories.cases import NOON, a_case, an_agent
from tests.factories.web import as_agent, as_applicant
from tests.steps.step4.scenes import an_offer, booked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


def own(case: Case, rest: str = "") -> str:
    return f"/demande/{case.reference}/rendez-vous/{rest}"


def desk(case: Case, rest: str) -> str:
    return f"/bureau/entretien/{case.reference}/{rest}"


def text_of(answer) -> str:
    return answer.content.decode()


def test_without_slots_one_may_wait_then_leave(sub: str):
    case, client = a_case("bookable", sub=sub), as_applicant(sub)

    assert "M’inscrire sur la liste d’attente" in text_of(client.get(own(case)))
    joined = text_of(client.post(own(case, "attente/"), {"wish": "join"}, follow=True))
    assert "Vous êtes au rang 1 de la liste du poste." in joined
    client.post(own(case, "attente/"), {"wish": "leave"})

    assert queries_waiting.waiting(case.id) is None
    assert client.post(own(case, "attente/"), {"wish": "jump"}).status_code == 404


def test_with_free_slots_and_no_appointment_there_is_nothing_to_wait_for(sub: str):
    an_agent()
    case, client = a_case("bookable", sub=sub), as_applicant(sub)

    assert "liste d’attente" not in text_of(client.get(own(case))).lower()
    refused = text_of(client.post(own(case, "attente/"), {"wish": "join"}, follow=True))

    assert "choisissez dans la liste" in refused
    assert queries_waiting.waiting(case.id) is None


def test_the_offer_is_taken_from_the_page(sub: str):
    an_agent()
    case, client = a_case("bookable", sub=sub), as_applicant(sub)
    slots = queries_slots.free_slots(case.post, now=NOON)
    other = a_case("bookable", sub="other")
    service.book(case_id=other.id, starts_at=slots[0].starts_at, actor=applicant("other"), now=NOON)
    service.book(case_id=case.id, starts_at=slots[9].starts_at, actor=applicant(sub), now=NOON)
    service_waiting.join(case_id=case.id, actor=applicant(sub), now=NOON)
    service.cancel(case_id=other.id, actor=applicant("other"), now=NOON)
    service_waiting.settle(now=NOON)

    page = text_of(client.get(own(case)))
    assert "Un créneau vous est réservé" in page
    assert f'value="{slots[0].key}"' in page
    confirm = text_of(client.get(own(case, "confirmer/"), {"slot": slots[0].key}))
    assert "Il remplace votre rendez-vous" in confirm
    assert client.post(own(case), {"slot": slots[0].key, "instead": slots[9].key}).status_code == 302

    assert queries.booking_in_force(case.id).starts_at == slots[0].starts_at


def test_a_slot_is_confirmed_before_it_is_taken(sub: str):
    an_agent()
    case, client = a_case("bookable", sub=sub), as_applicant(sub)
    client.post(own(case, "horloge/"), {"zone": "America/Halifax"})
    slot = queries_slots.free_slots(case.post, now=NOON)[0]

    page = text_of(client.get(own(case)))
    assert f'<form method="get" action="{own(case, "confirmer/")}">' in page
    confirm = text_of(client.get(own(case, "confirmer/"), {"slot": slot.key}))

    assert queries.booking_in_force(case.id) is None
    assert "Halifax" in confirm
    assert "10:00" in confirm or "10 h" in confirm
    assert "À l’horloge du poste" in confirm
    assert "votre passeport actuel, à portée de main" in confirm
    assert f'name="slot" value="{slot.key}"' in confirm


def test_a_slot_that_went_meanwhile_is_said_before_and_after_the_confirmation(sub: str):
    an_agent()
    case, client = a_case("bookable", sub=sub), as_applicant(sub)
    slot, next_one = queries_slots.free_slots(case.post, now=NOON)[:2]
    other = a_case("bookable", sub="other")
    service.book(case_id=other.id, starts_at=slot.starts_at, actor=applicant("other"), now=NOON)

    before = text_of(client.get(own(case, "confirmer/"), {"slot": slot.key}, follow=True))
    after = client.post(own(case), {"slot": slot.key, "instead": ""})

    for told in (before, text_of(after)):
        assert "Ce créneau vient d’être pris" in told
        assert f'value="{slot.key}"' not in told
        assert f'value="{next_one.key}"' in told
    assert after.status_code == 409


@pytest.mark.parametrize("slot", ["", "hier", "20260302T1200Z"])
def test_a_slot_that_is_none_is_not_confirmed(sub: str, slot: str):
    an_agent()
    case = a_case("bookable", sub=sub)

    answer = as_applicant(sub).get(own(case, "confirmer/"), {"slot": slot})

    assert answer["Location"] == own(case)


def test_the_same_confirmation_sent_again_changes_nothing_and_says_so(sub: str):
    case, _agents, booking = booked(sub)
    client, same = as_applicant(sub), {"slot": rules_slots.key(booking.starts_at), "instead": ""}

    again = text_of(client.post(own(case), same, follow=True))
    back = text_of(client.get(own(case, "confirmer/"), same, follow=True))

    for told in (again, back):
        assert "Ce rendez-vous est déjà le vôtre" in told
    assert queries.booking_in_force(case.id).pk == booking.pk
    with pytest.raises(RuleRefused, match="same_slot"):
        service.move(case_id=case.id, starts_at=booking.starts_at, actor=applicant(sub), now=NOON)


def test_a_tab_that_another_one_outran_moves_nothing(sub: str):
    case, _agents, booking = booked(sub)
    client, other = as_applicant(sub), queries_slots.free_slots(case.post, now=NOON)[4]

    answer = client.post(own(case), {"slot": other.key, "instead": ""})

    assert answer.status_code == 409
    assert "a changé entre-temps" in text_of(answer)
    assert queries.booking_in_force(case.id).pk == booking.pk


def test_the_page_that_cancels_leaves_alone_what_another_tab_moved(sub: str):
    case, _agents, booking = booked(sub)
    client, old = as_applicant(sub), rules_slots.key(booking.starts_at)
    assert f'name="slot" value="{old}"' in text_of(client.get(own(case, "annuler/")))
    newer, wanted = queries_slots.free_slots(case.post, now=NOON)[4:6]
    service.move(case_id=case.id, starts_at=newer.starts_at, actor=applicant(sub), now=NOON)

    answer = text_of(client.post(own(case, "annuler/"), {"slot": old}, follow=True))

    assert "a changé entre-temps" in answer
    with pytest.raises(RuleRefused, match="appointment_changed"):
        service.move(
            case_id=case.id, starts_at=wanted.starts_at, seen=booking.starts_at, actor=applicant(sub), now=NOON
        )
    assert queries.booking_in_force(case.id).starts_at == newer.starts_at


def test_declining_is_one_click(sub: str):
    case, _agents, _booking = booked(sub)
    an_offer(case)

    answer = as_applicant(sub).post(own(case, "attente/"), {"wish": "decline"}, follow=True)

    assert "passe à la personne suivante" in text_of(answer)
    assert queries_waiting.open_offer(case.id) is None
    assert as_applicant("another").post(own(case, "attente/"), {"wish": "decline"}).status_code == 404


def test_an_agent_cancels_with_a_reason(sub: str):
    case, (agent,), _booking = booked(sub)
    client = as_agent(agent)

    assert "Raison, que l’usager lira" in text_of(client.get(desk(case, "annuler/")))
    without = client.post(desk(case, "annuler/"))
    assert (without.status_code, 'role="alert"' in text_of(without)) == (422, True)
    assert client.post(desk(case, "annuler/"), {"reason": "agent_away"})["Location"] == "/bureau/agenda/"

    case.refresh_from_db()
    assert case.interview == "bookable"
    assert client.get(desk(case, "annuler/"))["Location"] == "/bureau/agenda/"


def test_an_agent_moves_with_a_reason(sub: str):
    case, (agent,), booking = booked(sub)
    client, slot = as_agent(agent), queries_slots.free_slots(case.post, now=NOON)[4]

    assert slot.key in text_of(client.get(desk(case, "deplacer/")))
    assert client.post(desk(case, "deplacer/"), {"reason": "agent_away"}).status_code == 422
    kept = client.post(desk(case, "deplacer/"), {"slot": slot.key})
    assert kept.status_code == 422
    assert f'value="{slot.key}" selected' in text_of(kept)
    taken = {"slot": slot.key.replace(slot.key[:8], "20260301"), "reason": "agent_away"}
    assert client.post(desk(case, "deplacer/"), taken).status_code == 409
    assert client.post(desk(case, "deplacer/"), {"slot": slot.key, "reason": "agent_away"}).status_code == 302

    assert queries.booking_in_force(case.id).starts_at == slot.starts_at
    booking.refresh_from_db()
    assert booking.state == "moved"
