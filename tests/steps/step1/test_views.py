"""The applicant's way from the button to the first question."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from escale.ledger.models import Case
from escale.ui.sessions import SessionStore
from tests.factories.cases import NOON, a_case, a_post
from tests.factories.web import a_client, as_applicant
from tests.steps.step1.fakes import ENTRY, JEANNE, FakeFranceConnect, FakeRegister

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def signed_in(franceconnect: FakeFranceConnect) -> Client:
    client = a_client("portal")
    client.post("/connexion/")
    client.get("/connexion/retour?code=c&state=s")
    return client


def test_the_page_explains_before_it_asks(franceconnect: FakeFranceConnect):
    page = a_client("portal").get("/connexion/").content.decode()

    assert "fr-connect--plus" in page
    assert "en personne" in page


def test_the_button_leads_to_franceconnect(franceconnect: FakeFranceConnect):
    answer = a_client("portal").post("/connexion/")

    assert answer["Location"] == "https://franceconnect.example/authorize"


def test_a_silent_partner_is_said_in_plain_words(franceconnect: FakeFranceConnect):
    franceconnect.down = True

    answer = a_client("portal").post("/connexion/")

    assert answer.status_code == 503
    assert "raison technique" in answer.content.decode()


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("cancelled", "Vous avez interrompu la connexion"),
        ("refused", "n’a pas pu vérifier votre identité"),
        ("technical", "pour une raison technique"),
    ],
)
def test_each_failure_has_its_own_words(franceconnect: FakeFranceConnect, outcome: str, words: str):
    franceconnect.fails = outcome
    client = a_client("portal")
    client.post("/connexion/")

    page = client.get("/connexion/retour?error=x&state=s", follow=True).content.decode()

    assert words in page
    assert "Y000000" not in page


def test_a_return_nobody_started_signs_nobody_in(franceconnect: FakeFranceConnect):
    client = a_client("portal")

    client.get("/connexion/retour?code=c&state=s")

    assert client.get("/mes-demandes/").status_code == 302
    assert "connexion" in client.get("/mes-demandes/")["Location"]


def test_signing_in_rotates_the_session(franceconnect: FakeFranceConnect):
    client = a_client("portal")
    client.post("/connexion/")
    before = client.cookies["escale_portal"].value

    client.get("/connexion/retour?code=c&state=s")

    after = client.cookies["escale_portal"].value
    assert after != before
    assert not SessionStore().exists(before)
    assert SessionStore(after)["actor"] == {"kind": "applicant", "id": JEANNE.sub}


@pytest.mark.parametrize(
    ("wanted", "landed"),
    [("/aide/", "/aide/"), ("https://evil.example/", "/registre/"), ("//evil.example", "/registre/")],
)
def test_it_comes_back_where_the_person_was_going(franceconnect: FakeFranceConnect, wanted: str, landed: str):
    client = a_client("portal")
    client.post(f"/connexion/?suite={wanted}")

    assert client.get("/connexion/retour?code=c&state=s")["Location"] == landed


def test_signing_out_ends_both_sessions(franceconnect: FakeFranceConnect):
    client = signed_in(franceconnect)

    answer = client.post("/deconnexion/")

    assert answer["Location"].startswith("https://franceconnect.example/end?hint=inner.id.token")
    assert "connexion" in client.get("/mes-demandes/")["Location"]


def test_a_match_leads_to_the_first_question(franceconnect: FakeFranceConnect, register: FakeRegister):
    a_post()

    answer = signed_in(franceconnect).post("/registre/", {"numic": "2468 1373", "email": ENTRY.email})

    case = Case.objects.get()
    assert answer["Location"] == f"/demande/{case.reference}/eligibilite/passeport/"


def test_every_mismatch_gives_one_and_the_same_page(franceconnect: FakeFranceConnect, register: FakeRegister):
    client = signed_in(franceconnect)

    def page(numic: str, email: str) -> str:
        text = client.post("/registre/", {"numic": numic, "email": email}).content.decode()
        return text.split("<h2", 1)[1].split("</form>")[0].replace(numic, "").replace(email, "")

    unknown, wrong_mail = page("11111111", ENTRY.email), page(ENTRY.numic, "autre@courriel.example")
    strip = [part.split("csrfmiddlewaretoken")[0] for part in (unknown, wrong_mail)]
    assert strip[0] == strip[1]
    assert "Nous ne vous retrouvons pas" in unknown


def test_what_was_typed_is_kept_with_the_mistake_explained(franceconnect: FakeFranceConnect):
    answer = signed_in(franceconnect).post("/registre/", {"numic": "abc", "email": "jeanne@"})
    page = answer.content.decode()

    assert 'value="abc"' in page
    assert "que des chiffres" in page
    assert 'href="#id_numic"' in page


def test_too_many_tries_are_stopped(franceconnect: FakeFranceConnect, register: FakeRegister):
    client = signed_in(franceconnect)
    statuses = [client.post("/registre/", {"numic": "11111111", "email": "a@b.fr"}).status_code for _ in range(11)]

    assert statuses == [200] * 10 + [429]


def test_a_silent_register_loses_nothing(franceconnect: FakeFranceConnect, register: FakeRegister):
    register.down = True

    answer = signed_in(franceconnect).post("/registre/", {"numic": ENTRY.numic, "email": ENTRY.email})

    assert answer.status_code == 503
    assert ENTRY.email in answer.content.decode()


def test_the_questions_lead_to_an_eligible_case(franceconnect: FakeFranceConnect, register: FakeRegister):
    a_post()
    client = signed_in(franceconnect)
    client.post("/registre/", {"numic": ENTRY.numic, "email": ENTRY.email})
    case = Case.objects.get()
    url = f"/demande/{case.reference}/eligibilite"
    client.post(f"{url}/passeport/", {"issued_on": "01/04/2016", "expires_on": "31/03/2026"})
    answers = dict.fromkeys(("lost_or_stolen", "civil_status_changed", "second_passport", "obtained_remotely"), "non")

    answer = client.post(f"{url}/situation/", {**answers, "fingerprints_given": "oui"})

    case.refresh_from_db()
    assert answer["Location"] == f"/demande/{case.reference}/"
    assert case.identity == "eligible"


def test_a_refusal_names_rule_article_and_way_out(franceconnect: FakeFranceConnect, register: FakeRegister):
    a_post()
    client = signed_in(franceconnect)
    client.post("/registre/", {"numic": ENTRY.numic, "email": ENTRY.email})
    url = f"/demande/{Case.objects.get().reference}/eligibilite"
    client.post(f"{url}/passeport/", {"issued_on": "01/04/2009", "expires_on": "01/04/2019"})
    answers = dict.fromkeys(("lost_or_stolen", "civil_status_changed", "second_passport", "obtained_remotely"), "non")

    page = client.post(f"{url}/situation/", {**answers, "fingerprints_given": "oui"}, follow=True).content.decode()

    for words in ("expiré depuis plus de 5\u00a0ans", "E7", "décret n° 2025-1138", "en personne", "recours"):
        assert words in page


def test_another_persons_case_does_not_exist():
    case = a_case("matched")

    for page in ("eligibilite/passeport", "eligibilite/situation", "conditions"):
        assert as_applicant("somebody").get(f"/demande/{case.reference}/{page}/").status_code == 404


def test_our_keys_and_addresses_are_public(franceconnect: FakeFranceConnect):
    client = a_client("portal")

    assert len(client.get("/partenaires/franceconnect/jwks").json()["keys"]) == 2
    assert all(
        url.endswith("/connexion/retour") for url in client.get("/partenaires/franceconnect/redirections").json()
    )


def test_the_limit_forgets_after_its_window(franceconnect: FakeFranceConnect, register: FakeRegister):
    client = signed_in(franceconnect)
    for _ in range(11):
        client.post("/registre/", {"numic": "11111111", "email": "a@b.fr"})

    with time_machine.travel(NOON + timedelta(minutes=61), tick=False):
        client = signed_in(franceconnect)
        assert client.post("/registre/", {"numic": "11111111", "email": "a@b.fr"}).status_code == 200
