"""Lists narrowed to whoever has taken the cases, or sorted by the end that comes first; cases of one address."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escale import clock
from escale.desk import service
from escale.desk.filters import Filters
from escale.ledger.models import Case, Deadline, Entry
from escale.people.models import Agent
from tests.factories.cases import a_case, a_post, acting, an_agent
from tests.factories.web import as_agent

pytestmark = pytest.mark.django_db
LIST = "/bureau/dossiers/"


def shown(agent: Agent, **asked: object) -> list[str]:
    """References of a list, in its order."""
    page = as_agent(agent).get(LIST, asked).content.decode()
    return [part.split("/")[0] for part in page.split('class="desk-code"><a href="/bureau/dossiers/')[1:]]


def ends(case: Case, at: datetime, kind: str = "correction_lapse") -> Case:
    Deadline.objects.filter(case=case).update(closed_at=at)
    Deadline.objects.create(case=case, kind=kind, due_at=at, opened_at=at - timedelta(days=60))
    return case


def test_a_list_is_narrowed_to_me_to_nobody_or_to_a_colleague(agent: Agent):
    colleague = an_agent(usual_name="Blanc")
    mine, theirs, free = (a_case("submitted") for _ in range(3))
    service.take(mine.id, actor=acting(agent), now=clock.now())
    service.take(theirs.id, actor=acting(colleague), now=clock.now())

    assert shown(agent, file="demandes", pris="moi") == [mine.reference]
    assert shown(agent, file="demandes", pris="personne") == [free.reference]
    assert shown(agent, file="demandes", pris=colleague.pk) == [theirs.reference]
    assert shown(agent, file="enveloppes", pris="moi") == []
    assert len(shown(agent, file="demandes", pris="n’importe quoi")) == 3


def test_the_end_that_comes_first_comes_first(agent: Agent):
    now = clock.now()
    far = ends(a_case("submitted"), now + timedelta(days=30))
    none = a_case("submitted")
    Deadline.objects.filter(case=none).update(closed_at=now)
    near = ends(a_case("submitted"), now + timedelta(days=3))
    reminded = ends(a_case("submitted"), now + timedelta(days=1), kind="draft_reminder")  # only a reminder: no end

    assert shown(agent, file="demandes", ordre="echeance")[:2] == [near.reference, far.reference]
    assert set(shown(agent, file="demandes", ordre="echeance")[2:]) == {none.reference, reminded.reference}
    page = as_agent(agent).get(LIST, {"file": "demandes"}).content.decode()
    assert page.count("Fin du délai de correction") == 2


def test_the_filters_are_kept_from_queue_to_queue_and_say_what_is_chosen(agent: Agent):
    colleague = an_agent(usual_name="Blanc")
    a_case("submitted")

    page = as_agent(agent).get(LIST, {"file": "demandes", "pris": colleague.pk, "ordre": "echeance"}).content.decode()

    assert f"?file=enveloppes&amp;pris={colleague.pk}&amp;ordre=echeance" in page
    assert f'<option value="{colleague.pk}" selected>' in page
    assert "Aucun dossier de cette file ne répond à ces filtres." in page
    assert f'<option value="{agent.pk}"' not in page  # oneself is « Moi »


def test_another_post_s_colleague_filters_nothing_into_view(agent: Agent):
    a_post("ES-MADRID", tz="Europe/Madrid", country="ES", city="Madrid")
    stranger = an_agent(post="ES-MADRID", usual_name="Ruiz")
    case = a_case("submitted", post=stranger.post)
    service.take(case.id, actor=acting(stranger), now=clock.now())

    assert shown(agent, pris=stranger.pk) == []
    assert "Ruiz" not in as_agent(agent).get(LIST).content.decode()


@pytest.mark.parametrize("asked", [{"pris": "moi"}, {"pris": "personne"}, {"ordre": "echeance"}])
def test_a_narrowed_list_costs_the_same_whatever_its_length(agent: Agent, asked: dict[str, str]):
    client, now = as_agent(agent), clock.now()

    def fill(number: int) -> None:
        for place in range(number):
            case = ends(a_case("submitted", now=now), now + timedelta(days=place + 1))
            if asked.get("pris") == "moi":
                service.take(case.id, actor=acting(agent), now=now)

    def questions() -> int:
        client.get(LIST, asked)
        with CaptureQueriesContext(connection) as seen:
            client.get(LIST, asked)
        return len(seen)

    fill(3)
    few = questions()
    fill(17)
    assert questions() == few
    assert few <= 14


def test_what_has_no_meaning_is_no_filter():
    assert Filters.read({"pris": "1 OR 1=1", "ordre": "-pk"}) == Filters()
    assert Filters.read({"pris": "٣"}).kept == ""
    assert Filters.read({"pris": "12", "ordre": "echeance"}).kept == "&pris=12&ordre=echeance"


# --- one address ---


def one_address() -> tuple[Case, Case, Case]:
    """Two open cases at one address of Toronto, and one of Madrid that bears the same key."""
    here, there = a_case("submitted", family_name="MOREL", usage_name=""), a_case("received", usage_name="LEROY")
    abroad = a_case(
        "submitted",
        post=a_post("ES-MADRID", tz="Europe/Madrid", country="ES", city="Madrid"),
        usage_name="GARCIA",
    )
    Case.objects.filter(pk__in=[here.pk, there.pk, abroad.pk]).update(household_key="elm")
    return here, there, abroad


def test_the_cases_of_one_address_stand_side_by_side_each_with_its_own_decision(agent: Agent):
    here, there, abroad = one_address()
    client = as_agent(agent)

    page = client.get(f"{LIST}{here.reference}/foyer/").content.decode()

    assert f'href="/bureau/dossiers/{here.reference}/#etape-2"' in page
    assert f'href="/bureau/dossiers/{there.reference}/#etape-3"' in page
    assert "MOREL" in page
    assert "LEROY" in page
    assert abroad.reference not in page
    assert "GARCIA" not in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]  # nothing is decided for two at once
    assert f"{LIST}{here.reference}/foyer/" in client.get(f"{LIST}{here.reference}/").content.decode()


def test_both_openings_are_recorded_and_other_posts_are_refused(agent: Agent):
    here, there, _abroad = one_address()
    before = {case.pk: Entry.objects.filter(case=case, event="FileViewed").count() for case in (here, there)}

    as_agent(agent).get(f"{LIST}{here.reference}/foyer/")

    for case in (here, there):
        assert Entry.objects.filter(case=case, event="FileViewed").count() == before[case.pk] + 1
    stranger = an_agent(post="ES-MADRID")
    assert as_agent(stranger).get(f"{LIST}{here.reference}/foyer/").status_code == 404


def test_a_case_alone_at_its_address_has_no_such_page(agent: Agent):
    here, there, _abroad = one_address()
    Case.objects.filter(pk=there.pk).update(outcome="withdrawn")

    assert as_agent(agent).get(f"{LIST}{here.reference}/foyer/").status_code == 404
    assert as_agent(agent).get(f"{LIST}{a_case('submitted').reference}/foyer/").status_code == 404
