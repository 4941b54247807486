"""The machine readable zone of a passport (ICAO Doc 9303 parts 3 and 4, TD3: two lines of 44)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from escale.case.values import InvalidValue

_WEIGHTS = (7, 3, 1)
_SPECIAL = str.maketrans({"Œ": "OE", "Æ": "AE", "ß": "SS", "Ø": "OE", "Å": "AA", "’": None, "'": None, "-": "<"})


def check_digit(text: str) -> str:
    """Weights 7-3-1, A=10 … Z=35, ``<``=0, modulo 10 (Doc 9303-3 §4.9)."""
    total = 0
    for place, character in enumerate(text):
        value = 0 if character == "<" else int(character, 36)
        total += value * _WEIGHTS[place % 3]
    return str(total % 10)


def transliterate(name: str) -> str:
    """A name as Doc 9303 prints it: É→E, Œ→OE, apostrophe dropped, hyphen and space → ``<``."""
    text = name.upper().translate(_SPECIAL)
    text = unicodedata.normalize("NFKD", text)
    letters = [
        character if "A" <= character <= "Z" else "<" for character in text if not unicodedata.combining(character)
    ]
    return "<".join(part for part in "".join(letters).split("<") if part)


def _century(two_digits: str, *, born: bool, today: date) -> int:
    """Full year of a two-digit one: births lie in the past, expiries within the next fifty years."""
    year = today.year - today.year % 100 + int(two_digits)
    if born and year > today.year:
        return year - 100
    if not born and year < today.year - 50:
        return year + 100
    return year


def _is_date(year: str, month: str, day: str) -> bool:
    """Two digits each, in some century: 29 February needs a leap year, and 1900 and 2000 are told apart by nobody."""
    try:
        date(2000 + int(year), int(month), int(day))
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Mrz:
    """A TD3 zone whose five check digits hold. Unknown parts of the date of birth are zeros."""

    line1: str
    line2: str

    @classmethod
    def parse(cls, text: str) -> Mrz:
        """Read two lines of 44 characters.

        Raises InvalidValue: ``mrz_shape``; ``mrz_check`` when a check digit is wrong, or a date is none: the digits let
        one misread date in ten through, the calendar far fewer.
        """
        lines = [line.strip().upper().replace(" ", "") for line in text.strip().splitlines() if line.strip()]
        if len(lines) != 2 or any(len(line) != 44 for line in lines):
            raise InvalidValue("mrz_shape")
        if any(not (c == "<" or (c.isascii() and c.isalnum())) for line in lines for c in line):
            raise InvalidValue("mrz_shape")
        zone = cls(lines[0], lines[1])
        if not all(zone.check_digits().values()) or not zone.has_dates():
            raise InvalidValue("mrz_check")
        return zone

    @classmethod
    def build(
        cls,
        *,
        surname: str,
        given_names: str,
        number: str,
        birth: str,
        sex: str,
        expiry: date,
        nationality: str = "FRA",
        issuer: str = "FRA",
    ) -> Mrz:
        """Print a zone. ``birth`` is ``YYYY-MM-DD`` where unknown parts are ``00``."""
        names = f"{transliterate(surname)}<<{transliterate(given_names)}"
        line1 = f"P<{issuer}{names}"[:44].ljust(44, "<")
        born = birth[2:4] + "".join("<<" if part == "00" else part for part in (birth[5:7], birth[8:10]))
        ends = expiry.strftime("%y%m%d")
        head = number.ljust(9, "<")
        body = f"{head}{check_digit(head)}{nationality}{born}{check_digit(born)}{sex or '<'}{ends}{check_digit(ends)}"
        optional = "<" * 14
        composite = body[0:10] + body[13:20] + body[21:28] + optional + "<"
        return cls(line1, f"{body}{optional}<{check_digit(composite)}")

    def check_digits(self) -> dict[str, bool]:
        """Which of the five digits hold, by name of the field they protect."""
        line = self.line2
        optional, digit = line[28:42], line[42]
        blank = optional == "<" * 14
        return {
            "number": check_digit(line[0:9]) == line[9],
            "birth": check_digit(line[13:19]) == line[19],
            "expiry": check_digit(line[21:27]) == line[27],
            "optional": digit in "<0" if blank else check_digit(optional) == digit,
            "composite": check_digit(line[0:10] + line[13:20] + line[21:43]) == line[43],
        }

    def has_dates(self) -> bool:
        """Whether birth and expiry can be dates. Unknown parts of a birth are fillers or zeros (Doc 9303-3 §4.8)."""
        birth, expiry = self.line2[13:19], self.line2[21:27]
        known = birth.replace("<", "0")
        month, day = known[2:4], known[4:6]
        return _is_date(known[:2], "01" if month == "00" else month, "01" if day == "00" else day) and _is_date(
            expiry[:2], expiry[2:4], expiry[4:6]
        )

    @property
    def text(self) -> str:
        return f"{self.line1}\n{self.line2}"

    @property
    def number(self) -> str:
        return self.line2[0:9].rstrip("<")

    @property
    def issuer(self) -> str:
        return self.line1[2:5]

    @property
    def nationality(self) -> str:
        return self.line2[10:13]

    @property
    def sex(self) -> str:
        return self.line2[20]

    @property
    def surname(self) -> str:
        return self.line1[5:].split("<<", 1)[0].replace("<", " ").strip()

    @property
    def given_names(self) -> str:
        parts = self.line1[5:].split("<<", 1)
        return parts[1].replace("<", " ").strip() if len(parts) == 2 else ""

    def birth(self, *, today: date) -> str:
        """Date of birth ``YYYY-MM-DD``, unknown parts as ``00``."""
        digits = self.line2[13:19].replace("<", "0")
        return f"{_century(digits[0:2], born=True, today=today)}-{digits[2:4]}-{digits[4:6]}"

    def expiry(self, *, today: date) -> date:
        digits = self.line2[21:27]
        return date(_century(digits[0:2], born=False, today=today), int(digits[2:4]), int(digits[4:6]))

    def __repr__(self) -> str:
        return "Mrz(•••)"
