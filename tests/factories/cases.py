"""Put a case at any point of its journey, by its events alone. Steps add what they keep through their own builders."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from escale.case import events as e
from escale.case.decision import Decision
from escale.ledger import record
from escale.ledger.models import Case
from escale.people.actors import Actor, applicant
from escale.people.models import Agent, Post

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SUMMARY = {
    "given_names": "Jeanne Marie",
    "family_name": "DURAND",
    "usage_name": "MARTIN",
    "birthdate": "1962-08-24",
    "gender": "female",
    "birthplace": "75107",
    "birthcountry": "99100",
    "email": "jeanne@courriel.example",
    "phone": "",
    "numic": "10000001",
    "address": {"line1": "12 Elm Street", "line2": "", "postcode": "M4W 1A8", "city": "Toronto", "country": "CA"},
}


def _moves(now: datetime) -> list[tuple[str, list[e.Event]]]:
    slot = now + timedelta(days=3)
    return [
        ("matched", [e.IdentityMatched(evidence="0" * 64)]),
        ("draft", [e.EligibilityConfirmed()]),
        ("submitted", [e.ApplicationSubmitted(motive="expiring")]),
        ("accepted", [e.ApplicationAccepted()]),
        ("announced", [e.PostingAnnounced(carrier="dhl")]),
        ("received", [e.EnvelopeReceived()]),
        ("bookable", [e.PostedItemsVerified()]),
        ("booked", [e.InterviewBooked(slot, slot + timedelta(minutes=20), "slot")]),
        ("in_progress", [e.InterviewStarted()]),
        ("held", [e.InterviewHeld()]),
        ("approved", [e.InterviewApproved()]),
        ("in_production", [e.ProductionStarted()]),
        ("produced", [e.PassportProduced()]),
        ("at_post", [e.PassportArrivedAtPost()]),
        ("dispatched", [e.PassportDispatched(carrier="dhl")]),
        ("delivered", [e.OutForDelivery(), e.Delivered()]),
        ("confirmed", [e.ReceiptConfirmed()]),
        ("handed_over", [e.ReturnAnnounced(), e.ReturnHandedOver(now)]),
        ("completed", [e.OldPassportReceived()]),
    ]


POINTS = [name for name, _ in _moves(NOON)]


def a_post(code: str = "CA-TORONTO", **values: object) -> Post:
    """A post; the one of Toronto unless told."""
    defaults = {
        "name": "Consulat général de France à Toronto",
        "country": "CA",
        "city": "Toronto",
        "tz": "America/Toronto",
        "email": "toronto@consulat.example",
        "address": ["Consulat général de France à Toronto", "2 Bloor Street East", "Toronto ON M4W 1A8", "CANADA"],
        "postal": {
            "line1": "2 Bloor Street East",
            "line2": "",
            "postcode": "M4W 1A8",
            "city": "Toronto",
            "country": "CA",
        },
        "opening_hours": {str(day): [["09:00", "12:00"]] for day in range(5)},
    }
    post, _ = Post.objects.get_or_create(code=code, defaults={**defaults, **values})
    return post


def an_agent(role: str = "agent", post: str = "CA-TORONTO", **values: object) -> Agent:
    """An agent of a post, with a role."""
    sub = str(values.pop("sub", uuid.uuid4()))
    values.setdefault("email", f"{sub[:8]}@diplomatie.example")
    named = {"given_name": "Camille", "usual_name": "ROY", **values}
    return Agent.objects.create(idp_id="idp", sub=sub, post=a_post(post), role=role, **named)


def acting(agent: Agent) -> Actor:
    """The actor an agent is."""
    return Actor("agent", str(agent.pk), role=agent.role, post=agent.post_id or "")


def a_case(
    at: str = "draft", *, sub: str | None = None, now: datetime = NOON, post: Post | None = None, **summary: object
) -> Case:
    """A case at a point of ``POINTS``; each event happens one minute after the one before."""
    sub = sub or uuid.uuid4().hex
    actor = applicant(sub)
    case = record.open_case(
        applicant_sub=sub,
        person_key=uuid.uuid4().hex,
        household_key="",
        post=post or a_post(),
        language="fr",
        summary={**SUMMARY, **summary},
        actor=actor,
        now=now,
    )
    for name, events in _moves(now):
        now += timedelta(minutes=1)
        with record.changing(case.id, actor=actor, now=now) as change:
            change.record(Decision(tuple(events)))
        if name == at:
            break
    else:
        raise ValueError(at)
    case.refresh_from_db()
    return case
