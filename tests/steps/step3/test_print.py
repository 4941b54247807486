"""« Vérifier la photo imprimée »: the ruler of the real cover sheet, the page, the desk."""

import io
from datetime import timedelta

import cv2
import numpy as np
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from escale import clock
from escale.inspection.portrait.judge import Verdict
from escale.inspection.print_check import judge_print, overall
from escale.inspection.ruler import FIELD_MM, FRAME_MM, PrintReading, measure_print
from escale.ledger.models import Case
from escale.people.access import AccessDenied
from escale.people.actors import Actor, applicant
from escale.steps.step3_posted_items import queries_print, service, service_print
from escale.steps.step3_posted_items.models import PrintAsked, PrintCheck
from escale.vault.models import SealedDocument
from tests.factories.cases import NOON, a_case, acting, an_agent
from tests.factories.web import as_agent, as_applicant
from tests.inspection.making.portraits import jpeg, tone
from tests.inspection.making.sheets import Placing, flat_sheet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hour(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture(scope="module")
def photo():
    """Something like a portrait; sizes need no real face."""
    picture = np.clip(tone(84, -1, -3), 0, 255).astype(np.uint8)
    cv2.ellipse(picture, (413, 480), (250, 340), 0, 0, 360, (188, 140, 120), -1)
    cv2.ellipse(picture, (413, 1100), (420, 260), 0, 0, 360, (40, 44, 60), -1)
    return picture


@pytest.fixture(scope="module")
def scene(photo) -> bytes:
    """A print of the right size on a sheet, as a telephone sees it straight on."""
    return jpeg(cv2.resize(flat_sheet(photo, Placing()), None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA), 90)


def sheet_page(case: Case, sub: str) -> np.ndarray:
    content = as_applicant(sub).get(f"/demande/{case.reference}/envoi/bordereau.pdf").content
    page = pypdfium2.PdfDocument(io.BytesIO(content))[1]
    return np.asarray(page.render(scale=300 / 72).to_pil().convert("RGB"))


def test_the_real_cover_sheet_measures_a_print_laid_on_it(sub: str, photo):
    """The marks, the field and the barcode are those of the page people print, not of a drawing of it."""
    case = a_case("accepted", sub=sub)
    page = sheet_page(case, sub).copy()
    dot = 300 / 25.4
    left = (210 - FRAME_MM[0]) / 2  # the ruler is centred on the page; its height is read on the grey field
    grey = (np.abs(page.astype(int) - 0x8B) < 3).all(axis=2)
    top, first = np.argmax(grey.sum(axis=1) > 400), np.argmax(grey.sum(axis=0) > 400)
    assert first == pytest.approx((left + FIELD_MM[0]) * dot, abs=2)
    size = round(36 * dot), round(45 * dot)
    y, x = top + round(5 * dot), first + round(4.5 * dot)
    page[y : y + size[1], x : x + size[0]] = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)

    reading = measure_print(jpeg(page, 92))

    assert reading.problem == ""
    assert reading.code == case.reference
    assert reading.width_mm == pytest.approx(36, abs=0.3)
    assert reading.height_mm == pytest.approx(45, abs=0.3)


def test_a_sheet_printed_smaller_is_measured_at_its_own_scale(scene: bytes):
    assert measure_print(scene, line_mm=48).width_mm == pytest.approx(35 * 48 / 50, abs=0.3)


def test_what_stops_the_measure_is_told_apart(scene: bytes):
    picture = cv2.imdecode(np.frombuffer(scene, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    dim = cv2.GaussianBlur(picture, (0, 0), 14)
    hazy = cv2.GaussianBlur(picture, (0, 0), 5)
    cut = picture[:, : picture.shape[1] * 3 // 4]
    elsewhere = np.random.default_rng(3).integers(0, 255, (1200, 900, 3)).astype(np.uint8)
    found = [measure_print(jpeg(np.ascontiguousarray(one), 90)).problem for one in (dim, hazy, cut, elsewhere)]
    assert found == ["blurred", "blurred", "marks_missing", "sheet_not_seen"]
    assert all(PrintReading(code).problem_words("fr") != PrintReading(code).problem_words("en") for code in found)


def read(width: float, height: float, face: tuple[float, float, float] | None, axis: float | None) -> PrintReading:
    head, low, high = face or (None, None, None)
    return PrintReading(
        "", width, height, 0.1, head_mm=head, head_low_mm=low, head_high_mm=high, axis_mm=axis
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reading", "verdicts", "whole"),
    [
        (read(35, 45, (34, 33, 35), 0.2), "compliant compliant compliant compliant", "compliant"),
        (read(35, 45, (33, 31.9, 34.1), 0.2), "compliant compliant to_check compliant", "to_check"),
        (read(35, 45, (30, 28.9, 31.1), -4), "compliant compliant not_compliant not_compliant", "not_compliant"),
        (read(33, 45.8, None, None), "not_compliant to_check not_measured not_measured", "not_compliant"),
        (read(35, 45, None, None), "compliant compliant not_measured not_measured", "to_check"),
    ],
)
def test_a_measure_is_judged_with_its_interval(reading: PrintReading, verdicts: str, whole: str):
    lines = judge_print(reading)
    assert " ".join(line.verdict.value for line in lines) == verdicts
    assert overall(lines) is Verdict(whole)


def test_nothing_measured_is_nothing_judged():
    assert judge_print(PrintReading("no_print")) == ()


def send(client: Client, url: str, content: bytes, **more: str):
    """A picture is sent, and the worker does what waits."""
    given = {"picture": SimpleUploadedFile("page.jpg", content, "image/jpeg"), "line_mm": "50", **more}
    answer = client.post(url, given)
    service_print.run_due(now=NOON)
    return answer


def measure(case: Case, content: bytes, actor: Actor) -> None:
    service_print.ask(case_id=case.id, content=content, filename="a.jpg", line_mm=50.0, actor=actor, now=NOON)
    assert service_print.run_due(now=NOON) == 1


def test_the_page_measures_and_says_it_in_words(sub: str, scene: bytes):
    case, client = a_case("accepted", sub=sub), as_applicant(sub)
    url = f"/demande/{case.reference}/envoi/photo/"
    assert "facultatif" in client.get(url).content.decode()

    answer = send(client, url, scene)

    assert answer.status_code == 302
    text = client.get(url).content.decode()
    assert "Largeur de la photo" in text
    assert "34,5 et 35,5" in text or "(entre 34," in text
    picture = client.get(url + "image")
    assert picture.content.startswith(b"\xff\xd8")
    assert "no-store" in picture["Cache-Control"]
    assert "Voir la mesure" in client.get(f"/demande/{case.reference}/envoi/").content.decode()


def test_a_failure_keeps_its_advice_and_a_wrong_file_its_refusal(sub: str, scene: bytes):
    case, client = a_case("accepted", sub=sub), as_applicant(sub)
    url = f"/demande/{case.reference}/envoi/photo/"
    noise = jpeg(np.random.default_rng(1).integers(0, 255, (600, 500, 3)).astype(np.uint8), 80)

    assert send(client, url, noise).status_code == 302
    assert "La feuille n’a pas été reconnue" in client.get(url).content.decode()
    assert client.get(url + "image").status_code == 404
    assert send(client, url, b"nothing").status_code == 422
    assert send(client, url, scene, line_mm="30").status_code == 422
    assert send(client, url, scene, line_mm="49,5").status_code == 302
    assert "49,5" in client.get(url).content.decode()


def test_another_try_replaces_the_one_before_and_leaves_nothing(sub: str, scene: bytes):
    case = a_case("accepted", sub=sub)
    for _ in range(2):
        measure(case, scene, applicant(sub))
    row = PrintCheck.objects.get(case=case)
    kept = {one for one in (row.document_id, row.drawn_fr, row.drawn_en) if one}
    assert set(SealedDocument.objects.filter(case_id=case.id).values_list("id", flat=True)) == kept
    with pytest.raises(AccessDenied):
        measure(case, scene, applicant("another"))


def test_the_desk_measures_too_and_its_gate_shows_it(sub: str, scene: bytes, monkeypatch: pytest.MonkeyPatch):
    case, agent = a_case("announced", sub=sub), an_agent()
    service.receive(case_id=case.id, actor=acting(agent), now=NOON)
    client, url = as_agent(agent), f"/bureau/courrier/{case.reference}/mesure/"
    reading = read(33, 45, None, None)
    monkeypatch.setattr(service_print, "measure_print", lambda content, **more: reading)
    measure(case, scene, applicant(sub))

    gate = f"/bureau/courrier/{case.reference}/controle/"
    assert "hors des limites" in client.get(gate).content.decode()
    reading = read(35, 45, (34, 33, 35), 0.1)
    assert send(client, url, scene).status_code == 302

    text = client.get(url).content.decode()
    assert "Les dimensions sont conformes" in text
    assert "Cette photo sera sans doute refusée" in text  # the applicant's own measure stays beside
    assert "mesurée sur le bordereau\u00a0: conforme" in client.get(gate).content.decode()
    assert as_agent(an_agent(post="CA-MONTREAL")).get(url).status_code == 404


def test_the_ruler_of_another_case_says_so_and_counts_for_nothing(sub: str, scene: bytes, monkeypatch):
    case = a_case("accepted", sub=sub)
    monkeypatch.setattr(
        service_print, "measure_print", lambda content, **more: PrintReading("", 35.0, 45.0, 0.1, code="ESC-OTHER")
    )
    measure(case, scene, applicant(sub))
    text = as_applicant(sub).get(f"/demande/{case.reference}/envoi/photo/").content.decode()
    assert "celle d’une autre demande" in text
    assert queries_print.verdict_for_gate(case.id) == ""


def test_the_page_does_not_exist_before_posting_is_asked(sub: str):
    case = a_case("submitted", sub=sub)
    assert as_applicant(sub).get(f"/demande/{case.reference}/envoi/photo/").status_code == 404


def test_a_measure_waits_for_the_worker_and_the_page_says_how_far_it_is(sub: str, scene: bytes, monkeypatch):
    case, client = a_case("accepted", sub=sub), as_applicant(sub)
    url = f"/demande/{case.reference}/envoi/photo/"
    client.post(url, {"picture": SimpleUploadedFile("page.jpg", scene, "image/jpeg"), "line_mm": "50"})
    assert not PrintCheck.objects.exists()
    seen = []

    def slow(content: bytes, *, line_mm: float, progress) -> PrintReading:
        progress("print", 0.4)
        seen.append(client.get(url).content.decode())
        return read(35, 45, (34, 33, 35), 0.1)

    monkeypatch.setattr(service_print, "measure_print", slow)
    service_print.run_due(now=NOON)

    assert 'value="40"' in seen[0]
    assert "Nous mesurons la photo" in seen[0]
    assert "Les dimensions sont conformes" in client.get(url).content.decode()
    assert service_print.run_due(now=NOON) == 0


def test_a_picture_sent_meanwhile_is_the_one_that_counts(sub: str, scene: bytes, monkeypatch):
    case = a_case("accepted", sub=sub)
    given = {"case_id": case.id, "content": scene, "filename": "a.jpg", "actor": applicant(sub), "now": NOON}

    def late(content: bytes, *, line_mm: float, progress) -> PrintReading:
        service_print.ask(**given, line_mm=49.0)
        return read(33, 45, None, None)

    service_print.ask(**given, line_mm=50.0)
    monkeypatch.setattr(service_print, "measure_print", late)
    service_print.run_due(now=NOON)

    assert not PrintCheck.objects.exists()
    assert PrintAsked.objects.get().line_mm == 49.0
    assert SealedDocument.objects.filter(case_id=case.id, kind=service_print.KIND).count() == 1


@pytest.mark.parametrize("how", ["raises", "takes the worker down"])
def test_an_engine_that_fails_costs_nothing_and_is_said(sub: str, scene: bytes, monkeypatch, how: str):
    """Three tries; a lease that ran out counts as one."""
    case, client = a_case("accepted", sub=sub), as_applicant(sub)
    given = {"case_id": case.id, "content": scene, "filename": "a.jpg", "line_mm": 50.0}
    service_print.ask(**given, actor=applicant(sub), now=NOON)
    monkeypatch.setattr(service_print, "measure_print", lambda content, **more: 1 / 0)
    work = service_print.run_due if how == "raises" else lambda now: service_print.claim(now)
    for minutes in range(0, 9, 3):
        work(now=NOON + timedelta(minutes=minutes))
    service_print.run_due(now=NOON + timedelta(minutes=9))

    text = client.get(f"/demande/{case.reference}/envoi/photo/").content.decode()
    assert "La mesure n’a pas pu être faite" in text
    assert not PrintAsked.objects.exists()
    assert not SealedDocument.objects.filter(case_id=case.id, kind=service_print.KIND).exists()
