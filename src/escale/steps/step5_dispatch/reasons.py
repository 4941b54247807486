"""Words of step 5: why something is refused, what issuance's codes mean. French is the reference."""

from __future__ import annotations

from django.utils.translation import gettext as translate, gettext_lazy as _

from escale.ui.refusals import sentence

REFUSALS: dict[str, object] = {
    "passport_number": _("Ce n’est pas un numéro de passeport : deux chiffres, deux lettres, cinq chiffres."),
    "mrz_shape": _("La zone de lecture se compose de deux lignes de 44 caractères. Scannez-la à nouveau."),
    "mrz_check": _("Une clé de contrôle de la zone de lecture est fausse. Scannez-la à nouveau."),
    "unknown_passport": _("STOP. Aucun dossier de votre poste n’attend ce passeport. Mettez-le de côté."),
    "zone_of_another_number": _("STOP. Le numéro et la zone de lecture ne sont pas ceux du même passeport."),
    "zone_differs": _("STOP. La zone de lecture diffère de celle que le fabricant a annoncée. Ne l’expédiez pas."),
    "here_already": _("Ce passeport est déjà enregistré au poste."),
    "not_produced": _("Le fabricant n’a pas encore annoncé ce passeport."),
    "delivered_already": _(
        "Ce passeport a été remis à son titulaire. S’il vous a été rapporté, ouvrez le dossier avant tout."
    ),
    "not_at_post": _("Ce passeport n’est pas enregistré comme arrivé au poste. Enregistrez d’abord son arrivée."),
    "sent_already": _("Ce passeport a déjà été expédié."),
    "case_closed": _("STOP. Ce dossier est clos : le passeport ne doit pas partir."),
    "no_label": _("Aucune étiquette n’est connue pour ce pli. Demandez-en une nouvelle depuis le dossier."),
    "label_used": _("STOP. Cette étiquette a déjà servi."),
    "label_of_another_case": _("STOP. Cette étiquette n’est pas celle de ce passeport. Rien n’a été expédié."),
    "waybill_shape": _("Ce n’est pas un numéro de suivi de ce transporteur. Scannez le code-barres du numéro d’envoi."),
    "waybill_check": _("Un chiffre du numéro de suivi est faux. Scannez l’étiquette à nouveau."),
    "not_come_back": _("Ce passeport n’est pas revenu au poste."),
    "kept_three_months": _("Un passeport revenu au poste y est gardé trois mois. Il ne peut pas encore être détruit."),
    "not_rejected": _("La commande n’est pas rejetée."),
    "photo_awaited": _("Une nouvelle photo est attendue : la commande repartira d’elle-même quand elle sera vérifiée."),
    "first_label_is_step_three": _("L’étiquette du premier envoi est celle que vous avez jointe à votre courrier."),
    "no_new_label_needed": _("Aucune nouvelle étiquette n’est nécessaire pour le moment."),
    "one_second_sending": _("Votre passeport a déjà été renvoyé une fois. Contactez votre poste consulaire."),
}
PRODUCER: dict[str, object] = {
    "photo_non_conforme": _("La photo n’est pas aux normes."),
    "titre_precedent_inconnu": _("Le fabricant ne connaît pas le passeport à remplacer."),
    "titre_precedent_perime": _("Le passeport à remplacer est périmé : son échéance ne peut pas être reprise."),
}


def say(error: Exception) -> str:
    """Why step 5 refuses."""
    return sentence(error, REFUSALS)


def rejection(code: str) -> str:
    """What a rejection by issuance means for the agent; its raw code is kept beside."""
    return str(PRODUCER.get(code.lower(), translate("Motif du fabricant")))
