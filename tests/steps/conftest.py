"""Partners in the places of the real ones, for every step."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from escale.ports import directory
from tests.steps.step3.fakes import FakeCourier
from tests.steps.step5.fakes import FakeIssuance


def _in_place(name: str, fake: Any) -> Iterator[Any]:
    before = directory._FACTORIES.get(name)
    directory.provide(name, lambda: fake)
    yield fake
    if before is not None:
        directory.provide(name, before)


@pytest.fixture
def issuance() -> Iterator[FakeIssuance]:
    yield from _in_place("issuance", FakeIssuance())


@pytest.fixture
def courier() -> Iterator[FakeCourier]:
    yield from _in_place("courier", FakeCourier())


@pytest.fixture
def sub() -> str:
    return uuid.uuid4().hex
