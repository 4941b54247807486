"""Everything kept about a person in one of their cases, for them to take away (RGPD, art. 15 and 20).

The words of the events, what each step says and what it keeps (its module ``queries_export``, whose ``export(case)``
answers with plain values), the answers, and every document of the vault whichever step put it there. Left out, and said
so: numbers worth something to whoever reads them, which have their own pages, and the working papers of agents.
"""

from __future__ import annotations

import importlib
import json
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import IO, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from escale.case import events as e
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.portal import telling, words
from escale.steps.step2_application import queries as application
from escale.ui import open_sessions
from escale.vault import documents

IN_MEMORY_BYTES = 8_000_000
DATA = "donnees.json"
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "text/plain": "txt"}


@dataclass(frozen=True, slots=True)
class File:
    """A document as it is named in the archive."""

    name: str
    kept: documents.Kept


def files(case: Case) -> list[File]:
    """The documents of a case under the names they have in the archive, the oldest first."""
    return [
        File(f"documents/{place:02d}-{kept.kind}.{_ENDINGS.get(kept.media_type, 'bin')}", kept)
        for place, kept in enumerate(documents.of_case(case.id), start=1)
    ]


@cache
def _rooms() -> tuple[tuple[str, ModuleType], ...]:
    """The steps that keep something of a person beside the ledger and the vault, in the order of the poster."""
    named = [(app.rpartition(".")[2], f"{app}.queries_export") for app in settings.STEP_APPS]
    return tuple((step, importlib.import_module(name)) for step, name in named if find_spec(name) is not None)


def data(case: Case, *, now: datetime) -> dict[str, Any]:
    """What the case knows of its person, in plain words. Raises KeyDestroyed after the end of retention."""
    lines = ledger.history(case.id)
    return {
        "reference": case.reference,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "post": case.post.name,
        "language": case.language,
        "outcome": case.outcome,
        "identity_and_register": ledger.summary(case),
        "answers": application.answers(case.id),
        "steps": [
            {"number": told.step.number, "name": told.caption, "state": told.view.state, "says": told.view.sentence}
            for told in telling.story(case, lines)
        ],
        "kept_by_step": {step: room.export(case) for step, room in _rooms()},
        "tracks": {track.value: state for track, state in case.tracks.items()},
        "deadlines": {kind.value: at for kind, at in ledger.open_deadlines(case.id).items()},
        "history": [
            {
                "at": line.at,
                "event": line.event.name,
                "words": _(words.EVENTS[line.event.name]) if line.event.name in words.EVENTS else "",
                "by": _(words.ACTORS.get(line.actor_kind, "")) if line.actor_kind in words.ACTORS else line.actor_kind,
            }
            for line in lines
        ],
        "messages": [
            {"at": line.at, "title": _(words.MESSAGES.get(line.event.kind, line.event.kind))}
            for line in lines
            if isinstance(line.event, e.MessageSent)
        ],
        "opened_by": [{"at": one.at, "who": one.who, "part": one.part} for one in telling.openings(case, lines)],
        "signed_in": [
            {"site": site, "device": one.device, "since": one.since, "last_used": one.used_at}
            for site in ("portal", "reception")
            for one in open_sessions.of(site, "applicant", case.applicant_sub, now=now)
        ],
        "documents": [{"file": one.name, "kind": one.kept.kind, "added_at": one.kept.added_at} for one in files(case)],
        "left_out": [
            _("Le numéro de sécurité : il se lit sur votre récépissé, jusqu’à la confirmation de la réception."),
            _("Le numéro du timbre électronique : il se lit dans votre demande."),
            _("Les notes de travail des agents : demandez-les à votre poste, qui dit lesquelles peuvent être données."),
            _("Votre avis sur la démarche, si vous l’avez donné : il est compté sans vous."),
        ],
    }


def as_text(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)


def archive(case: Case, *, now: datetime) -> IO[bytes]:
    """A zip of the data and of every document, opened at its beginning. Beyond a few megabytes it is on disk, unnamed,
    and gone when closed."""
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115  # the answer closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr(DATA, as_text(data(case, now=now)))
        for one in files(case):
            content, _media = documents.read(case.id, one.kept.id)
            held.writestr(one.name, content, zipfile.ZIP_STORED)
    out.seek(0)
    return out
