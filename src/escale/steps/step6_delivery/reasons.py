"""Words of step 6: what a scan means, how the parcel stands, why something is refused. French is the reference."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from escale.case import events as e
from escale.ports.courier import ScanKind
from escale.ui.refusals import sentence
from escale.ui.timeline import StepState

SCANS: dict[ScanKind, object] = {
    ScanKind.ANNOUNCED: _("Étiquette enregistrée"),
    ScanKind.ACCEPTED: _("Pris en charge par le transporteur"),
    ScanKind.IN_TRANSIT: _("En chemin"),
    ScanKind.OUT_FOR_DELIVERY: _("En cours de livraison"),
    ScanKind.DELIVERED: _("Remis au destinataire"),
    ScanKind.EXCEPTION: _("Incident de livraison"),
    ScanKind.RETURNED: _("Retourné à l’expéditeur"),
    ScanKind.CANCELLED: _("Étiquette annulée par le transporteur"),
    ScanKind.OTHER: _("Autre information du transporteur"),
}
REFUSALS: dict[str, object] = {
    "receipt_confirmed": _(
        "Vous avez confirmé la réception de ce passeport : il ne peut plus être signalé comme non reçu ici. "
        "S’il a été perdu ou volé, écrivez à votre poste consulaire."
    ),
    "not_delivered": _("Le transporteur n’a pas encore déclaré la remise de ce pli."),
    "no_inquiry": _("Aucune enquête n’est ouverte sur ce pli."),
    "at_the_post": _("Ce passeport est au poste : il n’est pas perdu."),
    "inquiry_first": _("Ouvrez d’abord une enquête auprès du transporteur."),
    "no_parcel": _("Aucun pli de ce sens n’est connu pour ce dossier."),
    "scan_in_the_future": _("Cette heure n’est pas encore passée."),
    "scan_too_old": _("Cette date est trop ancienne pour ce pli."),
    "not_travelling": _("Ce pli n’est plus en chemin."),
    "waybill_used": _("Ce numéro de suivi est déjà celui d’un autre envoi."),
}
# state of the track → (how it stands, sentence, detail, event that led there)
STORY: dict[str, tuple[StepState, object, object, type[e.Event]]] = {
    "in_transit": (
        "waiting",
        _("Votre passeport est en route vers vous."),
        _(
            "Le transporteur vous le remettra en personne : préparez une pièce d’identité. Il vous restera alors à "
            "confirmer sa réception et à renvoyer l’ancien."
        ),
        e.HandedToCourier,
    ),
    "out_for_delivery": (
        "waiting",
        _("Votre passeport est en cours de livraison."),
        _("Restez sur place si vous le pouvez : il n’est remis qu’à vous, contre pièce d’identité."),
        e.OutForDelivery,
    ),
    "exception": (
        "now",
        _("Contactez le transporteur : il n’a pas encore pu vous remettre votre passeport."),
        _("Le plus souvent il repasse ou garde le pli. Donnez-lui votre numéro de suivi."),
        e.DeliveryException,
    ),
    "delivered": (
        "done",
        _("Votre passeport vous a été remis."),
        _("Ce n’est pas vous qui l’avez reçu ? Dites-le-nous sans attendre depuis la page de suivi."),
        e.Delivered,
    ),
    "returned": (
        "waiting",
        _("Le transporteur ramène votre passeport au poste consulaire."),
        _("Il pourra vous être envoyé une seconde fois, avec une nouvelle étiquette."),
        e.ReturnedToSender,
    ),
    "inquiry": (
        "waiting",
        _("Une enquête est ouverte auprès du transporteur. Vous n’avez rien à faire."),
        _("Votre poste consulaire vous écrit dès qu’il a une réponse."),
        e.InquiryOpened,
    ),
    "lost": (
        "stopped",
        _("Votre passeport a été perdu pendant l’acheminement. Il est invalidé."),
        _("Pour en obtenir un autre, prenez rendez-vous à votre poste consulaire."),
        e.DeclaredLost,
    ),
}


def scan(kind: ScanKind) -> str:
    """What a scan means, in the reader's language."""
    return str(SCANS[kind])


def say(error: Exception) -> str:
    """Why step 6 refuses."""
    return sentence(error, REFUSALS)
