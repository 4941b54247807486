"""The real adapter before the simulator."""

from __future__ import annotations

import pytest

from escale.partners.kit.people import Person
from escale.partners.register.adapter import ADAPTER, Register
from escale.partners.register.settings import options
from escale.ports.franceconnect import PivotIdentity
from tests.partners.conftest import Simulators


def built(simulators: Simulators, **environment: str) -> Register:
    """An adapter with a closed breaker; ``environment`` without its prefix."""
    given = options(
        {f"ESCALE_REGISTER_{name}": value for name, value in environment.items()},
        data_dir=simulators.data_dir,
        simulators_url=simulators.url,
        portal_url=simulators.portal_url,
        desk_url=simulators.desk_url,
        reception_url=simulators.reception_url,
    )
    return ADAPTER(**given)


@pytest.fixture
def register(simulators: Simulators) -> Register:
    return built(simulators)


def identity_of(person: Person, **changes: str) -> PivotIdentity:
    """What FranceConnect+ would say of a person."""
    known = {
        "sub": "a" * 64 + "v1",
        "given_names": person.given_names,
        "family_name": person.family_name,
        "birthdate": person.birthdate,
        "gender": person.gender,
        "birthplace": person.birthplace,
        "birthcountry": person.birthcountry,
    }
    return PivotIdentity(**{**known, **changes})
