"""What each visit meets, told to the test that asks whether every page is met: states take long to make."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.crawl import name_of
from tests.browser.states import State


@dataclass(frozen=True)
class Told:
    """A state and the name of the page it is a state of."""

    site: str
    state: str
    page: str


@dataclass(frozen=True)
class Met:
    """``folder`` is shared by the workers of one run of the suite."""

    folder: Path

    def tell(self, visit: str, states: Iterable[State]) -> list[Told]:
        """Keep what a visit meets, whole or not at all."""
        told = [Told(one.site, one.name, name_of(one.site, one.path)) for one in states]
        draft = self.folder / f"{visit}.{os.getpid()}"
        draft.write_text(json.dumps([[one.site, one.state, one.page] for one in told]))
        draft.replace(self.folder / f"{visit}.json")
        return told

    def told(self, visit: str) -> list[Told] | None:
        """What a visit of this run has met, or None when it has not begun."""
        try:
            kept = json.loads((self.folder / f"{visit}.json").read_text())
        except FileNotFoundError:
            return None
        return [Told(*one) for one in kept]


@pytest.fixture(scope="session")
def met(tmp_path_factory: pytest.TempPathFactory) -> Met:
    """Shared by the workers: their folders have one parent, which belongs to this run."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "met"
    folder.mkdir(exist_ok=True)
    return Met(folder)
