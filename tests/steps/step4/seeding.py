"""Seeds a running stack with one interview about to begin; prints who is signed in where, as JSON.

Run in the stack's own environment: ``python -m tests.steps.step4.seeding SUB``.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from escale import clock  # noqa: E402 - Django first: the rest reads its settings
from escale.people.actors import applicant  # noqa: E402 - the same
from escale.steps.step4_interview import queries_slots, service  # noqa: E402 - the same
from escale.ui.sessions import SessionStore  # noqa: E402 - the same
from tests.factories.cases import a_case, an_agent  # noqa: E402 - the same


def signed_in(actor: dict[str, object], **more: object) -> str:
    store = SessionStore()
    store.update({"actor": actor, "name": "Quelqu’un", **more})
    store.save()
    return str(store.session_key)


def main(sub: str) -> None:
    now = clock.now()
    agent = an_agent()
    case = a_case("bookable", sub=sub, now=now)
    slot = queries_slots.free_slots(case.post, now=now, case_id=case.id)[0]
    service.book(case_id=case.id, starts_at=slot.starts_at, actor=applicant(sub), now=now)
    then = clock.advance_to(slot.starts_at - timedelta(minutes=2))
    sessions = {
        "portal": signed_in({"kind": "applicant", "id": sub}),
        "desk": signed_in({"kind": "agent", "id": agent.pk}, authenticated_at=then.isoformat()),
    }
    print(json.dumps({"reference": case.reference, "sessions": sessions}))


if __name__ == "__main__":
    main(sys.argv[1])
