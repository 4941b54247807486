"""Figures of supervision: delays, outcomes, controls, partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext_lazy as _

from escale.case.effects import EffectKind
from escale.desk import queues
from escale.ledger import statistics
from escale.ledger.models import Effect, EffectState, Entry
from escale.people.actors import Actor

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
    "InterviewMissed": _("Rendez-vous manqués"),
    "InterviewFailedTechnically": _("Incidents techniques en entretien"),
    "WrongNumberEntered": _("Numéros erronés à la réception"),
    "ReceiptLockedOut": _("Confirmations bloquées"),
    "DutyMissed": _("Délais de quarante jours dépassés"),
    "BorderAlertRecorded": _("Signalements à Interpol"),
    "BorderAlertWithdrawn": _("Signalements retirés"),
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


@dataclass(frozen=True, slots=True)
class Year:
    """Figures of one post, or of all. A masked cell is None."""

    delays: list[tuple[object, int | None, statistics.Delay]]
    outcomes: list[tuple[object, int | None]]
    controls: list[tuple[object, int | None]]
    raw: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return self.raw


def year(*, post: str | None, since: datetime) -> Year:
    """Delays, outcomes and controls since a date."""
    delays = statistics.delays(since=since, post=post)
    ends = statistics.outcomes(since=since, post=post)
    controls = statistics.events(CONTROLS, since=since, post=post)
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
    }
    return Year(
        [(STAGE_LABELS[line.stage], masked(line.count), line) for line in delays],
        [(label, masked(ends.get(code, 0))) for code, label in OUTCOMES.items()],
        [(label, masked(controls.get(name, 0))) for name, label in CONTROLS.items()],
        raw,
    )


def masked(count: int) -> int | None:
    """None for one to four: a cell so small would point at people. Nobody stands behind zero."""
    return None if 0 < count < statistics.SMALLEST_CELL else count


def partners(now: datetime) -> list[dict[str, Any]]:
    """By kind of effect: done in the last day, waiting, the oldest, refused, the last error."""
    day = now - timedelta(days=1)
    found = Effect.objects.values("kind").annotate(
        done=Count("pk", filter=Q(state=EffectState.DONE, done_at__gte=day)),
        waiting=Count("pk", filter=Q(state=EffectState.PENDING)),
        retried=Count("pk", filter=Q(state=EffectState.PENDING, attempts__gt=1)),
        dead=Count("pk", filter=Q(state=EffectState.DEAD)),
        oldest=Min("created_at", filter=Q(state=EffectState.PENDING)),
        latest=Max("done_at", filter=Q(state=EffectState.DONE)),
    )
    by_kind = {line["kind"]: line for line in found}
    errors = dict(Effect.objects.exclude(last_error="").order_by("created_at").values_list("kind", "last_error"))
    blank = {"done": 0, "waiting": 0, "retried": 0, "dead": 0, "oldest": None, "latest": None}
    return [
        {"label": label, **blank, **by_kind.get(kind, {}), "error": errors.get(kind, "")}
        for kind, label in PARTNER_OF.items()
    ]


def latest_entries(actor: Actor, *, limit: int = 100) -> list[Entry]:
    """The latest entries of the cases an agent may see, without their payloads."""
    entries = Entry.objects.filter(case__in=queues.of_post(actor)).select_related("case").defer("payload")
    return list(entries.order_by("-id")[:limit])
