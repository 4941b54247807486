"""An agent keeps the lists they come back to, for themselves alone, and nothing of what was searched."""

import pytest

from escale.desk import saved_views
from escale.desk.models import SavedView
from escale.people.models import Agent
from tests.factories.cases import a_case, an_agent
from tests.factories.web import as_agent

pytestmark = pytest.mark.django_db
LIST, VIEWS = "/bureau/dossiers/", "/bureau/dossiers/vues/"
ASKED = {"nom": "Mes demandes", "file": "demandes", "pris": "moi", "ordre": "echeance"}


def test_a_list_is_kept_with_its_filters_and_opened_again(agent: Agent):
    client = as_agent(agent)
    a_case("submitted")

    answer = client.post(VIEWS, ASKED)

    assert answer["Location"] == f"{LIST}?file=demandes&pris=moi&ordre=echeance"
    assert (
        '<a href="?file=demandes&amp;pris=moi&amp;ordre=echeance"><span aria-hidden="true">★</span> Mes demandes'
        in client.get(LIST).content.decode()
    )
    page = client.get(answer["Location"]).content.decode()
    assert 'aria-current="page"><span aria-hidden="true">★</span> Mes demandes' in page


def test_it_is_the_agent_s_own_to_see_and_to_drop(agent: Agent):
    client, colleague = as_agent(agent), as_agent(an_agent())
    client.post(VIEWS, ASKED)
    row = SavedView.objects.get()

    assert "Mes demandes" not in colleague.get(LIST).content.decode()
    assert colleague.post(VIEWS, {"retirer": row.pk}).status_code == 404
    client.post(VIEWS, {"retirer": row.pk})

    assert not SavedView.objects.exists()


def test_the_same_name_takes_the_new_list(agent: Agent):
    client = as_agent(agent)
    client.post(VIEWS, ASKED)
    client.post(VIEWS, {**ASKED, "file": "enveloppes", "nom": "  Mes   demandes "})

    assert SavedView.objects.get().code == "enveloppes"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"nom": " "}, "un nom de quarante caractères"),
        ({"nom": "x" * 41}, "un nom de quarante caractères"),
        ({"file": "inconnue"}, "Choisissez d’abord une file"),
    ],
)
def test_what_cannot_be_kept_is_said(agent: Agent, asked: dict[str, str], said: str):
    client = as_agent(agent)

    assert said in client.post(VIEWS, {**ASKED, **asked}, follow=True).content.decode()
    assert not SavedView.objects.exists()


def test_twelve_at_most(agent: Agent):
    client = as_agent(agent)
    for number in range(saved_views.MOST + 1):
        client.post(VIEWS, {**ASKED, "nom": f"Vue {number}"})

    assert SavedView.objects.count() == saved_views.MOST
    client.post(VIEWS, {**ASKED, "nom": "Vue 1", "file": "enveloppes"})  # an old name may still take another list
    assert SavedView.objects.get(name="Vue 1").code == "enveloppes"
