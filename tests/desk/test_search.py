"""A case is found by its reference, a name, a passport's number, a waybill: whatever the agent holds."""

from datetime import timedelta

import pytest
from django.test import Client

from escale.case.values import Waybill
from escale.desk import queries, queues
from escale.ledger.models import SearchKey
from escale.people.actors import Actor, applicant
from escale.people.models import Agent
from escale.steps.step3_posted_items import queries as step3, service, service_label
from escale.steps.step5_dispatch import service_bench
from tests.factories.cases import NOON, a_case, a_post, acting, an_agent
from tests.factories.web import as_agent
from tests.steps.step2 import building
from tests.steps.step2.fakes import FakeStamps
from tests.steps.step3.fakes import FakeCourier
from tests.steps.step5.builders import LABEL, at_post, produced
from tests.steps.step5.fakes import FakeIssuance, a_title

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)


def found(actor: Actor, typed: str) -> set[str]:
    return {case.reference for case in queries.search(queues.of_post(actor), typed)}


def test_by_reference_however_it_is_typed(actor: Actor):
    case, _ = a_case(), a_case()

    assert found(actor, case.reference) == {case.reference}
    assert found(actor, case.reference.lower().replace("-", " ")) == {case.reference}


@pytest.mark.parametrize("typed", ["lefevre", "LEFÈVRE", "Lefèvre Du", "le bris du", "d’arvor", "DU-BRIS"])
def test_by_name_without_accents_and_by_several_words(actor: Actor, typed: str):
    named = a_case(family_name="Lefèvre", usage_name="Le Bris du d’Arvor")
    a_case(family_name="LEMAIRE", usage_name="BRIS")

    assert found(actor, typed) == {named.reference}


def test_every_word_must_be_there(actor: Actor):
    a_case(family_name="DURAND", usage_name="MARTIN")

    assert found(actor, "durand petit") == set()


def test_by_the_number_of_the_passport_in_hand(actor: Actor, stamps: FakeStamps):
    case = building.submitted(passport_number="17FR42486")

    assert found(actor, "17 fr 42486") == {case.reference}
    assert found(actor, "17FR42487") == set()


def test_by_the_waybill_of_the_label_and_of_the_envelope(actor: Actor, courier: FakeCourier, sub: str):
    case, me = a_case("accepted", sub=sub), applicant(sub)
    service_label.generate_label(case_id=case.id, actor=me, now=NOON)
    outbound = Waybill.dhl(331881055).text
    service.announce(case_id=case.id, carrier="dhl", waybill=outbound, actor=me, now=NOON)
    label = step3.posted_items(case.id).label_waybill

    assert label is not None
    assert found(actor, label.text) == found(actor, f" {outbound[:4]} {outbound[4:]}") == {case.reference}


def test_by_the_number_of_the_new_passport(actor: Actor, issuance: FakeIssuance):
    title = a_title()
    case = produced(issuance, title)

    assert found(actor, title.number.text.lower()) == {case.reference}


def test_by_the_waybill_of_the_parcel(actor: Actor, issuance: FakeIssuance):
    title = a_title()
    case = at_post(issuance, actor, title)
    SearchKey.objects.filter(case=case).delete()
    service_bench.dispatch(number=title.number, waybill_typed=LABEL.text, actor=actor, now=LATER)

    assert found(actor, LABEL.text) == {case.reference}


def test_nothing_of_what_is_searched_is_kept_in_clear(actor: Actor, stamps: FakeStamps):
    case = building.submitted(passport_number="17FR42486")

    kept = SearchKey.objects.filter(case=case).values_list("digest", flat=True)
    assert all(len(digest) == 64 and "42486" not in digest and "MARTIN" not in digest for digest in kept)


def test_another_post_finds_nothing_and_an_auditor_finds_all(actor: Actor):
    a_post("ES-MADRID", tz="Europe/Madrid", country="ES", city="Madrid")
    case = a_case()

    assert found(acting(an_agent(post="ES-MADRID")), case.reference) == set()
    assert found(acting(an_agent("auditor", "ES-MADRID")), case.reference) == {case.reference}


def search(client: Client, typed: str):
    return client.post("/bureau/dossiers/", {"q": typed})


def test_one_case_opens_at_once(agent: Agent):
    case = a_case()

    assert search(as_agent(agent), "durand martin")["Location"] == f"/bureau/dossiers/{case.reference}/"


def test_several_are_listed_and_what_was_typed_is_kept_out_of_the_address(agent: Agent):
    first, second = a_case(), a_case()
    client = as_agent(agent)

    answer = search(client, "Martin")

    assert answer["Location"] == "/bureau/dossiers/?recherche=1"
    page = client.get(answer["Location"]).content.decode()
    assert first.reference in page
    assert second.reference in page
    assert 'value="Martin"' in page


def test_nothing_found_says_so_and_keeps_what_was_typed(agent: Agent):
    client = as_agent(agent)

    page = client.get(search(client, "Inconnue")["Location"]).content.decode()

    assert "Aucun dossier de votre poste ne correspond" in page
    assert 'value="Inconnue"' in page


@pytest.mark.parametrize("typed", ["", "x" * 81])
def test_an_empty_or_endless_search_is_refused_in_words(agent: Agent, typed: str):
    client = as_agent(agent)

    page = client.get(search(client, typed)["Location"]).content.decode()

    assert "Saisissez un numéro ou un nom" in page


def test_a_search_goes_on_over_its_pages(agent: Agent):
    for _ in range(51):
        a_case("submitted", now=NOON - timedelta(days=1))
    client = as_agent(agent)

    second = client.get(search(client, "durand")["Location"] + "&page=2").content.decode()

    assert "51 dossiers" in second
    assert "Page 2 sur 2" in second
    assert "?page=1&amp;recherche=1" in second
