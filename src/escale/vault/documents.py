"""Documents of a case, sealed one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from escale.vault import sealing
from escale.vault.models import SealedDocument

LETTER = "message"
"""The text of a message, as it was sent."""


def add(case_id: UUID, *, kind: str, content: bytes, media_type: str, now: datetime) -> UUID:
    """Seal a document and return its id."""
    identifier = uuid4()
    SealedDocument.objects.create(
        id=identifier,
        case_id=case_id,
        kind=kind,
        media_type=media_type,
        size=len(content),
        content=sealing.seal(case_id, f"document|{identifier}", content),
        added_at=now,
    )
    return identifier


@dataclass(frozen=True, slots=True)
class Kept:
    """A document of a case, still sealed."""

    id: UUID
    kind: str
    media_type: str
    added_at: datetime


def of_case(case_id: UUID) -> list[Kept]:
    """Every document of a case, the oldest first, not opened."""
    rows = SealedDocument.objects.filter(case_id=case_id).order_by("added_at", "id")
    return [Kept(*row) for row in rows.values_list("id", "kind", "media_type", "added_at")]


def read(case_id: UUID, document_id: UUID) -> tuple[bytes, str]:
    """Content and media type. Raises SealedDocument.DoesNotExist (not of this case), KeyDestroyed, SealBroken."""
    row = SealedDocument.objects.get(id=document_id, case_id=case_id)
    return sealing.unseal(case_id, f"document|{row.id}", row.content), row.media_type


def letters(case_id: UUID) -> dict[str, tuple[str, str]]:
    """Subject and text of every message kept, by id, with one query. Raises KeyDestroyed, SealBroken."""
    found = {}
    for identifier, content in SealedDocument.objects.filter(case_id=case_id, kind=LETTER).values_list("id", "content"):
        said = sealing.unseal(case_id, f"document|{identifier}", content).decode()
        subject, _blank, text = said.partition("\n\n")
        found[str(identifier)] = subject, text
    return found


def remove(case_id: UUID, document_id: UUID) -> None:
    SealedDocument.objects.filter(id=document_id, case_id=case_id).delete()
