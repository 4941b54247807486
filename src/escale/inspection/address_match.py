"""Comparing names and postal addresses as people and companies write them: accents, titles, abbreviations, order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

_TITLES = frozenset("M MR MME MLLE MONSIEUR MADAME MADEMOISELLE DR DOCTEUR MAITRE ME OU ET".split())
_SPECIAL = str.maketrans({"Œ": "OE", "Æ": "AE", "ß": "SS", "Ø": "O", "Ł": "L", "Đ": "D"})
# Abbreviations of postal addresses (norme AFNOR NF Z10-011, and those usual abroad).
_EXPANDED = {
    "AV": "AVENUE", "AVE": "AVENUE", "BD": "BOULEVARD", "BLD": "BOULEVARD", "BVD": "BOULEVARD", "BLVD": "BOULEVARD",
    "R": "RUE", "PL": "PLACE", "CHE": "CHEMIN", "CH": "CHEMIN", "CHEM": "CHEMIN", "RTE": "ROUTE", "ALL": "ALLEE",
    "IMP": "IMPASSE", "SQ": "SQUARE", "QU": "QUAI", "FG": "FAUBOURG", "FBG": "FAUBOURG", "CRS": "COURS",
    "RES": "RESIDENCE", "BAT": "BATIMENT", "APT": "APPARTEMENT", "APPT": "APPARTEMENT", "ESC": "ESCALIER",
    "ST": "SAINT", "STE": "SAINTE", "STS": "SAINTS", "GAL": "GENERAL", "MAL": "MARECHAL", "DR": "DOCTEUR",
    "PDT": "PRESIDENT", "PT": "PETIT", "GD": "GRAND", "GDE": "GRANDE", "NTRE": "NOTRE", "STR": "STRASSE",
    "RD": "ROAD", "DRV": "DRIVE", "LN": "LANE", "CALLE": "CALLE", "C": "CALLE", "AVDA": "AVENIDA", "PZA": "PLAZA",
}  # fmt: skip
_EMPTY_WORDS = frozenset("DE DU DES LA LE LES L D A AU AUX EN SUR SOUS ET CEDEX N NO NUMERO".split())
_ALIKE, _NEAR = 0.86, 0.68  # shares of common characters: as if the same; worth a look


class Likeness(Enum):
    """Same beyond reasonable doubt; perhaps the same, to be looked at; different."""

    SAME = "same"
    NEAR = "near"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Holder:
    """Whom the document should name: every surname that person bears (birth, usage), and the given names."""

    surnames: tuple[str, ...]
    given_names: str

    def __repr__(self) -> str:
        return "Holder(•••)"


@dataclass(frozen=True)
class PostalAddress:
    """Lines of the street part, postcode, city, and country as two letters (ISO 3166-1)."""

    lines: tuple[str, ...]
    postcode: str
    city: str
    country: str

    def __repr__(self) -> str:
        return f"PostalAddress({self.country})"


def words(text: str) -> list[str]:
    """Capital words without accents: ``« Élise d’Ormesson-Roux »`` → ``ELISE D ORMESSON ROUX``."""
    bare = unicodedata.normalize("NFKD", text.upper().translate(_SPECIAL))
    bare = "".join(character for character in bare if not unicodedata.combining(character))
    return re.findall(r"[A-Z0-9]+", bare)


def _ratio(ours: Iterable[str], theirs: Iterable[str]) -> float:
    return SequenceMatcher(None, " ".join(ours), " ".join(theirs), autojunk=False).ratio()


def compare_names(holder: Holder, printed: str) -> Likeness:
    """Whether ``printed`` names this person: one surname whole, and a given name or its initial, in any order."""
    found = [word for word in words(printed) if word not in _TITLES]
    if not found:
        return Likeness.DIFFERENT
    surname = None
    for candidate in holder.surnames:
        parts = [word for word in words(candidate) if word not in _TITLES] or words(candidate)
        if parts and all(part in found for part in parts):
            surname = parts
            break
    given = words(holder.given_names)
    if surname is None:
        close = max((_ratio(words(name), found) for name in holder.surnames), default=0.0)
        best_word = max((_ratio(words(name), [word]) for name in holder.surnames for word in found), default=0.0)
        return Likeness.NEAR if max(close, best_word) >= _NEAR else Likeness.DIFFERENT
    left = list(found)
    for part in surname:
        left.remove(part)
    if any(name in left for name in given):
        return Likeness.SAME
    if any(len(word) == 1 and any(name.startswith(word) for name in given) for word in left):
        return Likeness.SAME
    return Likeness.NEAR


def _street(lines: Iterable[str]) -> list[str]:
    """Words spelt out, empty ones dropped, numbers apart from letters (``12bis`` → ``12 BIS``)."""
    parts = [part for line in lines for word in words(line) for part in re.findall(r"[A-Z]+|[0-9]+", word)]
    expanded = [_EXPANDED.get(part, part) for part in parts]
    return [word for word in expanded if word not in _EMPTY_WORDS]


def _numbers(parts: list[str]) -> set[str]:
    return {word for word in parts if word.isdigit()}


def compare_addresses(ours: PostalAddress, theirs: PostalAddress) -> Likeness:
    """Whether two addresses are one: same country and postcode, the street's number found, street and city alike."""
    if ours.country.upper() != (theirs.country.upper() or "FR"):
        return Likeness.DIFFERENT
    if "".join(words(ours.postcode)) != "".join(words(theirs.postcode)):
        return Likeness.DIFFERENT
    city = _ratio(_street([ours.city]), _street([theirs.city]))
    our_street, their_street = _street(ours.lines), _street(theirs.lines)
    numbers_agree = not _numbers(our_street) or bool(_numbers(our_street) & _numbers(their_street))
    common = [word for word in our_street if word in their_street]
    street = max(
        _ratio(our_street, their_street),
        len(common) / len(our_street) if len(our_street) > 1 else 0.0,
        len(common) / len(their_street) if len(their_street) > 2 else 0.0,
    )
    if city >= _ALIKE and street >= _ALIKE and numbers_agree:
        return Likeness.SAME
    if city >= _NEAR and street >= _NEAR:
        return Likeness.NEAR
    return Likeness.DIFFERENT
