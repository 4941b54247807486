from collections.abc import Iterator

import pytest

from escale.ports import directory
from tests.steps.step1.fakes import FakeFranceConnect, FakeRegister


@pytest.fixture
def franceconnect() -> Iterator[FakeFranceConnect]:
    fake, before = FakeFranceConnect(), directory._FACTORIES["franceconnect"]
    directory.provide("franceconnect", lambda: fake)
    yield fake
    directory.provide("franceconnect", before)


@pytest.fixture
def register() -> Iterator[FakeRegister]:
    fake, before = FakeRegister(), directory._FACTORIES["register"]
    directory.provide("register", lambda: fake)
    yield fake
    directory.provide("register", before)
