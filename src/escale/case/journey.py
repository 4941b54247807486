"""The eight steps of the official poster, in order, each with its French caption and its track."""

from __future__ import annotations

from dataclasses import dataclass

from escale.case.tracks import Track


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the poster. ``slug`` names its folder; ``caption`` is the poster's own wording."""

    number: int
    slug: str
    track: Track
    caption: str
    caption_en: str


STEPS: tuple[Step, ...] = (
    Step(1, "step1_sign_in", Track.IDENTITY, "Connexion sécurisée à la démarche", "Secure sign-in"),
    Step(2, "step2_application", Track.APPLICATION, "Demande de renouvellement", "Renewal request"),
    Step(
        3,
        "step3_posted_items",
        Track.POSTED_ITEMS,
        "Envoi postal des pièces complémentaires",
        "Posting of the photo and the label",
    ),
    Step(
        4,
        "step4_interview",
        Track.INTERVIEW,
        "Entretien par visio avec un agent consulaire",
        "Video interview with a consular agent",
    ),
    Step(
        5,
        "step5_dispatch",
        Track.DISPATCH,
        "Notification d’envoi du passeport et de numéro de sécurité",
        "Production and dispatch of the passport",
    ),
    Step(6, "step6_delivery", Track.DELIVERY, "Réception du passeport", "Delivery of the passport"),
    Step(
        7,
        "step7_confirm_receipt",
        Track.RECEIPT,
        "Confirmation de la réception du passeport",
        "Confirmation of receipt",
    ),
    Step(
        8,
        "step8_old_passport",
        Track.OLD_PASSPORT,
        "Envoi postal sécurisé du passeport expiré",
        "Return of the old passport",
    ),
)
