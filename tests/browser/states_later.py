"""The portal from the booking of the interview on, and the reception site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from playwright.sync_api import Page

from escale.case import events as e
from escale.case.values import SecurityNumber
from escale.ledger.models import Case
from escale.people.models import Agent
from escale.portal import opinions
from escale.ports.courier import ScanKind as K
from escale.steps.step4_interview import queries_slots, service as booking, service_room
from tests.browser import making
from tests.browser.house import HOUR, House
from tests.browser.states import State, press, send_empty
from tests.factories.cases import a_case
from tests.steps.step4.scenes import an_offer

MINUTE = timedelta(minutes=1)


def interview(house: House) -> Iterator[State]:
    """Step 4: book, move, cancel, rehearse, wait, speak, read the receipt."""
    free = a_case("bookable", now=HOUR - timedelta(minutes=30))
    here, who = f"/demande/{free.reference}/", (house.applicant(free.applicant_sub),)
    yield State("portal", "booking-free", f"{here}rendez-vous/", who)
    yield State("portal", "booking-later", f"{here}rendez-vous/?suite=1", who)
    last = queries_slots.free_slots(free.post, now=HOUR)[-1].key  # the first ones go to other states
    yield State("portal", "booking-confirm", f"{here}rendez-vous/confirmer/?slot={last}", who)
    yield State("portal", "rehearsal", f"{here}essai/", who)
    yield State("portal", "presence", "/presence/")
    tried = a_case("bookable", now=HOUR - timedelta(minutes=30))
    found = booking.Rehearsed(camera=True, microphone=False, network=True)
    booking.keep_rehearsal(case_id=tried.id, found=found, actor=making.me(tried), now=HOUR)
    who = (house.applicant(tried.applicant_sub),)
    yield State("portal", "rehearsal-done", f"/demande/{tried.reference}/essai/", who)
    yield State("portal", "booking-rehearsed", f"/demande/{tried.reference}/rendez-vous/", who)
    case, held = making.booked()
    here, who = f"/demande/{case.reference}/", (house.applicant(case.applicant_sub),)
    yield State("portal", "booking-booked", f"{here}rendez-vous/", who)
    yield State("portal", "booking-move", f"{here}rendez-vous/confirmer/?slot={last}", who)
    yield State("portal", "booking-cancel", f"{here}rendez-vous/annuler/", who)
    yield State("portal", "room-early", f"{here}salle/", who)
    soon = (house.applicant(case.applicant_sub),)
    yield State("portal", "booking-too-late", f"{here}rendez-vous/", soon, now=held.starts_at - timedelta(hours=2))
    yield State("portal", "room-waiting", f"{here}salle/", soon, now=held.starts_at - 3 * MINUTE)
    yield from _in_the_room(house)
    offered, _ = making.booked()
    an_offer(offered)
    here, who = f"/demande/{offered.reference}/", (house.applicant(offered.applicant_sub),)
    yield State("portal", "case-offered-slot", here, who)
    yield State("portal", "booking-offered-slot", f"{here}rendez-vous/", who)
    done, at = making.approved()
    who = (house.applicant(done.applicant_sub),)
    for page in ("recepisse", "rendez-vous"):
        yield State("portal", f"approved-{page}", f"/demande/{done.reference}/{page}/", who, now=at)
    yield State("portal", "approved-number", f"/demande/{done.reference}/recepisse/", who, now=at, act=_show_number)


def _in_the_room(house: House) -> Iterator[State]:
    case, held, holder = making.begun()
    who = (house.applicant(case.applicant_sub),)
    service_room.say(case=case, kind="chat", body={"text": "Bonjour"}, actor=holder, now=held.starts_at)
    yield State("portal", "room-called", f"/demande/{case.reference}/salle/", who, now=held.starts_at + MINUTE)
    yield State(
        "portal", "room-over", f"/demande/{case.reference}/salle/", who, now=held.starts_at + timedelta(hours=4)
    )


def _show_number(page: Page) -> None:
    page.locator("main dl form button").first.click()


def parcel(house: House, agent: Agent) -> Iterator[State]:
    """Steps 5 and 6."""
    told = {
        "sent": (),
        "moving": (K.ACCEPTED, K.IN_TRANSIT),
        "out": (K.ACCEPTED, K.OUT_FOR_DELIVERY),
        "exception": (K.ACCEPTED, K.EXCEPTION),
        "delivered": (K.ACCEPTED, K.OUT_FOR_DELIVERY, K.DELIVERED),
    }
    for name, kinds in told.items():
        case, waybill, _number = making.sent_out(house, agent)
        making.scanned(house, waybill, *kinds)
        yield _of(house, case, f"delivery-{name}", "acheminement/")
    case, _waybill, _number = making.sent_out(house, agent, now=HOUR - timedelta(days=12))
    making.after(case, e.InquiryOpened())
    yield _of(house, case, "delivery-inquiry", "acheminement/")
    back = making.came_back(house, agent)
    yield _of(house, back, "resend", "renvoi/")
    yield _of(house, back, "resend-home", "")
    yield _of(house, back, "delivery-back", "acheminement/")


def _of(house: House, case: Case, name: str, page: str) -> State:
    return State("portal", name, f"/demande/{case.reference}/{page}", (house.applicant(case.applicant_sub),))


def duties(house: House, agent: Agent) -> Iterator[State]:
    """Steps 7 and 8 on the portal."""
    day = timedelta(days=1)
    due, _waybill, _number = making.sent_out(house, agent)
    yield _of(house, due, "duties-due", "deux-obligations/")
    yield State(
        "portal",
        "duties-visa-errors",
        f"/demande/{due.reference}/deux-obligations/",
        (house.applicant(due.applicant_sub),),
        act=_send_visa,
        status=400,
    )
    near, _waybill, _number = making.sent_out(house, agent, now=HOUR - 38 * day)
    yield _of(house, near, "duties-near", "deux-obligations/")
    yield _of(house, making.return_announced(house, agent), "duties-announced", "deux-obligations/")
    yield _of(house, making.visa_asked(house, agent), "duties-visa-asked", "deux-obligations/")
    late, _waybill, _number = making.sent_out(house, agent, now=HOUR - 42 * day)
    making.after(late, e.ReturnLate(), e.DutyMissed(missing=("receipt", "return")))
    yield _of(house, late, "duties-late", "deux-obligations/")
    gone, _waybill, _number = making.sent_out(house, agent, now=HOUR - 45 * day)
    making.after(gone, e.ReturnLate(), e.DutyMissed(missing=("receipt", "return")), e.InvalidationOrdered())
    making.after(gone, e.InvalidationConfirmed())
    yield _of(house, gone, "duties-invalidated", "deux-obligations/")
    yield _of(house, gone, "home-invalidated", "")
    done, _waybill, _number = making.sent_out(house, agent)
    making.after(done, e.ReceiptConfirmed(), e.OldPassportReceived())
    yield _of(house, done, "duties-done", "deux-obligations/")
    yield _of(house, done, "home-done", "")


def _send_visa(page: Page) -> None:
    press(page.locator("main form[action$='visa']"))


def reception(house: House, agent: Agent) -> Iterator[State]:
    """The reception site."""
    yield State("reception", "home", "/")
    yield State("reception", "sign-in", "/connexion/")
    for problem in ("cancelled", "refused", "technical"):
        yield State("reception", f"sign-in-{problem}", f"/connexion/?probleme={problem}")
    yield State("reception", "not-found", "/nulle-part/", status=404)
    nobody = a_case("draft")
    yield State("reception", "passports-none", "/passeports/", (house.applicant(nobody.applicant_sub, "reception"),))
    case, _waybill, number = making.sent_out(house, agent)
    making.with_security(case)
    here, who = f"/passeports/{case.reference}/", (house.applicant(case.applicant_sub, "reception"),)
    yield State("reception", "passports", "/passeports/", who)
    yield State("reception", "confirm", here, who)
    yield State("reception", "confirm-errors", here, who, act=send_empty, status=422)
    for name, typed, status in (("typo", "0000 0000 0000", 422), ("wrong", SecurityNumber.draw().grouped, 409)):
        yield State("reception", f"confirm-{name}", here, who, act=partial(_enter, number, typed), status=status)
    locked, _waybill, _number = making.sent_out(house, agent)
    making.after(locked, e.ReceiptLockedOut())
    who = (house.applicant(locked.applicant_sub, "reception"),)
    yield State("reception", "confirm-locked", f"/passeports/{locked.reference}/", who)
    late, _waybill, _number = making.sent_out(house, agent, now=HOUR - timedelta(days=42))
    making.after(late, e.ReturnLate(), e.DutyMissed(missing=("receipt", "return")))
    who = (house.applicant(late.applicant_sub, "reception"),)
    yield State("reception", "confirm-late", f"/passeports/{late.reference}/", who)
    done, _waybill, _number = making.sent_out(house, agent)
    making.after(done, e.ReceiptConfirmed())
    who = (house.applicant(done.applicant_sub, "reception"),)
    yield State("reception", "confirmed", f"/passeports/{done.reference}/confirme/", who)
    yield State("reception", "passports-confirmed", "/passeports/", who)
    yield State("reception", "my-sessions", "/mes-connexions/", who)


def _enter(number: str, security: str, page: Page) -> None:
    page.locator("[name=number]").fill(number)
    page.locator("[name=security]").fill(security)
    for box in page.locator("main form input[type=checkbox]").all():
        box.check(force=True)
    press(page.locator("main form[method=post]").first)


def ending(house: House) -> Iterator[State]:
    """The question asked once all is over: put, not answered, answered, and too early."""
    case, done, early = a_case("completed"), a_case("completed"), a_case("approved")
    opinions.keep(case=done, degree=4, steps=[2], actor=making.me(done), now=HOUR)
    here, who = f"/demande/{case.reference}/", (house.applicant(case.applicant_sub),)
    yield State("portal", "ended", here, who)
    yield State("portal", "opinion", f"{here}avis/", who)
    yield State("portal", "opinion-errors", f"{here}avis/", who, act=send_empty, status=422)
    for name, other in {"answered": done, "early": early}.items():
        yield State(
            "portal", f"opinion-{name}", f"/demande/{other.reference}/avis/", (house.applicant(other.applicant_sub),)
        )


def all_states(house: House, agent: Agent) -> Iterator[State]:
    yield from interview(house)
    yield from parcel(house, agent)
    yield from duties(house, agent)
    yield from reception(house, agent)
    yield from ending(house)
