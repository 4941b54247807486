"""The desk, as a supervisor sees it, and as each role is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from playwright.sync_api import Page

from escale.case import events as e
from escale.desk import service
from escale.ledger.models import Case
from escale.people.models import Agent
from escale.steps.step4_interview import service_pooling, service_room
from escale.vault import keys
from tests.browser import making
from tests.browser.house import HOUR, House
from tests.browser.states import State, press, send_empty, unfold
from tests.factories.cases import POINTS, a_case, a_post, acting, an_agent

PAGES = {
    "today": "/bureau/", "cases": "/bureau/dossiers/", "mail": "/bureau/courrier/", "agenda": "/bureau/agenda/",
    "bench": "/bureau/expeditions/", "forty-days": "/bureau/quarante-jours/", "post": "/bureau/poste/",
    "team": "/bureau/equipe/", "partners": "/bureau/partenaires/", "statistics": "/bureau/statistiques/",
    "journal": "/bureau/journal/", "relay": "/bureau/signalements/", "my-sessions": "/mes-connexions/",
}  # fmt: skip


def doors(house: House) -> Iterator[State]:
    yield State("desk", "sign-in", "/connexion/")
    yield State("desk", "sign-in-again", "/connexion/?confirmer=1")
    yield State("desk", "not-found", "/nulle-part/", status=404)


def lists(house: House, supervisor: Agent) -> Iterator[State]:
    who = (house.agent(supervisor),)
    for name, path in PAGES.items():
        yield State("desk", name, path, who)
    yield State("desk", "days-off", "/bureau/agenda/jours/", who)
    yield State("desk", "hours", f"/bureau/agenda/horaires/{an_agent(usual_name='Blanc').pk}/", who)
    lent, wanted = an_agent(usual_name="Fabre"), an_agent(post="ES-MADRID", usual_name="Nadal")
    boss, third = (
        an_agent("supervisor", "ES-MADRID", usual_name="Ferrer"),
        an_agent(post="ES-MADRID", usual_name="Ruiz"),
    )
    service_pooling.propose(lent, wanted.post, actor=acting(supervisor), now=HOUR)
    service_pooling.propose(wanted, lent.post, actor=acting(boss), now=HOUR)
    running = service_pooling.propose(third, lent.post, actor=acting(boss), now=HOUR)
    service_pooling.answer(running.pk, accept=True, actor=acting(supervisor))
    service_pooling.end(running.pk, last_day=HOUR.date() + timedelta(days=30), actor=acting(boss), now=HOUR)
    yield State("desk", "pooling", "/bureau/agenda/renforts/", who, act=unfold)
    yield State("desk", "pooling-errors", "/bureau/agenda/renforts/", who, act=_propose_nobody, status=422)
    a_post("AU-SYDNEY", name="Consulat général de France à Sydney", city="Sydney", country="AU", tz="Australia/Sydney")
    alone = an_agent("supervisor", "AU-SYDNEY", usual_name="Clerc")
    yield State("desk", "pooling-none", "/bureau/agenda/renforts/", (house.agent(alone),))
    yield State("desk", "look-at", "/bureau/poste-regarde/", (house.agent(an_agent("auditor")),))
    yield State("desk", "cases-mine", "/bureau/dossiers/?file=miens", who)
    yield State("desk", "cases-none", "/bureau/dossiers/?q=ESC-0000-0000-0000", who)
    yield State("desk", "post-errors", "/bureau/poste/", who, act=_spoil_settings, status=422)
    yield State("desk", "rights", f"/bureau/equipe/{an_agent(usual_name='Mercier').pk}/", who)
    elsewhere = an_agent(post="ES-MADRID", usual_name="Vidal")
    yield State("desk", "today-nothing", "/bureau/", (house.agent(elsewhere),))
    yield State("desk", "cases-nothing", "/bureau/dossiers/", (house.agent(elsewhere),))


def _propose_nobody(page: Page) -> None:
    press(page.locator("main form:has([name=agent])"))


def _spoil_settings(page: Page) -> None:
    page.locator("[name=day_0]").fill("9h-12h")
    send_empty(page)


def files(house: House, supervisor: Agent) -> Iterator[State]:
    """A case's file at every gate."""
    who = (house.agent(supervisor),)
    received = making.opened(supervisor)
    for number in range(3):
        service.add_note(received.id, text=f"Note {number}", actor=acting(supervisor), now=HOUR)
    service.take(received.id, actor=acting(supervisor), now=HOUR)
    sent, waybill, _number = making.sent_out(house, supervisor)
    making.scanned(house, waybill)
    cases: dict[str, Case] = {point: a_case(point) for point in POINTS if point not in {"booked", "held"}}
    cases |= {
        "to-review": making.sent_in(house),
        "to-correct": making.to_correct(house, supervisor, height_cm="Vérifiez votre taille."),
        "envelope": received,
        "replacement": making.to_replace(supervisor),
        "on-bench": making.on_the_bench(house, supervisor),
        "sent": sent,
        "back": making.came_back(house, supervisor),
        "visa-asked": making.visa_asked(house, supervisor),
        "locked-out": making.after(a_case("delivered"), e.ReceiptLockedOut()),
        "late": making.after(a_case("delivered"), e.ReturnLate(), e.DutyMissed(missing=("receipt", "return"))),
        "refused": making.after(a_case("submitted"), e.ApplicationRefused(rule="E3")),
        "rejected": making.after(a_case("approved"), e.ProductionRejected(code="photo")),
    }
    for name, case in cases.items():
        yield State("desk", f"file-{name}", f"/bureau/dossiers/{case.reference}/", who)
    yield State("desk", "gate-2", f"/bureau/courrier/{received.reference}/controle/", who)
    yield State("desk", "print-check", f"/bureau/courrier/{received.reference}/mesure/", who)
    eligible = cases["to-review"]
    yield State("desk", "dossier", f"/bureau/dossiers/{eligible.reference}/dossier/", who)
    Case.objects.filter(pk__in=[eligible.pk, received.pk]).update(household_key="elm")
    yield State("desk", "household", f"/bureau/dossiers/{eligible.reference}/foyer/", who)
    yield State("desk", "eligibility", f"/bureau/dossiers/{eligible.reference}/eligibilite/", who)
    erased = making.after(a_case("submitted"), e.ApplicationWithdrawn())
    keys.destroy(erased.id, now=HOUR)
    yield State("desk", "file-erased", f"/bureau/dossiers/{erased.reference}/", who, status=410)


def interviews(house: House) -> Iterator[State]:
    """The interview's page, for the agent who holds it."""
    case, held = making.booked()
    who = (house.agent(held.agent),)
    yield State("desk", "interview-early", f"/bureau/entretien/{case.reference}/", who)
    for name, page in (("move", "deplacer"), ("cancel", "annuler")):
        yield State("desk", f"interview-{name}", f"/bureau/entretien/{case.reference}/{page}/", who)
    near = held.starts_at + timedelta(minutes=5)
    next_one, _slot = making.booked()
    for ago in (3, 0):  # somebody else came three minutes ago, and is still there
        service_room.look(case=next_one, after=0, actor=making.me(next_one), now=near - timedelta(minutes=ago))
    yield State("desk", "waiting-room", "/bureau/agenda/salle/", who, now=near)
    yield State("desk", "waiting-room-empty", "/bureau/agenda/salle/", who)
    yield State("desk", "interview-waiting", f"/bureau/entretien/{case.reference}/", who, now=near)
    yield State("desk", "file-booked", f"/bureau/dossiers/{case.reference}/", who)
    case, held, _holder = making.begun()
    at = held.starts_at + timedelta(minutes=1)
    service_room.say(case=case, kind="chat", body={"text": "Bonjour"}, actor=making.me(case), now=at)
    yield State("desk", "interview-begun", f"/bureau/entretien/{case.reference}/", (house.agent(held.agent),), now=at)
    for name, doubt in (("held", False), ("doubt", True)):
        case, holder, at = making.held_interview(own_doubt=doubt)
        who = (house.agent(Agent.objects.get(pk=holder.id)),)
        yield State("desk", f"interview-{name}", f"/bureau/entretien/{case.reference}/", who, now=at)
        yield State("desk", f"file-{name}", f"/bureau/dossiers/{case.reference}/", who, now=at)
    case, at = making.approved()
    seat = Agent.objects.filter(post=case.post).first()
    assert seat is not None
    yield State("desk", "interview-approved", f"/bureau/entretien/{case.reference}/", (house.agent(seat),), now=at)


def all_states(house: House, supervisor: Agent) -> Iterator[State]:
    yield from doors(house)
    an_agent(usual_name="Perrin")  # receives at the post, beside the supervisor
    # Everything that queues show is made first, so that no list is empty.
    made = [*files(house, supervisor), *interviews(house)]
    yield from lists(house, supervisor)
    yield from made
