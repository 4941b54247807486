"""Who may renew without travelling: the conditions as data, each with its article and the way out.

Pure: facts in, answer out. A fact that is not known yet is ``None``, and a rule that needs it keeps silent, so that the
same rules serve the self-check (one answer at a time) and the request.
Source of the list: décret n° 2025-1138 du 28 novembre 2025, art. 1, and the public sheet that applies it.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from escale.case import policy


def N_(text: str) -> str:
    """Marks a message: pages translate it when they show it."""
    return text


DECREE = "décret n° 2025-1138 du 28 novembre 2025, art. 1"
SHEET = "service-public.fr, fiche R66936"

IN_PERSON = N_(
    "Vous pouvez demander votre passeport en vous présentant en personne, sur rendez-vous, au poste consulaire de "
    "votre choix ou dans une mairie équipée en France."
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the person and of the passport. ``birthdate`` is ``YYYY-MM-DD``, unknown parts as ``00``;
    ``on`` is the day of the request."""

    on: date
    french: bool | None = None
    birthdate: str | None = None
    residence_country: str | None = None
    resident_since: date | None = None
    registered_until: date | None = None
    register_agrees: bool | None = None
    passport_issued_on: date | None = None
    passport_expires_on: date | None = None
    acr: str | None = None
    lost_or_stolen: bool | None = None
    civil_status_changed: bool | None = None
    second_passport: bool | None = None
    obtained_remotely: bool | None = None
    error_by_administration: bool | None = None
    fingerprints_given: bool | None = None
    open_case: bool | None = None
    post_competent: bool | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition. ``holds`` answers True, False, or None while facts are missing.

    ``title`` states the condition; ``refusal`` says why the answer is no; ``way_out`` what the person can do.
    """

    id: str
    source: str
    holds: Callable[[Facts], bool | None]
    title: str
    refusal: str
    way_out: str = IN_PERSON


def add_years(day: date, years: int) -> date:
    """The same day of the month so many years later; 29 February falls on 28 when the year has none."""
    year = day.year + years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def latest_birth(birthdate: str) -> date:
    """A presumed date of birth is read as the last day it can be: the age counted from it is then certain."""
    year, month, day = (int(part) for part in birthdate.split("-"))
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def coming_of_age(facts: Facts) -> date | None:
    """The eighteenth birthday."""
    if facts.birthdate is None:
        return None
    return add_years(latest_birth(facts.birthdate), policy.number("adult_age", facts.on))


def is_adult(facts: Facts) -> bool | None:
    birthday = coming_of_age(facts)
    if facts.french is False:
        return False
    return None if birthday is None else facts.on >= birthday


def lives_in_an_open_country(facts: Facts) -> bool | None:
    country = facts.residence_country
    return None if country is None else country in policy.words("residence_countries", facts.on)


def resident_long_enough(facts: Facts) -> bool | None:
    if facts.resident_since is None:
        return None
    return add_months(facts.resident_since, policy.number("residence_months", facts.on)) <= facts.on


def registration_valid(facts: Facts) -> bool | None:
    return None if facts.registered_until is None else facts.registered_until >= facts.on


def issued_as_adult(facts: Facts) -> bool | None:
    birthday = coming_of_age(facts)
    if birthday is None or facts.passport_issued_on is None:
        return None
    return facts.passport_issued_on >= birthday


def recent_enough(facts: Facts) -> bool | None:
    if facts.passport_expires_on is None:
        return None
    return add_years(facts.passport_expires_on, policy.number("expired_for_at_most", facts.on)) >= facts.on


def within_the_experiment(facts: Facts) -> bool:
    first = date.fromisoformat(policy.text("experiment_from", facts.on))
    last = date.fromisoformat(policy.text("experiment_until", facts.on))
    return first <= facts.on <= last


def signed_in_strongly(facts: Facts) -> bool | None:
    if facts.acr is None:
        return None
    levels = ("eidas1", "eidas2", "eidas3")
    required = levels.index(policy.text("acr_required", facts.on))
    return facts.acr in levels and levels.index(facts.acr) >= required


def not_itself_remote(facts: Facts) -> bool | None:
    if facts.obtained_remotely is None:
        return None
    return not facts.obtained_remotely or bool(facts.error_by_administration)


def _no(value: bool | None) -> bool | None:
    return None if value is None else not value


RULES: tuple[Rule, ...] = (
    Rule(
        "E1",
        DECREE,
        is_adult,
        N_("Être français et avoir au moins 18 ans le jour de la demande."),
        N_("La demande à distance est réservée aux Français d’au moins 18 ans le jour de la demande."),
    ),
    Rule(
        "E2",
        DECREE,
        lives_in_an_open_country,
        N_("Résider habituellement en Australie, au Canada, en Espagne ou au Portugal."),
        N_("La demande à distance n’est ouverte qu’aux résidents d’Australie, du Canada, d’Espagne et du Portugal."),
    ),
    Rule(
        "E3",
        SHEET,
        resident_long_enough,
        N_("Y résider depuis au moins 6 mois, à l’adresse inscrite au Registre."),
        N_("D’après le Registre, vous résidez dans ce pays depuis moins de 6 mois."),
        N_("Revenez dès que les 6 mois seront écoulés, ou présentez-vous en personne, sur rendez-vous, au consulat."),
    ),
    Rule(
        "E4",
        DECREE,
        registration_valid,
        N_("Être inscrit au Registre des Français établis hors de France, inscription valide ce jour."),
        N_("Votre inscription au Registre n’est plus valide."),
        N_("Renouvelez votre inscription au Registre sur service-public.fr, puis revenez faire votre demande."),
    ),
    Rule(
        "E5",
        SHEET,
        lambda facts: facts.register_agrees,
        N_("Connaître son numéro d’inscription consulaire (NUMIC) et l’adresse électronique donnée au Registre."),
        N_("Les informations saisies ne permettent pas de vous retrouver au Registre."),
        N_("Vérifiez-les sur votre carte consulaire ou auprès du poste, ou prenez rendez-vous au consulat."),
    ),
    Rule(
        "E6",
        DECREE,
        issued_as_adult,
        N_("Avoir un passeport délivré alors que vous aviez déjà 18 ans."),
        N_("Votre passeport actuel a été délivré avant vos 18 ans."),
    ),
    Rule(
        "E7",
        DECREE,
        recent_enough,
        N_("Avoir un passeport valide, ou expiré depuis 5 ans au plus."),
        N_("Votre passeport actuel est expiré depuis plus de 5 ans."),
    ),
    Rule(
        "E8",
        DECREE,
        within_the_experiment,
        N_("Faire la demande entre le 1er décembre 2025 et le 30 novembre 2027."),
        N_("La demande à distance est ouverte du 1er décembre 2025 au 30 novembre 2027."),
    ),
    Rule(
        "E9",
        SHEET,
        signed_in_strongly,
        N_("Se connecter avec FranceConnect+ (France Identité ou L’Identité Numérique La Poste)."),
        N_("Votre identité numérique n’a pas le niveau de garantie exigé (« substantiel »)."),
        N_("Reconnectez-vous avec France Identité ou L’Identité Numérique La Poste, ou présentez-vous au consulat."),
    ),
    Rule(
        "X1",
        DECREE,
        lambda facts: _no(facts.lost_or_stolen),
        N_("Avoir encore ce passeport : ni perdu, ni volé, ni détruit."),
        N_("Un passeport perdu, volé ou détruit ne peut pas être renouvelé à distance."),
        N_("Déclarez la perte ou le vol, puis demandez un passeport en personne, sur rendez-vous, au consulat."),
    ),
    Rule(
        "X2",
        DECREE + " ; code civil, art. 60, 61 et 61-3-1",
        lambda facts: _no(facts.civil_status_changed),
        N_("Ne pas avoir changé de nom de naissance, de prénom ou de sexe depuis ce passeport."),
        N_("Un changement de nom de naissance, de prénom ou de sexe doit être vérifié en personne."),
    ),
    Rule(
        "X3",
        DECREE,
        lambda facts: _no(facts.second_passport),
        N_("Ne pas demander un second passeport."),
        N_("Un second passeport ne peut pas être demandé à distance."),
    ),
    Rule(
        "X4",
        DECREE,
        not_itself_remote,
        N_("Ne pas avoir obtenu ce passeport lui-même à distance, sauf erreur de l’administration."),
        N_("Votre passeport actuel a déjà été obtenu à distance : le suivant se demande en personne."),
    ),
    Rule(
        "X5",
        DECREE,
        lambda facts: facts.fingerprints_given,
        N_("Avoir donné ses empreintes digitales lors de la demande précédente."),
        N_("Vos empreintes n’ont pas été prises lors de la demande précédente : il faut les donner en personne."),
    ),
    Rule(
        "X6",
        SHEET,
        lambda facts: _no(facts.open_case),
        N_("N’avoir qu’une demande en cours, pour son propre passeport."),
        N_("Vous avez déjà une demande en cours."),
        N_("Poursuivez la demande en cours, ou retirez-la avant d’en faire une autre."),
    ),
    Rule(
        "P1",
        "service-public.fr, fiche F21091",
        lambda facts: facts.post_competent,
        N_("Dépendre d’un poste consulaire compétent pour les passeports, ou d’un poste désigné à sa place."),
        N_("Aucun poste consulaire ouvert à la demande à distance ne couvre l’adresse inscrite au Registre."),
    ),
)

BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}


def refused(facts: Facts) -> tuple[Rule, ...]:
    """The rules that say no, in the order of the law. Empty: nothing known stands in the way."""
    return tuple(rule for rule in RULES if rule.holds(facts) is False)


def unanswered(facts: Facts) -> tuple[Rule, ...]:
    """The rules that cannot answer yet."""
    return tuple(rule for rule in RULES if rule.holds(facts) is None)


def must_hold_before_opening(facts: Facts) -> tuple[Rule, ...]:
    """What the register and the sign-in already decide, before the passport is spoken of."""
    known = {"E1", "E2", "E3", "E4", "E8", "E9", "P1"}
    return tuple(rule for rule in refused(facts) if rule.id in known)
