"""The page that applicants open most asks each thing once, at every point of a journey."""

import pytest

from tests.factories.cases import a_case
from tests.factories.web import as_applicant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("point", "most"), [("submitted", 6), ("booked", 9), ("delivered", 7), ("completed", 8)])
def test_the_home_of_a_case_costs_few_questions(point: str, most: int, django_assert_max_num_queries):
    case = a_case(point)
    client = as_applicant(case.applicant_sub)
    client.get(f"/demande/{case.reference}/")  # the first page also notes that a session began

    with django_assert_max_num_queries(most):
        client.get(f"/demande/{case.reference}/")
