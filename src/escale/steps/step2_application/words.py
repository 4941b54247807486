"""Sentences kept ready for agents, in both languages: what to take up again, why a request ends. French is the
reference."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from escale.steps.step2_application import rules

CORRECTIONS: dict[str, Promise] = {
    "unreadable": _("L’image est floue, coupée ou trop sombre : chargez-la de nouveau, entière et nette."),
    "pages_missing": _("Il manque une page ou un côté : chargez le document en entier."),
    "other_document": _("Ce n’est pas le document demandé : chargez celui qui est indiqué."),
    "proof_too_old": _("Ce justificatif date de plus d’un mois : chargez-en un plus récent."),
    "proof_other_name": _("Ce justificatif n’est pas au nom attendu : chargez-en un à ce nom."),
    "proof_other_address": _(
        "L’adresse n’est pas celle de votre inscription au Registre : chargez un justificatif de cette adresse, ou "
        "mettez d’abord le Registre à jour."
    ),
    "deed_too_old": _("Cet acte date de plus de trois mois : chargez-en une copie plus récente."),
    "photo_background": _("Le fond n’est pas uni, ou il est blanc : il doit être bleu clair ou gris clair."),
    "photo_light": _("La lumière n’est pas égale : une ombre ou un reflet gêne la lecture du visage."),
    "photo_face": _("Le visage n’est pas de face, dégagé, yeux ouverts et bouche fermée."),
    "photo_old": _("La photo ne montre pas votre visage d’aujourd’hui : elle doit dater de moins de six mois."),
    "differs": _("Cette réponse diffère de votre passeport ou du Registre : vérifiez-la."),
    "incomplete": _("Cette réponse est incomplète : reprenez-la."),
}
_EVERY_DOCUMENT = ("unreadable", "pages_missing", "other_document")
_PROOFS = frozenset({"address_proof", "host_address_proof"})
_DEEDS = frozenset({"birth_certificate", "marriage_certificate"})
_PHOTO = ("photo_background", "photo_light", "photo_face", "photo_old", "unreadable")
_ANSWER = ("differs", "incomplete")

ENDS: dict[str, Promise] = {
    "documents": _("Les pièces que vous avez envoyées montrent que cette condition n’est pas remplie."),
    "register": _("Le Registre des Français établis hors de France montre que cette condition n’est pas remplie."),
    "not_corrected": _("Les corrections demandées n’ont pas été apportées, ou ne suffisent pas."),
    "doubt": _("Vos réponses et vos pièces ne permettent pas de lever le doute."),
}


def corrections(item: str) -> dict[str, Promise]:
    """What is usually wrong with this answer or document."""
    codes: tuple[str, ...] = _ANSWER if item not in rules.DOCUMENT else _EVERY_DOCUMENT
    if item == "photo":
        codes = _PHOTO
    if item in _PROOFS:
        codes = ("proof_too_old", "proof_other_name", "proof_other_address", *codes)
    if item in _DEEDS:
        codes = ("deed_too_old", *codes)
    return {code: CORRECTIONS[code] for code in codes}
