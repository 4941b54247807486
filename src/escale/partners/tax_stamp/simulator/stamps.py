"""The life of a stamp: EMIS, RESERVE, CONSOMME, EXPIRE, REMBOURSE, ANNULE. One number, one document."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from escale.partners.kit.store import Store

PLAYED = {
    "silent": "la prochaine notification n’est jamais envoyée",
    "duplicate": "la prochaine notification est envoyée deux fois",
    "late": "la prochaine notification a dix minutes virtuelles de retard",
    "reordered": "la prochaine notification part après celle du paiement suivant",
}
STORE = Store("tax_stamp", plays=PLAYED)
PARIS = ZoneInfo("Europe/Paris")
ABROAD, FRANCE = "PASSEPORT_MAJEUR_ETRANGER", "PASSEPORT_MAJEUR_FRANCE"
PRODUCTS = {
    ABROAD: ("Passeport, personne majeure — Français de l’étranger", 9600),
    FRANCE: ("Passeport, personne majeure — demande en France", 8600),
}

# number → (what it shows, changes to a stamp bought today). Days are counted from the hour of the first load.
MAGIC: dict[str, tuple[str, dict[str, Any]]] = {
    "1000000000000096": ("Français de l’étranger, 96 €, valable", {}),
    "1000000000000104": ("Français de l’étranger, 96 €, valable", {}),
    "1000000000000112": ("Français de l’étranger, 96 €, valable", {}),
    "1000000000000120": ("Français de l’étranger, 96 €, valable encore un jour", {"days_left": 1}),
    "1000000000000086": ("demande en France, 86 € : mauvais produit", {"motif": FRANCE, "montantCentimes": 8600}),
    "1000000000000089": ("Français de l’étranger, 89 € : montant insuffisant", {"montantCentimes": 8900}),
    "2000000000000001": ("déjà réservé pour un autre dossier", {"etat": "RESERVE", "dossier": "AUTRE-DOSSIER"}),
    "2000000000000002": ("déjà consommé", {"etat": "CONSOMME", "dossier": "AUTRE-DOSSIER"}),
    "2000000000000003": ("expiré", {"days_left": -1}),
    "2000000000000004": ("remboursé", {"etat": "REMBOURSE"}),
    "2000000000000005": ("annulé", {"etat": "ANNULE"}),
}
TOO_MANY_TRIES = "4290000000000429"
OUT_OF_ORDER = "5030000000000503"


class Problem(Exception):
    """A refusal: HTTP status and last segment of the problem's type."""

    def __init__(self, status: int, kind: str, title: str) -> None:
        super().__init__(kind)
        self.status, self.kind, self.title = status, kind, title


def today(now: datetime) -> date:
    return now.astimezone(PARIS).date()


def _a_year_later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # bought on 29 February
        return date(day.year + 1, 3, 1)


def _new(number: str, now: datetime, **changes: Any) -> dict[str, Any]:
    bought = today(now)
    ends = _a_year_later(bought)
    if "days_left" in changes:
        ends = bought + timedelta(days=changes.pop("days_left"))
        bought = date(ends.year - 1, ends.month, min(ends.day, 28))
    stamp = {
        "numero": number,
        "motif": ABROAD,
        "montantCentimes": PRODUCTS[ABROAD][1],
        "dateAchat": bought.isoformat(),
        "dateFinValidite": ends.isoformat(),
        "etat": "EMIS",
        "dossier": "",
        "numeroQuittance": "",
        "reserve_le": now.isoformat() if changes.get("etat") == "RESERVE" else "",
    }
    return {**stamp, **changes}


def seed(now: datetime) -> None:
    """Put the magic numbers there, once."""
    with STORE.locked():
        for number, (_, changes) in MAGIC.items():
            if STORE.get("stamp", number) is None:
                STORE.put("stamp", number, _new(number, now, **changes))


def issue(motive: str, cents: int, now: datetime) -> dict[str, Any]:
    """Sell a new stamp; its number is drawn at random and starts with 3."""
    with STORE.locked():
        while True:
            number = f"3{secrets.randbelow(10**15):015d}"
            if STORE.get("stamp", number) is None:
                break
        stamp = _new(number, now, motif=motive, montantCentimes=cents)
        STORE.put("stamp", number, stamp)
    return stamp


def find(number: str, now: datetime) -> dict[str, Any]:
    """The stamp as it is today. Raises Problem."""
    if number == TOO_MANY_TRIES:
        raise Problem(429, "trop-de-tentatives", "Trop de tentatives : réessayez plus tard")
    if number == OUT_OF_ORDER:
        raise Problem(503, "service-indisponible", "Le service des timbres est indisponible")
    seed(now)
    stamp = STORE.get("stamp", number)
    if stamp is None:
        raise Problem(404, "timbre-inconnu", "Ce numéro ne correspond à aucun timbre")
    if stamp["etat"] == "EMIS" and date.fromisoformat(stamp["dateFinValidite"]) < today(now):
        if number in MAGIC and "days_left" not in MAGIC[number][1]:
            # A magic number never goes stale: it is as if bought today.
            stamp = _new(number, now, **MAGIC[number][1])
            STORE.put("stamp", number, stamp)
        else:
            stamp["etat"] = "EXPIRE"
    return stamp


def shown(stamp: dict[str, Any]) -> dict[str, Any]:
    """What the interface tells of a stamp: never for whom it is reserved."""
    return {key: stamp[key] for key in ("numero", "motif", "montantCentimes", "dateAchat", "dateFinValidite", "etat")}


def _usable(stamp: dict[str, Any], case: str) -> None:
    state = stamp["etat"]
    if state == "CONSOMME" and stamp["dossier"] != case:
        raise Problem(409, "timbre-deja-consomme", "Ce timbre a déjà été utilisé")
    if state == "RESERVE" and stamp["dossier"] != case:
        raise Problem(409, "timbre-reserve-autre-dossier", "Ce timbre est réservé pour un autre dossier")
    if state == "EXPIRE":
        raise Problem(410, "timbre-expire", "Ce timbre n’est plus valable")
    if state == "REMBOURSE":
        raise Problem(410, "timbre-rembourse", "Ce timbre a été remboursé")
    if state == "ANNULE":
        raise Problem(410, "timbre-annule", "Ce timbre a été annulé")


def reserve(number: str, case: str, motive: str, cents: int, now: datetime) -> dict[str, Any]:
    """EMIS → RESERVE; the same case again changes nothing. Validity is suspended meanwhile. Raises Problem."""
    with STORE.locked():
        stamp = find(number, now)
        _usable(stamp, case)
        if stamp["etat"] == "CONSOMME":
            raise Problem(409, "timbre-deja-consomme", "Ce timbre a déjà été utilisé")
        if stamp["motif"] != motive:
            raise Problem(422, "motif-incompatible", "Ce timbre a été acheté pour une autre démarche")
        if stamp["montantCentimes"] < cents:
            raise Problem(422, "montant-insuffisant", "Le montant de ce timbre est inférieur au tarif")
        if stamp["etat"] == "EMIS":
            stamp |= {"etat": "RESERVE", "dossier": case, "reserve_le": now.isoformat()}
            STORE.put("stamp", number, stamp)
    return stamp


def consume(number: str, case: str, now: datetime) -> dict[str, Any]:
    """RESERVE → CONSOMME, for ever; the same case again gets the same receipt. Raises Problem."""
    with STORE.locked():
        stamp = find(number, now)
        if stamp["etat"] == "CONSOMME" and stamp["dossier"] == case:
            return stamp
        _usable(stamp, case)
        if stamp["etat"] != "RESERVE":
            raise Problem(409, "timbre-non-reserve", "Ce timbre n’est pas réservé pour ce dossier")
        receipt = f"Q{today(now):%Y%m%d}{secrets.randbelow(10**8):08d}"
        stamp |= {"etat": "CONSOMME", "numeroQuittance": receipt, "consomme_le": now.isoformat()}
        STORE.put("stamp", number, stamp)
    return stamp


def release(number: str, case: str, now: datetime) -> dict[str, Any]:
    """RESERVE → EMIS, the days of the reservation given back. A free stamp is left as it is. Raises Problem."""
    with STORE.locked():
        stamp = find(number, now)
        if stamp["etat"] in ("EMIS", "EXPIRE"):
            return stamp
        _usable(stamp, case)
        if stamp["etat"] == "CONSOMME":
            raise Problem(409, "timbre-deja-consomme", "Ce timbre a déjà été utilisé")
        kept = today(now) - today(datetime.fromisoformat(stamp["reserve_le"]))
        ends = date.fromisoformat(stamp["dateFinValidite"]) + kept
        stamp |= {"etat": "EMIS", "dossier": "", "reserve_le": "", "dateFinValidite": ends.isoformat()}
        STORE.put("stamp", number, stamp)
    return stamp
