"""What a person takes away: all that is kept of them, the documents too, and no secret."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from escale.case import events as e
from escale.case.decision import Decision
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.record import changing
from escale.people.actors import job
from escale.vault import documents
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.factories.web import as_applicant

pytestmark = pytest.mark.django_db


def exported(case: Case) -> zipfile.ZipFile:
    answer = as_applicant(case.applicant_sub).get(f"/demande/{case.reference}/mes-donnees/?export=zip")
    assert f'attachment; filename="{case.reference}.zip"' in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_archive_holds_every_document_of_every_step():
    case, other = a_case("accepted"), a_case("accepted")
    documents.add(case.id, kind="photo", content=b"a picture", media_type="image/jpeg", now=NOON)
    documents.add(case.id, kind="label", content=b"a label", media_type="application/pdf", now=NOON)
    documents.add(other.id, kind="photo", content=b"not mine", media_type="image/jpeg", now=NOON)

    held = exported(case)

    inside = {name.partition("-")[2]: held.read(name) for name in held.namelist() if name != "donnees.json"}
    assert inside == {"photo.jpg": b"a picture", "label.pdf": b"a label"}
    told = json.loads(held.read("donnees.json"))
    assert {one["file"] for one in told["documents"]} == set(held.namelist()) - {"donnees.json"}


def test_the_data_say_what_happened_in_words_what_was_sent_and_who_looked():
    case, agent = a_case("submitted"), an_agent()
    with changing(case.id, actor=acting(agent), now=NOON) as change:
        change.record(Decision.of(e.FileViewed(part="address_proof")))
    with changing(case.id, actor=job("messages"), now=NOON) as change:
        change.record(Decision.of(e.MessageSent(kind="submitted")))

    told = json.loads(exported(case).read("donnees.json"))

    assert told["identity_and_register"]["family_name"] == "DURAND"
    assert len(told["history"]) == len(ledger.history(case.id))
    assert "Demande envoyée" in {line["words"] for line in told["history"]}
    assert told["messages"][0]["title"] == "Votre demande est envoyée"
    assert told["opened_by"][0]["who"].startswith("un agent consulaire")
    assert len(told["steps"]) == 8
    assert agent.usual_name not in json.dumps(told)


def test_no_secret_is_in_it_and_it_says_so():
    case = a_case("dispatched")

    told = json.loads(exported(case).read("donnees.json"))

    assert len(told["left_out"]) == 4
    assert not {"security_number", "stamp_number", "stamp"} & (set(told) | set(told["answers"]))


def test_the_data_alone_are_json_and_the_page_counts_them():
    case = a_case("accepted")
    documents.add(case.id, kind="photo", content=b"a picture", media_type="image/jpeg", now=NOON)
    client = as_applicant(case.applicant_sub)

    answer = client.get(f"/demande/{case.reference}/mes-donnees/?export=json")
    page = client.get(f"/demande/{case.reference}/mes-donnees/").content.decode()

    assert answer["Content-Type"] == "application/json"
    assert answer.json()["reference"] == case.reference
    assert "<dt>Documents</dt><dd>1</dd>" in page
    assert "Le numéro de sécurité" in page


def test_somebody_else_takes_nothing_away():
    case = a_case("accepted")

    assert as_applicant("somebody").get(f"/demande/{case.reference}/mes-donnees/?export=zip").status_code == 404
