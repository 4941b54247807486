"""What is kept and how long, told from the policy values in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from escale.case.policy import OWN, in_force


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of data: how long, and the text that says so; no ``source`` when no public text does."""

    what: str
    how_long: str
    source: str


def kept(today: date) -> list[Kept]:
    """By kind, in the order of a request."""
    return [
        _kept("draft_lapse_days", today, _("Demande commencée, non envoyée"), _("close après %(days)s jours")),
        _kept(
            "retention_closed_days",
            today,
            _("Demande refusée, retirée, close ou poursuivie en personne : réponses, documents, photo, messages"),
            _("effacée %(days)s jours après la fin"),
        ),
        _kept(
            "retention_completed_days",
            today,
            _("Demande aboutie : réponses, documents, photo, messages"),
            _("effacée %(days)s jours après la fin ; le passeport lui-même reste connu du fichier TES"),
        ),
        _kept(
            "retention_still_days",
            today,
            _("Images fixes prises pendant l’entretien"),
            _("détruites %(days)s jours après l’entretien"),
        ),
        Kept(_("Image et son de l’entretien"), _("jamais enregistrés"), ""),
        Kept(_("Messages écrits pendant l’entretien"), _("détruits à la fermeture de la salle"), ""),
        Kept(
            _("Vos connexions : appareil annoncé, heures d’ouverture et de dernière utilisation, sans adresse IP"),
            _("effacées après leur fin : déconnexion, une demi-heure sans action, douze heures au plus"),
            "",
        ),
        Kept(_("Numéro de sécurité affiché sur le récépissé"), _("effacé à la confirmation de la réception"), ""),
    ]


def _kept(policy: str, today: date, what: str, how_long: str) -> Kept:
    line = in_force(policy, today)
    told = line.source.removeprefix(OWN).lstrip("; ")
    return Kept(what, how_long % {"days": line.value}, told.split(" keeps ")[0])
