"""Tokens judged as the servers of Jitsi judge them: luajwtjitsi, then the token module's rules of room and domain."""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.util import urlsafe_b64decode

from escale.partners.kit.options import Options
from escale.partners.webconference.settings import DEMO_APP_ID, DEMO_AUDIENCE, DEMO_KEY


class Refused(Exception):
    """The server's own words."""


def verify(token: str, room: str, now: datetime) -> str:
    """The name to show of the bearer of a token that opens ``room`` now. Raises Refused."""
    header, claims = _decoded(token)
    if header.get("typ") != "JWT":
        raise Refused("Invalid typ")
    if header.get("alg") != "HS256":
        raise Refused("Invalid or incorrect alg")
    read = Options(os.environ, "WEBCONFERENCE")
    try:
        jws.deserialize_compact(token, OctKey.import_key(read.secret("WEBCONF_KEY", DEMO_KEY).encode()), ["HS256"])
    except JoseError:
        raise Refused("Invalid signature") from None
    for name in ("exp", "nbf"):
        if name in claims and (not isinstance(claims[name], int | float) or isinstance(claims[name], bool)):
            raise Refused(f"{name} must be number")
    if "exp" in claims and now.timestamp() >= claims["exp"]:
        raise Refused("Not acceptable by exp")
    if "nbf" in claims and now.timestamp() < claims["nbf"]:
        raise Refused("Not acceptable by nbf")
    _check_claim(claims, "iss", read.secret("WEBCONF_APP_ID", DEMO_APP_ID))
    _check_claim(claims, "aud", read.text("WEBCONF_AUDIENCE", DEMO_AUDIENCE))
    _check_place(claims, room)
    return _name(claims)


def _decoded(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    parts = token.split(".")
    if len(parts) != 3:
        raise Refused("Invalid token")
    return _part(parts[0], "header"), _part(parts[1], "body")


def _part(encoded: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads(urlsafe_b64decode(encoded.encode()))
    except ValueError:
        raise Refused(f"Invalid {name}") from None
    if not isinstance(found, dict):
        raise Refused(f"Invalid {name}")
    return found


def _check_claim(claims: dict[str, Any], name: str, accepted: str) -> None:
    """One accepted value; a list of values is not looked into, and so refused."""
    if name not in claims:
        raise Refused(f"'{name}' claim is missing")
    if claims[name] != accepted:
        raise Refused(f"invalid '{name}' claim")


def _check_place(claims: dict[str, Any], room: str) -> None:
    """The room's name alone, or ``*``; names of rooms and domains know no case."""
    wanted = claims.get("room")
    if not isinstance(wanted, str) or wanted.lower() not in ("*", room.lower()):
        raise Refused("Invalid room")
    host = urlsplit(settings.SIMULATORS_URL).hostname
    if claims.get("sub") not in ("*", host):
        raise Refused("Invalid domain ('sub' claim)")


def _name(claims: dict[str, Any]) -> str:
    context = claims.get("context", {})
    user = context.get("user", {}) if isinstance(context, dict) else None
    if not isinstance(user, dict) or any(not isinstance(value, str) for value in user.values()):
        raise Refused("Values of context.user must be strings")
    return user.get("name") or "Organisateur"
