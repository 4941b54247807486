"""The interface « timbre-verif/1 ». Numbers travel in bodies, never in addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from escale.partners.tax_stamp.simulator import stamps
from escale.partners.tax_stamp.simulator.gateway import guarded
from escale.partners.tax_stamp.simulator.stamps import Problem


@guarded("POST")
def consult(body: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    return stamps.shown(stamps.find(body["numero"], now))


@guarded("PUT")
def reserve(body: dict[str, Any], *, now: datetime, case: str) -> dict[str, Any]:
    cents, motive = body.get("montantCentimes"), body.get("motif")
    if not isinstance(cents, int) or cents <= 0 or not isinstance(motive, str) or motive not in stamps.PRODUCTS:
        raise Problem(400, "requete-invalide", "motif et montantCentimes sont obligatoires")
    return stamps.shown(stamps.reserve(body["numero"], case, motive, cents, now))


@guarded("POST")
def consume(body: dict[str, Any], *, now: datetime, case: str) -> dict[str, Any]:
    stamp = stamps.consume(body["numero"], case, now)
    return {**stamps.shown(stamp), "numeroQuittance": stamp["numeroQuittance"]}


@guarded("POST")
def release(body: dict[str, Any], *, now: datetime, case: str) -> dict[str, Any]:
    return stamps.shown(stamps.release(body["numero"], case, now))


@guarded("GET")
def purchase(body: dict[str, Any], *, now: datetime, reference: str) -> dict[str, Any]:
    """The stamp bought by the payment of ``reference``, once it is paid."""
    bought = stamps.STORE.get("purchase", reference)
    if bought is None:
        raise Problem(404, "achat-inconnu", "Aucun timbre n’a été vendu sous cette référence")
    return {"refdet": reference, **stamps.shown(stamps.find(bought["numero"], now))}
