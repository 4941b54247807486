"""Where a step finds its partners without knowing who they are: factories provided at start by the top floor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from escale.ports.border_alert import BorderAlertPort
from escale.ports.courier import CourierPort
from escale.ports.franceconnect import FranceConnectPort
from escale.ports.issuance import IssuancePort
from escale.ports.mailer import MailerPort
from escale.ports.proconnect import ProConnectPort
from escale.ports.register import RegisterPort
from escale.ports.tax_stamp import PaymentPort, TaxStampPort
from escale.ports.webconference import WebconferencePort

_FACTORIES: dict[str, Callable[[], Any]] = {}
_BUILT: dict[str, Any] = {}


def provide(name: str, factory: Callable[[], Any]) -> None:
    """Say who answers for a partner. The factory is called once, at first use."""
    _FACTORIES[name] = factory
    _BUILT.pop(name, None)


def _find(name: str) -> Any:
    if name not in _BUILT:
        _BUILT[name] = _FACTORIES[name]()
    return _BUILT[name]


def names() -> tuple[str, ...]:
    return tuple(_FACTORIES)


def franceconnect() -> FranceConnectPort:
    return cast(FranceConnectPort, _find("franceconnect"))


def proconnect() -> ProConnectPort:
    return cast(ProConnectPort, _find("proconnect"))


def register() -> RegisterPort:
    return cast(RegisterPort, _find("register"))


def tax_stamp() -> TaxStampPort:
    return cast(TaxStampPort, _find("tax_stamp"))


def payment() -> PaymentPort:
    return cast(PaymentPort, _find("payment"))


def courier() -> CourierPort:
    return cast(CourierPort, _find("courier"))


def webconference() -> WebconferencePort:
    return cast(WebconferencePort, _find("webconference"))


def issuance() -> IssuancePort:
    return cast(IssuancePort, _find("issuance"))


def border_alert() -> BorderAlertPort:
    return cast(BorderAlertPort, _find("border_alert"))


def mailer() -> MailerPort:
    return cast(MailerPort, _find("mailer"))
