"""PayFiP's memory: operations, their results, what is forgotten at night, and the notifications to send."""

from __future__ import annotations

import re
import secrets
import uuid
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from escale.partners.tax_stamp.settings import SIMULATOR_CLIENT_NUMBER
from escale.partners.tax_stamp.simulator import stamps
from escale.partners.tax_stamp.simulator.stamps import PARIS, STORE

USABLE = timedelta(minutes=15)
KEPT = timedelta(days=365)
LATE = timedelta(minutes=10)
JUST_AFTER = timedelta(seconds=2)
NIGHT = time(3, 0)
RESULTS = {
    "P": "Payer par carte",
    "R": "Carte refusée par la banque",
    "V": "Payer par prélèvement",
    "Z": "Prélèvement refusé",
    "A": "Annuler",
}
NOTIFICATIONS = {
    "normale": "normale",
    "aucune": "perdue : aucune notification",
    "double": "envoyée deux fois",
    "tardive": "tardive : dix minutes plus tard",
    "doublée": "après celle du paiement suivant",
}


class SoapFault(Exception):
    """``kind`` is the element of the detail; ``code`` and ``label`` its content."""

    def __init__(self, code: str, label: str, kind: str = "FonctionnelleErreur") -> None:
        super().__init__(code)
        self.code, self.label, self.kind = code, label, kind


# P1, P5, R3 and A2 are PayFiP's own codes; those of the other fields are not public and are ours. The address is looked
# at before the amount, as PayFiP's recorded answers show.
_RULES = (
    ("numcli", r"[0-9]{6}", "C1", "Le numéro de client est incorrect."),
    ("exer", r"[0-9]{4}", "E1", "L'exercice est incorrect."),
    ("refdet", r"[A-Za-z0-9]{6,30}", "R3", "Le format du paramètre REFDET n'est pas conforme"),
    ("objet", r"[A-Za-z0-9 ]{0,100}", "O1", "L'objet est incorrect."),
    ("mel", r"(?=.{6,80}$)[^@\s]+@[^@\s]+\.[^@\s]+", "A2", "Adresse mél incorrecte. "),
    ("montant", r"[1-9][0-9]{2,7}", "M1", "Le montant est incorrect."),
    ("saisie", r"[TXW]", "S1", "Le type de saisie est incorrect."),
)
_MAGIC_MAILS = {
    "payfip.indisponible@": "TechIndisponibiliteErreur",
    "payfip.dysfonctionnement@": "TechDysfonctionnementErreur",
    "payfip.protocole@": "TechProtocolaireErreur",
}


def create(fields: dict[str, str], now: datetime) -> str:
    """Open an operation. The same reference twice makes two: PayFiP does not deduplicate. Raises SoapFault."""
    for start, kind in _MAGIC_MAILS.items():
        if fields.get("mel", "").startswith(start):
            raise SoapFault("T9", "Erreur technique demandée par l'adresse", kind)
    for name, pattern, code, label in _RULES:
        if not re.fullmatch(pattern, fields.get(name, "")):
            raise SoapFault(code, label)
    if int(fields["montant"]) > 10_000_000:
        raise SoapFault("M1", "Le montant est incorrect.")
    if fields["numcli"] != SIMULATOR_CLIENT_NUMBER:
        raise SoapFault("C1", "Le numéro de client est incorrect.")
    for name in ("urlnotif", "urlredirect"):
        if urlsplit(fields.get(name, "")).scheme not in ("http", "https"):
            raise SoapFault("U1", f"L'adresse {name} est incorrecte.")
    operation = str(uuid.uuid4())
    STORE.put("operation", operation, {**fields, "opened_at": now.isoformat(), "result": "", "done_at": ""})
    return operation


def purged(operation: dict[str, Any], now: datetime) -> bool:
    """Whether it is forgotten: abandoned ones the following night, those with a result after a year."""
    if operation["result"]:
        return now - datetime.fromisoformat(operation["done_at"]) > KEPT
    ended = datetime.fromisoformat(operation["opened_at"]).astimezone(PARIS) + USABLE
    cleaning = datetime.combine(ended.date(), NIGHT, PARIS)
    if cleaning < ended:
        cleaning = datetime.combine(ended.date() + timedelta(days=1), NIGHT, PARIS)
    return now >= cleaning


def find(idop: str, now: datetime) -> dict[str, Any]:
    """Raises SoapFault P1."""
    operation = STORE.get("operation", idop)
    if operation is None or purged(operation, now):
        raise SoapFault("P1", "IdOp incorrect.")
    return operation


def usable(operation: dict[str, Any], now: datetime) -> bool:
    """Whether its page may still take a payment: fifteen minutes, and no result yet."""
    return not operation["result"] and now - datetime.fromisoformat(operation["opened_at"]) <= USABLE


def detail(idop: str, now: datetime) -> dict[str, str]:
    """The result of an operation, hours of Paris. Raises SoapFault P1, P5."""
    operation = find(idop, now)
    if not operation["result"]:
        raise SoapFault("P5", "Résultat de la transaction non connu.")
    done = datetime.fromisoformat(operation["done_at"]).astimezone(PARIS)
    given = ("exer", "mel", "montant", "numcli", "objet", "refdet", "saisie")
    known = {name: operation.get(name, "") for name in given}
    return {
        **known,
        "dattrans": f"{done:%d%m%Y}",
        "heurtrans": f"{done:%H%M}",
        "idOp": idop,
        "numauto": operation.get("numauto", ""),
        "resultrans": operation["result"],
    }


def settle(idop: str, result: str, notification: str, now: datetime) -> dict[str, Any] | None:
    """Give an operation its result, sell the stamp when paid, plan the notifications. None: it is too late."""
    with STORE.locked():
        operation = find(idop, now)
        if not usable(operation, now):
            return None
        operation |= {"result": result, "done_at": now.isoformat(), "notification": notification}
        if result in ("P", "V"):
            operation["numauto"] = f"{secrets.randbelow(10**12):012d}-tip"
            _sell(operation, now)
        STORE.put("operation", idop, operation)
        for _ in range({"aucune": 0, "double": 2}.get(notification, 1)):
            plan_notification(
                idop,
                now + LATE if notification in ("tardive", "doublée") else now,
                overtaken=notification == "doublée",
            )
    return operation


def _sell(operation: dict[str, Any], now: datetime) -> None:
    cents = int(operation["montant"])
    motive = next((code for code, (_, price) in stamps.PRODUCTS.items() if price == cents), "AUTRE")
    if STORE.get("purchase", operation["refdet"]) is None:
        stamp = stamps.issue(motive, cents, now)
        STORE.put("purchase", operation["refdet"], {"numero": stamp["numero"]})


def plan_notification(idop: str, at: datetime, *, overtaken: bool = False) -> None:
    """``overtaken``: it leaves just after the next one, or at ``at`` when none comes before."""
    STORE.put("due", str(uuid.uuid4()), {"idop": idop, "at": at.isoformat(), "overtaken": overtaken})
    if overtaken:
        return
    for key, waiting in STORE.all("due"):
        if waiting.get("overtaken"):
            STORE.put("due", key, {**waiting, "at": (at + JUST_AFTER).isoformat(), "overtaken": False})
