"""The question at the end: asked once, counted without its author, shown when nobody can be recognised."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import models

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.access import AccessDenied
from escale.people.actors import applicant
from escale.portal import opinions
from escale.portal.models import Answered, Opinion
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.factories.web import a_client, as_applicant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def ended(how: str = "completed") -> Case:
    last: dict[str, tuple[str, e.Event | None]] = {
        "completed": ("completed", None),
        "refused": ("submitted", e.ApplicationRefused()),
        "directed_in_person": ("submitted", e.DirectedInPerson()),
        "withdrawn": ("submitted", e.ApplicationWithdrawn()),
    }
    point, event = last[how]
    case = a_case(point)
    if event is not None:
        with changing(case.id, actor=applicant(case.applicant_sub), now=NOON) as change:
            change.record(Decision.of(event))
        case.refresh_from_db()
    assert case.outcome == how
    return case


def keep(case: Case, degree: int = 4, steps: tuple[int, ...] = ()) -> None:
    opinions.keep(case=case, degree=degree, steps=steps, actor=applicant(case.applicant_sub), now=NOON)


@pytest.mark.parametrize("how", ["completed", "refused", "directed_in_person", "withdrawn"])
def test_at_the_end_the_home_asks_and_the_answer_is_counted_once(how: str):
    case = ended(how)
    client, here = as_applicant(case.applicant_sub), f"/demande/{case.reference}/"
    assert f'href="{here}avis/"' in client.get(here).content.decode()

    sent = client.post(f"{here}avis/", {"degree": "2", "steps": ["4", "2"]}, follow=True)

    assert "Merci. Votre réponse est comptée" in sent.content.decode()
    assert f'href="{here}avis/"' not in sent.content.decode()
    assert list(Opinion.objects.values_list("post_id", "month", "degree", "steps", "times")) == [
        (case.post_id, date(2026, 3, 1), 2, "2,4", 1)
    ]
    again = client.post(f"{here}avis/", {"degree": "5"}).content.decode()
    assert "Vous avez déjà répondu" in again
    assert Opinion.objects.get().times == 1


def test_while_it_is_under_way_nothing_is_asked():
    case = a_case("submitted")
    client, here = as_applicant(case.applicant_sub), f"/demande/{case.reference}/"

    assert f'href="{here}avis/"' not in client.get(here).content.decode()
    page = client.post(f"{here}avis/", {"degree": "5"}).content.decode()

    assert "quand votre demande sera terminée" in page
    assert not Opinion.objects.exists()
    with pytest.raises(RuleRefused):
        keep(case)


def test_without_a_degree_the_page_says_what_is_missing_and_keeps_the_steps():
    case = ended()
    answer = as_applicant(case.applicant_sub).post(f"/demande/{case.reference}/avis/", {"steps": ["7"]})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choisissez une réponse." in page
    assert 'value="7"' in page.split("checked")[0][-300:]
    assert not Answered.objects.exists()


def test_nothing_kept_tells_who_answered_what():
    fields = {field.name for field in Opinion._meta.get_fields()}
    assert fields == {"id", "post", "month", "degree", "steps", "times"}
    assert [field.name for field in Answered._meta.get_fields()] == ["case"]
    assert not any(isinstance(field, models.DateTimeField | models.TextField) for field in Opinion._meta.get_fields())
    for _ in range(3):
        keep(ended(), 5, (1,))
    assert Opinion.objects.get().times == 3, "equal answers leave one line: no order to match with the cases'"


def test_the_same_case_is_counted_once_even_past_the_page():
    case = ended()
    keep(case)

    with pytest.raises(RuleRefused, match="opinion_given"):
        keep(case, 1)
    assert Opinion.objects.get().times == 1


def test_neither_an_agent_nor_anybody_else_answers_in_the_persons_place():
    case = ended()
    for actor in (acting(an_agent()), applicant("somebody")):
        with pytest.raises(AccessDenied):
            opinions.keep(case=case, degree=5, steps=(), actor=actor, now=NOON)
    assert not Answered.objects.exists()


@pytest.mark.parametrize(("degree", "steps"), [(0, ()), (6, ()), (3, (9,))])
def test_what_does_not_exist_is_not_counted(degree: int, steps: tuple[int, ...]):
    with pytest.raises(ValueError, match="no such"):
        keep(ended(), degree, steps)
    assert not Answered.objects.exists()


def line(degree: int, times: int, *, steps: str = "", month: date = date(2026, 3, 1)) -> None:
    Opinion.objects.create(post_id=a_case("draft").post_id, month=month, degree=degree, steps=steps, times=times)


def test_the_public_page_counts_and_masks_fewer_than_five():
    line(5, 12)
    line(4, 5, steps="2")
    line(1, 4, steps="2,4")
    client = a_client("portal")

    figures = client.get("/delais.json").json()["opinions"]
    page = client.get("/delais/").content.decode().split('id="avis"')[1].split("</section>")[0]

    assert figures["degrees"] == {"5": 12, "4": 5, "3": 0, "2": 0, "1": None}
    assert figures["difficult_steps"] == {str(n): {2: 9, 4: None}.get(n, 0) for n in range(1, 9)}
    assert "<td>12</td>" in page
    assert page.count("<td>moins de 5</td>") == 2
    masked = page.split("Très mal")[1].split("</tr>")[0]
    assert '<rect width="0"' in masked, "the bar of a masked cell does not give it away"


def test_twelve_months_count_and_no_more():
    line(5, 7, month=date(2025, 3, 1))
    assert not opinions.counted(NOON).says_something

    line(5, 8, month=date(2025, 4, 1))
    assert opinions.counted(NOON).degrees[0].times == 8
    assert not opinions.counted(NOON + timedelta(days=31)).says_something


def test_a_few_answers_are_not_shown():
    line(5, 4)

    page = a_client("portal").get("/delais/").content.decode()

    assert "Pas encore assez de réponses" in page
