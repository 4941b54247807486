"""Sessions: one cookie per site, and stored data sealed, since a session holds an identity before a case exists.

A person may have a few of them open on a site, on several devices; one more ends the oldest. They see them and close
them on a page (``open_sessions``). What has ended is erased at the next sign-in of anybody.

A session ends after half an hour without use and, used or not, twelve hours after sign-in (OWASP ASVS 5.0, 7.3). Both
are hours of the machine: moving the virtual clock signs nobody out. A cookie of its own, which names nobody, remembers
that somebody was signed in, so that the sign-in page can say why it is shown again.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.middleware import SessionMiddleware
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from escale import clock
from escale.ui.devices import recognise
from escale.ui.models import OpenSession
from escale.ui.sites import site_of
from escale.vault.keys import index

REFRESH_SECONDS = 60
REMEMBERED_SECONDS = 24 * 3600
ERASED_AT_ONCE = 500
# Asking how long a session lasts does not make it last.
QUIET_PATH = "/session/"


@dataclass(frozen=True, slots=True)
class End:
    """When a session ends: ``seconds`` from now. ``final``: using it puts the end off no more."""

    seconds: int
    final: bool


def end_of(request: HttpRequest) -> End | None:
    """When the session of this request will end if it is left alone; None when nobody is signed in.

    Read after ``extend`` or an ordinary page, the end is that of the session as it will be stored.
    """
    session = request.session
    if "actor" not in session:
        return None
    now = time.time()
    idle = session.get("seen", now) + settings.SESSION_COOKIE_AGE
    last = session.get("began", now) + settings.SESSION_LONGEST_SECONDS
    return End(max(0, round(min(idle, last) - now)), final=last <= now + settings.SESSION_COOKIE_AGE)


def extend(request: HttpRequest) -> None:
    """Put the end of the session off now, however recently it was."""
    request.session["seen"] = time.time()


def sign_out(request: HttpRequest) -> None:
    """End the session by its person's own will: nothing remembers it."""
    request.session.flush()
    request.signed_out = True  # type: ignore[attr-defined]  # ours, read when the answer leaves


def was_signed_in(request: HttpRequest) -> bool:
    """Whether somebody was signed in here today who did not sign out."""
    return bool(request.COOKIES.get(_remembered(request)))


def _remembered(request: HttpRequest) -> str:
    return f"escale_{request.site}_opened"


@cache
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"escale/session/1" + secret.encode()).digest()


class SessionStore(db.SessionStore):
    """Database sessions whose data are sealed with AES-256-GCM, under a key made of the present secret.

    One that an older secret sealed (``SECRET_KEY_FALLBACKS``) is still opened; the present secret seals it at its next
    use.
    """

    def encode(self, session_dict: dict[str, Any]) -> str:
        nonce, key = os.urandom(12), _key(settings.SECRET_KEY)
        return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, json.dumps(session_dict).encode(), b"")).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            try:
                raw = base64.b64decode(session_data)
                opened: dict[str, Any] = json.loads(AESGCM(_key(secret)).decrypt(raw[:12], raw[12:], b""))
            except (InvalidTag, ValueError):
                continue
            return opened
        return {}


def person(site: str, kind: str, who: str) -> str:
    """Under which digest the sessions of a person on a site are noted."""
    return index("session", f"{site}|{kind}|{who}")


def _erase_the_ended(moment: datetime) -> None:
    """Sessions hold an identity: none is kept beyond its end. A few at a time, whoever's they were."""
    ended = Session.objects.filter(expire_date__lte=moment).order_by("expire_date")
    keys = list(ended.values_list("session_key", flat=True)[:ERASED_AT_ONCE])
    OpenSession.objects.filter(session_key__in=keys).delete()
    Session.objects.filter(session_key__in=keys).delete()


def _end_the_oldest(request: HttpRequest) -> None:
    """Note the session that has just begun, and end the person's oldest ones on this site above ``SESSION_MOST``."""
    held = request.session["actor"]
    who = person(site_of(request), held["kind"], str(held["id"]))
    moment = datetime.fromtimestamp(time.time(), UTC)
    alive = Session.objects.filter(expire_date__gt=moment).values("session_key")
    with transaction.atomic():
        _erase_the_ended(moment)
        OpenSession.objects.filter(who=who).exclude(session_key__in=alive).delete()
        OpenSession.objects.get_or_create(session_key=request.session.session_key, defaults={"who": who})
        kept = OpenSession.objects.filter(who=who).order_by("-pk").values_list("session_key", flat=True)
        ended = list(kept)[settings.SESSION_MOST :]
        Session.objects.filter(session_key__in=ended).delete()
        OpenSession.objects.filter(session_key__in=ended).delete()


class SiteSessionMiddleware(SessionMiddleware):
    """The session cookie's name depends on the site: signing in on one never signs in on another.

    It also notes the hour of the request, which the guards judge the rights of agents by.
    """

    def process_request(self, request: HttpRequest) -> None:
        request.hour = clock.now()  # type: ignore[attr-defined]  # ours, read by GuardMiddleware
        name = f"escale_{request.site}"
        request.session = self.SessionStore(request.COOKIES.get(name))
        began = request.session.get("began")
        if began is not None and time.time() - began >= settings.SESSION_LONGEST_SECONDS:
            request.session.flush()
        elif request.path != QUIET_PATH:
            self._keep_alive(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        name = f"escale_{request.site}"
        began = self._note_beginning(request)
        self._remember(request, response)
        before = settings.SESSION_COOKIE_NAME
        request.COOKIES[before] = request.COOKIES.get(name, "")
        if not request.COOKIES[before]:
            del request.COOKIES[before]
        response = super().process_response(request, response)
        if began:
            _end_the_oldest(request)
        morsel = response.cookies.pop(before, None)
        if morsel is not None:
            response.cookies[name] = morsel.value
            for attribute, value in morsel.items():
                if value:
                    response.cookies[name][attribute] = value
        return response

    def _keep_alive(self, request: HttpRequest) -> None:
        """Put the end of a session off, once a minute at most: reading a page must not cost a write."""
        now = time.time()
        session = request.session
        if not session.is_empty() and "actor" in session and not 0 <= now - session.get("seen", 0) < REFRESH_SECONDS:
            session["seen"] = now

    def _note_beginning(self, request: HttpRequest) -> bool:
        """From when the longest life of a session counts: the request that signed somebody in. Whether this one did."""
        if "actor" not in request.session or "began" in request.session:
            return False
        request.session["began"] = request.session["seen"] = time.time()
        request.session["device"] = recognise(request.headers.get("User-Agent", ""))
        return True

    def _remember(self, request: HttpRequest, response: HttpResponse) -> None:
        name = _remembered(request)
        if "actor" in request.session:
            if name not in request.COOKIES:
                response.set_cookie(
                    name,
                    "1",
                    max_age=REMEMBERED_SECONDS,
                    httponly=True,
                    samesite="Lax",
                    secure=settings.SECURE_COOKIES,
                )
        elif getattr(request, "signed_out", False):
            response.delete_cookie(name, samesite="Lax")
