"""How each partner does: what waits for it, whether something answers where it is looked for, and what to tell people.

What is asked again and again, such as where a parcel is, is late when its turn passed and no answer came. What waits is
the outbox's, so it is true for every process. Whether a partner answers is asked on demand, from this
server: a connection is opened and closed, nothing is requested. An adapter's breaker is each process's own and closes
by itself within seconds: the outbox shows its effect, calls tried again.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from escale.ledger import feeds, outbox
from escale.ledger.feeds import Feed
from escale.partners import reach
from escale.people.models import Role
from escale.steps.step2_application import queries_feeds as step2
from escale.steps.step3_posted_items import queries_feeds as step3
from escale.steps.step5_dispatch import queries_feeds as step5
from escale.steps.step6_delivery import queries_feeds as step6
from escale.steps.step8_old_passport import queries_feeds as step8

SEEN_BY = (Role.SUPERVISOR, Role.AUDITOR, Role.SUPPORT, Role.ADMINISTRATOR)
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


# What has had no answer, and what it means for the files. The last three are our own.
FEEDS: dict[str, tuple[object, object]] = {
    "payments": (
        _("Paiements en cours"),
        _("Un paiement fait n’est pas encore reconnu ici : la demande attend. Que la personne ne paie pas deux fois."),
    ),
    "stamps": (
        _("Timbres à rendre"),
        _("Des timbres à rendre ne sont pas encore libérés : la personne ne peut pas encore les utiliser ailleurs."),
    ),
    "labels": (
        _("Étiquettes surveillées"),
        _("Une étiquette annulée par le transporteur ne se voit pas encore : vérifiez-la avant d’expédier."),
    ),
    "orders": (
        _("Commandes en fabrication"),
        _("Un passeport fabriqué ou une commande rejetée n’apparaît pas encore : ces dossiers semblent immobiles."),
    ),
    "changes": (
        _("Journal du fabricant"),
        _("Ce que le fabricant annonce n’est plus lu : ses nouvelles arrivent plus tard, commande par commande."),
    ),
    "parcels": (
        _("Suivi des plis"),
        _(
            "Une remise, un incident ou un retour ne se voit pas encore, et les quarante jours courent : demandez au "
            "transporteur avant de reprocher un retard à quelqu’un."
        ),
    ),
    "validity": (
        _("Invalidations à confirmer"),
        _("Le titre n’est pas encore connu comme invalide : le signalement à Interpol attend cette confirmation."),
    ),
    "relay": (
        _("Comparaison quotidienne avec le relais"),
        _("Un signalement perdu ou resté par erreur ne serait pas vu : relancez-la depuis la page des signalements."),
    ),
    "effects": (
        _("Envois que rien n’a tentés"),
        _("Courriels, commandes et signalements restent ici : les personnes ne sont pas prévenues."),
    ),
    "tried_again": (
        _("Envois refaits sans succès"),
        _("Un partenaire ne répond pas ou répond mal : rien n’est perdu, tout part dès son retour."),
    ),
    "deadlines": (
        _("Dates passées sans suite"),
        _("Rappels, fins de délai et quarante jours ne sont pas traités : rien n’est perdu, tout est en retard."),
    ),
}
QUESTIONS = (step2.questions, step3.questions, step5.questions, step6.questions, step8.questions)


@dataclass(frozen=True, slots=True)
class Late:
    """Questions that have had no answer: ``name`` says which, ``means`` what it changes for the files."""

    name: object
    means: object
    late: int
    since: datetime


def _late(found: Iterable[Feed]) -> list[Late]:
    return [Late(*FEEDS[feed.code], feed.late, feed.since) for feed in found if feed.late and feed.since]


def of_the_worker(now: datetime) -> list[Late]:
    """What our own background work has left undone; nothing when it runs."""
    return _late(feeds.overdue(feeds.of_the_worker(now), now))


def today(now: datetime) -> list[Late]:
    """What is late anywhere and changes the work of the day, in one query; nothing when all is well."""
    asked = [question for questions in QUESTIONS for question in questions()]
    return _late(feeds.overdue([*asked, *feeds.of_the_worker(now), feeds.tried_again()], now))


@dataclass(frozen=True, slots=True)
class Health:
    """One partner. ``state``: ``waits`` (tried again at least once), ``late`` (asked and not answered), ``refused``, or
    ``calm``; ``answers`` is None until asked, or when its settings name no address."""

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
    late: list[Late]
    answers: bool | None = None


def of_partners(
    now: datetime, standings: dict[str, outbox.Standing], reached: dict[str, bool | None] | None = None
) -> list[Health]:
    """Every partner in the order of the settings. ``standings``: what the outbox says; ``reached``: what
    ``reached_now`` found, if it was asked."""
    asked = feeds.overdue((question for questions in QUESTIONS for question in questions()), now)
    asked += [step5.changes(now), step8.comparison(now)]
    return [
        _health(code, standings, _late(feed for feed in asked if feed.partner == code), (reached or {}).get(code))
        for code in settings.ADAPTERS
    ]


def _health(code: str, standings: dict[str, outbox.Standing], late: list[Late], answers: bool | None) -> Health:
    own = [standings[kind.value] for kind, partner in reach.PARTNER_OF.items() if partner == code and kind in standings]
    retried, dead = sum(line.retried for line in own), sum(line.dead for line in own)
    error = next((line.error for line in own if line.error and (line.waiting or line.dead)), "")
    return Health(
        code,
        NAMES[code],
        PROMISES[code],
        "waits" if retried else "late" if late else "refused" if dead else "calm",
        sum(line.waiting for line in own),
        dead,
        sum(line.done for line in own),
        min((line.oldest for line in own if line.oldest), default=None),
        max((line.latest for line in own if line.latest), default=None),
        error,
        late,
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
