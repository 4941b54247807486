"""The words of "titres-sim/1" and the signature of its events: what adapter and simulator must agree on.

No public interface of issuance exists: this one is our proposal (docs/partners/issuance.md). Passport numbers travel in
bodies alone, never in an address, because addresses are written in journals.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

EVENT_TYPE = "fr.gouv.titres.demande.etat.v1"
SIGNATURE_TOLERANCE = 300  # seconds, either way (Standard Webhooks)

# state on the wire → state of the port; an order handed over at the post says no more than one sent to it
STATES = {
    "RECUE": "received",
    "EN_CONTROLE": "checking",
    "REJETEE": "rejected",
    "EN_PRODUCTION": "in_production",
    "PRODUITE": "produced",
    "EXPEDIEE_POSTE": "sent_to_post",
    "REMISE_POSTE": "sent_to_post",
}
VALIDITIES = {"VALIDE_EN_ATTENTE": "pending", "VALIDE": "valid", "INVALIDE": "invalid"}
REASONS = {
    "not_received": "NON_RECEPTION_40J",
    "old_not_returned": "ANCIEN_NON_RESTITUE",
    "lost": "PERTE",
    "stolen": "VOL",
    "destroyed": "DESTRUCTION",
}
SEXES = {"female": "F", "male": "M"}


def sign(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """The signature of Standard Webhooks: ``v1,`` and HMAC-SHA256 of ``id.timestamp.body``. ``secret``: ``whsec_…``."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def is_signed(signatures: str, secret: str, event_id: str, timestamp: int, body: bytes) -> bool:
    """Whether one of the space-separated ``signatures`` is ours (several during a change of key)."""
    expected = sign(secret, event_id, timestamp, body).encode()
    return any(hmac.compare_digest(candidate.encode(), expected) for candidate in signatures.split())
