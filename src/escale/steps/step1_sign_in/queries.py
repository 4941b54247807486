"""What later steps and pages may read of step 1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from escale.case import events as e
from escale.case.tracks import Track
from escale.case.values import PassportNumber
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.queries import Line
from escale.steps.step1_sign_in import rules
from escale.steps.step1_sign_in.models import Eligibility
from escale.ui.timeline import StepView
from escale.vault import sealing


@dataclass(frozen=True, slots=True)
class DeclaredPassport:
    """The current passport as its holder declared it."""

    number: PassportNumber | None
    issued_on: date | None
    expires_on: date | None


def _sealed(case: Case, field: str) -> dict[str, Any]:
    """One sealed value of the case's row; empty when step 1 keeps nothing of this case."""
    row = Eligibility.objects.filter(case_id=case.id).first()
    if row is None:
        return {}
    opened: dict[str, Any] = sealing.unseal_json(case.id, f"step1|{field}", getattr(row, field))
    return opened


def declared(case: Case) -> dict[str, Any]:
    """Answers given so far, as JSON values."""
    return _sealed(case, "declared")


def evidence(case: Case) -> dict[str, Any]:
    """``acr``, ``auth_time`` (UNIX seconds), ``userinfo`` (the JWS signed by FranceConnect+) and its ``digest``."""
    return _sealed(case, "evidence")


def register_facts(case: Case) -> dict[str, Any]:
    """``registered_until`` and ``resident_since`` (ISO) as the register gave them, and whether a passport had already
    been renewed remotely."""
    return _sealed(case, "register_facts")


def identity(case: Case) -> dict[str, Any]:
    """The summary of the case with the level of the sign-in and the digest of its evidence."""
    proof = evidence(case)
    return {**ledger.summary(case), "acr": proof.get("acr", ""), "evidence_digest": proof.get("digest", "")}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def declared_passport(case: Case) -> DeclaredPassport:
    """Dates declared for eligibility; the number when it is known already."""
    return as_declared(declared(case))


def as_declared(answers: dict[str, Any]) -> DeclaredPassport:
    """The same, of answers already read."""
    number = answers.get("number")
    return DeclaredPassport(
        number=PassportNumber(number) if number else None,
        issued_on=_day(answers.get("issued_on")),
        expires_on=_day(answers.get("expires_on")),
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """What step 1 keeps of a case, opened at once; see ``declared``, ``evidence`` and ``register_facts``."""

    declared: dict[str, Any]
    evidence: dict[str, Any]
    register_facts: dict[str, Any]


def kept(case: Case) -> Kept:
    """Empty when step 1 keeps nothing of this case."""
    row = Eligibility.objects.filter(case_id=case.id).first()
    if row is None:
        return Kept({}, {}, {})
    names = ("declared", "evidence", "register_facts")
    return Kept(*(sealing.unseal_json(case.id, f"step1|{name}", getattr(row, name)) for name in names))


def kept_of(case: Case) -> Kept:
    """The same, for a page that asks it at several of its places."""
    return ledger.once(case, "step1", lambda: kept(case))


def facts(case: Case, *, on: date, known: Kept | None = None) -> rules.Facts:
    """Everything the rules of eligibility may ask of this case, on the day ``on``. ``known``: what was read already."""
    known = known or kept(case)
    summary, register, answers = ledger.summary(case), known.register_facts, known.declared
    return rules.Facts(
        on=on,
        french=True,
        birthdate=summary["birthdate"],
        residence_country=summary["address"]["country"],
        resident_since=_day(register.get("resident_since")),
        registered_until=_day(register.get("registered_until")),
        register_agrees=True,
        acr=known.evidence.get("acr"),
        post_competent=case.post.competent,
        open_case=False,
        passport_issued_on=_day(answers.get("issued_on")),
        passport_expires_on=_day(answers.get("expires_on")),
        lost_or_stolen=answers.get("lost_or_stolen"),
        civil_status_changed=answers.get("civil_status_changed"),
        second_passport=answers.get("second_passport"),
        obtained_remotely=True if register.get("already_renewed_remotely") else answers.get("obtained_remotely"),
        error_by_administration=answers.get("error_by_administration"),
        fingerprints_given=answers.get("fingerprints_given"),
    )


def refused_rules(case: Case) -> tuple[rules.Rule, ...]:
    """The rules for which the case was refused at step 1, or lost its eligibility later."""
    for kind in (e.EligibilityLost, e.EligibilityRefused):
        line = ledger.latest(case.id, kind)
        if line is not None and isinstance(line.event, e.EligibilityLost | e.EligibilityRefused):
            return tuple(rules.BY_ID[name] for name in line.event.rules if name in rules.BY_ID)
    return ()


def timeline(case: Case, lines: list[Line]) -> StepView:
    """Step 1 as the applicant reads it."""
    state = case.tracks[Track.IDENTITY]
    at = {type(line.event): line.at for line in lines}
    if state == "eligible":
        return StepView(
            1,
            "done",
            _("Votre identité est confirmée et votre situation permet la demande à distance."),
            _("Identité vérifiée par FranceConnect+, inscription retrouvée au Registre."),
            at=at.get(e.EligibilityConfirmed),
        )
    if state == "ineligible":
        return StepView(
            1,
            "stopped",
            _("Votre situation ne permet pas la demande à distance."),
            _("La page explique quelle condition manque et comment faire votre demande en personne."),
            at=at.get(e.EligibilityLost) or at.get(e.EligibilityRefused),
            actions=((reverse("ineligible", args=[case.reference]), _("Voir pourquoi et que faire")),),
        )
    page = "eligibility_passport" if "issued_on" not in declared(case) else "eligibility_situation"
    return StepView(
        1,
        "now",
        _("Répondez à quelques questions sur votre passeport actuel."),
        _("Il reste à vérifier que votre passeport peut être renouvelé à distance. Cela prend deux minutes."),
        at=at.get(e.IdentityMatched),
        actions=((reverse(page, args=[case.reference]), _("Répondre aux questions")),),
    )
