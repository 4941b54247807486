"""Static files as they ship: of the design system what pages use, named by its content, compressed once for all."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from escale.ui.design import pruned, written

DESIGN = "dsfr/"
SHEETS = ("dsfr/dist/dsfr/dsfr.min.css", "dsfr/dist/utility/utility.min.css")
_FILE = re.compile(r"""url\(["']?(?!data:)([^"')?#]+)""")

type Collected = Mapping[str, tuple[Storage, str]]


class Pruned(StaticFilesStorage):
    """Keeps of the design system its two sheets, pruned, and the files that they show: fonts and some icons.

    Sheets are pruned from their source: a second collection may need what the first had left out.
    """

    def post_process(
        self, paths: Collected, dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool]]:
        kept = paths if dry_run else self._prune(paths)
        behind = getattr(super(), "post_process", None)  # a plain storage has none
        if behind is not None:
            yield from behind(kept, dry_run, **options)

    def _prune(self, paths: Collected) -> Collected:
        shown = set()
        for name in SHEETS:
            storage, path = paths[name]
            with storage.open(path) as source:
                sheet = pruned(source.read().decode(), written())
            self.delete(name)
            self.save(name, ContentFile(sheet.encode()))
            shown |= {posixpath.normpath(posixpath.join(name, "..", told)) for told in _FILE.findall(sheet)}
        for name in paths:
            if name.startswith(DESIGN) and name not in SHEETS and name not in shown:
                self.delete(name)
        told = {name: (self, name) for name in SHEETS}
        return {name: told.get(name, at) for name, at in paths.items() if self.exists(name)}


class Shipped(Pruned, CompressedManifestStaticFilesStorage):
    """For browsers to keep for good, under names that change with their content."""
