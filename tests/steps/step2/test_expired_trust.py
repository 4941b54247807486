"""A proof of address read while our trust list has expired: an agent looks, and both sides are told why."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from escale.inspection import address_proof
from escale.steps.step2_application import queries
from escale.steps.step2_application.models import Document
from escale.steps.step2_application.service import checks, files, review, submission
from tests.factories.cases import NOON, acting, an_agent
from tests.factories.web import as_agent, as_applicant
from tests.inspection.making.two_d_docs import TestAuthority, as_png, bill
from tests.steps.step2.building import a_draft, me, with_stamp
from tests.steps.step2.fakes import FakeStamps

pytestmark = pytest.mark.django_db
YESTERDAY = NOON.date() - timedelta(days=1)
WORDS = {
    ("renewed", "fr"): "La liste de confiance dont nous disposons n’est plus à jour",
    ("renewed", "en"): "The trust list we hold is out of date",
    ("sealed_until", "fr"): "Le certificat qui garantit notre liste de confiance n’est plus valable",
    ("sealed_until", "en"): "The certificate that vouches for our trust list is no longer valid",
}
NOT_REFUSED = {"fr": "qui n’est pas refusé : un agent le vérifie", "en": "which is not refused: an agent checks it"}


def told(client: Client, address: str, ended: str) -> bool:
    """Whether the page says why, and that nothing is refused, in both languages."""
    pages = {}
    for language in ("fr", "en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        pages[language] = client.get(address).content.decode()
    return all(WORDS[ended, language] in page and NOT_REFUSED[language] in page for language, page in pages.items())


@pytest.mark.parametrize("ended", ["renewed", "sealed_until"])
def test_an_expired_list_or_seal_refuses_nobody_and_tells_both_sides(stamps: FakeStamps, monkeypatch, ended: str):
    # Given a genuine bill of this month, and a list or a seal that ended yesterday
    authority = TestAuthority()
    monkeypatch.setattr(address_proof, "national_trust_list", lambda: authority.trust(**{ended: YESTERDAY}))
    case, agent = with_stamp(a_draft()), an_agent()
    Document.objects.filter(case_id=case.id, kind="address_proof").delete()
    content = as_png(bill(authority.code(signed_on=YESTERDAY)))
    given = {"case": case, "actor": me(case), "now": NOON}

    with time_machine.travel(NOON, tick=False):
        # When it is read
        files.add_document(kind="address_proof", content=content, filename="facture.png", **given)
        checks.run_due(now=NOON)

        # Then the applicant is told why, and may send the request
        (doc,) = queries.documents(case.id, "address_proof")
        assert (doc.check, doc.machine) == ("done", "to_check")
        applicant = as_applicant(case.applicant_sub)
        assert told(applicant, f"/demande/{case.reference}/documents/address_proof/", ended)
        case.refresh_from_db()
        submission.submit(case=case, actor=me(case), now=NOON)

        # And the agent is told the same, and may accept it
        assert told(as_agent(agent), f"/bureau/dossiers/{case.reference}/", ended)
        case.refresh_from_db()
        review.accept(case=case, revision=queries.revision(case.id), actor=acting(agent), now=NOON)
    case.refresh_from_db()
    assert case.application == "accepted"
