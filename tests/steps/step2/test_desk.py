"""Gate 1 on the desk, and what the applicant reads of it."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.utils.translation import override

from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.steps.step2_application import queries
from escale.steps.step2_application.models import Document
from escale.vault import sealing
from tests.factories.cases import an_agent
from tests.factories.web import as_agent, as_applicant
from tests.steps.step2.building import submitted
from tests.steps.step2.fakes import FakeStamps

pytestmark = pytest.mark.django_db


def url(case: Case, page: str) -> str:
    return f"/demande/{case.reference}/{page}/"


def desk(case: Case, action: str) -> str:
    return f"/bureau/dossiers/{case.reference}/demande/{action}"


def points_of(page: str) -> list[str]:
    """What the agent must have looked at, as the page lists it."""
    return re.findall(r'name="vu" value="(\w+)"', page)


def test_an_agent_opens_a_document_and_the_applicant_can_see_it(stamps: FakeStamps):
    case, agent = submitted(), an_agent()
    doc = queries.documents(case.id, "passport_page")[0]

    answer = as_agent(agent).get(desk(case, f"pieces/{doc.id}/1"))

    assert answer.content.startswith(b"\xff\xd8")
    last = ledger.history(case.id)[-1]
    assert (last.event.name, last.event.part, last.actor_id) == ("FileViewed", "passport_page", str(agent.pk))


def test_another_posts_agent_sees_nothing(stamps: FakeStamps):
    case, agent = submitted(), an_agent(post="CA-MONTREAL")
    doc = queries.documents(case.id)[0]
    client = as_agent(agent)

    assert client.get(desk(case, f"pieces/{doc.id}/1")).status_code == 404
    for action in ("accepter", "corriger", "terminer"):
        assert client.post(desk(case, action), {"revision": 1}).status_code == 404


@pytest.mark.parametrize("role", ["auditor", "support"])
def test_a_reader_does_not_decide(stamps: FakeStamps, role: str):
    case, agent = submitted(), an_agent(role)

    assert as_agent(agent).post(desk(case, "accepter"), {"revision": queries.revision(case.id)}).status_code == 404


def test_the_gate_is_passed_from_the_file(stamps: FakeStamps):
    case, agent = submitted(), an_agent()
    client = as_agent(agent)
    page = client.get(f"/bureau/dossiers/{case.reference}/").content.decode()
    assert "Accepter la demande" in page

    answer = client.post(desk(case, "accepter"), {"revision": queries.revision(case.id), "vu": points_of(page)})

    case.refresh_from_db()
    assert answer["Location"] == f"/bureau/dossiers/{case.reference}/"
    assert case.application == "accepted"


def test_a_point_nobody_looked_at_stops_the_acceptance(stamps: FakeStamps):
    case, client = submitted(), as_agent(an_agent())
    seen = points_of(client.get(f"/bureau/dossiers/{case.reference}/").content.decode())
    given = {"revision": queries.revision(case.id), "vu": [code for code in seen if code != "address_proof"]}

    answer = client.post(desk(case, "accepter"), given)

    case.refresh_from_db()
    page = answer.content.decode()
    assert (answer.status_code, case.application) == (422, "submitted")
    assert "Regardez encore ce point" in page
    assert re.findall(r'type="checkbox" name="vu" value="(\w+)"', page) == ["address_proof"]
    assert sorted(points_of(page)) == sorted(seen), "what was ticked stays so"

    client.post(desk(case, "accepter"), {"revision": queries.revision(case.id), "vu": points_of(page)})
    case.refresh_from_db()
    assert case.application == "accepted"


def test_remarks_are_never_dropped_by_accepting(stamps: FakeStamps):
    case, client = submitted(), as_agent(an_agent())
    seen = points_of(client.get(f"/bureau/dossiers/{case.reference}/").content.decode())
    given = {"revision": queries.revision(case.id), "vu": seen, "words_photo": "La photo est floue."}

    answer = client.post(desk(case, "accepter"), given)

    case.refresh_from_db()
    page = answer.content.decode()
    assert (answer.status_code, case.application) == (409, "submitted")
    assert "La photo est floue." in page
    assert f'action="{desk(case, "corriger")}"' in page


def read_well(case: Case, photo: dict[str, object]) -> None:
    """What the machine would have read on a good page and a good photo."""
    zone = {"valid": True, "number": "17FR42486", "expires_on": "2026-03-31", "birth": "1962-08-24"}
    for kind, findings in ((queries.PHOTO, {"fr": photo}), ("passport_page", {"mrz": zone})):
        row = Document.objects.get(case_id=case.id, kind=kind)
        row.findings = sealing.seal_json(case.id, f"step2|findings|{row.id}", {"pages": 1, **findings})
        row.save()


def test_all_is_right_vouches_for_what_the_machine_saw_and_for_nothing_else(stamps: FakeStamps):
    case, client = submitted(), as_agent(an_agent())
    read_well(case, {"engine": "on", "checks": []})
    given = {"revision": queries.revision(case.id), "tout": "1"}
    assert "Tout est conforme" in client.get(f"/bureau/dossiers/{case.reference}/").content.decode()

    page = client.post(desk(case, "accepter"), given).content.decode()
    assert re.findall(r'type="checkbox" name="vu" value="(\w+)"', page) == ["address_proof"]
    client.post(desk(case, "accepter"), {**given, "vu": ["address_proof"]})

    case.refresh_from_db()
    assert case.application == "accepted"


def test_all_is_right_is_not_offered_nor_believed_where_a_check_objects(stamps: FakeStamps):
    case, client = submitted(), as_agent(an_agent())
    check = {"title": "Fond", "reason": "trop sombre", "verdict": "not_compliant"}
    read_well(case, {"engine": "on", "checks": [check]})
    page = client.get(f"/bureau/dossiers/{case.reference}/").content.decode()

    client.post(desk(case, "accepter"), {"revision": queries.revision(case.id), "tout": "1", "vu": ["photo"]})

    case.refresh_from_db()
    assert "Fond\u00a0: trop sombre" in page
    assert "Tout est conforme</button>" not in page
    assert case.application == "submitted"


def test_what_differs_from_the_page_is_shown_in_both_columns(stamps: FakeStamps):
    case, client = submitted(passport_number="17FR00000"), as_agent(an_agent())
    read_well(case, {"engine": "on", "checks": []})

    page = client.get(f"/bureau/dossiers/{case.reference}/").content.decode()

    assert "<td>17FR00000</td><td>17FR42486</td>" in page
    assert "Numéro saisi et numéro lu sur le passeport\u00a0: différents" in page


def test_a_correction_is_asked_from_the_file(stamps: FakeStamps):
    case, agent = submitted(), an_agent()

    as_agent(agent).post(
        desk(case, "corriger"), {"revision": queries.revision(case.id), "words_photo": "La photo est floue."}
    )

    assert queries.open_corrections(case.id)["photo"].words == "La photo est floue."


def test_an_end_without_reasons_is_asked_again_with_what_was_chosen(stamps: FakeStamps):
    case, agent = submitted(), an_agent()
    given = {"revision": queries.revision(case.id), "kind": "refused", "rule": "E7"}

    answer = as_agent(agent).post(desk(case, "terminer"), given)

    case.refresh_from_db()
    assert answer.status_code == 422
    assert "une décision défavorable est motivée" in answer.content.decode()
    assert case.is_open


def test_a_refusal_is_read_by_the_applicant_with_its_appeal(stamps: FakeStamps):
    case, agent = submitted(), an_agent()
    given = {
        "revision": queries.revision(case.id),
        "kind": "refused",
        "rule": "E7",
        "reasons": "Passeport trop ancien.",
    }
    as_agent(agent).post(desk(case, "terminer"), given)

    page = as_applicant(case.applicant_sub).get(url(case, "ma-demande")).content.decode()

    for words in ("Passeport trop ancien.", "E7", "tribunal administratif", case.reference):
        assert words in page


def read_by(case: Case, language: str) -> Case:
    """The applicant chose this language."""
    Case.objects.filter(id=case.id).update(language=language)
    case.refresh_from_db()
    return case


def test_who_reads_english_is_told_in_english_too_and_nothing_typed_is_lost(stamps: FakeStamps):
    case, client = read_by(submitted(), "en"), as_agent(an_agent())
    typed = {"revision": queries.revision(case.id), "words_photo": "Le fond est blanc."}

    file = client.get(f"/bureau/dossiers/{case.reference}/").content.decode()
    half = client.post(desk(case, "corriger"), typed)
    page = half.content.decode()
    whole = client.post(desk(case, "corriger"), {**typed, "english_photo": "The background is white."})

    remarks = len(re.findall(r'name="english_', file))
    assert file.count("Cette personne lit en anglais") == remarks + 1  # at each remark, and at the reasons of an end
    assert half.status_code == 422
    assert "cette personne lit en anglais" in page
    assert "Le fond est blanc.</textarea>" in page
    assert "words_address_proof" not in page  # only what was begun
    assert whole.status_code == 302
    for language, told in (("fr", "Le fond est blanc."), ("en", "The background is white.")):
        with override(language):
            assert queries.open_corrections(case.id)["photo"].words == told


def test_a_sentence_kept_ready_is_read_in_both_languages(stamps: FakeStamps):
    case, client = read_by(submitted(), "en"), as_agent(an_agent())

    given = {"revision": queries.revision(case.id), "ready_address_proof": "proof_too_old"}
    client.post(desk(case, "corriger"), given)

    reader = as_applicant(case.applicant_sub)
    for language, told in (("fr", "date de plus d’un mois"), ("en", "more than a month old")):
        reader.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        assert told in reader.get(url(case, "documents")).content.decode()


def test_words_on_a_request_that_has_changed_come_back(stamps: FakeStamps):
    case, client = submitted(), as_agent(an_agent())
    stale = {"revision": queries.revision(case.id) + 1, "kind": "refused", "rule": "E7", "reasons": "Trop ancien."}

    answer = client.post(desk(case, "terminer"), stale)
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "Trop ancien.</textarea>" in page
    assert "La demande a changé entre-temps" in page
    assert f'name="revision" value="{queries.revision(case.id)}"' in page


def test_english_without_french_is_not_enough(stamps: FakeStamps):
    case, client = submitted(), as_agent(an_agent())
    given = {"revision": queries.revision(case.id), "kind": "in_person", "rule": "A5-doubt", "reasons_en": "A doubt."}

    page = client.post(desk(case, "terminer"), given).content.decode()

    case.refresh_from_db()
    assert "Écrivez aussi en français" in page
    assert case.is_open


def test_a_refusal_said_once_in_one_language_is_read_by_everybody(stamps: FakeStamps):
    case, client = submitted(), as_agent(an_agent())
    given = {"revision": queries.revision(case.id), "kind": "refused", "rule": "E7", "reasons": "Trop ancien."}

    client.post(desk(case, "terminer"), given)

    with override("en"):
        assert queries.ruling(case.id).words == "Trop ancien."


def test_boxes_drawn_once_are_those_of_the_reader_and_of_the_page(stamps: FakeStamps):
    case, client = submitted(), as_agent(an_agent())
    page = f"/bureau/dossiers/{case.reference}/"
    french = client.get(page).content.decode()
    Case.objects.update(language="en")
    reader = client.get(page).content.decode()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = client.get(page).content.decode()

    assert "Cette personne lit en français." in french
    assert "ce que vous écrivez en français, écrivez-le aussi ici" in reader
    assert "Cette personne lit en" not in english
    assert "This person reads English" in english
    assert french.count('name="ready_') == english.count('name="ready_') > 10


def test_both_columns_write_days_in_the_same_order_in_english_too(stamps: FakeStamps):
    case, client = submitted(), as_agent(an_agent())
    read_well(case, {"engine": "on", "checks": []})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    page = client.get(f"/bureau/dossiers/{case.reference}/").content.decode()

    assert "<td>31/03/2026</td><td>31/03/2026</td>" in page
    assert "<dd>24/08/1962</dd>" in page, "the day of birth, as the passport writes it"
