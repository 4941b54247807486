"""Still pictures of the interview's video: told, taken once, sealed, chained, read, removed."""

import hashlib
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.case.mrz import Mrz
from escale.case.policy import number
from escale.inspection.mrz import interpret
from escale.inspection.recogniser import Line
from escale.inspection.uploads import UploadRefused
from escale.ledger import queries as ledger
from escale.people.access import AccessDenied
from escale.people.actors import applicant
from escale.steps.step4_interview import queries, service_room, service_still
from escale.steps.step4_interview.models import Still
from escale.steps.step4_interview.words_room import still_taken
from escale.vault.models import SealedDocument
from tests.factories.web import as_applicant
from tests.steps.step4.scenes import ZONE, started

pytestmark = pytest.mark.django_db
SOON = timedelta(seconds=6)


def a_picture(colour: str = "grey") -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (640, 480), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def announced(sub: str, purpose: str = "face"):
    """A still asked by the agent and told on the applicant's screen. Returns when to take it as well."""
    case, (agent,), booking = started(sub)
    now = booking.starts_at
    still = service_still.ask(case_id=case.id, purpose=purpose, actor=agent, now=now)
    seen = service_room.look(case=case, after=0, actor=applicant(sub), now=now + timedelta(seconds=1))
    assert seen.still == still
    return case, agent, still, now + SOON


def test_a_still_is_sealed_and_its_digest_chained(sub: str):
    case, agent, still, now = announced(sub)

    taken = service_still.keep(case_id=case.id, still_id=still.pk, taken=[a_picture()], actor=agent, now=now)

    content = service_still.open_still(case_id=case.id, still_id=still.pk, actor=agent, now=now)
    sealed = SealedDocument.objects.get(pk=taken.document)
    line = ledger.latest(case.id, e.StillTaken)
    assert content is not None
    assert content.startswith(b"\xff\xd8\xff")
    assert content[:200] not in bytes(sealed.content)
    assert line is not None
    assert line.event == e.StillTaken(kind="face", digest=hashlib.sha256(content).hexdigest())


def test_nothing_is_taken_before_the_applicant_was_told(sub: str):
    case, (agent,), booking = started(sub)
    now = booking.starts_at
    still = service_still.ask(case_id=case.id, purpose="face", actor=agent, now=now)

    with pytest.raises(RuleRefused, match="still_untold"):
        service_still.keep(case_id=case.id, still_id=still.pk, taken=[a_picture()], actor=agent, now=now + SOON)
    service_room.look(case=case, after=0, actor=applicant(sub), now=now + SOON)
    with pytest.raises(RuleRefused, match="still_untold"):
        service_still.keep(case_id=case.id, still_id=still.pk, taken=[a_picture()], actor=agent, now=now + SOON)

    assert not SealedDocument.objects.filter(kind=service_still.KIND).exists()


def test_once_and_not_late(sub: str):
    case, agent, still, now = announced(sub)
    service_still.keep(case_id=case.id, still_id=still.pk, taken=[a_picture()], actor=agent, now=now)

    with pytest.raises(RuleRefused, match="still_taken"):
        service_still.keep(case_id=case.id, still_id=still.pk, taken=[a_picture("red")], actor=agent, now=now)
    second = service_still.ask(case_id=case.id, purpose="face", actor=agent, now=now)
    service_room.look(case=case, after=0, actor=applicant(sub), now=now)
    with pytest.raises(RuleRefused, match="still_late"):
        service_still.keep(
            case_id=case.id, still_id=second.pk, taken=[a_picture()], actor=agent, now=now + timedelta(minutes=1)
        )


def test_only_the_agent_who_holds_the_interview(sub: str):
    case, agent, still, now = announced(sub)

    with pytest.raises(AccessDenied):
        service_still.keep(case_id=case.id, still_id=still.pk, taken=[a_picture()], actor=applicant(sub), now=now)
    with pytest.raises(UploadRefused):
        service_still.keep(case_id=case.id, still_id=still.pk, taken=[b"#!/bin/sh"], actor=agent, now=now)


@pytest.mark.parametrize(
    ("name_read", "names", "reading", "verdict"),
    [
        ("", 0.3, "match", "ok"),
        ("DUPONT", 0.99, "differs", "doubt"),
        ("DUPONT", 0.3, "unread", None),  # letters the network is not sure of cast no doubt on anybody
    ],
)
def test_the_zone_read_is_compared_with_the_file(
    sub: str, name_read: str, names: float, reading: str, verdict: str | None, monkeypatch: pytest.MonkeyPatch
):
    printed = Mrz.parse(ZONE)
    case, agent, still, now = announced(sub, "passport")
    zone = Mrz.build(
        surname=name_read or printed.surname, given_names=printed.given_names, number="12AB34567",
        birth="1962-08-24", sex="F", expiry=printed.expiry(today=now.date()),
    )  # fmt: skip
    seen = interpret(Line(zone.line1, (names,) * 44), Line(zone.line2, (0.9,) * 44))
    monkeypatch.setattr(service_still, "_zone", lambda pictures: (seen, 0))

    taken = service_still.keep(case_id=case.id, still_id=still.pk, taken=[a_picture()], actor=agent, now=now)

    row = queries.interview(case.id)
    assert row is not None
    assert taken.reading == reading
    assert queries.sheet(row).controls.get("mrz") == verdict


def test_a_zone_that_cannot_be_read_decides_nothing(sub: str):
    case, agent, still, now = announced(sub, "passport")

    taken = service_still.keep(case_id=case.id, still_id=still.pk, taken=[a_picture()], actor=agent, now=now)

    row = queries.interview(case.id)
    assert row is not None
    assert taken.reading == "unread"
    assert "mrz" not in queries.sheet(row).controls


def test_of_several_pictures_of_a_passport_the_sharpest_alone_is_kept(sub: str, monkeypatch: pytest.MonkeyPatch):
    read: list[int] = []
    case, agent, still, now = announced(sub, "passport")
    monkeypatch.setattr(service_still, "_zone", lambda pictures: (read.append(len(pictures)), (None, 1))[1])
    burst = [a_picture(colour) for colour in ("black", "white", "grey", "grey", "grey", "red")]

    taken = service_still.keep(case_id=case.id, still_id=still.pk, taken=burst, actor=agent, now=now)

    content = service_still.open_still(case_id=case.id, still_id=still.pk, actor=agent, now=now)
    assert content is not None
    assert Image.open(BytesIO(content)).convert("L").getpixel((9, 9)) == 255
    assert read == [service_still.frames("passport")] == [5]
    assert taken.sha256 == hashlib.sha256(content).hexdigest()
    assert SealedDocument.objects.filter(kind=service_still.KIND).count() == 1


def test_of_a_face_one_picture_is_enough(sub: str):
    case, agent, still, now = announced(sub, "face")
    burst = [a_picture("white"), b"#!/bin/sh"]

    service_still.keep(case_id=case.id, still_id=still.pk, taken=burst, actor=agent, now=now)

    assert service_still.frames("face") == SealedDocument.objects.filter(kind=service_still.KIND).count() == 1


@pytest.mark.parametrize(("reading", "told"), [("unread", True), ("match", False), ("differs", False)])
def test_the_applicant_is_told_how_to_hold_a_page_that_was_not_read_and_nothing_of_a_difference(
    reading: str, told: bool
):
    assert ("approchez la page de la caméra, à plat, sans reflet" in still_taken("passport", reading)) is told
    assert "diff" not in still_taken("passport", reading)


def test_stills_go_when_their_time_is_over_and_the_digest_stays(sub: str):
    case, agent, still, now = announced(sub)
    service_still.keep(case_id=case.id, still_id=still.pk, taken=[a_picture()], actor=agent, now=now)
    kept = timedelta(days=number("retention_still_days", now.date()))

    service_still.sweep_stills(now=now + kept - timedelta(minutes=1))
    assert SealedDocument.objects.filter(kind=service_still.KIND).count() == 1
    service_still.sweep_stills(now=now + kept)

    assert not SealedDocument.objects.filter(kind=service_still.KIND).exists()
    assert Still.objects.get().sha256
    assert service_still.open_still(case_id=case.id, still_id=still.pk, actor=agent, now=now + kept) is None


def test_the_applicant_reads_that_a_still_was_looked_at(sub: str):
    case, agent, still, now = announced(sub)
    service_still.keep(case_id=case.id, still_id=still.pk, taken=[a_picture()], actor=agent, now=now)
    page = f"/demande/{case.reference}/historique/"
    assert "une image prise pendant l’entretien" not in as_applicant(sub).get(page).content.decode()

    assert service_still.open_still(case_id=case.id, still_id=still.pk, actor=agent, now=now)

    assert "une image prise pendant l’entretien" in as_applicant(sub).get(page).content.decode()
