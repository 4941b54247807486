"""The confirmation page once its day has passed: what to do now, not a day gone by."""

from datetime import timedelta

import pytest

from escale import clock
from tests.factories.cases import NOON, acting, an_agent
from tests.factories.web import as_applicant
from tests.steps.step5.builders import STARTED, dispatched
from tests.steps.step5.fakes import FakeIssuance

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days", "late"), [(39, False), (41, True)])
def test_a_day_gone_by_is_said(
    issuance: FakeIssuance, sub: str, monkeypatch: pytest.MonkeyPatch, days: int, late: bool
):
    case = dispatched(issuance, acting(an_agent()), sub=sub, now=STARTED)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=days))

    page = as_applicant(sub, "reception").get(f"/passeports/{case.reference}/").content.decode()

    assert ("La date est passée. Confirmez la réception tout de suite" in page) is late
    assert ("À faire au plus tard" in page) is not late
