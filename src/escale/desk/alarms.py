"""The alarms of the day: what each one means, and what settles it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _, gettext_lazy

from escale.case import events as e
from escale.case.deadlines import DeadlineKind as K
from escale.case.effects import EffectKind
from escale.desk import queues
from escale.ledger import queries as ledger
from escale.ledger.models import Case, Entry
from escale.people.actors import Actor

_l = gettext_lazy
EVENTS = ("AlertRaised", "PartnerRefused")

# what raised it → (what happened, what settles it, the step of the file where that is done)
KINDS: dict[str, tuple[object, object, int]] = {
    "message_undelivered": (
        _l("Courriel non remis"),
        _l("Appelez la personne, et invitez-la à corriger son adresse au Registre."),
        2,
    ),
    "new_sign_in_identifier": (
        _l("Nouvel identifiant FranceConnect+"),
        _l("L’état civil a pu changer : comparez l’identité du dossier à celle du Registre avant de décider."),
        1,
    ),
    "interview_not_started": (
        _l("Entretien que personne n’a commencé"),
        _l("Proposez un autre créneau ; l’usager n’est pas en faute."),
        4,
    ),
    "technical_failure": (
        _l("Entretiens interrompus plusieurs fois"),
        _l("Appelez la personne, vérifiez son matériel avec elle, puis proposez un autre créneau."),
        4,
    ),
    "delivery_disputed": (
        _l("Livraison contestée par l’usager"),
        _l("Demandez au transporteur la preuve de remise, puis concluez l’enquête : remis ou perdu."),
        6,
    ),
    "receipt_locked_out": (
        _l("Confirmation de réception bloquée après cinq essais"),
        _l("Appelez la personne : si c’est bien elle, levez le blocage ; sinon, déclarez le passeport perdu ou volé."),
        7,
    ),
    "border_record_missing": (
        _l("Signalement absent chez Interpol"),
        _l("Le relais ne connaît pas ce passeport : prévenez le chef de chancellerie, qui saisit le bureau national."),
        8,
    ),
    "border_record_remains": (
        _l("Signalement retiré mais encore enregistré"),
        _l("La personne peut être arrêtée à une frontière : saisissez le bureau national sans attendre."),
        8,
    ),
    K.POSTING_DESK_ALERT.value: (
        _l("Enveloppe annoncée et non reçue"),
        _l("Regardez le suivi du transporteur ; sans nouvelle, demandez à l’usager de le saisir."),
        3,
    ),
    K.PRODUCTION_ALERT.value: (
        _l("Fabrication anormalement longue"),
        _l("Interrogez le service de fabrication avec le numéro de demande, et prévenez l’usager s’il voyage."),
        5,
    ),
    K.RETURNED_KEPT.value: (
        _l("Fin de garde du passeport revenu"),
        _l("Réexpédiez-le avec une nouvelle étiquette, ou détruisez-le et notez-le."),
        5,
    ),
    K.RETURN_ALERT.value: (
        _l("Ancien passeport en route depuis longtemps"),
        _l("Regardez le suivi ; s’il est perdu par le transporteur, déclarez-le : l’usager n’en répond pas."),
        8,
    ),
    K.INVALIDATION_ALERT.value: (
        _l("Signalement non enregistré en vingt-quatre heures"),
        _l("Voyez la page des partenaires : le relais refuse ou ne répond pas."),
        8,
    ),
}
REFUSED_AT_STEP = {
    EffectKind.RELEASE_STAMP.value: 2,
    EffectKind.CONSUME_STAMP.value: 2,
    EffectKind.OPEN_ROOM.value: 4,
    EffectKind.CLOSE_ROOM.value: 4,
    EffectKind.ORDER_PASSPORT.value: 5,
    EffectKind.EXPECT_RECEIPT.value: 5,
    EffectKind.CONFIRM_RECEIPT.value: 7,
    EffectKind.INVALIDATE_TITLE.value: 8,
    EffectKind.REPORT_TO_BORDERS.value: 8,
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something of a case an agent must look at: ``what`` happened, ``way`` to settle it, ``step`` where."""

    case: Case
    at: datetime
    what: str
    way: str
    step: int


def alarms(actor: Actor, now: datetime, *, limit: int = 20) -> list[Alarm]:
    """Alarms of open cases, the latest first; those of ended ones for a week."""
    cases = queues.of_post(actor)
    entries = Entry.objects.filter(
        Q(case__in=cases.filter(queues.OPEN)) | Q(case__in=cases, at__gte=now - timedelta(days=7)), event__in=EVENTS
    ).select_related("case__post")
    latest = list(entries.order_by("-at")[:limit])
    opened = ledger.lines_of(latest)
    return [
        Alarm(entry.case, entry.at, *told(opened[entry.pk].event if entry.pk in opened else None)) for entry in latest
    ]


def told(event: e.Event | None) -> tuple[str, str, int]:
    """What happened, what settles it, at which step. None: the data of the case have been erased."""
    if isinstance(event, e.PartnerRefused):
        what = _("Refus d’un partenaire (%(code)s)") % {"code": event.code}
        way = _("Corrigez ce que le partenaire refuse ; si rien n’est à corriger, prévenez l’assistance.")
        return what, way, REFUSED_AT_STEP.get(event.effect, 2)
    kind = event.kind if isinstance(event, e.AlertRaised) else ""
    if kind in KINDS:
        what, way, step = KINDS[kind]  # type: ignore[assignment]  # lazy texts
        return str(what), str(way), step
    return _("Dossier à regarder"), _("Ouvrez le dossier : son histoire dit ce qui s’est passé."), 1
