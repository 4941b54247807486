"""Words of step 8: why something is refused. French is the reference."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from escale.ui.refusals import sentence

REFUSALS: dict[str, object] = {
    "return_not_expected": _("Aucun retour n’est attendu pour ce dossier."),
    "return_done": _("Votre ancien passeport est déjà remis au transporteur, ou déjà revenu : rien n’a été refait."),
    "return_under_way": _("Le retour de l’ancien passeport est déjà en cours."),
    "carrier_generates_none": _("Ce transporteur ne permet pas de créer l’étiquette ici. Achetez-la sur son site."),
    "waybill_shape": _("Ce n’est pas un numéro de suivi de ce transporteur. Recopiez celui de votre reçu."),
    "waybill_check": _("Un chiffre du numéro de suivi est faux. Recopiez celui de votre reçu."),
    "waybill_used": _("Ce numéro de suivi est déjà celui d’un autre envoi."),
    "visa_asked_already": _("Votre demande de conserver l’ancien passeport est déjà chez l’agent."),
    "visa_ended": _("La date de fin du visa doit être dans le futur."),
    "no_visa_request": _("Aucune demande de conservation n’attend de réponse."),
    "unknown_object": _("STOP. Aucun dossier de votre poste n’attend cet objet. Mettez-le de côté."),
    "not_listed": _("Ce dossier n’est pas sur la liste des invalidations."),
    "reason_missing": _("Écrivez la raison : elle reste au dossier."),
    "hold_end": _("La fin de la suspension doit être dans le futur, dans 90 jours au plus."),
    "duty_missing": _("Une des deux obligations manque encore."),
    "kind": _("Choisissez « perdu » ou « volé »."),
    "not_reported": _("Ce passeport n’est pas signalé."),
    "no_withdrawal": _("Personne n’a encore demandé le retrait de ce signalement."),
    "same_person": _("Une autre personne doit confirmer ce retrait."),
}


def say(error: Exception) -> str:
    """Why step 8 refuses."""
    return sentence(error, REFUSALS)
