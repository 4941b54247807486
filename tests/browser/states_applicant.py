"""The portal from its public pages to the posting of the envelope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import uuid4

from playwright.sync_api import Page

from escale.case import events as e
from escale.ledger.models import Case
from escale.people.actors import applicant
from escale.people.models import Agent
from escale.portal.self_check import QUESTIONS
from escale.ports.tax_stamp import PaymentState
from escale.steps.step1_sign_in import service as step1
from escale.steps.step2_application import queries as step2
from escale.steps.step2_application.service import review
from escale.ui.said import Said
from escale.vault import keys
from tests.browser import making
from tests.browser.house import HOUR, House
from tests.browser.states import State, send_empty
from tests.factories.cases import NOON, POINTS, a_case, a_post, acting
from tests.steps.step1.fakes import JEANNE, PROOF
from tests.steps.step2 import building

YES = {question.slug: question.accepted[0] for question in QUESTIONS}
NO = {
    question.slug: next(value for value, _label in question.choices if value not in question.accepted)
    for question in QUESTIONS
}


def public(house: House) -> Iterator[State]:
    """What anyone may read."""
    plain = {
        "home": "/", "self-check": "/verifier/", "documents": "/documents/", "help": "/aide/", "delays": "/delais/",
        "accessibility": "/accessibilite/", "privacy": "/donnees-personnelles/", "legal": "/mentions-legales/",
        "sign-in": "/connexion/", "photo-rules": "/photo/controle/",
    }  # fmt: skip
    for name, path in plain.items():
        yield State("portal", name, path)
    for motive in ("pages_full", "usage_name", "address", "error"):
        asked = f"motive={motive}&usage_origin=spouse&hosted=oui&keeps_visa=oui"
        yield State("portal", f"documents-{motive}", f"/documents/?{asked}")
    for problem in ("cancelled", "refused", "technical"):
        yield State("portal", f"sign-in-{problem}", f"/connexion/?probleme={problem}")
    given: list[str] = []
    for question in QUESTIONS:
        before = "&".join(given)
        yield State("portal", f"self-check-{question.slug}", f"/verifier/{question.slug}/?{before}")
        no = "&".join([*given, f"{question.slug}={NO[question.slug]}"])
        yield State("portal", f"self-check-no-{question.slug}", f"/verifier/resultat/?{no}")
        given.append(f"{question.slug}={YES[question.slug]}")
    yield State("portal", "self-check-unanswered", "/verifier/pays/?majeur=oui&envoye=1")
    yield State("portal", "self-check-yes", "/verifier/resultat/?" + "&".join(given))
    yield State("portal", "not-found", "/nulle-part/", status=404)


def identity(house: House) -> Iterator[State]:
    """Step 1, signed in."""
    stranger = (house.applicant(uuid4().hex),)
    yield State("portal", "register", "/registre/", stranger)
    yield State("portal", "register-errors", "/registre/", stranger, act=send_empty)
    yield State("portal", "register-no-match", "/registre/", stranger, act=_wrong_pair)
    matched = a_case("matched")
    here, who = f"/demande/{matched.reference}/", (house.applicant(matched.applicant_sub),)
    yield State("portal", "eligibility-passport", f"{here}eligibilite/passeport/", who)
    yield State("portal", "eligibility-passport-errors", f"{here}eligibilite/passeport/", who, act=send_empty)
    dated = matched_in_the_register(house)
    here, who = f"/demande/{dated.reference}/", (house.applicant(dated.applicant_sub),)
    yield State("portal", "eligibility-situation", f"{here}eligibilite/situation/", who)
    yield State("portal", "eligibility-situation-errors", f"{here}eligibilite/situation/", who, act=send_empty)
    out = making.after(a_case("matched"), e.EligibilityRefused(rules=("E7", "X1")))
    yield State("portal", "ineligible", f"/demande/{out.reference}/conditions/", (house.applicant(out.applicant_sub),))
    yield State("portal", "my-cases", "/mes-demandes/", (house.applicant(out.applicant_sub),))


def matched_in_the_register(house: House) -> Case:
    """Signed in, found in the register, and the dates of the passport given."""
    a_post()
    sub = uuid4().hex
    case = step1.match(
        identity=replace(JEANNE, sub=sub),
        proof=PROOF,
        numic=house.register.entry.numic,
        email=house.register.entry.email,
        language="fr",
        actor=applicant(sub),
        now=NOON,
    ).case
    issued, expires = date(2016, 4, 1), date(2026, 3, 31)
    step1.declare_passport(case=case, issued_on=issued, expires_on=expires, actor=applicant(sub), now=NOON)
    return case


def _wrong_pair(page: Page) -> None:
    page.locator("[name=numic]").fill("13572468")
    page.locator("[name=email]").fill("autre@courriel.example")
    page.locator("main form").get_by_role("button").first.click()


def application(house: House, agent: Agent) -> Iterator[State]:
    """Step 2: the pages of an empty draft, of a whole one, and of one sent back."""
    pages = ["motif", "identite", "coordonnees", "passeport-actuel", "documents", "photo", "timbre", "recapitulatif"]
    forms = ["motif", "identite", "coordonnees", "passeport-actuel", "photo", "timbre"]
    empty = a_case("draft")
    here, who = f"/demande/{empty.reference}/", (house.applicant(empty.applicant_sub),)
    for page in pages:
        yield State("portal", f"draft-{page}", f"{here}{page}/", who)
    for page in forms:
        yield State("portal", f"draft-{page}-errors", f"{here}{page}/", who, act=send_empty)
    yield State("portal", "draft-document", f"{here}documents/passport_page/", who)
    yield State("portal", "draft-document-errors", f"{here}documents/passport_page/", who, act=send_empty)
    whole = building.a_draft(hosted=True, motive="usage_name", usage_origin="spouse", usage_name="MARTIN")
    here, who = f"/demande/{whole.reference}/", (house.applicant(whole.applicant_sub),)
    for page in [*pages, "documents/passport_page", "retirer"]:
        yield State("portal", f"whole-{page.replace('/', '-')}", f"{here}{page}/", who)
    yield State("portal", "whole-retirer-errors", f"{here}retirer/", who, act=send_empty)
    ready = building.with_stamp(building.a_draft())
    here, who = f"/demande/{ready.reference}/", (house.applicant(ready.applicant_sub),)
    for page in ("timbre", "recapitulatif"):
        yield State("portal", f"ready-{page}", f"{here}{page}/", who)
    yield State("portal", "ready-recapitulatif-errors", f"{here}recapitulatif/", who, act=send_empty)
    for outcome in (PaymentState.PENDING, PaymentState.REFUSED, PaymentState.CANCELLED):
        case = making.paying(house, outcome)
        path = f"/demande/{case.reference}/timbre/"
        yield State("portal", f"payment-{outcome.value}", path, (house.applicant(case.applicant_sub),))
    back = making.to_correct(house, agent, height_cm="Vérifiez votre taille.", photo="Le fond est blanc.")
    here, who = f"/demande/{back.reference}/", (house.applicant(back.applicant_sub),)
    for page in ("", "identite/", "photo/", "recapitulatif/"):
        yield State("portal", f"correction-{page.strip('/') or 'home'}", f"{here}{page}", who)


def submitted(house: House, agent: Agent) -> Iterator[State]:
    """Once sent, and the ways it may end there."""
    case = making.sent_in(house)
    here, who = f"/demande/{case.reference}/", (house.applicant(case.applicant_sub),)
    for page in ("envoyee", "ma-demande", "retirer", "messages", "historique", "mes-donnees"):
        yield State("portal", f"submitted-{page}", f"{here}{page}/", who)
    refused = making.sent_in(house)
    review.end(
        case=refused,
        kind="refused",
        rule="E3",
        reasons=Said("Vous résidez à Toronto depuis quatre mois.", "You have lived in Toronto for four months."),
        revision=step2.revision(refused.id),
        actor=acting(agent),
        now=NOON,
    )
    here, who = f"/demande/{refused.reference}/", (house.applicant(refused.applicant_sub),)
    yield State("portal", "refused-home", here, who)
    yield State("portal", "refused-ma-demande", f"{here}ma-demande/", who)


ENDS: dict[str, tuple[str, tuple[e.Event, ...]]] = {
    "withdrawn": ("submitted", (e.ApplicationWithdrawn(),)),
    "lapsed": ("draft", (e.ApplicationLapsed(reason="draft_lapse"),)),
    "in-person": ("submitted", (e.DirectedInPerson(rule="E3"),)),
    "interview-missed": ("booked", (e.InterviewMissed(),)),
    "interview-failed": ("in_progress", (e.InterviewFailedTechnically(side="applicant"),)),
    "second-opinion": ("held", (e.SecondOpinionRequested(),)),
    "interview-refused": ("held", (e.InterviewRefused(rule="E3"),)),
    "production-rejected": ("approved", (e.ProductionRejected(),)),
    "exception": ("dispatched", (e.DeliveryException(code="NH"),)),
    "inquiry": ("dispatched", (e.InquiryOpened(),)),
    "lost": ("dispatched", (e.InquiryOpened(), e.DeclaredLost())),
    "locked-out": ("delivered", (e.ReceiptLockedOut(),)),
    "late": ("delivered", (e.ReturnLate(), e.DutyMissed(missing=("receipt", "return")))),
}


def homes(house: House) -> Iterator[State]:
    """The home of a case at every point of its journey, and at its turns."""
    cases = {point: a_case(point) for point in POINTS}
    cases |= {name: making.after(a_case(point), *happened) for name, (point, happened) in ENDS.items()}
    for name, case in cases.items():
        yield State("portal", f"home-{name}", f"/demande/{case.reference}/", (house.applicant(case.applicant_sub),))
    erased = making.after(a_case("submitted"), e.ApplicationWithdrawn())
    keys.destroy(erased.id, now=HOUR)
    who = (house.applicant(erased.applicant_sub),)
    yield State("portal", "erased", f"/demande/{erased.reference}/", who)
    yield State("portal", "erased-history", f"/demande/{erased.reference}/historique/", who, status=410)
    completed = cases["completed"]
    who = (house.applicant(completed.applicant_sub),)
    yield State("portal", "completed-my-cases", "/mes-demandes/", who)
    yield State("portal", "my-sessions", "/mes-connexions/", who)
    yield State("portal", "completed-history", f"/demande/{completed.reference}/historique/", who)
    yield State("portal", "completed-messages", f"/demande/{completed.reference}/messages/", who)


def posting(house: House, agent: Agent) -> Iterator[State]:
    """Step 3."""
    cases = {
        "awaited": a_case("accepted"),
        "label-made": making.with_label(),
        "announced": making.posted(),
        "received": making.opened(agent),
        "replacement": making.to_replace(agent),
    }
    for name, case in cases.items():
        who = (house.applicant(case.applicant_sub),)
        yield State("portal", f"posting-{name}", f"/demande/{case.reference}/envoi/", who)
        yield State("portal", f"posting-{name}-home", f"/demande/{case.reference}/", who)
    case = cases["awaited"]
    here, who = f"/demande/{case.reference}/envoi/", (house.applicant(case.applicant_sub),)
    yield State("portal", "print-check", f"{here}photo/", who)
    yield State("portal", "label", f"{here}etiquette/", who)
    for page in ("importer", "saisir"):
        yield State("portal", f"label-{page}", f"{here}etiquette/{page}/", who)
        yield State("portal", f"label-{page}-errors", f"{here}etiquette/{page}/", who, act=send_empty, status=422)


def all_states(house: House, agent: Agent) -> Iterator[State]:
    yield from public(house)
    yield from identity(house)
    yield from application(house, agent)
    yield from submitted(house, agent)
    yield from homes(house)
    yield from posting(house, agent)
