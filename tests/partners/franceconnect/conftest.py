"""The real adapter before the simulator, with the product's keys published where the simulator reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from joserfc.jwk import KeySet

from escale.partners.franceconnect.adapter import ADAPTER, FranceConnect
from escale.partners.franceconnect.settings import demonstration_keys, options
from tests.partners.conftest import Simulators
from tests.partners.franceconnect.citizen import published
from tests.partners.franceconnect.wire import Wire


@pytest.fixture(scope="session")
def keys_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of our keys, drawn once: a test may read the file whichever comes first."""
    folder = tmp_path_factory.mktemp("franceconnect")
    demonstration_keys(folder)
    return folder


@pytest.fixture(scope="session")
def key_set(keys_dir: Path) -> KeySet:
    """Our private keys; reading RSA keys is slow, so once."""
    return KeySet.import_key_set(demonstration_keys(keys_dir))


@pytest.fixture(scope="session")
def one_adapter(simulators: Simulators, keys_dir: Path) -> FranceConnect:
    """One for the whole session, as one per process in the product."""
    given = options(
        {},
        data_dir=keys_dir,
        simulators_url=simulators.url,
        portal_url=simulators.portal_url,
        desk_url=simulators.desk_url,
        reception_url=simulators.reception_url,
    )
    return ADAPTER(**given)


@pytest.fixture
def adapter(simulators: Simulators, one_adapter: FranceConnect) -> Iterator[FranceConnect]:
    """The product signs in, and publishes its keys and its addresses of return."""
    documents = {
        "/partenaires/franceconnect/jwks": one_adapter.public_keys(),
        "/partenaires/franceconnect/redirections": [
            f"{simulators.portal_url}/connexion/retour",
            f"{simulators.reception_url}/connexion/retour",
        ],
    }
    with published(simulators.portal_port, documents):
        yield one_adapter


@pytest.fixture
def redirect_uri(simulators: Simulators) -> str:
    return f"{simulators.portal_url}/connexion/retour"


@pytest.fixture
def wire(simulators: Simulators, adapter: FranceConnect, key_set: KeySet) -> Wire:
    """The product's client, by hand."""
    return Wire(simulators, key_set)
