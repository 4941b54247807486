"""The cover sheet that travels in the envelope."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _, override

from escale.inspection.ruler import ruler_svg
from escale.ledger.models import Case
from escale.ui import pdf
from escale.ui.templatetags.ui import colon

TEMPLATE = Path(__file__).parent / "typst" / "cover_sheet.typ"


def cover_sheet(case: Case, *, contents: tuple[str, ...], sender: str) -> bytes:
    """The cover sheet of a case: reference as a barcode, contents, the post's address; the print's ruler on page two.

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
        "colon": colon(),
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
        "ruler": ruler_svg(),
        "ruler_alt": _("Quatre repères carrés autour d’un rectangle gris, et un trait de 50 millimètres"),
        "ruler_help": _("Facultatif : vérifiez votre photo imprimée avant de la poster, avec votre téléphone."),
        "ruler_steps": [
            _("Imprimez cette page à 100 %, sans « ajuster à la page » : le trait sous le rectangle mesure 50 mm."),
            _("Posez la photo bien droite sur le rectangle gris, sans la coller."),
            _("Photographiez la page bien à plat, de dessus : les quatre repères entiers, sans ombre ni doigt."),
            _("Dans votre espace, ouvrez « Vérifier la photo imprimée » et envoyez l’image."),
        ],
        "ruler_line": _("ce trait mesure 50 mm"),
        "ruler_after": _("Cette page peut rester dans l’enveloppe : l’agent du poste s’en sert aussi."),
    }
