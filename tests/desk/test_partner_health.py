"""Partner health: what waits, who answers when asked, and what to tell people meanwhile."""

from __future__ import annotations

import inspect
import re
import socket
from datetime import timedelta

import pytest
from django.conf import settings as django_settings

from escale import clock
from escale.case.effects import EffectKind
from escale.desk import partner_health
from escale.ledger import feeds, outbox
from escale.ledger.models import Effect
from escale.partners import reach
from escale.people.models import Agent
from escale.steps.step5_dispatch.models import ChangesRead, ProductionOrder
from tests.factories.cases import a_case, an_agent
from tests.factories.web import as_agent

ADDRESS = "/bureau/partenaires/"


def test_every_partner_of_the_settings_has_a_name_and_words() -> None:
    assert set(partner_health.NAMES) == set(django_settings.ADAPTERS) == set(partner_health.PROMISES)
    assert set(reach.PARTNER_OF.values()) <= set(partner_health.NAMES)


@pytest.mark.django_db
def test_calls_tried_again_are_told_with_what_to_say_to_people(supervisor: Agent) -> None:
    a_case("approved", now=clock.now())
    Effect.objects.filter(kind=EffectKind.ORDER_PASSPORT.value).update(attempts=3, last_error="issuance: timeout")

    by_code = {it.code: it for it in partner_health.of_partners(clock.now(), outbox.by_kind(clock.now()))}
    page = as_agent(supervisor).get(ADDRESS).content.decode()

    assert (by_code["issuance"].state, by_code["issuance"].error) == ("waits", "issuance: timeout")
    assert by_code["register"].state == "calm"
    assert "N’annoncez pas de date de fabrication." in page
    assert "Les demandes nouvelles attendent son retour." not in page


@pytest.mark.django_db
def test_a_silent_partner_is_found_on_demand_alone(supervisor: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            silent = closed.getsockname()[1]
        ports = {"register": silent}
        monkeypatch.setattr(
            django_settings,
            "PARTNER_OPTIONS",
            lambda code: {"url": f"http://127.0.0.1:{ports.get(code, port)}/"} if code != "mailer" else {},
            raising=False,
        )
        before = as_agent(supervisor).get(ADDRESS).content.decode()
        after = as_agent(supervisor).post(ADDRESS).content.decode()
        found = partner_health.reached_now()

    assert "Ne répond pas" not in before
    assert after.count("Ne répond pas") == 1
    assert "Les demandes nouvelles attendent son retour." in after
    assert (found["register"], found["issuance"], found["mailer"]) == (False, True, None)


@pytest.mark.django_db
def test_agents_do_not_open_it_and_administrators_see_no_person() -> None:
    case = a_case("approved", now=clock.now())

    assert as_agent(an_agent()).get(ADDRESS).status_code == 404
    page = as_agent(an_agent("administrator")).get(ADDRESS).content.decode()
    assert "DURAND" not in page
    assert case.reference not in page


@pytest.mark.django_db
def test_questions_that_should_have_been_answered_are_told_with_what_they_change(
    supervisor: Agent, django_assert_max_num_queries
) -> None:
    now = clock.now()
    case = a_case("approved", now=now)
    given = {"case": case, "number": "N-1", "ordered_at": now - timedelta(days=2)}
    order = ProductionOrder.objects.create(key="k", next_poll_at=now - timedelta(minutes=5), **given)
    ChangesRead.objects.create(next_at=now, read_at=now - timedelta(minutes=30))
    calm = as_agent(an_agent()).get("/bureau/").content.decode()
    before = {it.code: it for it in partner_health.of_partners(now, outbox.by_kind(now))}

    ProductionOrder.objects.filter(pk=order.pk).update(next_poll_at=now - timedelta(hours=2))
    ChangesRead.objects.update(read_at=now - timedelta(hours=3))
    after = {it.code: it for it in partner_health.of_partners(now, outbox.by_kind(now))}
    client = as_agent(supervisor)
    with django_assert_max_num_queries(22):
        page = client.get(ADDRESS).content.decode()

    home = as_agent(an_agent()).get("/bureau/").content.decode()

    assert "Des réponses manquent" not in calm
    assert "ces dossiers semblent immobiles" in home
    assert ADDRESS not in home  # an agent reads what it means; the page of partners is for others
    assert f'<a class="fr-link" href="{ADDRESS}">' in client.get("/bureau/").content.decode()
    assert before["issuance"].late == []
    assert [(one.late, now - one.since) for one in after["issuance"].late] == [
        (1, timedelta(hours=2)),
        (1, timedelta(hours=3)),
    ]
    assert after["courier"].late == []
    assert "ces dossiers semblent immobiles" in page
    assert "Interrogé, sans réponse à l’heure" in page


@pytest.mark.django_db
def test_a_worker_that_has_stopped_is_said_first(supervisor: Agent) -> None:
    now = clock.now()
    a_case("approved", now=now)
    calm = as_agent(supervisor).get(ADDRESS).content.decode()

    Effect.objects.update(due_at=now - timedelta(hours=1), lease_until=None)

    page = as_agent(supervisor).get(ADDRESS).content.decode()
    assert "Le travail de fond prend du retard" not in calm
    assert "les personnes ne sont pas prévenues" in page


def test_every_question_has_its_words() -> None:
    source = "".join(inspect.getsource(inspect.getmodule(one)) for one in (*partner_health.QUESTIONS, feeds.overdue))

    asked = set(re.findall(r"(?:Question|stopped)\(\s*\"(\w+)\"", source))
    assert asked == set(partner_health.FEEDS)
