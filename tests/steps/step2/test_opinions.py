"""What agents say after the machine: overruled with reasons, counted, published without small numbers."""

from __future__ import annotations

import pytest
from django.utils import translation

from escale.case.decision import RuleRefused
from escale.ledger.models import Case, Entry
from escale.ledger.record import StaleCase
from escale.people.access import AccessDenied
from escale.steps.step2_application import queries
from escale.steps.step2_application.models import Check, CheckState, Contest, Document, Opinion
from escale.steps.step2_application.queries import Agreement, agreement, published
from escale.steps.step2_application.queries_export import export
from escale.steps.step2_application.service import review
from escale.ui.said import Said
from escale.vault import sealing
from tests.factories.cases import NOON, acting, an_agent
from tests.factories.web import as_agent
from tests.steps.step2.building import me, submitted
from tests.steps.step2.fakes import FakeStamps

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def french():
    with translation.override("fr"):
        yield


def judged(case: Case, verdict: str, *, contested: bool = False) -> Case:
    """The machine's verdict on the photo of a case."""
    row = Document.objects.get(case_id=case.id, kind=queries.PHOTO)
    report = {"engine": "on", "verdict": verdict, "checks": []}
    row.findings = sealing.seal_json(case.id, f"step2|findings|{row.id}", {"fr": report, "en": report})
    row.save()
    Check.objects.create(document=row, state=CheckState.DONE, asked_at=NOON, due_at=NOON, done_at=NOON)
    if contested:
        Contest.objects.create(document=row, at=NOON)
    return case


def decide(case: Case, words: str = "") -> None:
    who = {"case": case, "revision": queries.revision(case.id), "actor": acting(an_agent()), "now": NOON}
    if words:
        review.ask_correction(words={"photo": Said(words)}, **who)
    else:
        review.accept(**who)


def overrule(case: Case, reasons: str = "Le fond est bien gris clair.", **changed: object) -> None:
    given = {"revision": queries.revision(case.id), "actor": acting(an_agent()), "now": NOON, **changed}
    review.overrule(case=case, kind="photo", reasons=reasons, **given)


def test_an_acceptance_and_a_correction_are_opinions_on_the_machines(stamps: FakeStamps):
    decide(judged(submitted(), "not_compliant", contested=True))

    (line,) = agreement()
    assert (line.post, line.kind, line.machine) == ("CA-TORONTO", "photo", "not_compliant")
    assert (line.seen, line.accepted, line.refused, line.contested, line.overruled) == (1, 1, 0, 1, 0)
    assert line.agreed == 0.0


def test_a_photo_sent_back_agrees_with_a_machine_that_said_no(stamps: FakeStamps):
    case = judged(submitted(), "not_compliant")
    decide(case, "Fond trop sombre.")

    (line,) = agreement()
    assert (line.accepted, line.refused, line.agreed) == (0, 1, 1.0)


def test_the_last_opinion_of_a_document_counts(stamps: FakeStamps):
    case = judged(submitted(), "to_check")
    overrule(case)
    decide(case)

    assert Opinion.objects.count() == 1
    (line,) = agreement()
    assert (line.accepted, line.overruled, line.agreed) == (1, 1, None)


def test_overruling_needs_reasons_which_are_kept_sealed(stamps: FakeStamps):
    case = judged(submitted(), "not_compliant")
    with pytest.raises(RuleRefused, match="reasons_missing"):
        overrule(case, "  ")
    overrule(case)

    row = Opinion.objects.get()
    assert b"fond" not in bytes(row.reasons)
    assert sealing.unseal(case.id, f"step2|opinion|{row.document_id}", row.reasons).decode().startswith("Le fond")
    assert Entry.objects.filter(case=case, event="CheckOverruled").count() == 1
    (kept,) = export(case)["opinions_set_aside"]
    assert (kept["kind"], kept["machine"]) == (row.kind, "not_compliant")
    assert kept["reasons"].startswith("Le fond")
    assert "Le fond" in as_agent(an_agent()).get(f"/bureau/dossiers/{case.reference}/").content.decode()


def test_there_is_nothing_to_overrule_where_the_machine_agrees(stamps: FakeStamps):
    with pytest.raises(RuleRefused, match="nothing_to_overrule"):
        overrule(judged(submitted(), "compliant"))


def test_only_an_agent_of_the_post_overrules_what_is_on_screen(stamps: FakeStamps):
    case = judged(submitted(), "not_compliant")
    with pytest.raises(AccessDenied):
        overrule(case, actor=me(case))
    with pytest.raises(StaleCase):
        overrule(case, revision=queries.revision(case.id) + 1)


def test_a_document_no_machine_reads_is_not_counted(stamps: FakeStamps):
    decide(submitted())

    assert not Opinion.objects.exists()


def test_a_period_and_posts_can_be_asked_for(stamps: FakeStamps):
    decide(judged(submitted(), "compliant"))

    assert agreement(since=NOON)[0].agreed == 1.0
    assert agreement(until=NOON) == ()
    assert agreement(posts=frozenset({"ES-MADRID"})) == ()


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((4, 4, 0, 0, 0), (None, None, None, None, None)),
        ((20, 18, 2, 3, 0), (20, None, None, None, 0)),
        ((20, 10, 10, 6, 5), (20, 10, 10, 6, 5)),
        ((20, 20, 0, 0, 0), (20, 20, 0, 0, 0)),
    ],
)
def test_small_numbers_are_not_published_nor_computable(counts: tuple[int, ...], shown: tuple[int | None, ...]):
    (line,) = published((Agreement("CA-TORONTO", "photo", "compliant", *counts),))

    assert (line.seen, line.accepted, line.refused, line.contested, line.overruled) == shown


def test_an_agent_overrules_from_the_file_and_reads_what_waits(stamps: FakeStamps):
    case = judged(submitted(), "not_compliant", contested=True)
    client = as_agent(an_agent())
    file, base = f"/bureau/dossiers/{case.reference}/", f"/bureau/dossiers/{case.reference}/demande/ecarter/photo"
    page = client.get(file).content.decode()

    assert "Écarter l’avis automatique" in page
    assert "Le demandeur conteste l’avis automatique" in page
    assert "tête nue, cheveux sur le visage, ressemblance, photo de moins de six mois, retouches" in page
    revision = {"revision": queries.revision(case.id)}
    assert "écrivez les motifs" in client.post(base, revision, follow=True).content.decode()
    said = client.post(base, {**revision, "overrule_photo": "Fond gris clair."}, follow=True).content.decode()

    assert "Avis automatique écarté" in said
    assert Opinion.objects.get().accepted
