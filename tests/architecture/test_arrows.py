"""Names in strings obey the same order as imports: down the floors, back along the steps."""

import ast

import pytest

from tests.architecture import arrows
from tests.architecture.house import may_use, python_files, room_of, short, tree_of


def test_templates_build_on_lower_floors_and_earlier_steps():
    owners = arrows.template_owners()
    found = {
        short(path): arrows.forbidden_templates(room_of(path), path.read_text(), owners) for path in arrows.templates()
    }

    assert {path: names for path, names in found.items() if names} == {}


def test_two_rooms_do_not_own_a_template_of_one_name():
    names = [path.as_posix().rpartition("/templates/")[2] for path in arrows.templates()]

    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_models_point_at_lower_floors_and_earlier_steps():
    labels = arrows.app_labels()
    found = {
        short(path): arrows.forbidden_models(room_of(path), tree_of(path), labels)
        for path in python_files()
        if "models" in path.parts or path.name == "models.py"
    }

    assert {path: names for path, names in found.items() if names} == {}


def test_a_step_names_no_address_of_a_later_step():
    owners = arrows.url_owners()
    sources = {
        short(path): arrows.forbidden_urls(room_of(path), arrows.urls_in_source(tree_of(path)), owners)
        for path in python_files()
    }
    pages = {
        short(path): arrows.forbidden_urls(room_of(path), arrows.urls_in_template(path.read_text()), owners)
        for path in arrows.templates()
    }

    assert {path: names for path, names in {**sources, **pages}.items() if names} == {}


STEP2, STEP4 = ("steps", "step2_application"), ("steps", "step4_interview")


@pytest.mark.parametrize(
    ("user", "used", "allowed"),
    [
        (STEP4, STEP2, True),
        (STEP2, STEP4, False),
        (STEP2, ("ui",), True),
        (("ui",), STEP2, False),
        (("portal",), STEP4, True),
        (("portal",), ("desk",), False),
        (STEP2, ("portal",), False),
        (("partners", "courier"), ("partners", "mailer"), False),
        (("partners", "courier"), ("partners", "kit"), True),
        (STEP2, ("partners", "courier"), False),
    ],
)
def test_the_order_of_the_house(user: tuple[str, ...], used: tuple[str, ...], allowed: bool):
    assert may_use(user, used) is allowed


def test_a_template_that_looks_ahead_is_noticed():
    owners = {"step4/room.html": STEP4, "ui/page.html": ("ui",)}
    text = '{% extends "ui/page.html" %}{% include "step4/room.html" with a=b %}{% include "dsfr/header.html" %}'

    assert arrows.forbidden_templates(STEP2, text, owners) == ["step4/room.html"]
    assert arrows.forbidden_templates(STEP4, text, owners) == []


def test_a_model_that_looks_ahead_is_noticed():
    tree = ast.parse('class A:\n    slot = models.ForeignKey("step4_interview.Slot", models.CASCADE)')

    assert arrows.forbidden_models(STEP2, tree, {"step4_interview": STEP4}) == ["step4_interview.Slot"]
    assert arrows.forbidden_models(STEP4, tree, {"step4_interview": STEP4}) == []


def test_an_address_that_looks_ahead_is_noticed():
    owners = {"interview": STEP4, "step4:room": STEP4}
    names = arrows.urls_in_source(ast.parse('reverse("portal:interview")\nredirect("step4:room")\nreverse("home")'))

    assert arrows.forbidden_urls(STEP2, names, owners) == ["portal:interview", "step4:room"]
    assert arrows.forbidden_urls(STEP4, names, owners) == []
    assert arrows.urls_in_template("{% url 'step4:room' ref %}") == ["step4:room"]
