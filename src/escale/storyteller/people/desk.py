"""An agent at the desk: the three gates, the mail, the interview, the bench, the forty days."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from escale.storyteller.browser import Lost, Page
from escale.storyteller.papers import PassportPage
from escale.storyteller.people.visitor import Visitor

SIGN_IN_PAGES = 6
SHEET = ("passport_shown", "face_photo", "face_previous", "answers")
PHOTO_OFF_NORMS = "not_to_norms"


class Desk(Visitor):
    """Signing in, finding a case, reading where it stands."""

    site = "desk"

    def sign_in(self, site: str = "") -> Page:
        """Through ProConnect: e-mail page, then oneself."""
        self.hands.open(self.address("connexion/"))
        return self._through_proconnect(self.page.form("suite"))

    def _through_proconnect(self, form: object) -> Page:
        self.hands.submit(form)  # type: ignore[arg-type]  # a form of the page
        for _ in range(SIGN_IN_PAGES):
            page = self.page
            if page.url.startswith(self.world.urls["desk"]):
                return page
            if page.has_form("email"):
                self.hands.submit(page.form("email"))
            else:
                self.hands.submit(page.form("login"), button="login", value=self.login)
        raise Lost(f"signing in as {self.login} ended at {self.page.url}")

    def prove_identity(self, back: str) -> None:
        """Sign in anew before a decision, and come back."""
        self.hands.open(self.address(f"connexion/?confirmer=1&suite={quote(back)}"))
        self._through_proconnect(self.page.form("suite", "confirm"))

    def file(self, ref: str) -> Page:
        """The file of a case."""
        return self.go(f"bureau/dossiers/{ref}/")

    def states(self, ref: str) -> tuple[str, ...]:
        """The eight tracks in the words of the desk."""
        lights = self.file(ref).soup.select("ol.escale-lights li strong")
        return tuple(" ".join(light.get_text(" ", strip=True).split()) for light in lights)

    def history(self, ref: str) -> list[str]:
        """What happened to a case, latest first."""
        lines = self.file(ref).soup.select("ol.escale-history li")
        return [" ".join(line.get_text(" ", strip=True).split()) for line in lines]


class Gates(Desk):
    """Gates 1 and 2: the application, then the envelope."""

    def accept(self, ref: str) -> None:
        """Gate 1: the application is in order."""
        page = self.file(ref)
        form = page.form("revision", action="accepter")
        self.hands.submit(form, {"vu": [str(box["value"]) for box in form.find_all("input", attrs={"name": "vu"})]})
        self.succeeded("Demande acceptée")

    def ask_correction(self, ref: str, item: str, ready: str) -> None:
        """Gate 1: send the application back for one document or answer, by a sentence kept ready."""
        form = self.file(ref).form("revision", f"ready_{item}")
        for button in form.find_all("button", attrs={"formaction": True}):
            if str(button["formaction"]).endswith("/corriger"):
                form["action"] = button["formaction"]
        self.hands.submit(form, {f"ready_{item}": ready})
        self.succeeded("Correction demandée")

    def receive_envelope(self, ref: str, waybill: str = "") -> None:
        """Scan the cover sheet, then the label when one was inside."""
        page = self.go("bureau/courrier/")
        self.hands.submit(page.form("code"), {"code": ref})
        self.succeeded(f"{ref} : enveloppe reçue")
        if waybill:
            self.hands.submit(self.page.form("code"), {"code": waybill})
            self.succeeded(f"L’étiquette est bien celle de {ref}")

    def verify_items(self, ref: str) -> None:
        """Gate 2: tick every point."""
        page = self.go(f"bureau/courrier/{ref}/controle/")
        form = page.form("version", action="controle")
        boxes = {str(box["name"]): "on" for box in form.select("input[type=checkbox]")}
        self.hands.submit(form, dict(boxes))
        self.succeeded("Pièces vérifiées")

    def refuse_photo(self, ref: str, words: str) -> None:
        """Gate 2: the paper photo does not do; ask for another."""
        page = self.go(f"bureau/courrier/{ref}/controle/")
        form = page.form("photo", action="remplacement")
        offered = [str(option.get("value")) for option in form.select("select[name=photo] option")]
        reason = PHOTO_OFF_NORMS if PHOTO_OFF_NORMS in offered else next(value for value in offered if value)
        self.hands.submit(form, {"photo": reason, "words_fr": words, "words_en": words})
        self.succeeded("La demande de remplacement est envoyée")


class Interviews(Gates):
    """Gate 3: the interview, its sheet, the decision."""

    def _sheet(self, ref: str) -> Page:
        return self.go(f"bureau/entretien/{ref}/")

    def start_interview(self, ref: str) -> None:
        """Let the applicant in."""
        page = self._sheet(ref)
        self.hands.submit(page.form("no_conflict"), {"no_conflict": "1"})
        self.page.form(action="/defi/")

    def check_person(self, ref: str, shown: PassportPage) -> None:
        """The zone of the passport shown, the drawn challenge, the verdicts; then close the interview."""
        page = self._sheet(ref)
        self.hands.submit(page.form("mrz"), {"mrz": shown.zone})
        self.succeeded("La zone correspond au dossier")
        self.hands.submit(self.page.form(action="/defi/"))
        self.hands.submit(self.page.form("passed"), button="passed", value="1")
        verdicts: dict[str, str | list[str]] = dict.fromkeys(SHEET, "ok")
        self.hands.submit(self.page.form("own_doubt"), verdicts, button="hold", value="1")
        self.page.form("decision")

    def decide(self, ref: str, decision: str, *, ground: str = "", ready: str = "") -> None:
        """``approve``, ``refuse`` or ``in_person``; an identity proved too long ago is proved again first."""
        here = f"/bureau/entretien/{ref}/"
        page = self._sheet(ref)
        if "confirmez votre identité" in page.text:
            self.prove_identity(here)
            page = self._sheet(ref)
        given: dict[str, str | list[str]] = {"decision": decision, "ground": ground, "ready": ready}
        self.hands.submit(page.form("decision"), given)
        self.succeeded({"approve": "Demande validée", "refuse": "Demande refusée"}.get(decision, "comparution"))

    def tell_number(self, ref: str) -> str:
        """Have the security number shown, to read it aloud."""
        page = self._sheet(ref)
        page = self.hands.submit(page.form(action="/numero/"))
        shown = page.soup.select_one(".step4-number")
        if shown is None:
            raise Lost(f"the desk does not show the number: {page.text[:200]}")
        return shown.get_text(strip=True)


class AgentWalk(Interviews):
    """The bench and the forty days."""

    def expects(self, ref: str) -> bool:
        """Whether the bench waits for the passport of this case from the producer."""
        page = self.go("bureau/expeditions/")
        section = page.soup.find("section", attrs={"aria-labelledby": "attendus"})
        return section is not None and ref in section.get_text()

    def arrive(self, shown: PassportPage) -> None:
        """A passport has come from the producer: scan its page."""
        page = self.go("bureau/expeditions/")
        typed: dict[str, str | list[str]] = {"arrivee-number": shown.number, "arrivee-zone": shown.zone}
        self.hands.submit(page.form("arrivee-number"), typed, status=(200, 409, 422))
        self.succeeded("Arrivé au poste")

    def dispatch(self, number: str, waybill: str) -> None:
        """Two scans: the passport, the label."""
        page = self.go("bureau/expeditions/")
        typed: dict[str, str | list[str]] = {"expedition-number": number, "expedition-waybill": waybill}
        self.hands.submit(page.form("expedition-number"), typed, status=(200, 409, 422))
        self.succeeded("Pli prêt à remettre au transporteur")

    def receive_old_passport(self, scan: str) -> None:
        """An old passport came back: scan any of its numbers."""
        page = self.go("bureau/quarante-jours/")
        self.hands.submit(page.form("scan"), {"scan": scan}, status=(200, 400))
        self.succeeded("Ancien passeport reçu")

    def listed(self) -> list[str]:
        """References of the cases on tomorrow's list."""
        page = self.go("bureau/quarante-jours/")
        return [str(panel.get("aria-label")) for panel in page.soup.select("section.escale-panel[aria-label]")]

    def hold(self, ref: str, reason: str, until: date) -> None:
        """Suspend an invalidation (supervisors)."""
        page = self.go("bureau/quarante-jours/")
        self.hands.submit(page.form("reason", action=f"{ref}/suspension"), {"reason": reason, "until": f"{until}"})
        self.succeeded("L’invalidation est suspendue")

    def accept_visa(self, ref: str) -> None:
        """The old passport may be kept for its visa."""
        page = self.file(ref)
        self.hands.submit(page.form("answer", "until"), button="answer", value="accept")
        self.succeeded("Votre réponse est enregistrée")

    def declare_lost(self, ref: str) -> None:
        """The carrier's inquiry found nothing."""
        page = self.file(ref)
        for form in page.soup.find_all("form", action=lambda to: to and to.endswith("/acheminement")):
            if form.find("button", attrs={"name": "what", "value": "lost"}):
                self.hands.submit(form, button="what", value="lost")
                return
        raise Lost(f"« {page.title} » does not offer to declare the parcel lost")
