"""How agents and the automatic checks agree, for everybody: all posts together, small cells masked."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from escale.portal import checks
from escale.steps.step2_application import queries as step2
from escale.steps.step2_application.models import Opinion
from tests.factories.cases import NOON, a_case, a_post
from tests.factories.web import a_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def opined(times: int, machine: str, *, accepted: bool, post: str = "CA-TORONTO", at=NOON - timedelta(days=1)) -> None:
    case = a_case("submitted", post=a_post(post))
    Opinion.objects.bulk_create(
        Opinion(case=case, document_id=uuid4(), kind="photo", machine=machine, accepted=accepted, at=at)
        for _ in range(times)
    )


def test_posts_are_added_up_before_anything_is_masked():
    opined(3, "compliant", accepted=True)
    opined(17, "compliant", accepted=True, post="ES-MADRID")
    opined(5, "compliant", accepted=False, post="ES-MADRID")
    opined(4, "not_compliant", accepted=False)

    figures = a_client("portal").get("/delais.json").json()["checks"]

    assert [(line["machine"], line["seen"], line["accepted"], line["refused"]) for line in figures] == [
        ("compliant", 25, 20, 5),
        ("not_compliant", None, None, None),
    ]
    assert {line["document"] for line in figures} == {"photo"}


def test_the_page_says_how_often_they_agree_and_hides_what_is_too_small():
    opined(9, "compliant", accepted=True)
    opined(8, "not_compliant", accepted=False)
    opined(2, "not_compliant", accepted=True)
    opined(4, "failed", accepted=True)

    page = a_client("portal").get("/delais/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    page = page.split('id="controles"')[1]

    assert "Même avis de l’agent : 100 %" in page
    assert page.count("<td>masqué</td>") == 2, "neither 2 nor the 8 it could be computed from"
    assert "80 %" not in page
    assert step2.VERDICTS["failed"] not in page


def test_older_opinions_do_not_count():
    opined(9, "compliant", accepted=True, at=NOON - checks.WINDOW - timedelta(seconds=1))

    assert "Pas encore assez de pièces lues" in a_client("portal").get("/delais/").content.decode()
