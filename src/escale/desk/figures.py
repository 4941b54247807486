"""Figures of supervision: delays, outcomes, controls, partners."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from escale.case.effects import EffectKind
from escale.desk import figures_controls, gate_time, queues
from escale.desk.figures_controls import Adverse, Control, masked
from escale.ledger import outbox, statistics
from escale.ledger.models import Entry
from escale.people.actors import Actor
from escale.steps.step2_application import queries as step2
from escale.steps.step2_application.rules import ITEM_LABELS
from escale.steps.step4_interview.queries_room import minutes
from escale.steps.step4_interview.words_room import INTERVIEW_MINUTES

PARTNER_OF: dict[str, object] = {
    EffectKind.RELEASE_STAMP.value: _("Timbre fiscal : libération"),
    EffectKind.CONSUME_STAMP.value: _("Timbre fiscal : consommation"),
    EffectKind.OPEN_ROOM.value: _("Visioconférence : ouverture de salle"),
    EffectKind.CLOSE_ROOM.value: _("Visioconférence : fermeture de salle"),
    EffectKind.ORDER_PASSPORT.value: _("Titres : commande"),
    EffectKind.EXPECT_RECEIPT.value: _("Titres : attente de réception"),
    EffectKind.CONFIRM_RECEIPT.value: _("Titres : confirmation de réception"),
    EffectKind.INVALIDATE_TITLE.value: _("Titres : invalidation"),
    EffectKind.REPORT_TO_BORDERS.value: _("Relais Interpol : signalement"),
    EffectKind.SEND_MESSAGE.value: _("Courriel"),
}
STAGE_LABELS: dict[str, object] = {
    "examination": _("Examen de la demande"),
    "posting": _("Envoi postal par l’usager"),
    "envelope_check": _("Contrôle de l’enveloppe"),
    "interview": _("De la validation à l’entretien"),
    "production": _("Fabrication jusqu’au poste"),
    "delivery": _("Acheminement"),
    "total": _("Total, du dépôt à la remise"),
}
CONTROLS: dict[str, object] = {
    "CorrectionRequested": _("Corrections demandées"),
    "ReplacementRequested": _("Photos ou étiquettes à remplacer"),
    "LabelCancelledByCourier": _("Étiquettes annulées par le transporteur"),
    "SecondOpinionRequested": _("Seconds avis demandés"),
    "InterviewRefused": _("Refus après l’entretien"),
    "InterviewDirectedInPerson": _("Orientations en personne après l’entretien"),
    "ApplicationRefused": _("Refus avant l’entretien"),
    "EligibilityRefused": _("Conditions non remplies"),
    "EligibilityLost": _("Conditions perdues en cours de dossier"),
    "InterviewMissed": _("Rendez-vous manqués"),
    "InterviewFailedTechnically": _("Incidents techniques en entretien"),
    "WrongNumberEntered": _("Numéros erronés à la réception"),
    "ReceiptLockedOut": _("Confirmations bloquées"),
    "DutyMissed": _("Délais de quarante jours dépassés"),
    "InvalidationConfirmed": _("Passeports invalidés"),
    "PartnerRefused": _("Refus de partenaires"),
    "MessageFailed": _("Courriels non remis"),
    "BorderAlertRecorded": _("Signalements à Interpol"),
    "BorderAlertWithdrawn": _("Signalements retirés"),
}
GATE_LABELS: dict[str, object] = {
    "gate1": _("Examen de la demande"),
    "gate2": _("Contrôle de l’enveloppe"),
    "gate3": _("Décision après l’entretien"),
    "interview": INTERVIEW_MINUTES,
}
OUTCOMES: dict[str, object] = {
    "open": _("En cours"),
    "completed": _("Terminés : passeport valide"),
    "refused": _("Refusés"),
    "directed_in_person": _("Orientés en personne"),
    "withdrawn": _("Retirés"),
    "lapsed": _("Caducs"),
    "lost": _("Passeport perdu"),
    "invalidated": _("Passeport invalidé"),
}


CHECKED = ("seen", "accepted", "refused", "contested", "accepted_with_reasons")


@dataclass(frozen=True, slots=True)
class Year:
    """Figures of one post, or of all. A masked cell is None."""

    delays: list[tuple[object, int | None, statistics.Delay]]
    outcomes: list[tuple[object, int | None]]
    controls: list[tuple[object, int | None]]
    gates: list[tuple[object, int | None, gate_time.GateTime]]
    adverse: list[Adverse]
    by_result: list[Control]
    checks: list[tuple[object, object, step2.Agreement]]
    raw: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return self.raw

    def as_rows(self) -> list[list[object]]:
        """The same as a table: section, code, number, median, ninth tenth. A masked cell is empty."""
        raw, rows = self.raw, []
        for line in raw["delays"]:
            rows.append(["delay_days", line["stage"], line["count"], line["median_days"], line["p90_days"]])
        for line in raw["gates"]:
            rows.append(["gate_minutes", line["gate"], line["count"], line["median_minutes"], line["p90_minutes"]])
        for section in ("outcomes", "controls"):
            rows += [[section, code, number, None, None] for code, number in raw[section].items()]
        for section, names in (("adverse", ("gate", "kind", "code")), ("results", ("control", "code", "result"))):
            rows += [
                [section, ":".join(line[name] for name in names), line["count"], None, None] for line in raw[section]
            ]
        for line in raw["checks"]:
            code = f"{line['document']}:{line['machine']}"
            rows += [["checks", f"{code}:{name}", line[name], None, None] for name in CHECKED]
        return rows


def year(*, post: str | None, since: datetime) -> Year:
    """Delays, outcomes and controls since a date."""
    delays = statistics.delays(since=since, post=post)
    ends = statistics.outcomes(since=since, post=post)
    controls = statistics.events(CONTROLS, since=since, post=post)
    spoken = minutes(since=since, post_code=post)
    gates = [
        *gate_time.of_gates(since=since, post=post),
        gate_time.GateTime("interview", spoken.count, spoken.median, spoken.p90),
    ]
    adverse = figures_controls.adverse(since=since, post=post)
    by_result = figures_controls.controls(since=since, post=post)
    checks = agreement(post=post, since=since)
    raw = {
        "since": since.isoformat(),
        "post": post or "all",
        "smallest_cell": statistics.SMALLEST_CELL,
        "delays": [
            {"stage": line.stage, "count": masked(line.count), "median_days": line.median, "p90_days": line.p90}
            for line in delays
        ],
        "outcomes": {code: masked(ends.get(code, 0)) for code in OUTCOMES},
        "controls": {name: masked(controls.get(name, 0)) for name in CONTROLS},
        "gates": [
            {"gate": line.gate, "count": masked(line.count), "median_minutes": line.median, "p90_minutes": line.p90}
            for line in gates
        ],
        "adverse": figures_controls.as_json(adverse),
        "results": figures_controls.as_json(by_result),
        "checks": [line.as_json() for line in checks],
    }
    return Year(
        [(STAGE_LABELS[line.stage], masked(line.count), line) for line in delays],
        [(label, masked(ends.get(code, 0))) for code, label in OUTCOMES.items()],
        [(label, masked(controls.get(name, 0))) for name, label in CONTROLS.items()],
        [(GATE_LABELS[line.gate], masked(line.count), line) for line in gates],
        adverse,
        by_result,
        [(_(ITEM_LABELS.get(line.kind, line.kind)), _(step2.VERDICTS[line.machine]), line) for line in checks],
        raw,
    )


def agreement(*, post: str | None, since: datetime) -> tuple[step2.Agreement, ...]:
    """How often agents were of the opinion of the automatic checks, small cells masked."""
    counted = step2.agreement(since=since, posts=None if post is None else frozenset({post}))
    return step2.published(step2.together(counted))


def partners(standings: dict[str, outbox.Standing]) -> list[dict[str, Any]]:
    """By kind of effect: done in the last day, waiting, the oldest, refused, the last error."""
    return [{"label": label, **asdict(standings.get(kind, outbox.Standing()))} for kind, label in PARTNER_OF.items()]


def latest_entries(actor: Actor, *, limit: int = 100) -> list[Entry]:
    """The latest entries of the cases an agent may see, without their payloads."""
    entries = Entry.objects.filter(case__in=queues.of_post(actor)).select_related("case").defer("payload")
    return list(entries.order_by("-id")[:limit])
