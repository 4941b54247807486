"""Words of step 3: the objects, the checks, the findings, the reasons for asking again. French is the reference."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _, override

from escale.ui.said import Said

OBJECTS = {
    "photo": _("Photo d’identité"),
    "label": _("Étiquette d’envoi prépayée"),
    "new_passport": _("Nouveau passeport"),
    "old_passport": _("Ancien passeport"),
}
HOLDERS = {
    "": _("n’existe pas encore"),
    "applicant": _("chez vous"),
    "courier": _("chez le transporteur"),
    "post": _("au poste consulaire"),
    "producer": _("chez le fabricant"),
    "destroyed": _("détruit"),
}
HOLDERS_AT_DESK = {**HOLDERS, "applicant": _("chez l’usager")}
CHECKS = {
    "photo_present": _("La photo est dans l’enveloppe, sur papier, en un exemplaire au moins."),
    "photo_same": _("C’est la même personne, et la même photo que celle de la demande."),
    "photo_norms": _("Elle mesure 35 × 45 mm, n’est ni pliée, ni découpée dans le visage, ni tachée."),
    "prepaid": _("L’étiquette est prépayée : rien n’est à la charge du poste."),
    "recipient": _("Le destinataire est le demandeur."),
    "address": _("L’adresse est celle du Registre."),
    "country": _("Le pays est celui de la circonscription."),
    "one_passport": _("Un seul numéro de suivi : un passeport par enveloppe."),
    "no_forbidden_option": _("Aucune option interdite (« signature d’un adulte »)."),
    "validity": _("L’étiquette sera encore valable à la date probable d’expédition."),
}
WHY = {
    "generated_here": _("fabriquée ici : exact par construction"),
    "label_not_scanned": _("étiquette non scannée : comparez le numéro imprimé à celui du dossier"),
    "one_waybill": _("un seul numéro lu, clé de contrôle juste"),
    "several_waybills": _("plusieurs numéros lus : un seul passeport par enveloppe"),
    "waybill_unreadable": _("aucun numéro de suivi valable lu"),
    "adult_signature": _("l’option « signature d’un adulte » est imprimée"),
    "adult_signature_maybe": _("« SD » est imprimé seul : peut-être l’option interdite"),
    "no_adult_signature": _("aucune mention de l’option sur l’étiquette"),
    "label_without_text": _("étiquette sans texte : à lire à l’œil"),
    "receiver_not_found": _("destinataire non repéré : à lire à l’œil"),
    "same_name": _("nom lu identique"),
    "near_name": _("nom lu proche, à comparer"),
    "other_name": _("autre nom lu"),
    "same_address": _("adresse lue identique"),
    "near_address": _("adresse lue proche, à comparer"),
    "other_postcode": _("autre code postal lu"),
    "same_country": _("pays lu identique"),
    "other_country": _("autre pays lu"),
    "country_not_found": _("pays non repéré : à lire à l’œil"),
    "label_young": _("fabriquée récemment, valable à la date probable d’expédition"),
    "label_old": _("étiquette ancienne : elle risque d’être périmée à l’expédition"),
    "not_computed": _("à vérifier à l’œil"),
    "print_compliant": _("mesurée sur le bordereau : conforme ; le reste à l’œil"),
    "print_to_check": _("mesurée sur le bordereau : une mesure est à vérifier"),
    "print_not_compliant": _("mesurée sur le bordereau : hors des limites"),
}
REASONS = {
    "photo_missing": _("La photo n’était pas dans l’enveloppe."),
    "photo_not_conform": _("La photo ne respecte pas les normes françaises."),
    "photo_damaged": _("La photo est arrivée abîmée."),
    "photo_not_same": _("La photo n’est pas celle que vous avez déposée en ligne."),
    "refused_by_producer": _("Le centre de fabrication n’a pas pu utiliser la photo."),
    "label_missing": _("L’étiquette prépayée n’était pas dans l’enveloppe."),
    "adult_signature": _(
        "L’étiquette porte l’option « signature d’un adulte », interdite : le transporteur annulerait l’envoi."
    ),
    "wrong_recipient": _("L’étiquette n’est pas à votre nom."),
    "wrong_address": _("L’adresse de l’étiquette n’est pas celle du Registre."),
    "wrong_country": _("L’étiquette est adressée dans un autre pays."),
    "not_prepaid": _("L’étiquette n’est pas prépayée."),
    "label_expired": _("L’étiquette ne sera plus valable quand votre passeport partira."),
    "several_passports": _("L’étiquette sert à plusieurs passeports : il en faut une par demande."),
    "label_unreadable": _("L’étiquette est illisible."),
    "courier_cancelled": _("Le transporteur a annulé votre étiquette."),
}


def words(reason: str, language: str) -> str:
    """A reason in the applicant's language; a code without words reads as nothing."""
    with override(language):
        return str(REASONS[reason]) if reason in REASONS else ""


def object_name(item: str, language: str) -> str:
    with override(language):
        return str(OBJECTS.get(item, item))


def own_words(given: Mapping[str, str], language: str) -> str:
    """The agent's own words in this language, else in the other, else nothing."""
    return Said(given.get("fr", ""), given.get("en", "")).read(language)
