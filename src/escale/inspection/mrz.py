"""Reading the machine readable zone of a passport's page (ICAO Doc 9303 parts 3 and 4, TD3: two lines of 44).

The five check digits protect the number, the birth, the expiry and the optional data. They do not protect the name,
the issuer, the nationality nor the sex: what is read there must be confirmed by the applicant and compared with the
register, whatever the verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from escale.case.mrz import Mrz
from escale.case.values import InvalidValue
from escale.inspection.mrz_strips import find_lines
from escale.inspection.pixels import Pixels, open_pixels
from escale.inspection.recogniser import Line, recogniser

_LENGTH = 44
_TO_DIGIT = str.maketrans("OQDILZSBG", "000112586")
_TO_LETTER = str.maketrans("01258", "OIZSB")
# Places of line 2 where Doc 9303-4 wants digits: check digits, birth and expiry (a birth may hold fillers).
_DIGIT_PLACES = (9, *range(13, 20), *range(21, 28), 43)
_LETTER_PLACES = (10, 11, 12)
_FRENCH_NUMBER_DIGITS, _FRENCH_NUMBER_LETTERS = (0, 1, 4, 5, 6, 7, 8), (2, 3)
FULLNESSES = (1.5, 1.25, 1.9)
_SURE = 0.6  # least confidence over the second line for one look to be enough
_SURE_OF_NAMES = 0.9  # wrong names were read with up to 0.87
_DIGITS = 5  # check digits of a zone
_MOST_DOUBTFUL = 2  # where nothing may be believed
_TURNS = (0, 2, 1, 3)
SHARES = (1.0, 0.68, 0.46)  # widths of the page tried, over that of the picture


@dataclass(frozen=True)
class MrzReading:
    """What was read.

    ``valid`` is true only when the shape is right and all five check digits hold; ``mrz`` is then the zone.
    ``checks`` names which digits hold; ``repaired`` counts the characters put right by their place alone (a letter
    where only a digit can stand); ``confidence`` is the least of the network's, from 0 to 1; ``quarter_turns`` says
    how the picture had to be turned; ``surely`` and ``names`` are the least confidences over the second
    line, which the digits protect, and over the first, which nothing protects.
    """

    line1: str
    line2: str
    checks: dict[str, bool]
    valid: bool
    mrz: Mrz | None
    repaired: int
    confidence: float
    quarter_turns: int
    surely: float = 1.0
    names: float = 1.0

    def __repr__(self) -> str:
        return f"MrzReading(valid={self.valid}, checks={self.checks})"

    @property
    def names_are_sure(self) -> bool:
        """Whether a difference in the name, the issuer, the nationality or the sex may be believed without an eye."""
        return self.names >= _SURE_OF_NAMES


def _fit_first(text: str) -> str | None:
    """Line 1 at its length: only trailing fillers may be missing or in excess."""
    start = text.find("P")
    text = text[start:] if 0 <= start <= 2 else text
    if len(text) < 20:
        return None
    if len(text) > _LENGTH and text[_LENGTH:].strip("<"):
        return None
    return text[:_LENGTH].ljust(_LENGTH, "<")


def _fit_second(text: str) -> str | None:
    """Line 2 at its length: fillers of the optional data may be miscounted, nothing else.

    The two last characters are check digits (the first of them may be a filler), so fillers go before them.
    """
    if len(text) == _LENGTH:
        return text
    middle, tail = text[28:-2], text[-2:]
    if not 36 <= len(text) <= _LENGTH + 6 or middle.strip("<"):
        return None
    if tail[0] not in "<0":
        return None
    return text[:28] + "<" * 14 + tail


def _repair_second(second: str, *, french: bool) -> str:
    """Letters where only letters can stand, and digits where only digits can; in a French number too."""
    places = list(second)
    for place in _DIGIT_PLACES:
        places[place] = places[place].translate(_TO_DIGIT)
    for place in _LETTER_PLACES:
        places[place] = places[place].translate(_TO_LETTER)
    if places[42] != "<":
        places[42] = places[42].translate(_TO_DIGIT)
    if french and "".join(places[10:13]) == "FRA":
        for place in _FRENCH_NUMBER_DIGITS:
            places[place] = places[place].translate(_TO_DIGIT)
        for place in _FRENCH_NUMBER_LETTERS:
            places[place] = places[place].translate(_TO_LETTER)
    return "".join(places)


def _repair(first: str, second: str) -> tuple[str, str, int]:
    """Both lines put right by place alone, and how many characters were."""
    name = first.translate(_TO_LETTER)
    repaired = _repair_second(second, french=name[2:5] == "FRA")
    changed = sum(a != b for a, b in zip(first + second, name + repaired, strict=True))
    return name, repaired, changed


def interpret(upper: Line, lower: Line, *, quarter_turns: int = 0) -> MrzReading | None:
    """Two lines as recognised, made into a reading; None when they cannot be a passport's zone."""
    first, second = _fit_first(upper.text), _fit_second(lower.text)
    if first is None or second is None or first[0] != "P":
        return None
    first, second, repaired = _repair(first, second)
    zone = Mrz(first, second)
    checks = zone.check_digits()
    parsed: Mrz | None = None
    if second[20] in "MFX<":
        try:
            parsed = Mrz.parse(zone.text)
        except InvalidValue:
            parsed = None
    surely, names = (min(line.confidence, default=0.0) for line in (lower, upper))
    return MrzReading(
        first,
        second,
        checks,
        valid=parsed is not None,
        mrz=parsed,
        repaired=repaired,
        confidence=min(surely, names),
        quarter_turns=quarter_turns,
        surely=surely,
        names=names,
    )


@dataclass(frozen=True)
class Look:
    """One look at a zone: its second line as read; ``first`` reads the other, which is only done when it matters."""

    second: Line
    first: Callable[[], Line | None]
    quarter_turns: int = 0

    def holding(self) -> int:
        """How many check digits hold, at best; the first line cannot change that but by naming France."""
        text = _fit_second(self.second.text)
        if text is None:
            return 0
        tries = {_repair_second(text, french=french) for french in (True, False)}
        return max(sum(Mrz("", line).check_digits().values()) for line in tries)

    def reading(self) -> MrzReading | None:
        """Both lines; None when they cannot be those of a passport."""
        first = self.first()
        return None if first is None else interpret(first, self.second, quarter_turns=self.quarter_turns)


def look_at(strip: Callable[[int], Pixels | None], *, quarter_turns: int = 0) -> Look | None:
    """A look at two strips, the first line (0) and the second (1), each cut when it is asked for."""
    network = recogniser()

    def first() -> Line | None:
        upper = strip(0)
        return None if upper is None else network.read(upper)

    lower = strip(1)
    if lower is None or _fit_second((second := network.read(lower)).text) is None:
        return None
    return Look(second, first, quarter_turns)


def _looks(picture: Pixels, quarter_turns: int, share: float) -> Iterator[Look]:
    """Every look at the pairs of lines found at one size of the page, as wide and narrower strips."""
    for lines in find_lines(picture, share=share):
        for fullness in FULLNESSES:
            seen = look_at(partial(lines.strip, fullness=fullness), quarter_turns=quarter_turns)
            if seen is not None:
                yield seen


def weighed(seen: Iterable[Look], *, doubtful: int = _MOST_DOUBTFUL) -> MrzReading | None:
    """The first reading that may be believed, or else the one of which most check digits hold, not valid; ``doubtful``:
    of how many such looks the first line is read.

    Five check digits let a wrong line through once in a hundred, and a bad picture is read many times: a look of
    which the network is not sure counts only when another one gives the same second line.
    """
    unsure: set[str] = set()
    others: list[tuple[int, Look]] = []
    for look in seen:
        holding, text = look.holding(), _fit_second(look.second.text) or ""
        if holding == _DIGITS:
            line = _repair_second(text, french=True)
            sure = min(look.second.confidence, default=0.0) >= _SURE
            reading = look.reading() if sure or line in unsure else None
            if reading is not None and reading.valid:
                return reading
            unsure.add(line)
        others.append((holding, look))
    for _, look in sorted(others, key=lambda other: -other[0])[:doubtful]:
        reading = look.reading()
        if reading is not None:
            return replace(reading, valid=False, mrz=None)
    return None


def looks(
    picture: Pixels, *, upright: bool = False, progress: Callable[[str, float], None] | None = None
) -> Iterator[Look]:
    """Every look at a picture of the page, at each size, turned by quarters unless ``upright``."""
    tries = [(turns, share) for share in SHARES for turns in (_TURNS[:1] if upright else _TURNS)]
    for done, (turns, share) in enumerate(tries):
        if progress is not None:
            progress("mrz", done / len(tries))
        turned = np.ascontiguousarray(np.rot90(picture, turns)) if turns else picture
        yield from _looks(turned, turns, share)


def read_pixels(
    picture: Pixels, *, upright: bool = False, progress: Callable[[str, float], None] | None = None
) -> MrzReading | None:
    """The best reading of a picture of the page (see :func:`weighed`); None when no zone is seen."""
    return weighed(looks(picture, upright=upright, progress=progress))


def read_mrz(
    content: bytes, *, upright: bool = False, progress: Callable[[str, float], None] | None = None
) -> MrzReading | None:
    """Read the zone on a picture of the passport's page (a JPEG page out of ``sanitise``; other kinds are made so).

    ``upright``: somebody holds the page to a camera and looks at it; a page turned on its side is not looked for.
    None when no zone is seen. Raises UploadRefused when ``content`` is not a picture, RuntimeError when the
    recogniser is not installed (see :func:`escale.inspection.recogniser.available`).
    """
    return read_pixels(open_pixels(content), upright=upright, progress=progress)
