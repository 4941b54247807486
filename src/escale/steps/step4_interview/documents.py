"""The récépissé: what the applicant keeps of the interview, with both numbers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _, override

from escale.case.values import SecurityNumber
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ui import pdf
from escale.ui.sites import address
from escale.ui.templatetags.ui import colon, day_in_zone

TEMPLATE = Path(__file__).parent / "typst" / "receipt.typ"


def receipt(case: Case, number: SecurityNumber | None, *, approved_at: datetime) -> bytes:
    """The récépissé in the case's language. Without ``number`` (erased after confirmation) it says so."""
    with override(case.language):
        return pdf.render(TEMPLATE, _data(case, number, approved_at))


def _use() -> str:
    """What the security number is for."""
    return _(
        "Ce numéro vous sera demandé, avec celui de votre nouveau passeport, pour confirmer la réception "
        "sur le site de l’ANTS, %(address)s. Ne le donnez à personne : ni agent, ni transporteur ne vous le "
        "demandera."
    ) % {"address": address("reception", "reception_home")}


def _data(case: Case, number: SecurityNumber | None, approved_at: datetime) -> dict[str, Any]:
    summary = ledger.summary(case)
    name = f"{summary['given_names']} {summary['family_name']}"
    if summary.get("usage_name"):
        name = _("%(name)s, nom d’usage %(usage)s") % {"name": name, "usage": summary["usage_name"]}
    phone = case.post.phone.replace(" ", "\u00a0")  # a number is not cut at the end of a line
    return {
        "language": case.language,
        "title": _("Récépissé de demande de passeport"),
        "post": case.post.name,
        "sentence": _("La demande de renouvellement de passeport à distance de la personne ci-dessous est validée."),
        "colon": colon(),
        "person_label": _("Au nom de"),
        "person": name,
        "day_label": _("Validée le"),
        "day": day_in_zone(approved_at, case.post.tz),
        "request_label": _("Numéro de demande"),
        "request": case.reference,
        "number_label": _("Numéro de sécurité"),
        "number": number.grouped if number else "",
        "use": _use() if number else _("Effacé : la réception du passeport est confirmée, et il ne sert plus à rien."),
        "next_label": _("Et ensuite"),
        "next": [
            _("Votre passeport est fabriqué, puis envoyé au poste consulaire."),
            _("Le poste vous l’envoie sous pli sécurisé : vous le réceptionnez en personne."),
            _("Vous confirmez la réception sur le site de l’ANTS."),
            _("Vous renvoyez votre ancien passeport au poste, dans les quarante jours."),
        ],
        "limits": _("Ce récépissé ne permet pas de voyager."),
        "contact": f"{case.post.name} · {case.post.email} · {phone}".removesuffix(" · "),
    }
