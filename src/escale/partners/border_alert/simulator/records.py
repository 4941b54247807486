"""The relay's records: one document and status is recorded once, and a withdrawal lets the traveller pass again.

Faults: ``silent`` acknowledges without recording, ``duplicate`` records twice, ``late`` shows the record at the border
one virtual hour later. All three are what the daily reconciliation is for.
"""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from escale.partners.border_alert import wire
from escale.partners.kit import faults
from escale.partners.kit.store import Store

PLAYED = {
    "silent": "accuse réception sans enregistrer",
    "duplicate": "enregistre deux fois",
    "late": "visible à la frontière une heure virtuelle plus tard",
}
STORE = Store("border_alert", plays=PLAYED)
LATE = timedelta(hours=1)
UNKNOWN_SERIES = "99"  # magic input: a number that begins so is rejected
_REQUIRED = {"nr", "type_id", "country_of_issuance_id", "status", "reason", "date_of_event"}
_ALLOWED = _REQUIRED | {"date_of_issue", "ncb_reference", "contact_unit"}
_NUMBER = re.compile(r"[0-9]{2}[A-Z]{2}[0-9]{5}")
_STATUSES = {*wire.STATUSES.values(), "REVOKED"}


def record(item: Any, now: datetime) -> dict[str, Any]:
    """The result of one item: RECORDED, DUPLICATE or REJECTED with a code. Called within a transaction."""
    code = _fault_of(item, now)
    if code:
        return {"nr": item.get("nr") if isinstance(item, dict) else None, "result": "REJECTED", "code": code}
    for identity, known in STORE.all("record"):
        same = (known["nr"], known["country_of_issuance_id"], known["status"]) == _key(item)
        if same and not known["withdrawn_at"]:
            return {"nr": item["nr"], "result": "DUPLICATE", "item_id": identity}
    fault = faults.take(STORE, *PLAYED)
    identity = secrets.token_hex(8)
    for copy in range({"silent": 0, "duplicate": 2}.get(fault or "", 1)):
        kept = {
            **item,
            "recorded_at": now.isoformat(),
            "visible_at": (now + LATE if fault == "late" else now).isoformat(),
            "withdrawn_at": "",
            "withdrawal_reason": "",
        }
        STORE.put("record", identity if copy == 0 else secrets.token_hex(8), kept)
    return {"nr": item["nr"], "result": "RECORDED", "item_id": identity}


def _key(item: dict[str, Any]) -> tuple[str, str, str]:
    return item["nr"], item["country_of_issuance_id"], item["status"]


def _fault_of(item: Any, now: datetime) -> str:
    """Why an item is rejected, or an empty string."""
    if not isinstance(item, dict) or any(not isinstance(value, str) for value in item.values()):
        return "MALFORMED"
    if item.keys() - _ALLOWED:
        return "UNEXPECTED_MEMBER"  # above all anything about the holder
    if _REQUIRED - item.keys():
        return "MEMBER_MISSING"
    if item["country_of_issuance_id"] != "FRA":
        return "NOT_ISSUED_BY_YOU"
    if item["type_id"] != "P" or item["status"] not in _STATUSES:
        return "UNKNOWN_CODE"
    if not _NUMBER.fullmatch(item["nr"]):
        return "NUMBER_SHAPE"
    if item["nr"].startswith(UNKNOWN_SERIES):
        return "UNKNOWN_SERIES"
    try:
        on = date.fromisoformat(item["date_of_event"])
    except ValueError:
        return "DATE_SHAPE"
    # The day may have begun at the post and not yet here.
    return "DATE_IN_FUTURE" if on > now.date() + timedelta(days=1) else ""


def withdraw(identity: str, reason: str, now: datetime) -> str:
    """``done``, ``already`` or ``unknown``."""
    with STORE.locked():
        known = STORE.get("record", identity)
        if known is None:
            return "unknown"
        if known["withdrawn_at"]:
            return "already"
        STORE.put("record", identity, {**known, "withdrawn_at": now.isoformat(), "withdrawal_reason": reason})
    return "done"


def hits(number: str, country: str, now: datetime) -> list[dict[str, Any]]:
    """What a border guard sees of a document: its records in force."""
    return [
        {**known, "item_id": identity}
        for identity, known in STORE.all("record")
        if (known["nr"], known["country_of_issuance_id"]) == (number, country)
        and not known["withdrawn_at"]
        and datetime.fromisoformat(known["visible_at"]) <= now
    ]


def counts() -> dict[str, Any]:
    """Records in force by status, and how many were withdrawn."""
    in_force = dict.fromkeys(sorted(_STATUSES), 0)
    withdrawn = 0
    for _, known in STORE.all("record"):
        if known["withdrawn_at"]:
            withdrawn += 1
        else:
            in_force[known["status"]] += 1
    return {"in_force": in_force, "withdrawn": withdrawn}
