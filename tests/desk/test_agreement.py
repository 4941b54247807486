"""How agents and automatic checks agree, on the page of figures: the supervisor's own post, or all for an auditor."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from escale import clock
from escale.steps.step2_application.models import Opinion
from tests.factories.cases import a_case, a_post, an_agent
from tests.factories.web import as_agent

pytestmark = pytest.mark.django_db
PAGE = "/bureau/statistiques/"


def opined(times: int, *, accepted: bool, post: str = "CA-TORONTO") -> None:
    case, at = a_case("submitted", post=a_post(post)), clock.now() - timedelta(days=1)
    Opinion.objects.bulk_create(
        Opinion(case=case, document_id=uuid4(), kind="photo", machine="compliant", accepted=accepted, at=at)
        for _ in range(times)
    )


def test_a_supervisor_reads_those_of_the_post_and_an_auditor_those_of_all():
    opined(15, accepted=True)
    opined(5, accepted=False)
    opined(40, accepted=True, post="ES-MADRID")

    page = as_agent(an_agent("supervisor")).get(PAGE).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    [whole] = as_agent(an_agent("auditor")).get(f"{PAGE}?format=json").json()["checks"]
    table = as_agent(an_agent("supervisor")).get(f"{PAGE}?format=csv").content.decode()

    row = page.split('id="tableau-7"')[1].split("<tbody>")[1].split("</tr>")[0]
    assert [cell.split("<")[0] for cell in row.split('desk-number">')[1:]] == ["20", "15", "5", "0", "75 %"]
    assert (whole["seen"], whole["accepted"], whole["refused"]) == (60, 55, 5)
    assert "checks,photo:compliant:seen,20,," in table
    assert "checks,photo:compliant:accepted_with_reasons,0,," in table


def test_small_cells_are_masked_with_what_they_could_be_computed_from():
    opined(9, accepted=True)
    opined(2, accepted=False)
    client = as_agent(an_agent("supervisor"))

    page = client.get(PAGE).content.decode().split('id="tableau-7"')[1]

    assert page.count(">masqué<") == 2  # what agents accepted and refused; what was contested is zero
    assert "—" in page
    [line] = client.get(f"{PAGE}?format=json").json()["checks"]
    assert (line["seen"], line["accepted"], line["refused"]) == (11, None, None)


def test_without_any_there_is_no_table():
    assert 'id="tableau-7"' not in as_agent(an_agent("supervisor")).get(PAGE).content.decode()
