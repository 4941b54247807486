"""Figures of fraud and of the controls against it: what was refused or sent back, by gate and rule; each control with
its results. For the evaluation report (CNIL 2023-077, 2025-076); cells under five are masked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _t, gettext_lazy as _

from escale.ledger.statistics import SMALLEST_CELL
from escale.steps.step1_sign_in import queries_evaluation as eligibility, rules as step1_rules
from escale.steps.step2_application.queries import evaluation as application
from escale.steps.step2_application.rules import ITEM_LABELS
from escale.steps.step3_posted_items import queries_evaluation as envelope, reasons as step3_words
from escale.steps.step4_interview import queries_evaluation as interview, words as step4_words

GATES: dict[str, object] = {
    "eligibility": _("Conditions, avant la demande"),
    "gate1": _("Examen de la demande"),
    "gate2": _("Contrôle de l’enveloppe"),
    "gate3": _("Décision après l’entretien"),
}
KINDS: dict[str, object] = {
    "refused": _("Refus"),
    "in_person": _("Orientation en personne"),
    "lost": _("Conditions perdues"),
    "sent_back": _("Renvoi à l’usager"),
}
DECISIONS = {"refuse": "refused", "in_person": "in_person"}
GROUNDS: dict[str, object] = {
    "identity_doubt": _("doute sur l’identité"),
    "not_eligible": _("conditions non remplies"),
    "file_not_compliant": _("dossier non conforme"),
    "validity_doubt": _("doute sur le titre ou les pièces"),
    "applicant_wish": _("à la demande de l’usager"),
    "missed_twice": _("deux absences"),
}
RESULTS: dict[str, object] = {
    "passed": _("réussi"),
    "failed": _("échoué"),
    "expired": _("sans verdict à temps"),
    "approve": _("demande validée"),
    "refuse": _("demande refusée"),
    "in_person": _("orientation en personne"),
    "pending": _("décision attendue"),
    "match": _("correspond au dossier"),
    "differs": _("diffère du dossier"),
    "unread": _("non lue"),
    "accepted": _("l’agent donne raison à l’usager"),
    "refused": _("l’agent confirme le contrôle"),
    "declared": _("déclaré par un agent"),
}


@dataclass(frozen=True, slots=True)
class Adverse:
    """What a gate refused or sent back, by rule, item or reason. ``count`` is None when masked."""

    gate: str
    kind: str
    code: str
    count: int | None

    @property
    def words(self) -> tuple[object, object, str]:
        """Gate, decision and rule, in words."""
        return GATES[self.gate], KINDS[self.kind], _rule(self.gate, self.kind, self.code)


@dataclass(frozen=True, slots=True)
class Control:
    """How many times a control gave a result. ``count`` is None when masked."""

    control: str
    code: str
    result: str
    count: int | None

    @property
    def words(self) -> tuple[str, object]:
        """Control and result, in words."""
        return _control(self.control, self.code), RESULTS[self.result]


def _rule(gate: str, kind: str, code: str) -> str:
    if gate == "gate2":
        item, _separator, reason = code.partition(":")
        return f"{step3_words.OBJECTS[item]} — {step3_words.REASONS.get(reason, reason)}"
    if gate == "gate3":
        return str(GROUNDS[code])
    if kind == "sent_back":
        return _t(ITEM_LABELS.get(code, code))
    rule = step1_rules.BY_ID.get(code)
    return f"{code} — {_t(rule.title)}" if rule is not None else code


def _control(control: str, code: str) -> str:
    if control == "challenge":
        return f"{_t('Défi')} — {step4_words.CHALLENGES[code]}"
    if control == "flag":
        label = step4_words.FLAGS.get(code, _t("aucune réserve"))
        return f"{_t('Réserve à l’entretien')} — {label}"
    if control == "contested":
        return f"{_t('Contrôle automatique contesté')} — {_t(ITEM_LABELS.get(code, code))}"
    return str(
        {
            "second_opinion": _t("Second avis demandé"),
            "reading": _t("Zone du passeport lue sur l’image fixe"),
            "conflict": _t("Conflit d’intérêts"),
        }[control]
    )


def adverse(*, since: datetime, post: str | None) -> list[Adverse]:
    """Every refusal and return to the applicant, by gate, decision and rule."""
    found: dict[tuple[str, str, str], int] = {}
    for (late, rule), n in eligibility.refusals_by_rule(since=since, post=post).items():
        found["gate1" if late else "eligibility", "lost" if late else "refused", rule] = n
    for (kind, rule), n in application.endings_by_rule(since=since, post=post).items():
        found["gate1", kind, rule] = n
    for item, n in application.corrections_by_item(since=since, post=post).items():
        found["gate1", "sent_back", item] = n
    for (item, reason), n in envelope.asked_again(since=since, post=post).items():
        found["gate2", "sent_back", f"{item}:{reason}"] = n
    for (decision, ground), n in interview.endings_by_ground(since=since, post=post).items():
        found["gate3", DECISIONS[decision], ground] = n
    gates, kinds = list(GATES), list(KINDS)
    order = sorted(found, key=lambda line: (gates.index(line[0]), kinds.index(line[1]), line[2]))
    return [Adverse(*line, masked(found[line])) for line in order]


SOURCES: dict[str, Callable[..., dict[tuple[str, str], int]]] = {
    "challenge": interview.challenges,
    "flag": interview.flags,
    "second_opinion": interview.second_opinions,
    "reading": interview.readings,
    "contested": application.contested,
}


def controls(*, since: datetime, post: str | None) -> list[Control]:
    """Each control with its results. One small cell hides every cell of its control: none is found by subtraction."""
    lines: list[Control] = []
    for control, counted in SOURCES.items():
        by_code: dict[str, dict[str, int]] = defaultdict(dict)
        for (code, result), n in counted(since=since, post=post).items():
            by_code[code][result] = n
        for code, cells in sorted(by_code.items()):
            small = any(masked(n) is None for n in cells.values())
            order = sorted(cells, key=list(RESULTS).index)
            lines += [Control(control, code, result, None if small else cells[result]) for result in order]
    declared = interview.conflicts(since=since, post=post)
    return [*lines, Control("conflict", "agent", "declared", masked(declared))]


def masked(count: int) -> int | None:
    """None for one to four: a cell so small would point at people. Nobody stands behind zero."""
    return None if 0 < count < SMALLEST_CELL else count


def as_json(lines: list[Adverse] | list[Control]) -> list[dict[str, Any]]:
    return [asdict(line) for line in lines]
