"""Names and addresses as DHL's fields take them: plain Latin letters, cut to length between words where possible."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ß": "ss", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ı": "i", "º": "o", "°": "o", "ª": "a",
        "’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "‐": "-", "‑": "-",
    }
)  # fmt: skip


def latin(text: str) -> str:
    """Transliterate to printable ASCII; letters of another script are dropped."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = decomposed.encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^\x20-\x7E]", " ", bare).split())


def cut(text: str, length: int) -> str:
    """At most ``length`` characters, at the last whole word that fits, or through a word longer than that."""
    if len(text) <= length:
        return text
    whole = text[: length + 1].rpartition(" ")[0]
    return whole.rstrip(" ,;") or text[:length]


def lines(texts: tuple[str, ...], *, count: int, length: int) -> list[str]:
    """Each text on its own lines, broken between words; what goes beyond ``count`` lines is lost."""
    flowed: list[str] = []
    for text in texts:
        rest = latin(text)
        while rest:
            line = cut(rest, length)
            flowed.append(line)
            rest = rest[len(line) :].lstrip(" ,;")
    return flowed[:count]
