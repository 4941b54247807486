"""The carriers a post may work with: the options their labels may and may not have, and how parcels are followed.

Data, not code: a post chooses a carrier by its ``code``. The passport must be received in person (poster, step 3), so
every option that leaves the parcel to nobody, or to somebody else, is forbidden everywhere; DHL itself cancels labels
that carry « signature d'un adulte » (poster, step 3). Validity of labels: our decision, no public text gives it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tracking(StrEnum):
    """How scans reach us: from the carrier's interface, or typed by an agent from its public page."""

    API = "api"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in both languages of the product."""

    fr: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language.lower().startswith("en") else self.fr


@dataclass(frozen=True, slots=True)
class LabelOption:
    """One option of a label. ``code`` is the carrier's own; ``reason`` says why it is forbidden, empty when allowed."""

    code: str
    name: Words
    reason: Words = Words("", "")


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier. ``label_page`` is where an applicant buys a label, ``follow_page`` where anybody follows a parcel;
    ``countries`` are those whose posts may choose it (ISO 3166-1)."""

    code: str
    name: str
    label_page: str
    follow_page: str
    envelope: Words
    allowed: tuple[LabelOption, ...]
    forbidden: tuple[LabelOption, ...]
    label_valid_days: int
    tracking: Tracking
    countries: tuple[str, ...]

    def forbids(self, code: str) -> LabelOption | None:
        """The forbidden option of this code, if it is one."""
        return next((option for option in self.forbidden if option.code == code.upper()), None)


_IN_PERSON = Words(
    "Vous devez réceptionner votre passeport en personne : il ne peut être ni déposé, ni confié à un tiers.",
    "You must receive your passport in person: it can be neither left unattended nor handed to somebody else.",
)
_SIGNATURE = Words("Remise contre signature", "Signature on delivery")
_LEFT_UNATTENDED = Words("Dépôt sans remise en main propre", "Leave without handing over")
_NEIGHBOUR = Words("Remise à un voisin", "Leave with a neighbour")
_SERVICE_POINT = Words("Livraison en point relais", "Delivery to a service point")
_ENVELOPE = Words("Enveloppe cartonnée, à plat, 35 × 28 cm au plus", "Cardboard envelope, flat, at most 35 × 28 cm")
_AGE_CHECK_REASON = Words(
    "Ce service exige une pièce d’identité au moment de la remise, or votre passeport est justement dans le pli.",
    "This service asks for an identity document at the door, and your passport is inside the envelope.",
)
_DHL_ADULT_REASON = Words(
    "Si vous contractez ce service, votre demande sera annulée par DHL.",
    "If you take out this service, your request will be cancelled by DHL.",
)

DHL = Carrier(
    code="dhl",
    name="DHL Express",
    label_page="https://mydhl.express.dhl/",
    follow_page="https://www.dhl.com/fr-fr/home/suivi.html",
    envelope=_ENVELOPE,
    allowed=(
        LabelOption("SF", Words("Signature directe du destinataire", "Direct signature")),
        LabelOption("SC", Words("Signature nominative", "Named signature")),
        LabelOption("SG", _SIGNATURE),
        LabelOption("SA", _SIGNATURE),
    ),
    forbidden=(
        LabelOption("SD", Words("Signature d’un adulte", "Adult signature"), _DHL_ADULT_REASON),
        LabelOption("SX", Words("Sans signature", "No signature required"), _IN_PERSON),
        LabelOption("SW", _NEIGHBOUR, _IN_PERSON),
        LabelOption("64", _NEIGHBOUR, _IN_PERSON),
        LabelOption("TV", _SERVICE_POINT, _IN_PERSON),
        LabelOption("TZ", _SERVICE_POINT, _IN_PERSON),
        LabelOption("62", _SERVICE_POINT, _IN_PERSON),
        LabelOption("53", Words("Contrôle d’identité", "ID check"), _AGE_CHECK_REASON),
        LabelOption("TF", Words("Livraison vérifiée", "Verified delivery"), _AGE_CHECK_REASON),
    ),
    label_valid_days=90,
    tracking=Tracking.API,
    countries=("AU", "CA", "ES", "PT"),
)

CANADA_POST = Carrier(
    code="canada_post",
    name="Postes Canada Xpresspost",
    label_page="https://www.canadapost-postescanada.ca/outils/",
    follow_page="https://www.canadapost-postescanada.ca/suivi-reperage/",
    envelope=_ENVELOPE,
    allowed=(LabelOption("SO", _SIGNATURE),),
    forbidden=(
        LabelOption("PA18", Words("Preuve d’âge, 18 ans", "Proof of age 18"), _AGE_CHECK_REASON),
        LabelOption("PA19", Words("Preuve d’âge, 19 ans", "Proof of age 19"), _AGE_CHECK_REASON),
        LabelOption("LAD", _LEFT_UNATTENDED, _IN_PERSON),
    ),
    label_valid_days=90,
    tracking=Tracking.MANUAL,
    countries=("CA",),
)

CORREOS = Carrier(
    code="correos",
    name="Correos Paq Premium",
    label_page="https://www.correos.es/",
    follow_page="https://www.correos.es/es/es/herramientas/localizador/envios",
    envelope=_ENVELOPE,
    allowed=(LabelOption("FIRMA", _SIGNATURE),),
    forbidden=(
        LabelOption("CITYPAQ", Words("Livraison en casier Citypaq", "Delivery to a Citypaq locker"), _IN_PERSON),
        LabelOption("VECINO", _NEIGHBOUR, _IN_PERSON),
    ),
    label_valid_days=90,
    tracking=Tracking.MANUAL,
    countries=("ES",),
)

CTT = Carrier(
    code="ctt",
    name="CTT Expresso",
    label_page="https://www.ctt.pt/",
    follow_page="https://www.ctt.pt/feapl_2/app/open/objectSearch/objectSearch.jspx",
    envelope=_ENVELOPE,
    allowed=(LabelOption("ASSINATURA", _SIGNATURE),),
    forbidden=(
        LabelOption("LOCKY", Words("Livraison en casier Locky", "Delivery to a Locky locker"), _IN_PERSON),
        LabelOption("VIZINHO", _NEIGHBOUR, _IN_PERSON),
    ),
    label_valid_days=90,
    tracking=Tracking.MANUAL,
    countries=("PT",),
)

AUSTRALIA_POST = Carrier(
    code="australia_post",
    name="Australia Post Express Post",
    label_page="https://auspost.com.au/",
    follow_page="https://auspost.com.au/mypost/track/",
    envelope=_ENVELOPE,
    allowed=(LabelOption("SOD", _SIGNATURE),),
    forbidden=(
        LabelOption("ATL", _LEFT_UNATTENDED, _IN_PERSON),
        LabelOption("LOCKER", Words("Livraison en casier", "Delivery to a parcel locker"), _IN_PERSON),
    ),
    label_valid_days=90,
    tracking=Tracking.MANUAL,
    countries=("AU",),
)

CARRIERS: dict[str, Carrier] = {carrier.code: carrier for carrier in (DHL, CANADA_POST, CORREOS, CTT, AUSTRALIA_POST)}
DEFAULT_CARRIER = DHL.code
