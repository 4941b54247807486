from collections.abc import Iterator

import pytest

from escale.ports import directory
from tests.steps.step2.fakes import GOOD, FakePayments, FakeStamps


@pytest.fixture
def stamps() -> Iterator[FakeStamps]:
    fake, before = FakeStamps(), directory._FACTORIES["tax_stamp"]
    fake.sell(GOOD)
    directory.provide("tax_stamp", lambda: fake)
    yield fake
    directory.provide("tax_stamp", before)


@pytest.fixture
def payments() -> Iterator[FakePayments]:
    fake, before = FakePayments(), directory._FACTORIES["payment"]
    directory.provide("payment", lambda: fake)
    yield fake
    directory.provide("payment", before)
