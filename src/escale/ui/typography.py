"""The spaces of French that a line must not be cut at (Lexique des règles typographiques, Imprimerie nationale).

People who write the texts type plain spaces; readers get unbreakable ones, so that no line begins with « ? ».
"""

from __future__ import annotations

import re

NO_BREAK = "\u00a0"
_BEFORE = re.compile(r"(?<=\S) (?=[?!;:»€](?:[\s<).,…\u00a0]|$))")
_AFTER_OPENING = re.compile(r"« ")
_UNIT = "mm|cm|kg|Mo|ko|h|min|ans?|jours?|mois|minutes?|heures?|secondes?|000"
_UNITS = re.compile(rf"(?<=\d) (?=(?:{_UNIT})\b|×|%(?!\())")
_TIMES = re.compile(r"× (?=\d)")
_NUMBER = re.compile(r"(?<=n°) (?=\S)")


def unbreakable(text: str) -> str:
    """``text`` with the spaces of French made unbreakable. Placeholders, tags and addresses stay as they are."""
    text = _AFTER_OPENING.sub(f"«{NO_BREAK}", text)
    for rule in (_BEFORE, _UNITS, _NUMBER):
        text = rule.sub(NO_BREAK, text)
    return _TIMES.sub(f"×{NO_BREAK}", text)
