"""The API of "titres-sim/1": orders by PUT and GET, titles by POST (their numbers stay out of addresses)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, JsonResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale import clock
from escale.case.values import InvalidValue, PassportNumber
from escale.partners.issuance import wire
from escale.partners.issuance.settings import DEMO_TOKEN
from escale.partners.issuance.simulator import orders, pushes, titles
from escale.partners.kit import ticker
from escale.partners.kit.faults import View, faulty
from escale.partners.kit.options import Options
from escale.partners.kit.problems import problem

_CIVIL = ("nomNaissance", "prenoms", "dateNaissance", "sexe")
_MEMBERS = {
    "nomUsage": str, "tailleCm": int, "couleurYeux": str, "adresse": dict, "numic": str, "codePoste": str, "motif": str,
    "timbre": str, "agent": str, "preuveIdentite": str, "conserveExpiration": bool,
}  # fmt: skip


@ticker.every_tick
def tick(now: datetime) -> None:
    orders.run(now)
    pushes.EVENTS.send_ready(now)


def _authenticated(view: View) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        expected = Options(os.environ, "ISSUANCE").secret("TOKEN", DEMO_TOKEN)
        given = request.headers.get("x-titres-auth-token", "")
        if not hmac.compare_digest(given.encode(), expected.encode()):
            return problem(401, "JETON_INVALIDE", "X-TITRES-AUTH-TOKEN header invalid")
        return view(request, *args, **kwargs)

    return wrapped


@faulty(titles.STORE)
@_authenticated
@require_http_methods(["GET", "PUT"])
def order(request: HttpRequest, reference: str) -> HttpResponse:
    """PUT takes an order (202), GET tells where it stands, with an ETag."""
    orders.run(clock.now())
    if request.method == "GET":
        return _told(request, reference)
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return problem(400, "CLE_ABSENTE", "Idempotency-Key header is required")
    content = _json(request)
    wrong = _wrong_params(content)
    if content is None or wrong:
        return problem(422, "CONTENU_INVALIDE", "The order cannot be read", invalidParams=wrong)
    try:
        taken = orders.receive(reference, key, content, clock.now())
    except orders.Conflict as conflict:
        return problem(409, conflict.code, "This order cannot be taken")
    return JsonResponse({"numeroDemande": taken["number"], "etat": taken["state"]}, status=202)


@faulty(titles.STORE)
@_authenticated
@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """What happened after the cursor ``depuis``, or since the beginning."""
    orders.run(clock.now())
    found = pushes.told_after(request.GET.get("depuis", ""))
    if found is None:
        return problem(410, "CURSEUR_INCONNU", "This cursor is no more: ask from the beginning")
    told, cursor, more = found
    return JsonResponse({"evenements": told, "curseur": cursor, "suite": more})


def _told(request: HttpRequest, reference: str) -> HttpResponse:
    found = titles.STORE.get("order", reference)
    if found is None:
        return problem(404, "DEMANDE_INCONNUE", "No order under this reference")
    etag = f'"{found["attempt"]}-{found["version"]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    return JsonResponse(orders.describe(found), headers={"ETag": etag})


def _json(request: HttpRequest) -> dict[str, Any] | None:
    try:
        content = json.loads(request.body)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _wrong_params(content: dict[str, Any] | None) -> list[dict[str, str]]:
    """Each member that is missing or unusable, with a code; never its value."""
    if content is None:
        return [{"name": "", "code": "json"}]
    wrong = [name for name, kind in _MEMBERS.items() if not isinstance(content.get(name), kind)]
    civil = content.get("etatCivil")
    wrong += [f"etatCivil.{name}" for name in _CIVIL if not isinstance(civil, dict) or not civil.get(name)]
    if content.get("empreintes") != "REUTILISEES":
        wrong.append("empreintes")
    try:
        PassportNumber.parse(str(content.get("numeroPrecedent", "")))
    except InvalidValue:
        wrong.append("numeroPrecedent")
    if not _is_photo(content.get("photo")):
        wrong.append("photo")
    return [{"name": name, "code": "invalid"} for name in wrong]


def _is_photo(photo: Any) -> bool:
    """A JPEG in base64, and its digest."""
    if not isinstance(photo, dict):
        return False
    try:
        content = base64.b64decode(str(photo.get("contenu", "")), validate=True)
    except ValueError:
        return False
    return hashlib.sha256(content).hexdigest() == photo.get("sha256") and orders.width_of(content) > 0


def _on_title(view: Callable[[dict[str, Any], dict[str, Any], datetime], HttpResponse]) -> View:
    """A view about one title: ``view(title, content, now)`` within one transaction; 404 for an unknown number."""

    @faulty(titles.STORE)
    @_authenticated
    @require_POST
    def wrapped(request: HttpRequest) -> HttpResponse:
        content = _json(request)
        if content is None:
            return problem(400, "JSON_INVALIDE", "The body is not a JSON object")
        with titles.STORE.locked():
            title = titles.find(str(content.get("numeroPasseport", "")))
            if title is None:
                return problem(404, "TITRE_INCONNU", "No passport under this number")
            try:
                return view(title, content, clock.now())
            except (KeyError, TypeError, ValueError):
                return problem(422, "CONTENU_INVALIDE", "A member is missing or unusable")

    return wrapped


@_on_title
def expect_receipt(title: dict[str, Any], content: dict[str, Any], now: datetime) -> HttpResponse:
    sent, due = (datetime.fromisoformat(content[name]) for name in ("dateEnvoi", "dateLimite"))
    if due <= sent:
        raise ValueError("the limit comes before the dispatch")
    title["expected"] = {"sent_at": sent.isoformat(), "due_at": due.isoformat()}
    titles.keep(title)
    return HttpResponse(status=204)


@_on_title
def confirm_receipt(title: dict[str, Any], content: dict[str, Any], now: datetime) -> HttpResponse:
    if title["invalidation"]:
        return problem(409, "TITRE_INVALIDE", "This passport is invalidated: its receipt comes too late")
    confirmed_at = datetime.fromisoformat(content["dateConfirmation"])
    title["confirmed_at"] = title["confirmed_at"] or confirmed_at.isoformat()
    titles.keep(title)
    return HttpResponse(status=204)


@_on_title
def invalidate(title: dict[str, Any], content: dict[str, Any], now: datetime) -> HttpResponse:
    """Irreversible. Asked again it changes nothing."""
    if content["motif"] not in wire.REASONS.values() or not content["agent"]:
        raise ValueError("a reason of the list and an agent are required")
    if title["invalidation"] is None:
        title["invalidation"] = {
            "reason": content["motif"],
            "effective_on": date.fromisoformat(content["dateEffet"]).isoformat(),
            "agents": [agent for agent in (content["agent"], content.get("doubleValidationPar")) if agent],
            "asked_at": now.isoformat(),
        }
        titles.keep(title)
    return JsonResponse({"etat": titles.state(title, now)}, status=202)


@_on_title
def state(title: dict[str, Any], content: dict[str, Any], now: datetime) -> HttpResponse:
    return JsonResponse({"etat": titles.state(title, now)})


@_on_title
def consult(title: dict[str, Any], content: dict[str, Any], now: datetime) -> HttpResponse:
    """What is held of a passport: no name, and not its zone."""
    return JsonResponse(
        {
            "dateDelivrance": title["issued_on"],
            "dateExpiration": title["expires_on"],
            "aDistance": title["remote"],
            "etat": titles.state(title, now),
        }
    )
