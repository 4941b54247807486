"""What steps 5 to 7 write: every message composes in both languages, says what to do, and holds no number to hide."""

from datetime import timedelta

import pytest

from escale.case import events as e
from escale.case.messages import STEP_OF_MESSAGE
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.actors import applicant
from escale.steps.step5_dispatch import handlers as step5
from escale.steps.step6_delivery import handlers as step6
from escale.steps.step7_confirm_receipt import handlers as step7, service
from escale.ui import mail
from escale.worker.messages import common_context
from tests.factories.cases import acting, an_agent
from tests.steps.step5.builders import LABEL, STARTED, dispatched
from tests.steps.step5.fakes import a_title
from tests.steps.step7.test_service import WRONG, with_security

pytestmark = pytest.mark.django_db
BUILD = {**step5.MESSAGES, **step6.MESSAGES, **step7.MESSAGES}
CODES = sorted(code for code, step in STEP_OF_MESSAGE.items() if step in {5, 6, 7})


@pytest.fixture
def case(issuance, courier, sub) -> Case:
    return dispatched(issuance, acting(an_agent()), sub=sub)


def composed(code: str, case: Case, language: str) -> mail.Composed:
    case = ledger.get(case.id)
    more = BUILD[code](case=case, event=e.PassportDispatched(), now=STARTED) if code in BUILD else {}
    return mail.compose(code, language, {**common_context(case, STARTED), **more})


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", CODES)
def test_every_message_composes_and_hides_what_must_be_hidden(case: Case, sub: str, code: str, language: str):
    security = with_security(case)
    if code == "locked_out":
        for minutes in range(5):
            now = STARTED + timedelta(minutes=minutes)
            service.confirm(case_id=case.id, number=a_title().number, security=WRONG, actor=applicant(sub), now=now)

    made = composed(code, case, language)

    assert made.subject
    assert len(made.subject) <= 90
    assert "Jeanne MARTIN" in made.text
    assert case.reference in made.text
    assert made.html.count("<h1>") == 1
    for secret in (a_title().number.text, security.text, security.grouped, "12AB34567"):
        assert secret not in made.subject + made.text + made.html
    assert "{{" not in made.text
    assert "  " not in made.subject


@pytest.mark.parametrize(
    ("language", "said"), [("fr", "samedi 11 avril 2026 à 23:59"), ("en", "Saturday 11 April 2026 at 23:59")]
)
def test_the_dispatch_message_says_the_date_by_which_both_duties_fall_due(case: Case, language: str, said: str):
    made = composed("dispatched", case, language)

    assert LABEL.text in made.text
    assert said in made.text
    assert "Interpol" in made.text
    assert "http://127.0.0.1:8001/" in made.text


def test_the_other_duty_is_recalled_after_the_confirmation(case: Case, sub: str):
    service.confirm(
        case_id=case.id, number=a_title().number, security=with_security(case), actor=applicant(sub), now=STARTED
    )
    assert "votre ancien passeport" in composed("receipt_confirmed", case, "fr").text
    Case.objects.filter(pk=case.pk).update(old_passport="returned")
    assert "Vous n’avez plus rien à faire" in composed("receipt_confirmed", case, "fr").text
