"""A no said in the user's words: what a law, a rule or another hand refused becomes one sentence on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from escale.case.decision import RuleRefused
from escale.case.moves import MoveRefused
from escale.ledger.record import StaleCase
from escale.ports.errors import PartnerError, PartnerRefused

REFUSED = (MoveRefused, RuleRefused, StaleCase, PartnerError)


def sentence(error: Exception, texts: Mapping[str, Any]) -> str:
    """What to tell the user. ``texts``: code of a RuleRefused, or name of an event, → text, filled with the facts."""
    if isinstance(error, StaleCase):
        return _("Quelqu’un d’autre vient de modifier ce dossier. Relisez la page à jour, puis recommencez si besoin.")
    if isinstance(error, RuleRefused):
        return str(texts[error.code]).format(**error.facts) if error.code in texts else _("Cette action est refusée.")
    if isinstance(error, MoveRefused):
        if error.code == "closed":
            return _("Ce dossier est clos : il n’attend plus rien.")
        return str(texts.get(error.event.name) or _("Cette action n’est pas possible à ce stade du dossier."))
    if isinstance(error, PartnerRefused):
        return _("Le service partenaire refuse cette demande. Essayez une autre voie, ou écrivez à votre poste.")
    return _("Un service partenaire ne répond pas. Rien n’est perdu : réessayez dans quelques minutes.")


def version_of(request: HttpRequest) -> int | None:
    """The version of the case the form was shown with; None when it carries none."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() else None
