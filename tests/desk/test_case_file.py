"""The file of a case: what it costs, what it shows, who has taken it, what agents tell each other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escale import clock
from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.payload import BY_NAME
from escale.case.tracks import STATES
from escale.desk import queries, service, states, words
from escale.desk.models import Assignment, Note
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.access import AccessDenied
from escale.people.actors import Actor, applicant
from escale.people.models import Agent, Role
from escale.steps.step1_sign_in import service as step1
from escale.steps.step4_interview import queries_slots, service as booking
from escale.vault import keys
from tests.factories.cases import NOON, POINTS, a_case, a_post, acting, an_agent
from tests.factories.web import as_agent
from tests.steps.step1.fakes import ENTRY, JEANNE, PROOF, FakeRegister

pytestmark = pytest.mark.django_db


def file_of(case: Case, *more: str) -> str:
    return "/".join([f"/bureau/dossiers/{case.reference}", *more]) + ("" if more else "/")


def queries_of(client, path: str) -> int:
    client.get(path)  # what is asked once per process is not counted
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


# --- what pages cost ---


LISTS = (
    "/bureau/", "/bureau/dossiers/", "/bureau/dossiers/?file=demandes&ordre=echeance", "/bureau/courrier/",
    "/bureau/agenda/", "/bureau/agenda/salle/", "/bureau/agenda/jours/", "/bureau/agenda/renforts/",
    "/bureau/expeditions/", "/bureau/quarante-jours/", "/bureau/signalements/", "/bureau/equipe/",
    "/bureau/partenaires/", "/bureau/journal/",
)  # fmt: skip


def test_every_list_costs_the_same_whatever_its_length(supervisor: Agent):
    client = as_agent(supervisor)

    def one_more_of_each() -> None:
        an_agent()
        for point in ("submitted", "received", "booked", "held", "produced", "at_post", "delivered"):
            a_case(point, now=clock.now())
        case = a_case("bookable", now=clock.now())
        slot = queries_slots.free_slots(case.post, now=clock.now(), case_id=case.id)[0]
        act = {"case_id": case.id, "actor": applicant(case.applicant_sub), "now": clock.now()}
        booking.book(starts_at=slot.starts_at, **act)

    one_more_of_each()
    few = {path: queries_of(client, path) for path in LISTS}
    for _ in range(3):
        one_more_of_each()

    assert {path: queries_of(client, path) for path in LISTS} == few
    assert {path: cost for path, cost in few.items() if cost > 12} == {}


def test_the_file_costs_the_same_whatever_its_history(agent: Agent):
    client, case = as_agent(agent), a_case("received")
    few = queries_of(client, file_of(case))
    for number in range(12):
        service.add_note(case.id, text=f"Note {number}", actor=acting(agent), now=NOON)

    assert queries_of(client, file_of(case)) == few
    assert few <= 40


# --- what it shows ---


def test_the_history_is_told_in_the_hour_of_the_post(agent: Agent):
    page = as_agent(agent).get(file_of(a_case("draft", now=NOON))).content.decode()

    assert "02/03/2026 07:00" in page, "noon in UTC is seven in Toronto that day"
    assert "02/03/2026 12:00" not in page


@pytest.mark.parametrize("point", POINTS)
def test_every_state_of_the_journey_has_its_page(agent: Agent, point: str):
    answer = as_agent(agent).get(file_of(a_case(point)))

    assert answer.status_code == 200
    assert "DURAND" in answer.content.decode()


def test_the_gate_that_waits_for_us_comes_first_and_open(agent: Agent):
    page = as_agent(agent).get(file_of(a_case("received"))).content.decode()

    first = page.index('<details class="escale-panel"')
    assert page[first:].startswith('<details class="escale-panel" id="etape-3" data-ours open>')
    assert '<a href="#etape-3">' in page


def test_a_step_at_rest_is_folded_and_one_that_waits_for_others_is_open(agent: Agent):
    page = as_agent(agent).get(file_of(a_case("bookable"))).content.decode()

    assert '<details class="escale-panel" id="etape-3">' in page
    assert '<details class="escale-panel" id="etape-4" open>' in page
    assert page.index('id="etape-4"') < page.index('id="etape-3"')


def test_every_word_the_desk_needs_is_there():
    for track, named in STATES.items():
        assert all(states.label(state, track) for state in named)
    assert states.label("held", "title") != states.label("held", "interview")
    assert set(words.EVENTS) == set(BY_NAME) - {"Trace"}
    assert set(words.DEADLINES) == set(DeadlineKind)
    assert set(words.ROLES) == set(Role)


@pytest.mark.parametrize(("point", "most"), [("submitted", 17), ("held", 20), ("delivered", 24)])
def test_the_file_of_a_case_asks_each_thing_once(agent: Agent, point: str, most: int, django_assert_max_num_queries):
    page, client = file_of(a_case(point)), as_agent(agent)
    client.get(page)  # the first page also notes that a session began

    with django_assert_max_num_queries(most):
        assert client.get(page).status_code == 200


def test_the_history_says_who_and_what(agent: Agent):
    case = a_case("received")
    service.add_note(case.id, text="À revoir", actor=acting(agent), now=NOON)

    told = queries.told(ledger.history(case.id), case, queries.staff(case.post_id))

    assert told[0]["who"] == "Camille Perrin"
    assert told[-1]["what"] == "Dossier ouvert"
    assert told[-1]["at"].tzinfo is not None
    assert told[-1]["at"].hour == 7  # noon in UTC on the wall of Toronto


def test_opening_a_file_is_recorded_and_left_out_of_the_history(agent: Agent):
    case = a_case("submitted")

    as_agent(agent).get(file_of(case))

    seen = ledger.latest(case.id, e.FileViewed)
    assert seen is not None
    assert seen.actor_id == str(agent.pk)
    assert "Dossier consulté" not in {
        line["what"] for line in queries.told(ledger.history(case.id), case, queries.staff(case.post_id))
    }


def test_after_the_end_of_retention_the_file_says_so(agent: Agent):
    case = a_case("completed")
    keys.destroy(case.id, now=NOON)

    answer = as_agent(agent).get(file_of(case))

    assert answer.status_code == 410
    page = answer.content.decode()
    assert "ont été effacées" in page
    assert "DURAND" not in page
    assert case.reference in as_agent(agent).get("/bureau/dossiers/").content.decode()


# --- the household ---


def test_people_at_the_same_address_are_named_to_each_other(agent: Agent):
    case, other, elsewhere, ended = a_case(), a_case(), a_case(), a_case("completed")
    abroad = a_case(post=a_post("ES-MADRID", tz="Europe/Madrid", country="ES", city="Madrid"))
    Case.objects.filter(pk__in=[case.pk, other.pk, ended.pk, abroad.pk]).update(household_key="elm")
    Case.objects.filter(pk=elsewhere.pk).update(household_key="oak")
    case.refresh_from_db()

    assert [each.case for each in queries.around(case).household] == [other]
    page = as_agent(agent).get(file_of(case)).content.decode()
    assert file_of(other) in page
    assert abroad.reference not in page
    listed = as_agent(agent).get("/bureau/dossiers/").content.decode()
    assert listed.count("1 autre dossier à cette adresse") == 2


def test_two_interviews_of_one_address_are_placed_side_by_side(agent: Agent, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=1))
    first, second = a_case("bookable"), a_case("bookable")
    Case.objects.filter(pk__in=[first.pk, second.pk]).update(household_key="elm")
    free = queries_slots.free_slots(first.post, now=clock.now())
    for case, slot in ((first, free[2]), (second, free[7])):
        act = {"case_id": case.id, "actor": applicant(case.applicant_sub), "now": clock.now()}
        booking.book(starts_at=slot.starts_at, **act)
    client, page = as_agent(agent), f"/bureau/dossiers/{first.reference}/foyer/"
    assert client.get(page).content.decode().count("Le placer à côté de l’autre") == 2

    move = f"/bureau/entretien/{second.reference}/deplacer/"
    offered = client.get(move).content.decode()
    near = offered.partition("À côté de l’entretien")[2].partition("</optgroup>")[0]
    assert [free[1].key in near, free[3].key in near, free[4].key in near] == [True, True, False]
    client.post(move, {"slot": free[3].key, "reason": "applicant_asked"})

    assert "Le placer à côté de l’autre" not in client.get(page).content.decode()


def test_the_address_at_the_register_makes_the_household(register: FakeRegister):
    a_post()
    opened = []
    for number, line1 in enumerate(["12 Elm Street", " 12  elm street", "14 Elm Street"]):
        numic = f"1000000{number}"
        register.holds(numic=numic, address=replace(ENTRY.address, line1=line1))
        sub = f"{number}" * 64
        matched = step1.match(
            numic=numic,
            email=ENTRY.email,
            identity=replace(JEANNE, sub=sub),
            proof=PROOF,
            language="fr",
            actor=applicant(sub),
            now=NOON,
        )
        opened.append(matched.case)

    assert [each.case for each in queries.around(opened[0]).household] == [opened[1]]
    assert queries.around(opened[2]).household == []
    assert "elm" not in opened[0].household_key.lower()


def test_a_case_without_address_has_no_household():
    a_case()

    assert queries.around(a_case()).household == []


# --- notes ---


def test_a_note_is_sealed_and_read_by_colleagues(agent: Agent, supervisor: Agent):
    case = a_case("submitted")

    answer = as_agent(agent).post(file_of(case, "note"), {"text": "Voir l’acte de naissance"})

    assert answer["Location"] == file_of(case) + "#notes"
    assert b"naissance" not in bytes(Note.objects.get().text)
    page = as_agent(supervisor).get(file_of(case)).content.decode()
    assert "Voir l’acte de naissance" in page
    assert ledger.count(case.id, e.NoteAdded) == 1


@pytest.mark.parametrize(("text", "kept"), [("", ""), ("x" * 2001, "x" * 2001)])
def test_a_note_empty_or_too_long_is_given_back(agent: Agent, text: str, kept: str):
    case = a_case("submitted")

    answer = as_agent(agent).post(file_of(case, "note"), {"text": text})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "erreur à corriger" in page
    assert "#id_text" in page
    assert kept in page
    assert not Note.objects.exists()


def test_the_applicant_never_reads_notes(agent: Agent):
    case = a_case("submitted")

    with pytest.raises(AccessDenied):
        service.add_note(case.id, text="x", actor=Actor("applicant", case.applicant_sub), now=NOON)


# --- who has it ---


def test_taking_handing_over_and_giving_back(agent: Agent):
    case, client, colleague = a_case("submitted"), as_agent(agent), an_agent(given_name="Sacha", usual_name="Lefèvre")

    client.post(file_of(case, "prendre"))
    assert Assignment.objects.get(case=case).agent == agent
    client.post(file_of(case, "prendre"), {"agent": colleague.pk})
    assert Assignment.objects.get(case=case).agent == colleague
    assert "Sacha Lefèvre" in client.get("/bureau/dossiers/").content.decode()
    client.post(file_of(case, "prendre"), {"rendre": "1"})
    assert not Assignment.objects.filter(case=case).exists()


def test_a_case_is_handed_over_to_deciders_of_its_post_alone(agent: Agent):
    a_post("ES-MADRID", tz="Europe/Madrid", country="ES", city="Madrid")
    case, client = a_case("submitted"), as_agent(agent)
    client.post(file_of(case, "prendre"))
    nobody = [an_agent(post="ES-MADRID"), an_agent("auditor"), an_agent("support"), an_agent(active=False)]

    for chosen in [*(str(one.pk) for one in nobody), "0", "abc", "٩٩٩٩٩"]:
        page = client.post(file_of(case, "prendre"), {"agent": chosen}, follow=True).content.decode()
        assert "n’a pas changé de mains" in page
    assert Assignment.objects.get(case=case).agent == agent
    assert queries.deciders(case.post_id, NOON) == [agent]


# --- those who only read ---


@pytest.mark.parametrize("role", ["auditor", "support"])
def test_auditors_and_support_read_and_change_nothing(role: str):
    reader, case = an_agent(role), a_case("received")
    client = as_agent(reader)

    page = client.get(file_of(case)).content.decode()

    main = page[page.index("<main") : page.index("</main>")]
    assert 'method="post"' not in main
    for more in ("note", "prendre", "demande/accepter", "demande/terminer"):
        assert client.post(file_of(case, more), {"text": "x"}).status_code == 404
    assert not Note.objects.exists()
    assert not Assignment.objects.exists()


def test_administrators_see_no_personal_data():
    case = a_case("submitted", now=clock.now() - timedelta(days=1))
    client = as_agent(an_agent("administrator"))

    home = client.get("/bureau/", follow=True)
    pages = [client.get(f"/bureau/{path}") for path in ("equipe/", "partenaires/")]

    assert home.redirect_chain == [("/bureau/equipe/", 302)]
    for answer in [home, *pages]:
        text = answer.content.decode()
        assert answer.status_code == 200
        assert not any(word in text for word in ("DURAND", "MARTIN", "Jeanne", case.reference))
    for path in (
        "dossiers/",
        f"dossiers/{case.reference}/",
        "journal/",
        "statistiques/",
        "courrier/",
        "quarante-jours/",
    ):
        assert client.get(f"/bureau/{path}").status_code == 404
    assert "/bureau/dossiers/" not in home.content.decode()
