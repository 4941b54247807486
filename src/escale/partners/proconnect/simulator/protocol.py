"""ProConnect as data: lifetimes, levels, scopes, shapes of answers, and the codes of its error pages."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from escale.partners.kit.issuing import SigningKeys, Switches, Tickets
from escale.partners.kit.store import Store
from escale.partners.proconnect.settings import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET

STORE = Store("proconnect")
BASE = "/proconnect"
COOKIE = "pc_session_id"
KEYS = SigningKeys(STORE, "pkcs11:hsm")
CODE_SECONDS = 30
INTERACTION_SECONDS = 600
SESSION_SECONDS = 12 * 3600
CODES = Tickets(STORE, "code", seconds=CODE_SECONDS)
ACCESS = Tickets(STORE, "access", seconds=SESSION_SECONDS)
REFRESH = Tickets(STORE, "refresh", seconds=SESSION_SECONDS)
SESSIONS = Tickets(STORE, "session", seconds=SESSION_SECONDS)
INTERACTIONS = Tickets(STORE, "interaction", seconds=INTERACTION_SECONDS)
SWITCHES = Switches(STORE, {"shape": "2026", "skew": "0", "unpublished_key": "", "ignore_prompt": "", "outcome": ""})

SHAPES = {"2025": 60, "2026": 3600}
"""Life of an access token in seconds; the shape of 2026 also carries a refresh token."""
ACRS = (
    "eidas0",
    "eidas0-mfa",
    "eidas1",
    "eidas1-mfa",
    "eidas2",
    "eidas3",
    "https://proconnect.gouv.fr/assurance/certification-dirigeant",
)
NEW_SESSION_ACRS = {"eidas2", "eidas3"}
SCOPES: dict[str, tuple[str, ...]] = {
    "openid": ("sub",),
    "given_name": ("given_name",),
    "usual_name": ("usual_name",),
    "email": ("email",),
    "uid": ("uid",),
    "siret": ("siret",),
    "siren": ("siren",),
    "idp_id": ("idp_id",),
    "organizational_unit": ("organizational_unit",),
    "belonging_population": ("belonging_population",),
    "phone": ("phone_number",),
    "chorusdt": ("chorusdt:matricule", "chorusdt:societe"),
    "custom": ("custom",),
}
PAGES: dict[str, tuple[int, str]] = {
    "invalid_client": (400, "Le service qui demande la connexion est inconnu ou désactivé."),
    "Y030031": (400, "L’adresse de retour du service n’est pas déclarée."),
    "Y000400": (400, "La demande de connexion du service n’est pas conforme."),
    "Y030110": (400, "Votre session n’a pas été trouvée. Recommencez depuis le service."),
    "Y030111": (400, "L’adresse de retour après déconnexion n’est pas déclarée."),
    "Y500015": (403, "Ce service n’est pas ouvert au secteur privé."),
}
"""Pages from which the browser never goes back to the service by itself: code → status and sentence."""


class PageError(Exception):
    """ProConnect shows its own error page."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RedirectError(Exception):
    """The browser goes back to the service with an error."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error, self.description = error, description


@dataclass(frozen=True, slots=True)
class Client:
    """A registered service."""

    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    name: str = "Escale"


def find_client(client_id: str) -> Client | None:
    if client_id == DEMO_CLIENT_ID:
        desk = settings.DESK_URL
        return Client(
            client_id=DEMO_CLIENT_ID,
            client_secret=DEMO_CLIENT_SECRET,
            redirect_uris=(f"{desk}/connexion/retour",),
            post_logout_redirect_uris=(f"{desk}/",),
            name="Bureau consulaire : passeports à distance",
        )
    kept = STORE.get("client", client_id)
    return _client(kept) if kept else None


def register_client(declared: dict[str, Any]) -> Client:
    """Add or replace a service. Raises TypeError when the declaration is not complete."""
    client = _client(declared)
    if not all(isinstance(text, str) for text in (client.client_id, client.client_secret)):
        raise TypeError("client_id and client_secret are texts")
    STORE.put("client", client.client_id, asdict(client))
    return client


def _client(kept: dict[str, Any]) -> Client:
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    return Client(**given)


def issuer() -> str:
    return f"{settings.SIMULATORS_URL}{BASE}/api/v2"
