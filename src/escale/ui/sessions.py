"""Sessions: one cookie per site, and stored data sealed, since a session holds an identity before a case exists."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from escale import clock

REFRESH_SECONDS = 60


def _key() -> bytes:
    return hashlib.sha256(b"escale/session/1" + settings.SECRET_KEY.encode()).digest()


class SessionStore(db.SessionStore):
    """Database sessions whose data are sealed with AES-256-GCM."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        nonce = os.urandom(12)
        return base64.b64encode(nonce + AESGCM(_key()).encrypt(nonce, json.dumps(session_dict).encode(), b"")).decode()

    def decode(self, session_data: str) -> dict[str, Any]:
        try:
            raw = base64.b64decode(session_data)
            opened: dict[str, Any] = json.loads(AESGCM(_key()).decrypt(raw[:12], raw[12:], b""))
        except (InvalidTag, ValueError):
            return {}
        return opened


class SiteSessionMiddleware(SessionMiddleware):
    """The session cookie's name depends on the site: signing in on one never signs in on another."""

    def process_request(self, request: HttpRequest) -> None:
        name = f"escale_{request.site}"  # type: ignore[attr-defined]  # set by SiteMiddleware
        request.session = self.SessionStore(request.COOKIES.get(name))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        name = f"escale_{request.site}"  # type: ignore[attr-defined]
        self._keep_alive(request)
        before = settings.SESSION_COOKIE_NAME
        request.COOKIES[before] = request.COOKIES.get(name, "")
        if not request.COOKIES[before]:
            del request.COOKIES[before]
        response = super().process_response(request, response)
        morsel = response.cookies.pop(before, None)
        if morsel is not None:
            response.cookies[name] = morsel.value
            for attribute, value in morsel.items():
                if value:
                    response.cookies[name][attribute] = value
        return response

    def _keep_alive(self, request: HttpRequest) -> None:
        """Put the end of a session off, once a minute at most: reading a page must not cost a write."""
        now = clock.now().timestamp()
        if not request.session.is_empty() and not 0 <= now - request.session.get("seen", 0) < REFRESH_SECONDS:
            request.session["seen"] = now
