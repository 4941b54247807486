"""The cover sheet that travels in the envelope."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _, override

from escale.ledger.models import Case
from escale.ui import pdf

TEMPLATE = Path(__file__).parent / "typst" / "cover_sheet.typ"


def cover_sheet(case: Case, *, contents: tuple[str, ...], sender: str) -> bytes:
    """The cover sheet of a case: reference as a barcode, contents to tick, the post's address, a ruler for the photo.

    ``contents`` among photo, label; ``sender`` is the applicant's name and address. In the case's language.
    """
    with override(case.language):
        return pdf.render(TEMPLATE, _data(case, contents, sender))


def _data(case: Case, contents: tuple[str, ...], sender: str) -> dict[str, Any]:
    named = {
        "photo": _("Ma photo d’identité aux normes françaises (35 × 45 mm), sur papier, non découpée dans le visage"),
        "label": _("L’étiquette d’envoi prépayée, imprimée, non pliée, à mon nom et à mon adresse du Registre"),
    }
    return {
        "language": case.language,
        "title": _("Bordereau d’envoi"),
        "intro": _(
            "À imprimer et à glisser sur le dessus, dans l’enveloppe. L’agent le lit en ouvrant votre courrier."
        ),
        "reference_label": _("Numéro de demande"),
        "reference": case.reference,
        "barcode": pdf.code_128(case.reference),
        "barcode_alt": _("Code-barres du numéro de demande %(reference)s") % {"reference": case.reference},
        "to_label": _("Destinataire"),
        "to": list(case.post.address),
        "from_label": _("Expéditeur"),
        "sender": sender,
        "contents_label": _("Dans l’enveloppe"),
        "contents": [named[item] for item in contents],
        "never": _("Ne mettez pas votre passeport actuel dans cette enveloppe : vous en avez besoin pour l’entretien."),
        "ruler_label": _("Règle pour la photo"),
        "ruler_alt": _("Règle de 50 millimètres et cadre de 35 sur 45 millimètres"),
        "ruler_help": _(
            "Imprimez à 100 %, sans « ajuster à la page ». La règle mesure alors exactement 50 mm "
            "et votre photo couvre exactement le cadre."
        ),
    }
