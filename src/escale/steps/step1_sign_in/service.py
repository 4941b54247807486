"""Sign in, match with the register, decide eligibility."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.ledger import record
from escale.ledger.models import Case
from escale.people.access import AccessDenied, may_act_on_case
from escale.people.actors import Actor
from escale.people.models import Post
from escale.ports import directory
from escale.ports.franceconnect import PivotIdentity, SignIn
from escale.ports.register import RegisterEntry
from escale.steps.step1_sign_in import queries, rules
from escale.steps.step1_sign_in.models import Eligibility, RefusedRule
from escale.vault import keys, sealing


class NotEligible(Exception):
    """The register alone already says no, and no post can take the case: ``rules`` say why."""

    def __init__(self, found: tuple[rules.Rule, ...]) -> None:
        super().__init__(", ".join(rule.id for rule in found))
        self.rules = found


@dataclass(frozen=True, slots=True)
class Matched:
    """``case`` is where the person goes next; ``existing``: it was open already (rule X6)."""

    case: Case
    existing: bool


def start_sign_in(*, redirect_uri: str) -> tuple[str, dict[str, str]]:
    """Address of FranceConnect+ and what the session must keep. Raises PartnerUnavailable."""
    return directory.franceconnect().start(redirect_uri=redirect_uri)


def finish_sign_in(
    *, query: dict[str, str], kept: dict[str, str], redirect_uri: str, now: datetime
) -> tuple[SignIn, dict[str, Any]]:
    """Verify the return. Gives the sign-in, and what the sealed session keeps of it. Raises SignInFailed."""
    sign_in = directory.franceconnect().finish(query=query, kept=kept, redirect_uri=redirect_uri, now=now.timestamp())
    identity = sign_in.identity
    first = identity.given_names.split()[0] if identity.given_names else ""
    session = {
        "actor": {"kind": "applicant", "id": identity.sub},
        "name": f"{first} {identity.preferred_username or identity.family_name}".strip(),
        "identity": asdict(identity),
        "id_token": sign_in.id_token,
        "sign_in": {
            "acr": sign_in.acr,
            "auth_time": sign_in.auth_time,
            "userinfo": sign_in.evidence,
            "digest": hashlib.sha256(sign_in.evidence.encode()).hexdigest(),
        },
    }
    return sign_in, session


def match(
    *,
    identity: PivotIdentity,
    proof: dict[str, Any],
    numic: str,
    email: str,
    language: str,
    actor: Actor,
    now: datetime,
) -> Matched:
    """Find the person in the register and open the case.

    Raises NoMatch (one answer for every mismatch, rule E5), NotEligible, PartnerUnavailable, PartnerRefused.
    """
    entry = directory.register().verify(numic=numic, email=email, identity=identity)
    post = competent_post(entry.post_code)
    if post is None:
        raise NotEligible((rules.BY_ID["P1"],))
    try:
        return Matched(_open(identity, proof, entry, post, language, actor, now), existing=False)
    except record.CaseAlreadyOpen as already:
        return Matched(_return_to(already.reference, actor, now), existing=True)


def competent_post(code: str) -> Post | None:
    """The post of the district, or the one designated in its place (rule P1)."""
    post = Post.objects.select_related("designated").filter(code=code).first()
    if post is not None and not post.competent:
        post = post.designated
    return post if post is not None and post.competent else None


def _summary(identity: PivotIdentity, entry: RegisterEntry) -> dict[str, Any]:
    return {
        "given_names": identity.given_names,
        "family_name": identity.family_name,
        "usage_name": entry.usage_name or identity.preferred_username,
        "birthdate": identity.birthdate,
        "gender": identity.gender,
        "birthplace": identity.birthplace,
        "birthcountry": identity.birthcountry,
        "email": entry.email,
        "phone": entry.phone,
        "address": asdict(entry.address),
        "numic": entry.numic,
    }


def _open(
    identity: PivotIdentity,
    proof: dict[str, Any],
    entry: RegisterEntry,
    post: Post,
    language: str,
    actor: Actor,
    now: datetime,
) -> Case:
    register = {
        "registered_on": entry.registered_on.isoformat(),
        "registered_until": entry.registered_until.isoformat(),
        "resident_since": entry.resident_since.isoformat(),
        "already_renewed_remotely": entry.already_renewed_remotely,
    }
    with transaction.atomic():
        case = record.open_case(
            applicant_sub=actor.id,
            person_key=keys.index("person", entry.numic),
            household_key=keys.index("household", _household(entry)),
            post=post,
            language=language,
            summary=_summary(identity, entry),
            actor=actor,
            now=now,
        )
        Eligibility.objects.create(
            case=case,
            evidence=sealing.seal_json(case.id, "step1|evidence", proof),
            declared=sealing.seal_json(case.id, "step1|declared", {}),
            register_facts=sealing.seal_json(case.id, "step1|register_facts", register),
        )
        found = rules.must_hold_before_opening(queries.facts(case, on=now.date()))
        events: list[e.Event] = [e.IdentityMatched(evidence=str(proof["digest"]))]
        if found:
            events.append(e.EligibilityRefused(rules=tuple(rule.id for rule in found)))
        with record.changing(case.id, actor=actor, now=now) as change:
            _count(case, (rule.id for rule in found), now)
            for name in (identity.given_names, identity.family_name, identity.preferred_username, entry.usage_name):
                change.make_findable("name", name)
            change.record(Decision(tuple(events)))
    case.refresh_from_db()
    return case


def _household(entry: RegisterEntry) -> str:
    parts = [entry.address.line1, entry.address.postcode, entry.address.country]
    return json.dumps([" ".join(part.lower().split()) for part in parts])


def _return_to(reference: str, actor: Actor, now: datetime) -> Case:
    """The open case of this very person. FranceConnect+ gives a new identifier when the civil status changed: the
    register has just vouched for the person, so the case follows."""
    case = Case.objects.select_related("post").get(reference=reference)
    if case.applicant_sub != actor.id:
        with record.changing(case.id, actor=actor, now=now) as change:
            change.case.applicant_sub = actor.id
            change.record(Decision.of(e.AlertRaised(kind="new_sign_in_identifier")))
        case.refresh_from_db()
    return case


def _own(case: Case, actor: Actor) -> None:
    if not may_act_on_case(actor, post_code=case.post_id, applicant_sub=case.applicant_sub):
        raise AccessDenied(case.reference)


def _declare(case: Case, values: dict[str, Any]) -> None:
    declared = {**queries.declared(case), **values}
    Eligibility.objects.filter(case_id=case.id).update(declared=sealing.seal_json(case.id, "step1|declared", declared))


def declare_passport(*, case: Case, issued_on: date, expires_on: date, actor: Actor, now: datetime) -> None:
    """Keep the dates of the current passport. Raises AccessDenied, RuleRefused(``decided``)."""
    _own(case, actor)
    with record.changing(case.id, actor=actor, now=now) as change:
        if change.case.identity != "matched":
            raise RuleRefused("decided")
        _declare(change.case, {"issued_on": issued_on.isoformat(), "expires_on": expires_on.isoformat()})


def declare_situation(*, case: Case, answers: dict[str, bool], actor: Actor, now: datetime) -> tuple[rules.Rule, ...]:
    """Keep the answers to X1–X5 and decide. Returns the rules that say no: empty when the case is eligible.

    Raises AccessDenied, RuleRefused(``decided`` or ``incomplete``), MoveRefused.
    """
    _own(case, actor)
    with record.changing(case.id, actor=actor, now=now) as change:
        if change.case.identity != "matched":
            raise RuleRefused("decided")
        _declare(change.case, dict(answers))
        facts = queries.facts(change.case, on=now.date())
        found = rules.refused(facts)
        if not found and rules.unanswered(facts):
            raise RuleRefused("incomplete", rule=rules.unanswered(facts)[0].id)
        if found:
            _count(change.case, (rule.id for rule in found), now)
            change.record(Decision.of(e.EligibilityRefused(rules=tuple(rule.id for rule in found))))
        else:
            change.record(Decision.of(e.EligibilityConfirmed()))
    return found


def lose_eligibility(
    *, case: Case, rule_ids: tuple[str, ...], actor: Actor, now: datetime, version: int | None = None
) -> None:
    """An agent finds later that a condition was not met (arrêté du 29 novembre 2025, art. 5: at any moment).

    Raises AccessDenied, RuleRefused(``unknown_rule``), MoveRefused, StaleCase.
    """
    _own(case, actor)
    if not rule_ids or any(name not in rules.BY_ID for name in rule_ids):
        raise RuleRefused("unknown_rule")
    with record.changing(case.id, actor=actor, now=now, version=version) as change:
        _count(change.case, rule_ids, now, late=True)
        change.record(Decision.of(e.EligibilityLost(rules=rule_ids)))


def _count(case: Case, rule_ids: Iterable[str], now: datetime, *, late: bool = False) -> None:
    """Keep which rules said no, for the figures."""
    RefusedRule.objects.bulk_create(RefusedRule(case=case, rule=rule, late=late, at=now) for rule in rule_ids)


def sign_out_address(*, id_token: str, state: str, back_to: str) -> str:
    """Where to send the browser to end the FranceConnect+ session too."""
    return directory.franceconnect().logout_url(id_token=id_token, state=state, post_logout_redirect_uri=back_to)
