"""The real adapter before the simulator, with the product's keys published where the simulator reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from escale.partners.franceconnect.adapter import ADAPTER, FranceConnect
from escale.partners.franceconnect.settings import options
from tests.partners.conftest import Simulators
from tests.partners.franceconnect.citizen import published


@pytest.fixture(scope="session")
def keys_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("franceconnect")


@pytest.fixture
def adapter(simulators: Simulators, keys_dir: Path) -> Iterator[FranceConnect]:
    """Fresh caches for each test; the keys are drawn once."""
    given = options(
        {},
        data_dir=keys_dir,
        simulators_url=simulators.url,
        portal_url=simulators.portal_url,
        desk_url=simulators.desk_url,
        reception_url=simulators.reception_url,
    )
    built = ADAPTER(**given)
    documents = {
        "/partenaires/franceconnect/jwks": built.public_keys(),
        "/partenaires/franceconnect/redirections": [
            f"{simulators.portal_url}/connexion/retour",
            f"{simulators.reception_url}/connexion/retour",
        ],
    }
    with published(simulators.portal_port, documents):
        yield built


@pytest.fixture
def redirect_uri(simulators: Simulators) -> str:
    return f"{simulators.portal_url}/connexion/retour"
