"""Small values that carry their own rules: numbers people type, copy and scan.

A constructor that receives something impossible raises :class:`InvalidValue` with a stable code,
so that a form can explain the mistake in the user's words.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CONFUSED = str.maketrans({"O": "0", "I": "1", "L": "1"})


class InvalidValue(ValueError):
    """A value that cannot exist. ``code`` is stable; the value itself is never in the message."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _squeeze(text: str) -> str:
    return re.sub(r"[\s\-.·]+", "", text).upper()


def crockford_check(body: str) -> str:
    """Check character by the hybrid system of ISO 7064 with M = 32: catches every single wrong character
    and nearly every swap of neighbours, and stays within the same 32 symbols."""
    product = 32
    for character in body:
        total = (product + CROCKFORD.index(character)) % 32 or 32
        product = total * 2 % 33
    return CROCKFORD[(33 - product) % 32]


@dataclass(frozen=True, slots=True)
class SecurityNumber:
    """Numéro de sécurité: 11 random characters (55 bits) of Crockford base32 and a check character.

    The check character (ISO 7064) belongs to the same 32 symbols, so that the whole number can be typed on
    any keyboard. Letters often confused (O, I, L) are read as the digits they look like.
    """

    text: str

    LENGTH = 12

    @classmethod
    def draw(cls) -> SecurityNumber:
        """A fresh number from the system's CSPRNG."""
        body = "".join(secrets.choice(CROCKFORD) for _ in range(cls.LENGTH - 1))
        return cls(body + crockford_check(body))

    @classmethod
    def parse(cls, typed: str) -> SecurityNumber:
        """Read what a person typed. Raises InvalidValue: ``length``, ``alphabet`` or ``check``."""
        text = _squeeze(typed).translate(_CONFUSED)
        if len(text) != cls.LENGTH:
            raise InvalidValue("length")
        if any(character not in CROCKFORD for character in text):
            raise InvalidValue("alphabet")
        if crockford_check(text[:-1]) != text[-1]:
            raise InvalidValue("check")
        return cls(text)

    @property
    def grouped(self) -> str:
        return " ".join((self.text[:4], self.text[4:8], self.text[8:]))

    def __repr__(self) -> str:
        return "SecurityNumber(•••)"


@dataclass(frozen=True, slots=True)
class CaseReference:
    """Numéro de demande, also the public reference of a case: ``ESC-7K2M-9QX4-R83T``.

    60 random bits: unguessable, but never enough to open anything alone.
    """

    text: str

    _PATTERN = re.compile(r"ESC-(?:[0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}")

    @classmethod
    def draw(cls) -> CaseReference:
        body = "".join(secrets.choice(CROCKFORD) for _ in range(12))
        return cls(f"ESC-{body[:4]}-{body[4:8]}-{body[8:]}")

    @classmethod
    def parse(cls, typed: str) -> CaseReference:
        text = _squeeze(typed).removeprefix("ESC").translate(_CONFUSED)
        candidate = f"ESC-{text[:4]}-{text[4:8]}-{text[8:]}"
        if not cls._PATTERN.fullmatch(candidate):
            raise InvalidValue("reference")
        return cls(candidate)


@dataclass(frozen=True, slots=True)
class StampNumber:
    """Number of an electronic tax stamp: 16 digits. A bearer value: shown only by its last four digits."""

    text: str

    @classmethod
    def parse(cls, typed: str) -> StampNumber:
        text = _squeeze(typed)
        if not text.isdigit() or not text.isascii():
            raise InvalidValue("digits")
        if len(text) != 16:
            raise InvalidValue("length")
        return cls(text)

    @property
    def masked(self) -> str:
        return f"•••• •••• •••• {self.text[-4:]}"

    @property
    def grouped(self) -> str:
        return " ".join(self.text[i : i + 4] for i in range(0, 16, 4))

    def __repr__(self) -> str:
        return f"StampNumber({self.masked})"


@dataclass(frozen=True, slots=True)
class PassportNumber:
    """Number of a French passport: two digits, two letters, five digits (usual form, e.g. ``12AB34567``)."""

    text: str

    _PATTERN = re.compile(r"[0-9]{2}[A-Z]{2}[0-9]{5}")

    @classmethod
    def parse(cls, typed: str) -> PassportNumber:
        text = _squeeze(typed)
        if len(text) == 9:  # letters and digits have fixed places: repair the usual confusions
            text = "".join(
                char.translate(_DIGIT_TO_LETTER) if place in (2, 3) else char.translate(_LETTER_TO_DIGIT)
                for place, char in enumerate(text)
            )
        if not cls._PATTERN.fullmatch(text):
            raise InvalidValue("passport_number")
        return cls(text)

    @property
    def masked(self) -> str:
        return f"{self.text[:2]}•••••{self.text[-2:]}"

    def __repr__(self) -> str:
        return f"PassportNumber({self.masked})"


_DIGIT_TO_LETTER = str.maketrans({"0": "O", "1": "I"})
_LETTER_TO_DIGIT = str.maketrans({"O": "0", "I": "1"})


_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def _checks(carrier: str, text: str) -> bool:
    """Whether the check digit of a post's number holds; True for a form that has none."""
    if re.fullmatch(r"[A-Z]{2}[0-9]{9}[A-Z]{2}", text):
        left = 11 - sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, text[2:10], strict=True)) % 11
        return int(text[10]) == {10: 0, 11: 5}.get(left, left)
    if carrier == "canada_post" and re.fullmatch(r"[0-9]{16}", text):
        total = sum(int(digit) * (1 if rank % 2 else 3) for rank, digit in enumerate(text[:15]))
        return int(text[15]) == -total % 10
    return True


@dataclass(frozen=True, slots=True)
class Waybill:
    """A carrier's tracking number. ``dhl`` numbers are ten digits, the tenth being the first nine modulo 7.

    Those of posts have a check digit where their form is known: thirteen characters of the Universal Postal Union (S10,
    two letters at both ends), sixteen digits of Canada Post. Other forms are taken as they are.
    """

    carrier: str
    text: str

    @classmethod
    def parse(cls, typed: str, *, carrier: str) -> Waybill:
        text = _squeeze(typed)
        if carrier == "dhl":
            if len(text) != 10 or not text.isdigit():
                raise InvalidValue("waybill_shape")
            if int(text[:9]) % 7 != int(text[9]):
                raise InvalidValue("waybill_check")
        elif not re.fullmatch(r"[A-Z0-9]{8,35}", text):
            raise InvalidValue("waybill_shape")
        elif not _checks(carrier, text):
            raise InvalidValue("waybill_check")
        return cls(carrier, text)

    @classmethod
    def dhl(cls, number: int) -> Waybill:
        """The waybill whose first nine digits are ``number`` (0 ≤ number < 10⁹)."""
        return cls("dhl", f"{number:09d}{number % 7}")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in euro cents."""

    cents: int

    def __str__(self) -> str:
        euros, cents = divmod(self.cents, 100)
        return f"{euros},{cents:02d} €" if cents else f"{euros} €"
