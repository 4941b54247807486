"""Settings, rights, partners, figures, audit: what supervision may do, and nothing more."""

import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from escale import clock
from escale.case.carriers import CARRIERS
from escale.case.effects import EffectKind
from escale.desk import figures, service, supervision
from escale.ledger import outbox
from escale.ledger.models import Case, Effect, Entry
from escale.people.access import AccessDenied
from escale.people.models import Agent, Post, Role
from escale.ports.proconnect import AgentIdentity
from tests.factories.cases import a_case, a_post, acting, an_agent
from tests.factories.web import as_agent

pytestmark = pytest.mark.django_db
NOA = AgentIdentity(
    sub="new", idp_id="idp", siret="99900000600018", email="n@diplomatie.example", given_name="Noa", usual_name="Petit"
)
SETTINGS = {
    "carrier": "dhl",
    "posting_asked_at": "submission",
    "email": "poste@consulat.example",
    "phone": "+1 416 555 0100",
    **{f"day_{day}": "" for day in range(7)},
}


def madrid() -> Post:
    return a_post("ES-MADRID", tz="Europe/Madrid", country="ES", city="Madrid")


# --- settings of the post ---


def test_a_supervisor_changes_the_settings_of_their_post(supervisor: Agent):
    hours = {"day_0": "09:00-12:00, 13:30-16:30", "day_4": "10:00 - 11:00"}

    answer = as_agent(supervisor).post("/bureau/poste/", {**SETTINGS, **hours})

    post = Post.objects.get(pk=supervisor.post_id)
    assert answer["Location"] == "/bureau/poste/"
    assert post.posting_asked_at == "submission"
    assert post.opening_hours == {"0": [["09:00", "12:00"], ["13:30", "16:30"]], "4": [["10:00", "11:00"]]}


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("day_0", "9h-12h", "Écrivez les heures ainsi"),
        ("day_1", "12:00-09:00", "finit après son début"),
        ("day_2", "09:00-12:00, 11:00-13:00", "commence après la précédente"),
        ("day_3", "09:00-25:00", "Écrivez les heures ainsi"),
        ("email", "poste", "adresse"),
        ("carrier", "pigeon", "choix"),
    ],
)
def test_what_was_typed_is_kept_beside_the_error(supervisor: Agent, field: str, typed: str, said: str):
    before = Post.objects.values().get(pk=supervisor.post_id)

    answer = as_agent(supervisor).post("/bureau/poste/", {**SETTINGS, "phone": "+34 91 555 01 00", field: typed})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert f'href="#id_{field}"' in page
    assert 'value="+34 91 555 01 00"' in page
    assert field == "carrier" or f'value="{typed}"' in page
    assert Post.objects.values().get(pk=supervisor.post_id) == before


def test_a_post_is_offered_the_carriers_of_its_country(supervisor: Agent):
    page = as_agent(supervisor).get("/bureau/poste/").content.decode()
    country = supervisor.post.country
    offered = {code for code in CARRIERS if f'<option value="{code}"' in page}
    assert offered == {code for code, carrier in CARRIERS.items() if country in carrier.countries}
    assert len(offered) == 2


def test_the_settings_of_another_post_are_out_of_reach(supervisor: Agent):
    with pytest.raises(AccessDenied):
        supervision.change_post(madrid().code, {"phone": "0"}, actor=acting(supervisor), now=clock.now())
    with pytest.raises(AccessDenied):
        supervision.change_post(supervisor.post_id, {"phone": "0"}, actor=acting(an_agent()), now=clock.now())


# --- rights ---


def grant(client: Client, person: Agent, **values: str):
    typed = {"role": "agent", "post": "CA-TORONTO", "active": "on", **values}
    return client.post(f"/bureau/equipe/{person.pk}/", typed)


def newcomer() -> Agent:
    known = service.recognise(NOA)
    assert known is not None
    return known


def test_a_newcomer_has_no_right_until_a_supervisor_grants_one(supervisor: Agent, caplog: pytest.LogCaptureFixture):
    person, client = newcomer(), as_agent(supervisor)
    assert as_agent(person).get("/bureau/")["Location"].startswith("/connexion/")
    assert "Noa Petit" in client.get("/bureau/equipe/").content.decode()

    with caplog.at_level(logging.INFO, "escale.desk"):
        answer = grant(client, person)

    assert answer["Location"] == "/bureau/equipe/"
    assert as_agent(person).get("/bureau/").status_code == 200
    assert f"rights of agent {person.pk}: agent at CA-TORONTO, by agent {supervisor.pk}" in caplog.text
    assert "Petit" not in caplog.text


def test_withdrawing_a_right_takes_effect_at_once(supervisor: Agent, agent: Agent):
    client = as_agent(agent)
    assert client.get("/bureau/").status_code == 200

    grant(as_agent(supervisor), agent, role="", active="on")

    assert client.get("/bureau/").status_code == 302


def test_nobody_changes_their_own_rights(supervisor: Agent):
    administrator = an_agent("administrator")
    for one in (supervisor, administrator):
        assert grant(as_agent(one), one, role="support").status_code == 404
        with pytest.raises(AccessDenied):
            supervision.change_rights(
                one.pk, role="support", active=True, post_code="CA-TORONTO", actor=acting(one), now=clock.now()
            )
    assert {Agent.objects.get(pk=one.pk).role for one in (supervisor, administrator)} == {"supervisor", "administrator"}


def test_a_supervisor_reaches_no_further_than_their_post(supervisor: Agent, agent: Agent):
    madrid()
    beyond = [an_agent(post="ES-MADRID"), an_agent("auditor"), an_agent("administrator")]
    roaming = Agent.objects.create(idp_id="idp", sub="r", email="r@d.example", role="auditor")

    for person in [*beyond, roaming]:
        before = person.role
        assert grant(as_agent(supervisor), person, role="support").status_code == 404
        with pytest.raises(AccessDenied):
            supervision.change_rights(
                person.pk,
                role="support",
                active=True,
                post_code="CA-TORONTO",
                actor=acting(supervisor),
                now=clock.now(),
            )
        person.refresh_from_db()
        assert person.role == before
    assert grant(as_agent(supervisor), agent, post="ES-MADRID").status_code == 422
    assert grant(as_agent(supervisor), agent, role="auditor").status_code == 422
    assert grant(as_agent(supervisor), agent, role="administrator").status_code == 422
    agent.refresh_from_db()
    assert (agent.role, agent.post_id) == ("agent", "CA-TORONTO")


def test_an_administrator_reaches_every_post_but_makes_no_administrator(agent: Agent):
    madrid()
    administrator = an_agent("administrator")
    client = as_agent(administrator)

    assert grant(client, agent, role="auditor", post="ES-MADRID").status_code == 302
    agent.refresh_from_db()
    assert (agent.role, agent.post_id) == ("auditor", "ES-MADRID")
    assert grant(client, agent, role="administrator").status_code == 422
    assert grant(client, an_agent("administrator"), role="").status_code == 404


def test_a_role_of_a_post_needs_its_post(agent: Agent):
    answer = grant(as_agent(an_agent("administrator")), agent, role="supervisor", post="")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choisissez le poste" in page
    assert '<option value="supervisor" selected>' in page
    with pytest.raises(AccessDenied):
        supervision.change_rights(
            agent.pk, role="agent", active=True, post_code="", actor=acting(an_agent("administrator")), now=clock.now()
        )


def test_an_agent_who_left_is_not_let_in_again(supervisor: Agent):
    person = newcomer()
    grant(as_agent(supervisor), person, active="")

    assert service.recognise(NOA) is None


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPPORT, Role.AUDITOR])
def test_others_do_not_see_the_team(role: str):
    client = as_agent(an_agent(role))

    assert client.get("/bureau/equipe/").status_code == 404
    assert client.get("/bureau/poste/").status_code == 404


# --- figures ---


def test_small_cells_are_masked_on_the_page_and_in_json(supervisor: Agent):
    for _ in range(4):
        a_case("delivered", now=clock.now() - timedelta(days=30))
    client = as_agent(supervisor)

    page, data = client.get("/bureau/statistiques/").content.decode(), client.get("/bureau/statistiques/?format=json")

    assert "moins de 5" in page
    found = data.json()
    assert found["smallest_cell"] == 5
    assert found["outcomes"]["open"] is None
    assert found["outcomes"]["refused"] == 0
    assert {line["count"] for line in found["delays"]} == {None}
    assert {line["median_days"] for line in found["delays"]} == {None}


def test_from_five_on_cells_are_told(supervisor: Agent):
    for _ in range(5):
        a_case("delivered", now=clock.now() - timedelta(days=30))

    found = as_agent(supervisor).get("/bureau/statistiques/?format=json").json()

    assert found["outcomes"]["open"] == 5
    assert {line["count"] for line in found["delays"]} == {5}
    assert all(line["median_days"] is not None for line in found["delays"])


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_what_is_masked(count: int, shown: int | None):
    assert figures.masked(count) == shown


def test_a_supervisor_counts_their_post_and_an_auditor_all(supervisor: Agent):
    for post in [a_post()] * 5 + [madrid()] * 6:
        a_case("submitted", now=clock.now(), post=post)

    one = as_agent(supervisor).get("/bureau/statistiques/?format=json").json()
    whole = as_agent(an_agent("auditor")).get("/bureau/statistiques/?format=json").json()

    assert (one["post"], one["outcomes"]["open"]) == ("CA-TORONTO", 5)
    assert (whole["post"], whole["outcomes"]["open"]) == ("all", 11)


def test_the_figures_cost_the_same_whatever_the_cases(supervisor: Agent):
    client = as_agent(supervisor)

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            for path in ("statistiques", "partenaires", "equipe", "journal"):
                assert client.get(f"/bureau/{path}/").status_code == 200
        return len(seen)

    a_case("delivered", now=clock.now())
    cost()
    few = cost()
    for _ in range(5):
        a_case("delivered", now=clock.now())
        an_agent()

    assert cost() == few
    assert few <= 4 * 12


# --- partners ---


def test_what_waits_for_each_partner(supervisor: Agent):
    a_case("approved", now=clock.now())
    Effect.objects.filter(kind=EffectKind.ORDER_PASSPORT.value).update(attempts=3, last_error="issuance: timeout")

    lines = {line["label"]: line for line in figures.partners(outbox.by_kind(clock.now()))}
    ordered = lines[figures.PARTNER_OF[EffectKind.ORDER_PASSPORT.value]]

    assert set(figures.PARTNER_OF) == {kind.value for kind in EffectKind}
    assert (ordered["waiting"], ordered["retried"], ordered["error"]) == (1, 1, "issuance: timeout")
    assert "issuance: timeout" in as_agent(supervisor).get("/bureau/partenaires/").content.decode()


# --- the journal ---


def verify(client: Client, reference: str) -> str:
    return client.post("/bureau/journal/", {"reference": reference}).content.decode().replace("\u00a0", " ")


def test_a_whole_chain_is_told(supervisor: Agent):
    case = a_case("approved")

    page = verify(as_agent(supervisor), case.reference.lower())

    assert f"{case.reference} : {case.entries_count} faits, chaîne entière" in page


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (
            lambda case: Entry.objects.filter(case=case, seq=3).update(actor_id="someone else"),
            "Le fait n° 3 a été modifié",
        ),
        (
            lambda case: Entry.objects.filter(case=case, seq=3).update(payload=b"x" * 60),
            "Le fait n° 3 a été modifié",
        ),
        (lambda case: Entry.objects.filter(case=case, seq=2).delete(), "Un fait manque"),
        (
            lambda case: Entry.objects.filter(case=case, seq=case.entries_count).delete(),
            "La fin de l’histoire manque",
        ),
        (
            lambda case: Case.objects.filter(pk=case.pk).update(title="active"),
            "n’est pas celui que racontent ses faits",
        ),
    ],
    ids=["actor", "payload", "removed", "cut", "state"],
)
def test_tampering_is_found_and_said(supervisor: Agent, tamper, said: str):
    case = a_case("draft")
    tamper(case)

    page = verify(as_agent(supervisor), case.reference)

    assert said in page
    assert "chaîne entière" not in page
    assert f'value="{case.reference}"' in page


@pytest.mark.parametrize("reference", ["", "ESC-0000-0000-0000", "n’importe quoi"])
def test_an_unknown_reference_is_said_unknown(supervisor: Agent, reference: str):
    assert "Aucun dossier de votre poste" in verify(as_agent(supervisor), reference)


def test_a_supervisor_verifies_their_post_and_an_auditor_all(supervisor: Agent):
    elsewhere = a_case(post=madrid())

    assert "Aucun dossier de votre poste" in verify(as_agent(supervisor), elsewhere.reference)
    assert elsewhere.reference not in as_agent(supervisor).get("/bureau/journal/").content.decode()
    assert "chaîne entière" in verify(as_agent(an_agent("auditor")), elsewhere.reference)


def test_the_journal_opens_nothing_that_is_sealed(supervisor: Agent):
    a_case("approved")

    page = as_agent(supervisor).get("/bureau/journal/").content.decode()

    assert "DURAND" not in page
    assert "Demande approuvée" in page
