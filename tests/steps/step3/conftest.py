import uuid
from collections.abc import Iterator

import pytest

from escale.ports import directory
from tests.steps.step3.fakes import FakeCourier


@pytest.fixture
def courier() -> Iterator[FakeCourier]:
    fake = FakeCourier()
    before = directory._FACTORIES.get("courier")
    directory.provide("courier", lambda: fake)
    yield fake
    if before is not None:
        directory.provide("courier", before)


@pytest.fixture
def sub() -> str:
    return uuid.uuid4().hex
