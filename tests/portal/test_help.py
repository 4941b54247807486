"""The help page answers what people ask, and a case leads to the questions of its own point."""

import re

import pytest

from escale.portal import answers
from tests.factories.cases import POINTS, a_case
from tests.factories.web import a_client, as_applicant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_question_has_its_anchor_and_the_summary_leads_to_it(language: str):
    client = a_client("portal")
    client.cookies["langue"] = language
    page = client.get("/aide/").content.decode()

    anchors = re.findall(r'id="([\w-]+)"', page.split("<main")[1])
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'<a href="#([\w-]+)"', page.split("<main")[1])) <= set(anchors)
    assert set(answers.BY_SLUG) <= set(anchors)


def test_every_question_is_answered_once():
    every = [answer for topic in answers.TOPICS for answer in topic.answers]

    assert len(every) == len(answers.BY_SLUG) == 15
    assert all(answer.paragraphs for answer in every)


@pytest.mark.parametrize(
    ("point", "first"),
    [("draft", "photo-refusee"), ("accepted", "etiquette-refusee"), ("booked", "camera"), ("dispatched", "colis")],
)
def test_a_case_shows_the_questions_of_its_point_first(point: str, first: str):
    case = a_case(point)
    page = as_applicant(case.applicant_sub).get(f"/demande/{case.reference}/").content.decode()

    assert re.search(r'href="/aide/#([\w-]+)"', page)[1] == first


def test_what_is_confirmed_is_asked_no_more():
    assert answers.relevant(a_case("delivered"))[0].slug == "numero"
    assert "numero" not in [answer.slug for answer in answers.relevant(a_case("confirmed"))]
    assert answers.relevant(a_case("completed")) == []


@pytest.mark.parametrize("point", POINTS)
def test_no_point_shows_more_than_three(point: str):
    assert len(answers.relevant(a_case(point))) <= answers.MOST
