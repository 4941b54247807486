"""The orders: received, checked, produced and sent as the virtual hours pass, or rejected."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from PIL import Image, UnidentifiedImageError

from escale.partners.issuance.simulator import pushes, titles
from escale.partners.kit.options import Options

STORE = titles.STORE
PHOTO_MIN_WIDTH = 200  # pixels: a narrower photo is the magic input that gets an order rejected
NEXT = {
    "RECUE": "EN_CONTROLE",
    "EN_CONTROLE": "EN_PRODUCTION",
    "EN_PRODUCTION": "PRODUITE",
    "PRODUITE": "EXPEDIEE_POSTE",
}
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Conflict(Exception):
    """The order cannot be taken: ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def hours() -> dict[str, float]:
    """Virtual hours from reception to each state: ``ESCALE_ISSUANCE_HOURS_CHECKING`` and so on."""
    read = Options(os.environ, "ISSUANCE")
    return {
        "EN_CONTROLE": read.number("HOURS_CHECKING", 1),
        "EN_PRODUCTION": read.number("HOURS_PRODUCTION", 24),
        "PRODUITE": read.number("HOURS_PRODUCED", 120),
        "EXPEDIEE_POSTE": read.number("HOURS_SENT", 168),
    }


def receive(reference: str, key: str, content: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Take an order, or recognise it. A new key is a new attempt, allowed after a rejection alone. Raises Conflict."""
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    with STORE.locked():
        known = STORE.get("order", reference)
        if known and known["key"] == key:
            if known["digest"] != digest:
                raise Conflict("CONTENU_DIFFERENT")
            return known
        if known and known["state"] != "REJETEE":
            raise Conflict("DEMANDE_EN_COURS")
        photo = content["photo"]["contenu"]
        order = {
            "reference": reference,
            "key": key,
            "digest": digest,
            "number": "".join(secrets.choice(_ALPHABET) for _ in range(10)),
            "state": "RECUE",
            "reason": "",
            "base": now.isoformat(),
            "received_at": now.isoformat(),
            "title": "",
            "version": known["version"] + 1 if known else 1,
            "attempt": known["attempt"] + 1 if known else 1,
            "content": {**content, "photo": {"sha256": content["photo"]["sha256"]}},
        }
        STORE.put("photo", reference, {"contenu": photo})
        STORE.put("order", reference, order)
        STORE.put("active", reference, {})
    return order


def photo_of(reference: str) -> bytes:
    document = STORE.get("photo", reference)
    return base64.b64decode(document["contenu"]) if document else b""


def describe(order: dict[str, Any]) -> dict[str, Any]:
    """The order as the API and the events tell it."""
    found = {
        "numeroDossier": order["reference"],
        "numeroDemande": order["number"],
        "etat": order["state"],
        "motif": order["reason"] or None,
    }
    title = titles.find(order["title"]) if order["title"] else None
    if title:
        found |= {
            "numeroPasseport": title["number"],
            "dateDelivrance": title["issued_on"],
            "dateExpiration": title["expires_on"],
            "mrz": title["mrz"],
        }
    return found


def due_at(order: dict[str, Any]) -> datetime | None:
    """When the next state comes by itself, or None when none does."""
    following = NEXT.get(order["state"])
    if following is None:
        return None
    return datetime.fromisoformat(order["base"]) + timedelta(hours=hours()[following])


def run(now: datetime) -> None:
    """Make every order take the steps whose hour has come, in order."""
    for reference, _ in STORE.all("active"):
        with STORE.locked():
            order = STORE.get("order", reference)
            while order and (due := due_at(order)) and due <= now:
                order = _step(order, due)


def advance(reference: str, now: datetime) -> bool:
    """Take the next step now; what follows keeps its distance. False when there is no next step."""
    with STORE.locked():
        order = STORE.get("order", reference)
        if order is None or (following := NEXT.get(order["state"])) is None:
            return False
        order["base"] = (now - timedelta(hours=hours()[following])).isoformat()
        _step(order, now)
    return True


def reject(reference: str, reason: str, now: datetime) -> bool:
    """Reject an order that is not produced yet. False when it is too late."""
    with STORE.locked():
        order = STORE.get("order", reference)
        if order is None or order["state"] not in ("RECUE", "EN_CONTROLE", "EN_PRODUCTION"):
            return False
        _move(order, "REJETEE", now, reason)
    return True


def _step(order: dict[str, Any], at: datetime) -> dict[str, Any]:
    following = NEXT[order["state"]]
    fault = _checks(order, at.date()) if following == "EN_PRODUCTION" else ""
    if fault:
        return _move(order, "REJETEE", at, fault)
    if following == "PRODUITE":
        order["title"] = titles.produce(order, at.date())["number"]
    return _move(order, following, at)


def _move(order: dict[str, Any], state: str, at: datetime, reason: str = "") -> dict[str, Any]:
    order |= {"state": state, "reason": reason, "version": order["version"] + 1}
    STORE.put("order", order["reference"], order)
    if state not in NEXT:
        STORE.delete("active", order["reference"])
    pushes.announce(order["reference"], describe(order), at)
    return order


def _checks(order: dict[str, Any], on: date) -> str:
    """Why the order cannot be produced, or an empty string."""
    if width_of(photo_of(order["reference"])) < PHOTO_MIN_WIDTH:
        return "PHOTO_NON_CONFORME"
    if order["content"]["conserveExpiration"]:
        previous = titles.find(order["content"]["numeroPrecedent"])
        if previous is None:
            return "TITRE_PRECEDENT_INCONNU"
        if date.fromisoformat(previous["expires_on"]) <= on:
            return "TITRE_PRECEDENT_PERIME"
    return ""


def width_of(photo: bytes) -> int:
    """Width in pixels of a JPEG, 0 when it is none."""
    try:
        with Image.open(io.BytesIO(photo), formats=("JPEG",)) as image:
            return image.width
    except (UnidentifiedImageError, OSError):
        return 0
