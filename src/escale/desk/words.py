"""The desk's words: events, deadlines, actors, in plain language."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _, gettext_lazy

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.event import Event
from escale.ledger.verify import Problem
from escale.ui.templatetags.ui import colon

_l = gettext_lazy

EVENTS: dict[str, object] = {
    "CaseOpened": _l("Dossier ouvert"),
    "IdentityMatched": _l("Identité rapprochée du Registre"),
    "EligibilityConfirmed": _l("Conditions remplies"),
    "EligibilityRefused": _l("Conditions non remplies"),
    "EligibilityLost": _l("Conditions perdues"),
    "ApplicationSubmitted": _l("Demande déposée"),
    "CorrectionRequested": _l("Correction demandée"),
    "CorrectionSubmitted": _l("Correction reçue"),
    "ApplicationAccepted": _l("Demande acceptée"),
    "ApplicationRefused": _l("Demande refusée"),
    "DirectedInPerson": _l("Orienté vers la comparution personnelle"),
    "ApplicationWithdrawn": _l("Demande retirée par l’usager"),
    "ApplicationLapsed": _l("Demande caduque"),
    "PostingAsked": _l("Envoi postal demandé"),
    "PostingAnnounced": _l("Envoi annoncé par l’usager"),
    "EnvelopeReceived": _l("Enveloppe reçue au poste"),
    "PostedItemsVerified": _l("Photo et étiquette contrôlées"),
    "ReplacementRequested": _l("Remplacement demandé"),
    "LabelCancelledByCourier": _l("Étiquette annulée par le transporteur"),
    "RequestValidated": _l("Demande validée : rendez-vous ouvert"),
    "InterviewBooked": _l("Rendez-vous réservé"),
    "InterviewMoved": _l("Rendez-vous déplacé"),
    "InterviewCancelled": _l("Rendez-vous annulé"),
    "InterviewMissed": _l("Rendez-vous manqué"),
    "InterviewStarted": _l("Entretien commencé"),
    "InterviewFailedTechnically": _l("Entretien interrompu par un incident technique"),
    "InterviewHeld": _l("Entretien tenu"),
    "SecondOpinionRequested": _l("Second avis demandé"),
    "InterviewApproved": _l("Demande approuvée"),
    "InterviewRefused": _l("Demande refusée après l’entretien"),
    "InterviewDirectedInPerson": _l("Orienté vers la comparution personnelle"),
    "ValidationWithdrawn": _l("Validation suspendue"),
    "PassportOrdered": _l("Passeport commandé"),
    "ProductionStarted": _l("Fabrication commencée"),
    "ProductionRejected": _l("Fabrication rejetée"),
    "PassportProduced": _l("Passeport produit"),
    "PassportArrivedAtPost": _l("Passeport arrivé au poste"),
    "PassportDispatched": _l("Passeport expédié"),
    "PassportCameBack": _l("Passeport revenu au poste"),
    "PassportDestroyed": _l("Passeport détruit"),
    "HandedToCourier": _l("Pli remis au transporteur"),
    "OutForDelivery": _l("En cours de livraison"),
    "DeliveryException": _l("Incident de livraison"),
    "TransitResumed": _l("Acheminement repris"),
    "Delivered": _l("Pli remis au destinataire"),
    "ReturnedToSender": _l("Pli retourné à l’expéditeur"),
    "InquiryOpened": _l("Enquête ouverte"),
    "DeclaredLost": _l("Pli déclaré perdu"),
    "DeliveryDisputed": _l("Livraison contestée par l’usager"),
    "ReceiptExpected": _l("Confirmation de réception attendue"),
    "WrongNumberEntered": _l("Numéros erronés saisis"),
    "ReceiptLockedOut": _l("Confirmation bloquée 24 heures"),
    "LockoutEnded": _l("Blocage levé"),
    "ReceiptConfirmed": _l("Réception confirmée"),
    "ReceiptVoided": _l("Confirmation devenue sans objet"),
    "ReturnExpected": _l("Retour de l’ancien passeport attendu"),
    "KeptForVisa": _l("Ancien passeport conservé pour son visa"),
    "ReturnAnnounced": _l("Retour de l’ancien passeport annoncé"),
    "ReturnHandedOver": _l("Ancien passeport remis au transporteur"),
    "OldPassportReceived": _l("Ancien passeport reçu"),
    "ReturnLate": _l("Retour en retard"),
    "ReturnLostInPost": _l("Ancien passeport perdu par le transporteur"),
    "VisaEnded": _l("Visa échu : retour de nouveau dû"),
    "DutyMissed": _l("Délai de quarante jours dépassé : invalidation annoncée"),
    "InvalidationHeld": _l("Invalidation suspendue"),
    "HoldEnded": _l("Suspension levée"),
    "DutyFulfilledLate": _l("Obligations remplies, invalidation annulée"),
    "InvalidationOrdered": _l("Invalidation ordonnée"),
    "PassportDeclaredLostOrStolen": _l("Passeport déclaré perdu ou volé"),
    "InvalidationConfirmed": _l("Passeport invalidé"),
    "BorderAlertRecorded": _l("Signalement enregistré (Interpol)"),
    "DutiesFulfilled": _l("Obligations remplies : dossier terminé"),
    "BorderAlertWithdrawn": _l("Signalement retiré"),
    "FileViewed": _l("Dossier consulté"),
    "CheckContested": _l("Contrôle automatique contesté par le demandeur"),
    "CheckOverruled": _l("Contrôle automatique écarté par un agent"),
    "DocumentAdded": _l("Document ajouté"),
    "DocumentRemoved": _l("Document retiré"),
    "NoteAdded": _l("Note ajoutée"),
    "MessageSent": _l("Courriel envoyé"),
    "MessageFailed": _l("Courriel non remis"),
    "CustodyMoved": _l("Objet remis"),
    "StampReserved": _l("Timbre réservé"),
    "StampConsumed": _l("Timbre consommé"),
    "StampReleased": _l("Timbre libéré"),
    "WaitingListJoined": _l("Liste d’attente demandée"),
    "WaitingListLeft": _l("Liste d’attente quittée"),
    "SlotOffered": _l("Créneau proposé"),
    "SlotOfferEnded": _l("Proposition de créneau close"),
    "StillTaken": _l("Image fixe de l’entretien, scellée"),
    "SecurityNumberShown": _l("Numéro de sécurité affiché"),
    "LateObjectReceived": _l("Objet reçu après la fin du dossier"),
    "PartnerRefused": _l("Refus d’un partenaire"),
    "AlertRaised": _l("Alerte"),
    "ReminderDue": _l("Rappel"),
    "RetentionEnded": _l("Fin de conservation : clé détruite"),
}

K = DeadlineKind
DEADLINES: dict[DeadlineKind, object] = {
    K.DRAFT_REMINDER: _l("Rappel du brouillon"),
    K.DRAFT_LAPSE: _l("Fin du brouillon"),
    K.CORRECTION_REMINDER: _l("Rappel de la correction"),
    K.CORRECTION_LAPSE: _l("Fin du délai de correction"),
    K.POSTING_REMINDER: _l("Rappel de l’envoi postal"),
    K.POSTING_LAPSE: _l("Fin du délai d’envoi postal"),
    K.POSTING_DESK_ALERT: _l("Enveloppe annoncée et non reçue"),
    K.BOOKING_REMINDER: _l("Rappel du rendez-vous à prendre"),
    K.BOOKING_LAPSE: _l("Fin du délai de réservation"),
    K.INTERVIEW_D2: _l("Rappel deux jours avant"),
    K.INTERVIEW_D1: _l("Rappel la veille"),
    K.INTERVIEW_H1: _l("Rappel une heure avant"),
    K.INTERVIEW_NO_SHOW: _l("Entretien : heure d’absence"),
    K.PRODUCTION_ALERT: _l("Fabrication anormalement longue"),
    K.TRANSIT_SILENCE: _l("Colis sans nouvelle"),
    K.RETURNED_KEPT: _l("Fin de garde du passeport revenu"),
    K.DUTY_REMINDER_1: _l("Rappel des deux obligations"),
    K.DUTY_REMINDER_2: _l("Rappel des deux obligations"),
    K.DUTY_REMINDER_3: _l("Rappel des deux obligations"),
    K.DUTY_REMINDER_4: _l("Rappel des deux obligations"),
    K.DUTY_REMINDER_5: _l("Dernier rappel des deux obligations"),
    K.DUTY_END: _l("Fin des quarante jours"),
    K.RETURN_ALERT: _l("Ancien passeport en route depuis longtemps"),
    K.LOCKOUT_END: _l("Fin du blocage de la confirmation"),
    K.VISA_END: _l("Fin du visa"),
    K.HOLD_END: _l("Fin de la suspension"),
    K.INVALIDATION_RUN: _l("Invalidation automatique"),
    K.INVALIDATION_ALERT: _l("Signalement non enregistré"),
    K.RETENTION_END: _l("Fin de conservation"),
}
DEADLINES_SHOWN = (
    K.CORRECTION_LAPSE,
    K.POSTING_LAPSE,
    K.BOOKING_LAPSE,
    K.RETURNED_KEPT,
    K.DUTY_END,
    K.HOLD_END,
    K.VISA_END,
    K.INVALIDATION_RUN,
    K.INVALIDATION_ALERT,
)


OBJECTS: dict[str, object] = {
    "photo": _l("photo d’identité"),
    "label": _l("étiquette d’envoi"),
    "new_passport": _l("nouveau passeport"),
    "old_passport": _l("ancien passeport"),
}
HOLDERS: dict[str, object] = {
    "applicant": _l("usager"),
    "courier": _l("transporteur"),
    "post": _l("poste"),
    "producer": _l("fabricant"),
    "destroyed": _l("détruit"),
}


def event(happened: Event) -> str:
    """« Alerte : colis sans nouvelle », « Objet remis : photo d’identité → poste »."""
    label = str(EVENTS[happened.name])
    if isinstance(happened, e.CustodyMoved) and happened.item in OBJECTS and happened.holder in HOLDERS:
        return f"{label}{colon()}{OBJECTS[happened.item]} → {HOLDERS[happened.holder]}"
    kind = getattr(happened, "kind", "")
    if isinstance(happened, e.AlertRaised | e.ReminderDue) and kind in set(DeadlineKind):
        return f"{label}{colon()}{DEADLINES[DeadlineKind(kind)]}"
    return label


PROBLEMS: dict[str, object] = {
    "missing_entry": _l("Un fait manque, ou n’est pas à sa place : n° %(seq)s."),
    "altered": _l("Le fait n° %(seq)s a été modifié après avoir été écrit."),
    "end_missing": _l("La fin de l’histoire manque, après le fait n° %(seq)s."),
    "seal_broken": _l("Le contenu du fait n° %(seq)s ne s’ouvre plus : son sceau est brisé."),
    "no_replay": _l("Les faits, rejoués un à un, ne sont pas permis par les règles."),
    "states_differ": _l("L’état du dossier n’est pas celui que racontent ses faits."),
}


def problem(found: Problem) -> str:
    """What verification found, in words."""
    return f"{found.reference} — {PROBLEMS[found.code] % {'seq': found.seq}}"  # type: ignore[operator]  # a lazy text


def deadline(kind: str) -> str:
    return str(DEADLINES[DeadlineKind(kind)])


def last_moment(due_at: datetime, tz: ZoneInfo) -> datetime:
    """What is over at midnight was in time until the second before: the day that people are told everywhere."""
    return due_at - timedelta(seconds=1) if due_at.astimezone(tz).time() == time(0) else due_at


def actor(kind: str, identifier: str, names: dict[str, str]) -> str:
    """Who acted: an agent of the post by name, others by what they are."""
    if kind == "agent":
        return names.get(identifier, _("Agent n° %s") % identifier)
    return {
        "applicant": _("L’usager"),
        "partner": _("Partenaire (%s)") % identifier,
        "job": _("Automatique"),
    }.get(kind, kind)


ROLES: dict[str, object] = {
    "agent": _l("Agent consulaire"),
    "supervisor": _l("Chef de chancellerie"),
    "auditor": _l("Auditeur"),
    "support": _l("Assistance"),
    "administrator": _l("Administrateur"),
}


def role(code: str) -> str:
    return str(ROLES[code])
