"""Files leave the applicant's pages in one way: with their progress, a cut that is told, a file that stays chosen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from escale.inspection.uploads import DEFAULT
from escale.steps.step2_application.forms import PhotoForm, UploadForm
from escale.steps.step3_posted_items.forms import ImportForm
from escale.steps.step3_posted_items.forms_print import PrintForm
from escale.steps.step8_old_passport.forms import VisaForm
from escale.ui import forms

SOURCE = Path(forms.__file__).parents[1]
# What was typed, given back once whatever the form was; the agents’ stills.
LEFT_OUT = {"form_given_back.html", "sheet_stills.html"}
SENDING = sorted(
    path
    for path in SOURCE.rglob("templates/**/*.html")
    if "multipart/form-data" in path.read_text() and path.name not in LEFT_OUT and "desk" not in path.name
)


@pytest.mark.parametrize("template", SENDING, ids=lambda path: path.name)
def test_a_form_with_files_tells_how_far_they_are(template: Path):
    text = template.read_text()

    assert all("data-upload" in form for form in re.findall(r"<form[^>]*multipart/form-data[^>]*>", text))
    assert '{% include "ui/sending.html" %}' in text
    assert '{% static "ui/sending.js" %}' in text


def test_every_room_that_takes_files_was_looked_at():
    assert {path.name for path in SENDING} == {
        "document.html",
        "photo.html",
        "label_import.html",
        "print.html",
        "duties.html",
    }


@pytest.mark.parametrize(
    ("form", "field"),
    [(UploadForm, "file"), (PhotoForm, "file"), (ImportForm, "label"), (PrintForm, "picture"), (VisaForm, "copy")],
)
def test_a_file_too_heavy_is_refused_before_it_is_sent(form: type[forms.Form], field: str):
    html = str(form()[field])

    assert f'data-most="{DEFAULT.max_bytes}"' in html
    assert 'accept="' in html
