"""The states of the tracks, in the words of the desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from escale.case.tracks import Track

LABELS: dict[str, object] = {
    "signed_in": _("connecté"),
    "matched": _("reconnu"),
    "eligible": _("éligible"),
    "ineligible": _("non éligible"),
    "draft": _("brouillon"),
    "submitted": _("déposée"),
    "correction_requested": _("à corriger"),
    "accepted": _("acceptée"),
    "refused": _("refusée"),
    "directed_in_person": _("en personne"),
    "withdrawn": _("retirée"),
    "lapsed": _("caduque"),
    "not_asked": _("pas encore demandé"),
    "awaited": _("attendu"),
    "announced": _("annoncé"),
    "received": _("reçu"),
    "verified": _("contrôlé"),
    "replacement_requested": _("à remplacer"),
    "locked": _("pas encore ouvert"),
    "bookable": _("à réserver"),
    "booked": _("réservé"),
    "in_progress": _("en cours"),
    "held": _("tenu"),
    "second_opinion": _("second avis"),
    "approved": _("approuvé"),
    "waiting": _("en attente"),
    "ordered": _("commandé"),
    "in_production": _("en fabrication"),
    "production_rejected": _("rejeté à la fabrication"),
    "produced": _("produit"),
    "at_post": _("au poste"),
    "dispatched": _("expédié"),
    "destroyed": _("détruit"),
    "in_transit": _("en route"),
    "out_for_delivery": _("en livraison"),
    "exception": _("incident"),
    "delivered": _("remis"),
    "returned": _("revenu"),
    "inquiry": _("enquête"),
    "lost": _("perdu"),
    "locked_out": _("bloquée"),
    "confirmed": _("confirmée"),
    "void": _("sans objet"),
    "due": _("dû"),
    "handed_over": _("remis au transporteur"),
    "late": _("en retard"),
    "kept_for_visa": _("conservé pour visa"),
    "lost_in_post": _("perdu en route"),
    "none": _("pas encore produit"),
    "issued": _("délivré"),
    "active": _("valide"),
    "listed": _("sur la liste"),
    "invalidating": _("invalidation en cours"),
    "invalidated": _("invalidé"),
    "reported": _("signalé"),
}


OF_THE_TITLE: dict[str, object] = {"held": _("suspendu"), "withdrawn": _("signalement retiré")}


def label(state: str, track: str = "") -> str:
    """The state in words; the title's « held » is another word than the interview's."""
    own = OF_THE_TITLE if track == Track.TITLE else {}
    return str(own.get(state) or LABELS[state])
