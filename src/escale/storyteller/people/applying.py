"""Steps 1 and 2: sign in, be found in the register, say one's situation, apply, pay, submit."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from escale.partners.kit import people
from escale.storyteller import papers
from escale.storyteller.browser import Lost, Page
from escale.storyteller.papers import File, PassportPage
from escale.storyteller.people.visitor import Hands, Visitor
from escale.storyteller.world import World

SIGN_IN_PAGES = 6


def french(day: date) -> str:
    """As typed in a form."""
    return f"{day:%d/%m/%Y}"


class Applying(Visitor):
    """An applicant up to the submission. ``ref`` is known once the register agreed."""

    site = "portal"

    def __init__(self, world: World, hands: Hands, login: str) -> None:
        super().__init__(world, hands, login)
        self.person = people.person(login)
        self.ref = ""
        self._passport: PassportPage | None = None

    @property
    def passport(self) -> PassportPage:
        """The passport in hand at the start."""
        if self._passport is None:
            self._passport = papers.held_passport(self.world, self.login)
        return self._passport

    def case(self, path: str = "") -> Page:
        """A page of one's own case."""
        return self.go(f"demande/{self.ref}/{path}")

    # --- step 1 ---

    def sign_in(self, site: str = "") -> Page:
        """Through FranceConnect+: a provider, oneself, the information page."""
        base = self.world.urls[site or self.site]
        self.hands.open(f"{base}/connexion/")
        self.hands.submit(self.page.form(action="connexion"))
        for _ in range(SIGN_IN_PAGES):
            page = self.page
            if page.url.startswith(base):
                return page
            if page.has_form("idp"):
                self.hands.submit(page.form("idp"), button="idp")
            elif page.has_form("login"):
                self.hands.submit(page.form("login"), button="login", value=self.login)
            else:
                self.hands.submit(page.form("continue"), button="continue", value="1")
        raise Lost(f"signing in as {self.login} ended at {self.page.url}")

    def match_register(self) -> str:
        """NUMIC and register e-mail. Returns the reference of the case."""
        page = self.go("registre/")
        self.hands.submit(
            page.form("numic", "email"), {"numic": self.person.numic, "email": self.person.register_email}
        )
        parts = urlsplit(self.page.url).path.split("/")
        if parts[1] != "demande":
            raise Lost(f"the register did not recognise {self.login}: {'; '.join(self.page.alerts)}")
        self.ref = parts[2]
        return self.ref

    def confirm_eligibility(self) -> None:
        """The dates of the passport, then five questions."""
        page = self.case("eligibilite/passeport/")
        dates = {"issued_on": french(self.passport.issued_on), "expires_on": french(self.passport.expires_on)}
        page = self.hands.submit(page.form("issued_on"), dict(dates))
        no = ("lost_or_stolen", "civil_status_changed", "second_passport", "obtained_remotely")
        answers: dict[str, str | list[str]] = {**dict.fromkeys(no, "non"), "fingerprints_given": "oui"}
        self.hands.submit(page.form("fingerprints_given"), answers)
        self.succeeded("Votre situation permet la demande à distance")

    # --- step 2 ---

    def fill(self, *, visa_until: date | None = None) -> None:
        """Motive, identity, contact, passport: one subject each."""
        page = self.case("motif/")
        self.hands.submit(page.form("motive"), {"motive": "expiring"})
        page = self.case("identite/")
        identity: dict[str, str | list[str]] = {"usage_origin": "unchanged", "height_cm": "168", "eye_colour": "brown"}
        self.hands.submit(page.form("height_cm"), identity)
        page = self.case("coordonnees/")
        self.hands.submit(page.form("hosted"), {"hosted": "non"})
        page = self.case("passeport-actuel/")
        held: dict[str, str | list[str]] = {
            "passport_number": self.passport.number,
            "passport_issued_on": french(self.passport.issued_on),
            "passport_expires_on": french(self.passport.expires_on),
            "keeps_visa": "oui" if visa_until else "non",
            "visa_until": french(visa_until) if visa_until else "",
        }
        self.hands.submit(page.form("passport_number"), held)

    def attach(self, kind: str, file: File) -> None:
        """Send one supporting document."""
        page = self.case(f"documents/{kind}/")
        self.hands.submit(page.form("file"), files={"file": file})
        self.succeeded("Fichier ajouté et enregistré")

    def attach_papers(self, *, visa_until: date | None = None) -> None:
        """The passport's page and a proof of address; the visa's page when it is to be kept."""
        self.attach("passport_page", papers.scanned(self.passport))
        self.attach("address_proof", papers.bill(self.person, self.world.now()))
        if visa_until:
            self.attach("visa_copy", papers.visa(visa_until))

    def send_photo(self) -> list[str]:
        """Send the photo and keep it whatever the automatic check says: the agent judges. Returns what it found."""
        page = self.case("photo/")
        page = self.hands.submit(page.form("file"), files={"file": papers.portrait()})
        self.succeeded("Fichier ajouté et enregistré")
        return [alert.get_text(" ", strip=True) for alert in page.soup.select(".escale-photo .fr-alert__title")]

    def pay_stamp(self) -> None:
        """Buy the stamp on the hosted payment page and come back with it."""
        page = self.case("timbre/")
        page = self.hands.submit(page.form(action="timbre/acheter"))
        self.hands.submit(page.form("resultat"), button="resultat", value="P")
        if not self.page.url.startswith(self.world.urls["portal"]):
            raise Lost(f"the payment page did not lead back: {self.page.url} {self.page.text[:200]}")
        self.world.until(self._stamp_is_there, "the stamp that was paid for joins the application")

    def _stamp_is_there(self) -> bool:
        if "Timbre joint à votre demande" in self.page.text:
            return True
        self.case("timbre/retour")
        return "Timbre joint à votre demande" in self.page.text

    def submit(self) -> None:
        """Read again, declare, send; send again while the page says that the stamps' service does not answer."""
        self.world.until(self._sent, "the application is sent")
        if not self.page.url.endswith("/envoyee/"):
            raise Lost(f"the application was not sent: {'; '.join(self.page.alerts) or self.page.text[:300]}")

    def _sent(self) -> bool:
        page = self.case("recapitulatif/")
        declared: dict[str, str | list[str]] = {"true_statement": "on", "holds_passport": "on"}
        return self.hands.submit(page.form("true_statement"), declared, status=(200, 503)).status != 503
