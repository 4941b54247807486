"""How a photo is judged is public: every threshold, its source, what only an agent sees."""

from __future__ import annotations

import pytest
from django.test import Client

from escale.inspection.portrait.explained import explained
from escale.inspection.portrait.judge import Measure, Verdict, judge, table

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "agent"), [("fr", "Tête nue"), ("en", "Bare head")])
def test_anybody_reads_every_check_with_its_limits_and_source(language: str, agent: str):
    page = Client(headers={"accept-language": language}).get("/photo/controle/").content.decode()
    for check in explained(language):
        assert check.title in page
        assert check.source.replace("'", "&#x27;") in page
        assert len(check.lines) >= 1
    assert agent in page
    assert table()["version"] in page
    assert "{" not in page.split("<main")[1].split("</main>")[0]


def test_machines_take_the_same_table():
    taken = Client().get("/photo/controle.json").json()
    assert {key: taken[key] for key in table()} == table()
    assert len(taken["models"]) == 5


def test_the_page_says_what_the_judge_does():
    """The limits shown for one check are those at which its verdict changes."""
    (yaw,) = (check for check in explained("en") if check.code == "yaw")
    assert (yaw.lines[0].compliant, yaw.lines[0].to_check) == ("at most 5° either way", "at most 10° either way")
    for degrees, verdict in ((5, Verdict.COMPLIANT), (-10, Verdict.TO_CHECK), (10.1, Verdict.NOT_COMPLIANT)):
        found = {item.code: item.verdict for item in judge({"yaw": Measure(degrees)}, finished=True)}
        assert found["yaw"] is verdict
