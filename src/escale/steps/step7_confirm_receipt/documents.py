"""The confirmation of receipt, as a PDF."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _, override

from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.steps.step5_dispatch import queries as step5
from escale.ui import pdf
from escale.ui.templatetags.ui import colon, dated, in_zone

TEMPLATE = Path(__file__).parent / "typst" / "receipt.typ"


def receipt(case: Case, *, made: step5.NewTitle, at: datetime, language: str) -> bytes:
    """The confirmation of one passport. Its number is masked: the sheet proves a date, it opens nothing."""
    summary = ledger.summary(case)
    with override(language):
        return pdf.render(
            TEMPLATE,
            {
                "language": language,
                "title": _("Confirmation de réception du passeport"),
                "issuer": f"{_('Agence nationale des titres sécurisés')} — {case.post.name}",
                "colon": colon(),
                "reference": case.reference,
                "facts": [
                    [_("Numéro de demande"), case.reference],
                    [_("Titulaire"), f"{summary['given_names']} {summary['family_name']}"],
                    [_("Numéro du passeport"), made.number.masked],
                    [_("Valable jusqu’au"), dated(made.expires_on, "j F Y")],
                    [_("Réception confirmée le"), in_zone(at, case.post.tz)],
                ],
                "text": _(
                    "La réception de ce passeport a été confirmée avec le numéro du titre et le numéro de sécurité."
                ),
                "other": _(
                    "L’ancien passeport doit être envoyé au poste consulaire par voie postale sécurisée "
                    "dans les quarante jours qui suivent l’envoi du nouveau, "
                    "sauf visa en cours de validité reconnu par le poste."
                ),
            },
        )
