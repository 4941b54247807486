"""FranceConnect+ as data: lifetimes, levels, scopes, identity providers, and the codes of its error pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from escale.partners.kit.issuing import SigningKeys, Switches, Tickets
from escale.partners.kit.store import Store

STORE = Store("franceconnect")
CODE_SECONDS = 30
TOKEN_SECONDS = 60
SESSION_SECONDS = 600
KEYS = SigningKeys(STORE, "pkcs11:hsm")
CODES = Tickets(STORE, "code", seconds=CODE_SECONDS)
ACCESS = Tickets(STORE, "access", seconds=TOKEN_SECONDS)
SESSIONS = Tickets(STORE, "session", seconds=SESSION_SECONDS)
INTERACTIONS = Tickets(STORE, "interaction", seconds=SESSION_SECONDS)
SWITCHES = Switches(STORE, {"skew": "0", "unpublished_key": "", "outcome": "", "sector": ""})
COOKIE = "fcp_session_id"

LEVELS = ("eidas1", "eidas2", "eidas3")
ALLOWED_LEVELS = ("eidas2", "eidas3")
SINGLE_SIGN_ON_LEVEL = "eidas2"
AMR = ["fc", "pop", "mfa", "pin"]

PIVOT = ("given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry")
SCOPES: dict[str, tuple[str, ...]] = {
    "openid": ("sub",),
    "profile": ("given_name", "family_name", "birthdate", "gender", "preferred_username"),
    "birth": ("birthplace", "birthcountry"),
    "identite_pivot": PIVOT,
    **{name: (name,) for name in (*PIVOT, "preferred_username", "email")},
}
CLAIMS = ("sub", *PIVOT, "preferred_username", "email", "amr")

PROVIDERS = {
    "eda17ef8-55a2-45b6-bf3f-e2406240949c": "France Identité",
    "87e69e8d-dc70-40c7-9d9f-48a7a33d6dfd": "L’Identité Numérique La Poste",
}
"""Identity providers by their uid; the eIDAS bridge exists and is switched off, as in production."""

PAGES: dict[str, tuple[int, str]] = {
    "Y030007": (400, "La demande de connexion du service n’est pas conforme."),
    "Y04EA6EF": (400, "Le service qui demande la connexion est inconnu ou désactivé."),
    "Y04C013C": (400, "L’adresse de retour du service n’est pas déclarée."),
    "Y04A8220": (400, "La liste des adresses du service (sector_identifier_uri) n’est pas lisible."),
    "Y04D010C": (400, "La demande de déconnexion du service n’est pas conforme."),
    "Y100001": (500, "Votre fournisseur d’identité ne garantit pas le niveau de sécurité demandé."),
    "Y100009": (400, "Le service demande une donnée à laquelle il n’a pas droit."),
    "Y190001": (403, "Votre session a expiré ou n’existe pas. Recommencez depuis le service."),
    "Y420001": (403, "La navigation n’est pas celle attendue. Recommencez depuis le service."),
    "Y600006": (500, "L’identité transmise par votre fournisseur d’identité n’est pas complète."),
    "Y020021": (400, "Le retour de votre fournisseur d’identité n’est pas conforme."),
}
"""Pages from which the browser never goes back to the service by itself: code → status and sentence."""


class PageError(Exception):
    """FranceConnect+ shows its own error page."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RedirectError(Exception):
    """The browser goes back to the service with an error."""

    def __init__(self, error: str, description: str, *, fragment: bool = False) -> None:
        super().__init__(error)
        self.error, self.description, self.fragment = error, description, fragment


@dataclass(frozen=True, slots=True)
class Prefix:
    """Addresses of this simulator."""

    base: str = "/franceconnect"

    @property
    def issuer(self) -> str:
        return f"{settings.SIMULATORS_URL}{self.base}/api/v2"


PREFIX = Prefix()
