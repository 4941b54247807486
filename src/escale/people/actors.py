"""Who acts. Nobody acts anonymously: no actor or named job, no entry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """``kind`` among applicant, agent, partner, job. ``id`` says which one, never a name.

    For an applicant it is the pseudonymous FranceConnect+ ``sub``; for an agent the directory's number.
    """

    kind: str
    id: str
    role: str = ""
    post: str = ""

    @property
    def label(self) -> str:
        return f"{self.kind}:{self.id}"


def applicant(sub: str) -> Actor:
    return Actor("applicant", sub)


def partner(name: str) -> Actor:
    return Actor("partner", name)


def job(name: str) -> Actor:
    return Actor("job", name)
