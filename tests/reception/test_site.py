"""The reception site: another site, another session, one form."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from escale import clock
from escale.config.urls import reception
from escale.ledger.models import Entry
from escale.ports import directory
from escale.ports.errors import PartnerUnavailable
from escale.ports.franceconnect import PivotIdentity, SignIn, SignInFailed
from escale.steps.step7_confirm_receipt import service
from tests.factories.cases import acting, an_agent
from tests.factories.web import a_client, as_agent, as_applicant
from tests.steps.step5.builders import dispatched
from tests.steps.step5.fakes import a_title
from tests.steps.step7.test_service import WRONG, with_security

pytestmark = pytest.mark.django_db
NUMBER = a_title().number.text


def at(name: str, *args: str) -> str:
    return reverse(name, urlconf=reception, args=args)


class FakeFranceConnect:
    """Signs ``sub`` in, or fails as told."""

    def __init__(self, sub: str) -> None:
        self.sub, self.redirects, self.outcome = sub, [], ""

    def start(self, *, redirect_uri: str):
        if self.outcome == "down":
            raise PartnerUnavailable("franceconnect", "timeout")
        self.redirects.append(redirect_uri)
        return "https://franceconnect.example/authorize", {"state": "s"}

    def finish(self, *, query, kept, redirect_uri: str, now: float) -> SignIn:
        self.redirects.append(redirect_uri)
        if self.outcome:
            raise SignInFailed(self.outcome, "code")
        identity = PivotIdentity(self.sub, "Jeanne Marie", "DURAND", "1962-08-24", "female", "75107", "99100", "MARTIN")
        return SignIn(identity, "eidas2", (), 0, "id-token", "jws")

    def logout_url(self, *, id_token: str, state: str, post_logout_redirect_uri: str) -> str:
        return f"https://franceconnect.example/logout?to={post_logout_redirect_uri}"


@pytest.fixture
def franceconnect(sub):
    fake = FakeFranceConnect(sub)
    before = directory._FACTORIES.get("franceconnect")
    directory.provide("franceconnect", lambda: fake)
    yield fake
    directory.provide("franceconnect", before)


@pytest.fixture
def case(issuance, courier, sub):
    return dispatched(issuance, acting(an_agent()), sub=sub, now=clock.now() - timedelta(days=5))


@pytest.fixture
def security(case):
    return with_security(case)


def submit(client: Client, case, number: str, security: str, **more: str):
    data = {"number": number, "security": security, "attestation": "on", **more}
    return client.post(at("reception_confirm", case.reference), data)


def test_the_home_says_what_to_have_at_hand():
    page = a_client("reception").get("/").content.decode()

    assert "numéro de sécurité" in page
    assert 'href="/connexion/"' in page
    assert "quarante jours" in page


def test_signing_in_here_is_a_session_of_this_site_alone(franceconnect, case, sub):
    client = a_client("reception")
    wanted = at("reception_confirm", case.reference)
    assert client.get(wanted).headers["Location"] == f"/connexion/?suite={wanted.replace('/', '%2F')}"

    started = client.post(f"/connexion/?suite={wanted}")
    assert started.headers["Location"] == "https://franceconnect.example/authorize"
    back = client.get("/connexion/retour?code=c&state=s")

    assert back.headers["Location"] == wanted
    assert set(franceconnect.redirects) == {"http://127.0.0.1:8001/connexion/retour"}
    assert client.get(wanted).status_code == 200
    assert "escale_reception" in client.cookies
    assert "escale_portal" not in client.cookies
    portal = Client(HTTP_HOST="127.0.0.1:8000")
    portal.cookies["escale_portal"] = ""
    for name, morsel in client.cookies.items():
        portal.cookies[name] = morsel.value
    assert portal.get("/mes-demandes/").status_code == 302
    out = client.post("/deconnexion/")
    assert out.headers["Location"].startswith("https://franceconnect.example/logout?to=http://127.0.0.1:8001/")
    assert client.get(wanted).status_code == 302


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("cancelled", "Vous avez interrompu la connexion"),
        ("refused", "n’a pas pu vérifier votre identité"),
        ("technical", "pour une raison technique"),
    ],
)
def test_a_sign_in_that_fails_is_explained(franceconnect, outcome, said):
    client = a_client("reception")
    client.post("/connexion/")
    franceconnect.outcome = outcome

    page = client.get("/connexion/retour?error=x", follow=True).content.decode()

    assert said in page
    assert client.get("/passeports/").status_code == 302


def test_a_franceconnect_out_of_reach_is_said(franceconnect):
    franceconnect.outcome = "down"

    answer = a_client("reception").post("/connexion/")

    assert answer.status_code == 503
    assert "pour une raison technique" in answer.content.decode()


def test_a_return_nobody_asked_for_signs_nobody_in(franceconnect):
    client = a_client("reception")

    assert client.get("/connexion/retour?code=c&state=s").headers["Location"] == "/connexion/?probleme=technical"
    assert client.get("/passeports/").status_code == 302


def test_it_does_not_send_people_to_other_sites(franceconnect):
    client = a_client("reception")
    client.post("/connexion/?suite=https://evil.example/")

    assert client.get("/connexion/retour?code=c&state=s").headers["Location"] == "/passeports/"


def test_the_list_shows_what_awaits_and_until_when(case, sub):
    page = as_applicant(sub, "reception").get("/passeports/").content.decode()

    assert case.reference in page
    assert "À confirmer au plus tard" in page
    assert "23:59" in page
    assert "Aucun passeport" in as_applicant("somebody", "reception").get("/passeports/").content.decode()


def test_a_slip_is_caught_before_it_counts(case, security, sub):
    client = as_applicant(sub, "reception")
    slip = ("0" if security.text[0] != "0" else "1") + security.text[1:]

    for number, typed, said in (
        ("123", security.text, "Ce n’est pas un numéro de passeport"),
        (NUMBER, slip, "faute de frappe"),
        (NUMBER, "ABCD", "douze caractères"),
        (NUMBER, "UUUU UUUU UUUU", "n’existe pas"),
    ):
        answer = submit(client, case, number, typed)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert said in page
        assert f'value="{typed}"' in page
    assert submit(client, case, NUMBER, security.grouped, attestation="").status_code == 422
    case.refresh_from_db()
    assert (case.receipt, case.entries.filter(event="WrongNumberEntered").count()) == ("awaited", 0)


def test_wrong_pairs_are_told_alike_then_locked(case, security, sub):
    client = as_applicant(sub, "reception")
    pages = [
        submit(client, case, "26FR48214", security.grouped).content.decode(),
        submit(client, case, NUMBER, WRONG.grouped).content.decode(),
    ]
    for page in pages:
        assert "Ces deux numéros ne vont pas ensemble" in page
    assert "Il vous reste 4 essais" in pages[0]
    for _ in range(3):
        last = submit(client, case, NUMBER, WRONG.grouped).content.decode()

    assert "La saisie est bloquée pendant 24\u00a0heures" in last
    assert "<title>Erreur — " in last
    assert "À faire au plus tard" in last
    assert 'name="security"' not in last
    refused = submit(client, case, NUMBER, security.grouped)
    assert refused.status_code == 409
    case.refresh_from_db()
    assert case.receipt == "locked_out"


def test_what_is_wrong_with_no_field_is_said_once(case, security, sub):
    page = submit(as_applicant(sub, "reception"), case, NUMBER, WRONG.grouped).content.decode()

    assert page.count("Ces deux numéros ne vont pas ensemble") == 1


def test_confirmed_with_its_receipt_and_the_other_duty(case, security, sub):
    client = as_applicant(sub, "reception")

    done = submit(client, case, NUMBER.lower(), security.grouped.lower())

    assert done.headers["Location"] == at("reception_confirmed", case.reference)
    page = client.get(done.headers["Location"]).content.decode()
    assert "est confirmée" in page
    assert "envoyer votre ancien passeport" in page
    assert "Interpol" in page
    pdf = client.get(at("reception_receipt", case.reference))
    assert pdf.content.startswith(b"%PDF-")
    assert NUMBER.encode() not in pdf.content
    assert client.get(at("reception_confirm", case.reference)).headers["Location"] == done.headers["Location"]
    again = submit(client, case, NUMBER, security.grouped)
    assert again.headers["Location"] == done.headers["Location"]
    assert Entry.objects.filter(case=case, event="ReceiptConfirmed").count() == 1


def test_the_pages_of_a_passport_are_its_holders_alone(case, security):
    stranger = as_applicant("somebody", "reception")

    for name in ("reception_confirm", "reception_confirmed", "reception_receipt"):
        assert stranger.get(at(name, case.reference)).status_code == 404
        assert a_client("reception").get(at(name, case.reference)).status_code == 302
    assert submit(stranger, case, NUMBER, security.text).status_code == 404
    assert as_applicant(case.applicant_sub, "reception").get(at("reception_receipt", case.reference)).status_code == 404


def test_an_agent_reopens_the_entry_from_the_file(case, security, sub):
    for _ in range(5):
        submit(as_applicant(sub, "reception"), case, NUMBER, WRONG.text)
    url = reverse("desk_unlock_receipt", urlconf="escale.config.urls.desk", args=[case.reference])

    assert as_agent(an_agent(post="ES-MADRID")).post(url).status_code == 404
    as_agent(an_agent()).post(url)

    case.refresh_from_db()
    assert case.receipt == "awaited"
    service.end_lockout(case_id=case.id, now=clock.now())
