"""The real adapter before the simulator."""

from __future__ import annotations

import pytest

from escale.partners.proconnect.adapter import ADAPTER, ProConnect
from escale.partners.proconnect.settings import options
from tests.partners.conftest import Simulators
from tests.partners.proconnect.wire import Wire


def built(simulators: Simulators, **environment: str) -> ProConnect:
    """An adapter with fresh caches; ``environment`` without its prefix."""
    given = options(
        {f"ESCALE_PROCONNECT_{name}": value for name, value in environment.items()},
        data_dir=simulators.data_dir,
        simulators_url=simulators.url,
        portal_url=simulators.portal_url,
        desk_url=simulators.desk_url,
        reception_url=simulators.reception_url,
    )
    return ADAPTER(**given)


@pytest.fixture
def adapter(simulators: Simulators) -> ProConnect:
    return built(simulators)


@pytest.fixture
def redirect_uri(simulators: Simulators) -> str:
    return f"{simulators.desk_url}/connexion/retour"


@pytest.fixture
def wire(simulators: Simulators) -> Wire:
    """The desk's client, by hand."""
    return Wire(simulators)
