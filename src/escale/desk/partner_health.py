"""How each partner does: what waits for it, whether something answers where it is looked for, and what to tell people.

What waits is the outbox's, so it is true for every process. Whether a partner answers is asked on demand, from this
server: a connection is opened and closed, nothing is requested. An adapter's breaker is each process's own and closes
by itself within seconds: the outbox shows its effect, calls tried again.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from escale.ledger import outbox
from escale.partners import reach

NAMES: dict[str, object] = {
    "franceconnect": "FranceConnect+",
    "proconnect": "ProConnect",
    "register": _("Registre des Français établis hors de France"),
    "tax_stamp": _("Timbre fiscal"),
    "payment": _("Paiement en ligne"),
    "courier": _("Transporteurs"),
    "webconference": _("Webconférence de l’État"),
    "issuance": _("Fabrication des titres (ANTS)"),
    "border_alert": _("Relais Interpol"),
    "mailer": _("Courriel"),
}
# What an agent may say to applicants while the partner is silent.
PROMISES: dict[str, object] = {
    "franceconnect": _(
        "Personne ne peut se connecter pour l’instant. Les dossiers sont gardés et les délais affichés courent."
    ),
    "proconnect": _("Les agents déjà identifiés continuent ; les autres attendent son retour."),
    "register": _("Les demandes nouvelles attendent son retour. Les dossiers ouverts continuent."),
    "tax_stamp": _("Un timbre payé n’est pas perdu : il sera réservé ou rendu dès le retour du service."),
    "payment": _("Ne pas payer deux fois : un paiement fait sera retrouvé dès le retour du service."),
    "courier": _("Le suivi peut avoir du retard. Un pli remis dans les temps n’est pas reproché à l’usager."),
    "webconference": _("Un entretien empêché est déplacé sans compter comme une absence."),
    "issuance": _("La commande est gardée et part dès son retour. N’annoncez pas de date de fabrication."),
    "border_alert": _("Les signalements partent dès son retour, une seule fois."),
    "mailer": _("Les courriels partent dès son retour. L’espace de l’usager dit déjà tout : qu’il le consulte."),
}


@dataclass(frozen=True, slots=True)
class Health:
    """One partner. ``state``: ``waits`` (tried again at least once), ``refused``, or ``calm``; ``answers`` is None
    until asked, or when its settings name no address."""

    code: str
    name: object
    promise: object
    state: str
    waiting: int
    dead: int
    done: int
    oldest: datetime | None
    latest: datetime | None
    error: str
    answers: bool | None = None


def of_partners(now: datetime, reached: dict[str, bool | None] | None = None) -> list[Health]:
    """Every partner in the order of the settings. ``reached``: what ``reached_now`` found, if it was asked."""
    standings = outbox.by_kind(now)
    return [_health(code, standings, (reached or {}).get(code)) for code in settings.ADAPTERS]


def _health(code: str, standings: dict[str, outbox.Standing], answers: bool | None) -> Health:
    own = [standings[kind.value] for kind, partner in reach.PARTNER_OF.items() if partner == code and kind in standings]
    retried, dead = sum(line.retried for line in own), sum(line.dead for line in own)
    error = next((line.error for line in own if line.error and (line.waiting or line.dead)), "")
    return Health(
        code,
        NAMES[code],
        PROMISES[code],
        "waits" if retried else "refused" if dead else "calm",
        sum(line.waiting for line in own),
        dead,
        sum(line.done for line in own),
        min((line.oldest for line in own if line.oldest), default=None),
        max((line.latest for line in own if line.latest), default=None),
        error,
        answers,
    )


def reached_now() -> dict[str, bool | None]:
    """Whether every address of each partner accepts a connection, all asked at once; three seconds at most each."""
    known: dict[str, list[reach.Place]] = {}
    for code in settings.ADAPTERS:
        try:
            known[code] = reach.places(settings.PARTNER_OPTIONS(code))
        except ValueError:
            known[code] = []
    every = [place for places in known.values() for place in places]
    with ThreadPoolExecutor(max_workers=max(1, len(every))) as pool:
        answers = dict(zip(every, pool.map(reach.Place.answers, every), strict=True))
    return {code: all(answers[place] for place in places) if places else None for code, places in known.items()}
