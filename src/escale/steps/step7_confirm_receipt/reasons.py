"""Words of step 7: why an entry is not accepted. Which of the two numbers is wrong is never said."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from escale.ui.refusals import sentence

TYPING: dict[str, object] = {
    "passport_number": _(
        "Ce n’est pas un numéro de passeport français : deux chiffres, deux lettres, cinq chiffres. "
        "Il est imprimé en haut à droite de la page d’identité. Cet essai ne compte pas."
    ),
    "length": _("Le numéro de sécurité a douze caractères, en trois groupes de quatre. Cet essai ne compte pas."),
    "alphabet": _(
        "Un caractère n’existe pas dans un numéro de sécurité. Relisez votre récépissé. Cet essai ne compte pas."
    ),
    "check": _(
        "Il y a une faute de frappe dans le numéro de sécurité. Relisez votre récépissé. Cet essai ne compte pas."
    ),
}
REFUSALS: dict[str, object] = {
    "locked_out": _(
        "La saisie est bloquée pendant 24 heures après cinq essais. Votre poste consulaire peut la rouvrir."
    ),
    "confirmed_already": _("La réception de ce passeport est déjà confirmée. Vous n’avez rien à refaire."),
    "invalidated": _("Ce passeport est invalidé : sa réception ne peut plus être confirmée. Contactez votre poste."),
    "sent_again": _(
        "Ce formulaire a déjà été envoyé, ou un autre essai a été fait depuis. Rien n’a été compté cette fois : "
        "relisez les deux numéros, puis confirmez."
    ),
    "not_dispatched": _("Ce passeport ne vous a pas encore été envoyé."),
    "not_locked": _("La saisie n’est pas bloquée."),
    "too_many_tries": _("Trop d’essais en peu de temps. Réessayez dans une heure."),
}


def say(error: Exception) -> str:
    """Why step 7 refuses."""
    return sentence(error, REFUSALS)
