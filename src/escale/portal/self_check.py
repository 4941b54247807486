"""The self-check before signing in: one question per page, nothing stored, the same rules as the request.

No answer says who the person is: ages and dates are asked as yes or no, so that they may travel in the address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from escale.steps.step1_sign_in import rules


def N_(text: str) -> str:
    """Marks a message: pages translate it when they show it."""
    return text


YES_NO = (("oui", N_("Oui")), ("non", N_("Non")))


@dataclass(frozen=True, slots=True)
class Question:
    """One page. ``accepted`` are the answers with which the rule holds."""

    slug: str
    rule: str
    text: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = YES_NO
    accepted: tuple[str, ...] = ("oui",)


QUESTIONS: tuple[Question, ...] = (
    Question("majeur", "E1", N_("Êtes-vous de nationalité française, et avez-vous 18 ans ou plus ?")),
    Question(
        "pays",
        "E2",
        N_("Dans quel pays vivez-vous ?"),
        N_("Le pays de l’adresse inscrite au Registre des Français établis hors de France."),
        (
            ("AU", N_("Australie")),
            ("CA", N_("Canada")),
            ("ES", N_("Espagne")),
            ("PT", N_("Portugal")),
            ("autre", N_("Un autre pays")),
        ),
        ("AU", "CA", "ES", "PT"),
    ),
    Question("residence", "E3", N_("Y vivez-vous depuis six mois ou plus ?")),
    Question(
        "registre",
        "E4",
        N_("Avez-vous une inscription valable au Registre des Français établis hors de France ?"),
        N_("La date de fin figure sur votre carte consulaire. L’inscription dure cinq ans au plus."),
    ),
    Question(
        "numic",
        "E5",
        N_("Avez-vous votre numéro d’inscription (NUMIC) et l’adresse électronique donnée au Registre ?"),
        N_("Le NUMIC figure sur la carte consulaire et sur l’attestation d’inscription."),
    ),
    Question(
        "en-main",
        "X1",
        N_("Avez-vous encore votre passeport ?"),
        N_("Répondez non s’il est perdu, volé ou détruit."),
    ),
    Question(
        "delivre-majeur",
        "E6",
        N_("Aviez-vous déjà 18 ans quand ce passeport a été délivré ?"),
        N_("Le jour même compte."),
    ),
    Question(
        "expiration",
        "E7",
        N_("Ce passeport est-il encore valable ?"),
        "",
        (
            ("valable", N_("Oui, il est valable")),
            ("moins-de-cinq-ans", N_("Non, il est expiré depuis cinq ans ou moins")),
            ("plus-de-cinq-ans", N_("Non, il est expiré depuis plus de cinq ans")),
        ),
        ("valable", "moins-de-cinq-ans"),
    ),
    Question(
        "etat-civil",
        "X2",
        N_("Depuis ce passeport, avez-vous changé de nom de naissance, de prénom ou de sexe à l’état civil ?"),
        N_("Changer de nom d’usage ou d’adresse ne compte pas."),
        accepted=("non",),
    ),
    Question(
        "second",
        "X3",
        N_("Voulez-vous un second passeport, en plus d’un passeport que vous garderiez ?"),
        accepted=("non",),
    ),
    Question(
        "deja-a-distance",
        "X4",
        N_("Ce passeport a-t-il lui-même été obtenu à distance, sans déplacement ?"),
        N_("S’il contient une erreur de l’administration, choisissez la dernière réponse."),
        (
            ("non", N_("Non")),
            ("oui", N_("Oui")),
            ("erreur", N_("Oui, mais l’administration y a fait une erreur")),
        ),
        ("non", "erreur"),
    ),
    Question(
        "empreintes",
        "X5",
        N_("Avez-vous donné vos empreintes digitales lors de la demande de ce passeport ?"),
        N_("C’est le cas de presque tous les passeports délivrés depuis juin 2009."),
    ),
    Question(
        "franceconnect",
        "E9",
        N_("Pouvez-vous vous connecter avec France Identité ou L’Identité Numérique La Poste ?"),
        N_("Ce sont les deux moyens de FranceConnect+. Ils peuvent être difficiles à obtenir depuis l’étranger."),
    ),
)
BY_SLUG: dict[str, Question] = {question.slug: question for question in QUESTIONS}


def answers_of(given: Mapping[str, Any]) -> dict[str, str]:
    """The answers an address carries, in the order of the questions; anything else is ignored."""
    found = {question.slug: str(given.get(question.slug, "")) for question in QUESTIONS}
    return {
        slug: answer for slug, answer in found.items() if answer in {value for value, _label in BY_SLUG[slug].choices}
    }


def refused(answers: Mapping[str, str], *, on: date) -> rules.Rule | None:
    """The first rule that says no, or None."""
    if not rules.within_the_experiment(rules.Facts(on=on)):
        return rules.BY_ID["E8"]
    for question in QUESTIONS:
        if question.slug in answers and answers[question.slug] not in question.accepted:
            return rules.BY_ID[question.rule]
    return None


def next_question(answers: Mapping[str, str]) -> Question | None:
    """The first question without an answer, or None when all are answered."""
    return next((question for question in QUESTIONS if question.slug not in answers), None)


def place(question: Question) -> int:
    """From 1."""
    return QUESTIONS.index(question) + 1


def previous(question: Question) -> Question | None:
    number = QUESTIONS.index(question)
    return QUESTIONS[number - 1] if number else None
