"""How the register compares a civil status: without case, accents, hyphens or apostrophes, on what both sides know."""

from __future__ import annotations

import unicodedata
from typing import Any

from escale.partners.kit.people import Person

FRANCE = "99100"
SEXES = {"male": "M", "female": "F"}
_LIGATURES = str.maketrans({"Œ": "OE", "Æ": "AE", "-": " ", "'": " ", "’": " "})


def plain(name: str) -> str:
    """Capitals without accents, words separated by one space."""
    letters = unicodedata.normalize("NFKD", name.upper().translate(_LIGATURES))
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def scores(person: Person, identity: dict[str, Any]) -> dict[str, float]:
    """0 to 1 for each element of the civil status; 1 also where nothing can be compared."""
    return {
        "nom": float(plain(str(identity["nom_naissance"])) == plain(person.family_name)),
        "prenoms": _given_names(plain(str(identity["prenoms"])).split(), plain(person.given_names).split()),
        "date": float(_same_date(str(identity["date_naissance"]), person.birthdate)),
        "lieu": float(_same_place(identity, person)),
        "sexe": float(not identity.get("sexe") or identity["sexe"] == SEXES.get(person.gender, identity["sexe"])),
    }


def agrees(found: dict[str, float]) -> bool:
    return all(found.values())


def _given_names(ours: list[str], theirs: list[str]) -> float:
    """The first given name at least."""
    if not ours or not theirs or ours[0] != theirs[0]:
        return 0.0
    return 1.0 if ours == theirs else 0.9


def _same_date(left: str, right: str) -> bool:
    """Equal on the parts known on both sides: ``00`` is an unknown month or day."""
    ours, theirs = left.split("-"), right.split("-")
    return len(ours) == len(theirs) == 3 and all(a == b or "00" in (a, b) for a, b in zip(ours, theirs, strict=True))


def _same_place(identity: dict[str, Any], person: Person) -> bool:
    """The commune in France; abroad the country alone."""
    if str(identity["pays_naissance_cog"]) != person.birthcountry:
        return False
    return person.birthcountry != FRANCE or str(identity["lieu_naissance_cog"]) == person.birthplace
