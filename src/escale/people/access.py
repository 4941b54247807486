"""Who may see and do what. Denied unless granted; always about one object."""

from __future__ import annotations

from escale.people.actors import Actor

DECIDERS = frozenset({"agent", "supervisor"})
READERS = frozenset({"agent", "supervisor", "auditor", "support"})


class AccessDenied(Exception):
    """This actor may not do this to this object. Shown as « not found »: existence is not revealed."""


def may_read_case(actor: Actor, *, post_code: str, applicant_sub: str) -> bool:
    """The applicant of the case; agents of its post; auditors of any post."""
    if actor.kind == "applicant":
        return actor.id == applicant_sub
    if actor.kind == "agent":
        return actor.role == "auditor" or (actor.role in READERS and actor.post == post_code)
    return actor.kind in {"job", "partner"}


def may_act_on_case(actor: Actor, *, post_code: str, applicant_sub: str, supervisor: bool = False) -> bool:
    """The applicant of the case; deciding agents of its post (supervisors alone where ``supervisor``)."""
    if actor.kind == "applicant":
        return not supervisor and actor.id == applicant_sub
    if actor.kind == "agent":
        allowed = {"supervisor"} if supervisor else DECIDERS
        return actor.role in allowed and actor.post == post_code
    return actor.kind in {"job", "partner"}
