"""Find cases by values that are sealed: keyed digests of their words, never the values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from uuid import UUID

from escale.ledger.models import SearchKey
from escale.vault.keys import index


def words(purpose: str, value: str) -> Iterator[str]:
    """What is indexed of a value: each word of a name without its accents; numbers whole, without spaces."""
    plain = unicodedata.normalize("NFKD", value.upper())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if purpose == "name":
        yield from (word for word in re.split(r"[^A-Z0-9]+", plain) if len(word) > 1)
    elif squeezed := re.sub(r"[^A-Z0-9]", "", plain):
        yield squeezed


def find(typed: str) -> set[UUID]:
    """Ids of the cases one of whose names holds every word typed, or whose passport number or waybill it is."""
    found: set[UUID] | None = None
    for word in words("name", typed):
        matching = set(SearchKey.objects.filter(digest=index("name", word)).values_list("case_id", flat=True))
        found = matching if found is None else found & matching
    result = found or set()
    for purpose in ("passport", "waybill"):
        for word in words(purpose, typed):
            result |= set(SearchKey.objects.filter(digest=index(purpose, word)).values_list("case_id", flat=True))
    return result
