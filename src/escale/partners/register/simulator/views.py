"""The register's one question, and the demonstration's pages."""

from __future__ import annotations

import hmac
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from escale import clock
from escale.partners.kit.faults import faulty
from escale.partners.register.settings import DEMO_TOKEN
from escale.partners.register.simulator import entries, matching, tries
from escale.partners.register.simulator.tries import STORE

IDENTITY = ("nom_naissance", "prenoms", "date_naissance", "lieu_naissance_cog", "pays_naissance_cog", "sexe")


@faulty(STORE)
def verify(request: HttpRequest) -> HttpResponse:
    """POST ``/v1/inscriptions/verification``: 200 for every answer, so that nobody can list who is registered."""
    if request.method != "POST":
        return _problem(request, 405, "METHODE", "Méthode non admise")
    given = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {DEMO_TOKEN}".encode()):
        return _problem(request, 401, "JETON", "Jeton d’accès absent ou inconnu")
    question = _question(request)
    if question is None:
        return _problem(request, 422, "QUESTION", "La question n’est pas conforme")
    now = clock.now()
    if seconds := tries.wait(question["numic"], now):
        refused = _problem(request, 429, "ESSAIS", "Trop d’essais pour ce NUMIC")
        refused["Retry-After"] = str(seconds)
        return refused
    answer = _answer(question)
    if answer["resultat"] != "CONCORDANT":
        tries.count(question["numic"], now)
    return _correlated(request, JsonResponse(answer))


def listing(request: HttpRequest) -> HttpResponse:
    """Who is registered, so that a newcomer can try the procedure."""
    now = clock.now()
    people = [(person, entries.standing(person, now)) for person in entries.registered()]
    return render(request, "register/listing.html", {"people": people, "portal": settings.PORTAL_URL})


def details(request: HttpRequest, numic: str) -> HttpResponse:
    """The page where a registered person changes contact details."""
    person = entries.by_numic(numic)
    if person is None:
        return render(request, "register/unknown.html", status=404)
    problem = ""
    if request.method == "POST":
        values = {name: request.POST[name] for name in entries.CHANGEABLE if name in request.POST}
        if "@" in values.get("register_email", "@"):
            entries.change(person, values)
            return HttpResponseRedirect(request.path)
        problem = "Indiquez une adresse électronique, par exemple prenom@courriel.example."
    context = {"person": person, "problem": problem}
    return render(request, "register/details.html", context, status=400 if problem else 200)


def _question(request: HttpRequest) -> dict[str, Any] | None:
    try:
        question = json.loads(request.body)
        complete = set(question) == {"numic", "courriel", "identite"} and set(question["identite"]) == set(IDENTITY)
    except (ValueError, TypeError):
        return None
    values = [question["numic"], question["courriel"], *question["identite"].values()] if complete else [None]
    return question if all(isinstance(value, str) for value in values) else None


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    person = entries.by_numic(question["numic"])
    if person is None:
        return {"resultat": "INCONNU"}
    found = matching.scores(person, question["identite"])
    same_email = question["courriel"].casefold() == person.register_email.casefold()
    if not same_email or not matching.agrees(found):
        return {"resultat": "DISCORDANT"}
    result = entries.standing(person, clock.now())
    if result != "CONCORDANT":
        return {"resultat": result}
    return {"resultat": result, "score": found, **entries.details(person)}


def _problem(request: HttpRequest, status: int, code: str, title: str) -> HttpResponse:
    error = {"code": code, "title": title, "detail": title, "source": {}, "meta": {"provider": "Registre"}}
    return _correlated(request, JsonResponse({"errors": [error]}, status=status))


def _correlated(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response["X-Correlation-ID"] = request.headers.get("X-Correlation-ID", "")
    response["Cache-Control"] = "no-store"
    return response
