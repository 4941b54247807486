"""The language of an interview: who speaks it comes first, nobody is left out, and both sides are told."""

import pytest

from escale.case.decision import RuleRefused
from escale.ledger.models import Case
from escale.people.access import AccessDenied
from escale.people.actors import applicant
from escale.people.models import Agent
from escale.steps.step4_interview import queries_languages, queries_slots, service, service_hours
from tests.factories.cases import NOON, a_case, a_post, acting, an_agent
from tests.factories.web import as_agent, as_applicant
from tests.steps.step4.scenes import first_slot

pytestmark = pytest.mark.django_db


def speaking(*languages: str, post: str = "CA-TORONTO", **named: str) -> Agent:
    return an_agent(post=post, languages=["fr", *languages], **named)


def wants(sub: str, language: str):
    case = a_case("bookable", sub=sub)
    service.choose_language(case_id=case.id, language=language, actor=applicant(sub))
    return case


def books(case, place: int = 0):
    slot = queries_slots.free_slots(case.post, now=NOON, case_id=case.id)[place]
    return service.book(
        case_id=case.id, starts_at=slot.starts_at, actor=applicant(case.applicant_sub), now=NOON
    )  # fmt: skip


def test_whoever_speaks_it_receives_and_the_others_keep_their_turn(sub: str):
    french, english = speaking(), speaking("en")
    case = wants(sub, "en")

    assert first_slot(case).agents == (english.pk, french.pk)
    assert books(case).agent == english
    second = wants("second", "en")
    assert books(second).agent == french  # the same hour: nobody else speaks it then, and the hour is offered still


def test_no_slot_is_lost_for_a_language(sub: str):
    speaking(), speaking("en")
    anyone = queries_slots.free_slots(a_post(), now=NOON)
    case = wants(sub, "pt")

    offered = queries_slots.free_slots(case.post, now=NOON, case_id=case.id)

    assert [slot.starts_at for slot in offered] == [slot.starts_at for slot in anyone]
    assert not any(slot.spoken for slot in offered)


def test_somebody_lent_who_speaks_it_comes_before_the_post_s_own(sub: str):
    a_post("ES-MADRID", tz="America/Toronto", country="ES", city="Madrid")
    own, lent = speaking(), speaking("es", post="ES-MADRID")
    own.post.save()
    lent_to = {"agent": lent, "post": own.post}
    queries_slots.Pooling.objects.create(**lent_to)
    case = wants(sub, "es")

    assert first_slot(case).agents == (lent.pk, own.pk)


def test_the_language_of_the_case_unless_another_is_chosen(sub: str):
    case = a_case("bookable", sub=sub)
    assert (queries_languages.of_id(case.id), queries_languages.foreign(case, "")) == ("fr", "")
    Case.objects.update(language="en")
    case.refresh_from_db()
    assert (queries_languages.of_id(case.id), queries_languages.foreign(case, "")) == ("en", "en")
    assert queries_languages.foreign(case, "pt") == "pt"

    service.choose_language(case_id=case.id, language="pt", actor=applicant(sub))

    assert queries_languages.of_id(case.id) == "pt"
    with pytest.raises(RuleRefused, match="language_unknown"):
        service.choose_language(case_id=case.id, language="la", actor=applicant(sub))
    with pytest.raises(AccessDenied):
        service.choose_language(case_id=case.id, language="en", actor=applicant("another"))


def test_the_applicant_chooses_on_the_page_of_the_slots_and_reads_what_will_be_spoken(sub: str):
    speaking()
    case, client = a_case("bookable", sub=sub), as_applicant(sub)
    page = f"/demande/{case.reference}/rendez-vous/"
    assert "<small>en français</small>" not in client.get(page).content.decode()

    client.post(f"{page}langue/", {"language": "en"})

    assert client.get(page).content.decode().count("<small>en français</small>") > 10
    speaking("en")
    assert "<small>en français</small>" not in client.get(page).content.decode()


def test_an_agent_says_which_languages_they_speak_and_the_desk_shows_it(sub: str):
    agent, boss = speaking(usual_name="Blanc"), an_agent("supervisor", usual_name="Caron")
    client = as_agent(agent)
    page = f"/bureau/agenda/horaires/{agent.pk}/"

    client.post(page, {"wish": "languages", "languages": ["pt", "en"]})

    agent.refresh_from_db()
    assert agent.languages == ["fr", "en", "pt"]
    assert "français, anglais, portugais" in client.get("/bureau/agenda/").content.decode()
    assert client.post(page, {"wish": "languages", "languages": ["la"]}).status_code == 422
    service_hours.set_languages(agent, [], actor=acting(boss))
    agent.refresh_from_db()
    assert agent.languages == ["fr"]
    with pytest.raises(AccessDenied):
        service_hours.set_languages(boss, ["en"], actor=acting(agent))


def test_a_booking_nobody_can_speak_stands_out_on_the_agenda_and_on_the_sheet(sub: str):
    agent = speaking()
    booking = books(wants(sub, "en"))
    client = as_agent(agent)
    week = f"/bureau/agenda/?semaine={booking.starts_at:%Y-%m-%d}"
    sheet = f"/bureau/entretien/{booking.case.reference}/"

    assert "que cet agent ne parle pas" in client.get(week).content.decode()
    assert "vous ne la parlez pas" in client.get(sheet).content.decode()
    Agent.objects.update(languages=["fr", "en"])
    page = client.get(week).content.decode()
    assert "que cet agent ne parle pas" not in page
    assert '<span class="escale-muted">anglais</span>' in page
    told = client.get(sheet).content.decode()
    assert "<strong>anglais</strong>" in told
    assert "vous ne la parlez pas" not in told
