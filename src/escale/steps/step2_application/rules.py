"""What an application is made of, and what it still lacks. Pure: a draft in, an answer out.

Sources: service-public F21091 (motives, documents), F21258 (stamp), CGI art. 953 (tariff), décret n° 2005-1726.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from escale.case import policy
from escale.case.decision import RuleRefused


def N_(text: str) -> str:
    """Marks a message: pages translate it when they show it."""
    return text


STAMP_PRODUCT = "PASSEPORT_MAJEUR_ETRANGER"
MOST_FILES_AT_ONCE = 5  # of 10 MB each: what one request may weigh
MOST_PAGES = 10
MOST_PAGES_OF = {"all_pages": 20}  # a passport of 32 pages, opened flat, with its cover
# Documents that a machine can tell something of.
CHECKED = frozenset({"photo", "passport_page", "address_proof", "host_address_proof"})


@dataclass(frozen=True, slots=True)
class Motive:
    """Why the passport is renewed. A free motive keeps the expiry date of the current passport."""

    code: str
    label: str
    hint: str
    free: bool


MOTIVES: tuple[Motive, ...] = (
    Motive(
        "expiring",
        N_("Mon passeport est expiré, ou le sera bientôt"),
        N_("Timbre de 96 €. Le nouveau passeport est valable dix ans."),
        False,
    ),
    Motive(
        "pages_full",
        N_("Toutes les pages sont remplies"),
        N_("Gratuit. Le nouveau passeport garde la date d’expiration de l’actuel."),
        True,
    ),
    Motive(
        "usage_name",
        N_("J’ai un nouveau nom d’usage"),
        N_("Gratuit. Le nouveau passeport garde la date d’expiration de l’actuel."),
        True,
    ),
    Motive(
        "address",
        N_("J’ai une nouvelle adresse"),
        N_("Gratuit. Le nouveau passeport garde la date d’expiration de l’actuel."),
        True,
    ),
    Motive(
        "error",
        N_("L’administration a fait une erreur sur mon passeport"),
        N_("Gratuit. Le nouveau passeport garde la date d’expiration de l’actuel."),
        True,
    ),
)
MOTIVE: dict[str, Motive] = {motive.code: motive for motive in MOTIVES}

# Where a usage name comes from, and the document that proves a new one.
USAGE_ORIGINS: tuple[tuple[str, str], ...] = (
    ("unchanged", N_("Comme sur mon passeport actuel")),
    ("none", N_("Aucun nom d’usage")),
    ("parent", N_("Nouveau : le nom d’un de mes parents")),
    ("spouse", N_("Nouveau : le nom de mon époux ou de mon épouse")),
    ("widowed", N_("Nouveau : le nom de mon époux décédé ou de mon épouse décédée")),
)
NEW_USAGE = frozenset({"parent", "spouse", "widowed"})
EYE_COLOURS: tuple[tuple[str, str], ...] = (
    ("brown", N_("Marron")),
    ("blue", N_("Bleus")),
    ("green", N_("Verts")),
    ("hazel", N_("Noisette")),
    ("grey", N_("Gris")),
    ("black", N_("Noirs")),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything the applicant has given so far. ``documents`` names the kinds present; ``stamp`` is the state of the
    stamp chosen (empty: none); ``photo_refused``: the automatic check says no."""

    motive: str = ""
    accepts_old_expiry: bool = False
    usage_origin: str = ""
    usage_name: str = ""
    height_cm: int | None = None
    eye_colour: str = ""
    hosted: bool | None = None
    phone: str = ""
    contact_seen: bool = False
    travel_on: date | None = None
    passport_number: str = ""
    passport_issued_on: date | None = None
    passport_expires_on: date | None = None
    keeps_visa: bool | None = None
    visa_until: date | None = None
    documents: frozenset[str] = frozenset()
    photo: bool = False
    stamp: str = ""
    corrections: tuple[str, ...] = field(default_factory=tuple)

    @property
    def free(self) -> bool:
        return self.motive in MOTIVE and MOTIVE[self.motive].free


@dataclass(frozen=True, slots=True)
class Document:
    """A kind of supporting document: when it is asked for, and what it must show."""

    kind: str
    label: str
    hint: str
    wanted: Callable[[Draft], bool]


DOCUMENTS: tuple[Document, ...] = (
    Document(
        "passport_page",
        N_("Passeport actuel : double page avec votre photo et votre signature"),
        N_("Les deux pages ouvertes à plat, sans reflet, les deux lignes de signes du bas bien nettes."),
        lambda draft: True,
    ),
    Document(
        "address_proof",
        N_("Justificatif de domicile de moins d’un mois"),
        N_("À votre nom et à l’adresse inscrite au Registre : facture d’énergie, d’eau ou de téléphone, bail, impôt."),
        lambda draft: draft.hosted is not True,
    ),
    Document(
        "host_address_proof",
        N_("Justificatif de domicile de la personne qui vous héberge, de moins d’un mois"),
        N_("À son nom et à l’adresse inscrite au Registre."),
        lambda draft: draft.hosted is True,
    ),
    Document(
        "host_identity",
        N_("Pièce d’identité de la personne qui vous héberge"),
        N_("Carte d’identité, passeport ou titre de séjour en cours de validité."),
        lambda draft: draft.hosted is True,
    ),
    Document(
        "host_letter",
        N_("Lettre signée de la personne qui vous héberge"),
        N_("Elle y atteste que vous habitez chez elle de manière stable depuis plus de trois mois."),
        lambda draft: draft.hosted is True,
    ),
    Document(
        "birth_certificate",
        N_("Acte de naissance de moins de trois mois"),
        N_("Copie intégrale ou extrait avec filiation : il prouve le nom de votre parent."),
        lambda draft: draft.usage_origin == "parent",
    ),
    Document(
        "marriage_certificate",
        N_("Acte de mariage ou de naissance de moins de trois mois"),
        N_("Il prouve le nom de votre époux ou de votre épouse."),
        lambda draft: draft.usage_origin in {"spouse", "widowed"},
    ),
    Document(
        "death_certificate",
        N_("Acte de décès de votre époux ou de votre épouse"),
        N_("Copie de l’acte ou livret de famille à jour."),
        lambda draft: draft.usage_origin == "widowed",
    ),
    Document(
        "sworn_statement",
        N_("Déclaration sur l’honneur qui décrit l’erreur"),
        N_("Datée et signée : ce qui est faux sur le passeport, et ce qui devrait y figurer."),
        lambda draft: draft.motive == "error",
    ),
    Document(
        "all_pages",
        N_("Toutes les pages du passeport actuel"),
        N_("Un fichier PDF, ou une photo par double page : vous pouvez les choisir toutes ensemble."),
        lambda draft: draft.motive == "pages_full",
    ),
    Document(
        "visa_copy",
        N_("Copie du visa en cours de validité"),
        N_("La page du visa, dates lisibles : vous pourrez garder l’ancien passeport jusqu’à la fin du visa."),
        lambda draft: draft.keeps_visa is True,
    ),
)
DOCUMENT: dict[str, Document] = {document.kind: document for document in DOCUMENTS}


def most_pages(kind: str) -> int:
    """How many pages a document of this kind may have."""
    return MOST_PAGES_OF.get(kind, MOST_PAGES)


def documents_wanted(draft: Draft) -> tuple[Document, ...]:
    """The list asked for, computed from the answers."""
    return tuple(document for document in DOCUMENTS if document.wanted(draft))


@dataclass(frozen=True, slots=True)
class Missing:
    """Something still to do: the page where, the item, and words."""

    page: str
    item: str
    text: str


# Which page holds each item an agent may send back.
PAGE_OF_ITEM: dict[str, str] = {
    "motive": "motive",
    "usage_name": "identity",
    "height_cm": "identity",
    "eye_colour": "identity",
    "phone": "contact",
    "travel_on": "contact",
    "hosted": "contact",
    "passport_number": "passport",
    "passport_issued_on": "passport",
    "passport_expires_on": "passport",
    "keeps_visa": "passport",
    "photo": "photo",
    "stamp": "stamp",
    **{document.kind: "documents" for document in DOCUMENTS},
}
ITEM_LABELS: dict[str, str] = {
    "motive": N_("Motif de la demande"),
    "usage_name": N_("Nom d’usage"),
    "height_cm": N_("Taille"),
    "eye_colour": N_("Couleur des yeux"),
    "phone": N_("Téléphone"),
    "travel_on": N_("Date de voyage"),
    "hosted": N_("Hébergement"),
    "passport_number": N_("Numéro du passeport actuel"),
    "passport_issued_on": N_("Date de délivrance du passeport actuel"),
    "passport_expires_on": N_("Date d’expiration du passeport actuel"),
    "keeps_visa": N_("Visa en cours dans le passeport actuel"),
    "photo": N_("Photo"),
    "stamp": N_("Timbre électronique"),
    **{document.kind: document.label for document in DOCUMENTS},
}
PAGES: tuple[tuple[str, str], ...] = (
    ("motive", N_("Motif")),
    ("identity", N_("Identité")),
    ("contact", N_("Coordonnées")),
    ("passport", N_("Passeport actuel")),
    ("documents", N_("Pièces justificatives")),
    ("photo", N_("Photo")),
    ("stamp", N_("Timbre électronique")),
)


def _answers_missing(draft: Draft) -> list[Missing]:
    found = []
    if draft.motive not in MOTIVE:
        found.append(Missing("motive", "motive", N_("Choisir le motif de la demande.")))
    elif draft.free and not draft.accepts_old_expiry:
        found.append(Missing("motive", "motive", N_("Accepter que le nouveau passeport garde l’ancienne date.")))
    if not draft.usage_origin or draft.height_cm is None or not draft.eye_colour:
        found.append(Missing("identity", "usage_name", N_("Indiquer nom d’usage, taille et couleur des yeux.")))
    elif draft.motive == "usage_name" and draft.usage_origin == "unchanged":
        found.append(Missing("identity", "usage_name", N_("Indiquer le nouveau nom d’usage, puisque c’est le motif.")))
    if not draft.contact_seen or draft.hosted is None:
        found.append(Missing("contact", "hosted", N_("Vérifier votre adresse et vos coordonnées.")))
    if not draft.passport_number or draft.passport_expires_on is None or draft.keeps_visa is None:
        found.append(Missing("passport", "passport_number", N_("Recopier le numéro du passeport actuel.")))
    return found


def missing(draft: Draft) -> tuple[Missing, ...]:
    """What the draft lacks before it can be submitted, in the order of the pages."""
    found = _answers_missing(draft)
    found += [
        Missing("documents", document.kind, document.label)
        for document in documents_wanted(draft)
        if document.kind not in draft.documents
    ]
    if not draft.photo:
        found.append(Missing("photo", "photo", N_("Ajouter la photo.")))
    if not draft.free and not draft.stamp:
        found.append(Missing("stamp", "stamp", N_("Acheter ou saisir un timbre électronique.")))
    found += [Missing(PAGE_OF_ITEM[item], item, ITEM_LABELS[item]) for item in draft.corrections]
    return tuple(found)


def page_states(draft: Draft) -> dict[str, str]:
    """By page: ``correct`` (an agent sent it back), ``todo``, ``done``, or ``free`` (no stamp needed)."""
    lacking = {lack.page for lack in missing(draft)}
    to_correct = {PAGE_OF_ITEM[item] for item in draft.corrections}
    states = {}
    for page, _label in PAGES:
        states[page] = "correct" if page in to_correct else "todo" if page in lacking else "done"
    if draft.free and states["stamp"] == "done":
        states["stamp"] = "free"
    return states


def check_motive(motive: str, *, expires_on: date | None, remote: bool, on: date) -> None:
    """A free motive keeps the old expiry date, so the passport must still be valid; a passport obtained remotely is
    renewed remotely only to mend an error (rule X4). Raises RuleRefused."""
    if motive not in MOTIVE:
        raise RuleRefused("motive_unknown")
    if remote and motive != "error":
        raise RuleRefused("motive_remote", rule="X4")
    if MOTIVE[motive].free and expires_on is not None and expires_on < on:
        raise RuleRefused("motive_expired")


def check_stamp(*, product: str, cents: int, valid_until: date, state: str, on: date) -> None:
    """A stamp that can be used for this request. Raises RuleRefused with the reasons of ``StampRefused``.

    The stamp sold in France (86 €) is another product: it is refused and the difference explained.
    """
    if product != STAMP_PRODUCT:
        raise RuleRefused("wrong_product", rule="CGI art. 953")
    if cents < policy.number("stamp_tariff_abroad", on):
        raise RuleRefused("amount_too_low", rule="CGI art. 953")
    if state == "expired" or (state == "issued" and valid_until < on):
        raise RuleRefused("expired")
    if state in {"refunded", "cancelled"}:
        raise RuleRefused("refunded")
    if state in {"consumed", "reserved"}:
        raise RuleRefused({"consumed": "consumed", "reserved": "reserved_elsewhere"}[state])


def check_submission(draft: Draft) -> None:
    """Nothing may be missing. Raises RuleRefused(``incomplete``)."""
    lacking = missing(draft)
    if lacking:
        raise RuleRefused("incomplete", rule=lacking[0].item, pages=tuple(lack.page for lack in lacking))


def oldest_address_proof(on: date) -> date:
    """A proof of address must be dated this day or later."""
    return on - timedelta(days=policy.number("address_proof_max_days", on))
