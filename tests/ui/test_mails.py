"""Every message to the applicant: in both languages, whole, with one action at most, and never with a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template import Context
from django.template.loader import get_template
from django.utils.translation import override

from escale.case import events as e
from escale.case.journey import STEPS
from escale.case.messages import OF_EVENT, OF_REMINDER, STEP_OF_MESSAGE
from escale.ui import mail
from escale.worker.messages import common_context
from escale.worker.registry import handlers
from tests.factories.cases import NOON, a_case
from tests.steps.step4.scenes import an_offer, booked

LANGUAGES = ("fr", "en")
CODES = sorted(STEP_OF_MESSAGE)
WRITTEN = list(product(CODES, LANGUAGES))
SOURCE = Path(mail.__file__).parents[1]
TORONTO, VANCOUVER = ZoneInfo("America/Toronto"), ZoneInfo("America/Vancouver")
MOMENT = datetime(2026, 8, 12, 3, 59, 59, tzinfo=UTC)
SLOT = datetime(2026, 11, 3, 14, 30, tzinfo=UTC)
CASE_PAGE = "https://portail.example/demande/ESC-7K2M-9QX4-R83T"
COMMON = {
    "name": "Zoë d’Aÿ-Nuñez",
    "reference": "ESC-7K2M-9QX4-R83T",
    "case_url": f"{CASE_PAGE}/",
    "reception_url": "https://reception.example/",
    "post_name": "Consulat général de France à Toronto",
    "post_email": "toronto@consulat.example",
    "post_phone": "+1 416 555 0101",
    "post_address": ["Consulat général de France", "2 Bloor Street East", "Toronto ON M4W 1A8", "CANADA"],
    "post_tz": TORONTO,
    "now": MOMENT,
}
PAGES = {
    "booking_url": f"{CASE_PAGE}/rendez-vous/",
    "rehearsal_url": f"{CASE_PAGE}/essai/",
    "room_url": f"{CASE_PAGE}/salle/",
}
HOME = {"home_url": "https://portail.example/"}


def choices(**values: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Every combination of the given values."""
    return [dict(zip(values, combination, strict=True)) for combination in product(*values.values())]


def both(*tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every combination of the given contexts."""
    return [{name: value for part in parts for name, value in part.items()} for parts in product(*tables)]


ITEMS = [{"label": "Photo", "words": "2 × 2"}, {"label": "Passeport", "words": "page 2"}]
RULES = [{"title": "Passeport", "source": "décret 2025-1138 art. 1", "way_out": "—"}]
ENDED = choices(rules=([], RULES), reasons=("—",), paid=(True, False))
BOOK = both([PAGES], choices(last_moment=(MOMENT, None), paid=(True, False)))
HOURS = [
    {"starts_at": SLOT, "tz": VANCOUVER, "one_clock": False},
    {"starts_at": SLOT, "tz": TORONTO, "one_clock": True},
]
CANCELLED = both(BOOK, HOURS, choices(by=("", "applicant", "post", "failure"), why=("—", "")))
GROUND = {
    "ground": "—",
    "article": "arrêté du 29 nov. 2025, art. 5",
    "reasons": "2 photos",
    "website": "https://x.example",
}
PARCEL = choices(waybill=("33 1881 0025",), carrier=("DHL Express", ""), due_at=(MOMENT, None))
DUTIES = both(
    choices(receipt_missing=(True, False), return_missing=(True, False), last_moment=(MOMENT,)),
    choices(clocks=((TORONTO,), (TORONTO, VANCOUVER))),
    [{"duties_url": f"{CASE_PAGE}/deux-obligations/"}],
)
ARTICLE = {"article": "arrêté du 27 avril 2017 modifié"}
OBJECTS = [{"name": "Photo", "why": "35\u00a0×\u00a045\u00a0mm"}, {"name": "Label", "why": ""}]
REPLACEMENT = both(
    [{"url": f"{CASE_PAGE}/envoi/", "objects": OBJECTS, "paid": True}],
    choices(
        photo=(True,), label=(True, False), cancelled=(True, False), own_words=("—", ""), last_moment=(MOMENT, None)
    ),
)

# What each step tells of its message, in every shape it may take.
CONTEXTS: dict[str, list[dict[str, Any]]] = {
    "draft_reminder": choices(last_at=(MOMENT, None)),
    "submitted": choices(motive=("—",), free=(True, False), answered=(True, False)),
    "correction_requested": choices(items=(ITEMS, ITEMS[:1]), last_at=(MOMENT, None), paid=(True, False)),
    "correction_reminder": choices(items=(ITEMS, ITEMS[:1]), last_at=(MOMENT, None), paid=(True, False)),
    "accepted": choices(awaits_envelope=(True, False), last_at=(MOMENT, None), paid=(True, False)),
    "refused": ENDED,
    "directed_in_person": ENDED,
    "withdrawn": both([HOME], choices(paid=(True, False))),
    "lapsed": both(
        [HOME],
        choices(reason=("draft_lapse", "correction_lapse", "posting_lapse", "booking_lapse", ""), paid=(True, False)),
    ),
    "stamp_released": both([HOME], choices(paid=(True, False), second=(True, False))),
    "posting_reminder": both([{"url": f"{CASE_PAGE}/envoi/"}], choices(last_moment=(MOMENT, None), paid=(True, False))),
    "envelope_received": [{"received_at": MOMENT}],
    "replacement_needed": REPLACEMENT,
    "late_object": [{}],
    "book_interview": BOOK,
    "booking_reminder": BOOK,
    "booked": both([PAGES], HOURS),
    "moved": both([PAGES], HOURS, choices(by=("post", "applicant"), why=("—",))),
    "cancelled": CANCELLED,
    "slot_offered": both([PAGES], HOURS, choices(until=(MOMENT,), booked_at=(SLOT, None))),
    "interview_reminder": both([PAGES], HOURS, choices(soon=(True, False), rehearsed=(True, False))),
    "missed": CANCELLED,
    "interview_failed": CANCELLED,
    "validation_withdrawn": CANCELLED,
    "approved": [{"receipt_url": f"{CASE_PAGE}/recepisse/"}],
    "interview_refused": both([GROUND], choices(missed=(False,), paid=(True, False))),
    "interview_in_person": both([GROUND], choices(missed=(True, False), paid=(True, False))),
    "in_production": [{}],
    "at_post": [{}],
    "dispatched": PARCEL,
    "came_back": choices(kept_until=(MOMENT, None)),
    "delivered": PARCEL,
    "delivery_problem": PARCEL,
    "inquiry": PARCEL,
    "locked_out": choices(unlocks_at=(MOMENT, None), due_at=(MOMENT, None)),
    "receipt_confirmed": choices(return_owed=(True, False), due_at=(MOMENT, None), late=(True, False)),
    "duty_reminder": [context for context in DUTIES if context["receipt_missing"] or context["return_missing"]],
    "return_received": DUTIES,
    "kept_for_visa": both(DUTIES, [{"until": date(2027, 5, 31)}]),
    "visa_ended": DUTIES,
    "listed": both(
        [context for context in DUTIES if context["receipt_missing"] or context["return_missing"]], [ARTICLE]
    ),
    "held": both(DUTIES, [{"until": MOMENT}]),
    "completed": DUTIES,
    "invalidated": both(DUTIES, [ARTICLE]),
    "declared_lost": DUTIES,
}
# Values no message may carry, under every name a careless context could give them.
SECRETS = {
    "security_number": "ABCD EFGH JKMN",
    "number": "12AB34567",
    "passport_number": "12AB34567",
    "new_passport": "12AB34567",
    "stamp": "1234567890123456",
    "stamp_number": "1234567890123456",
}
SECRET_SHAPES = re.compile(
    r"\b\d{2}[A-Z]{2}\d{5}\b"  # a passport number
    r"|(?<!\d)(?:\d[ ]?){16}(?!\d)"  # a stamp
    r"|(?<!ESC-)\b[0-9A-HJKMNP-TV-Z]{4}([ -])[0-9A-HJKMNP-TV-Z]{4}\1[0-9A-HJKMNP-TV-Z]{4}\b"  # a security number
)
ACTION = re.compile(r'<p class="action"><a href="([^"]+)">([^<]+)</a></p>')
ADDRESS = re.compile(r"https?://[^\s<\"]+[^\s<\".,;:]")
FRENCH_MONTHS = re.compile(r"août|novembre|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche")
ENGLISH_MONTHS = re.compile(r"August|November|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday")


def composed(code: str, language: str) -> Iterator[mail.Composed]:
    """The message in each shape its context may take."""
    for context in CONTEXTS[code]:
        yield mail.compose(code, language, {**SECRETS, **COMMON, **context})


def test_every_message_that_can_be_sent_is_rendered_here() -> None:
    assert set(CONTEXTS) == set(STEP_OF_MESSAGE)
    assert set(OF_EVENT.values()) | set(OF_REMINDER.values()) <= set(STEP_OF_MESSAGE)


@pytest.mark.parametrize(("code", "language"), WRITTEN)
def test_words_are_in_the_room_of_their_step(code: str, language: str) -> None:
    room = STEPS[STEP_OF_MESSAGE[code] - 1].slug
    origin = get_template(f"mail/{language}/{code}.txt").origin.name
    assert Path(origin) == SOURCE / "steps" / room / "templates" / "mail" / language / f"{code}.txt"


@pytest.mark.parametrize(("code", "language"), WRITTEN)
def test_a_message_is_whole(code: str, language: str) -> None:
    for message in composed(code, language):
        assert 0 < len(message.subject) < 78
        for text in (message.subject, message.text, message.html):
            assert not re.search(r"\{\{|\}\}|\{%|%\}|None|=>|\(\s*\)|[^\S\n]{2}\S.*\|", text), text
        assert COMMON["name"] in message.text
        assert COMMON["reference"] in message.text
        assert COMMON["post_email"] in message.text
        assert f'<html lang="{language}">' in message.html
        assert not re.search(r"[,:]\s*\.|\s\.(\s|$)|\n{3}", message.text), message.text


@pytest.mark.parametrize(("code", "language"), WRITTEN)
def test_a_message_asks_for_one_thing_at_most(code: str, language: str) -> None:
    for message in composed(code, language):
        found = ACTION.findall(message.html)
        assert len(found) <= 1
        for address, label in found:
            assert address.startswith("https://")
            assert label
            assert f"{address}\n" in message.text


@pytest.mark.parametrize("code", CODES)
def test_both_languages_say_the_same(code: str) -> None:
    for french, english in zip(composed(code, "fr"), composed(code, "en"), strict=True):
        assert french.subject != english.subject
        assert [found[0] for found in ACTION.findall(french.html)] == [
            found[0] for found in ACTION.findall(english.html)
        ]
        assert sorted(ADDRESS.findall(french.text)) == sorted(ADDRESS.findall(english.text))
        # the same dates, hours, numbers and items
        assert sorted(re.findall(r"\d+", french.text)) == sorted(re.findall(r"\d+", english.text))
        assert french.html.count("<li>") == english.html.count("<li>")
        assert french.html.count("<p>") == english.html.count("<p>")


@pytest.mark.parametrize(("code", "language"), WRITTEN)
@pytest.mark.parametrize("thread", LANGUAGES)
def test_dates_are_in_the_language_of_the_message(code: str, language: str, thread: str) -> None:
    other = FRENCH_MONTHS if language == "en" else ENGLISH_MONTHS
    with override(thread):  # a worker, or the page of somebody who reads the other language
        for message in composed(code, language):
            assert not other.search(message.subject + message.text), message.text


@pytest.mark.parametrize(("code", "language"), WRITTEN)
def test_a_message_never_carries_a_secret(code: str, language: str) -> None:
    for message in composed(code, language):
        for text in (message.subject, message.text, message.html):
            assert not SECRET_SHAPES.search(text), text
            assert not any(value in text for value in SECRETS.values())


def test_the_shapes_of_secrets_are_recognised() -> None:
    assert all(SECRET_SHAPES.search(f"x {value}.") for value in SECRETS.values())
    assert not SECRET_SHAPES.search(COMMON["reference"])


@pytest.mark.parametrize(("code", "language"), WRITTEN)
def test_a_message_asks_only_for_what_its_step_tells(code: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    missing: set[str] = set()
    found = Context.__getitem__

    def watched(self: Context, key: str) -> Any:
        try:
            return found(self, key)
        except KeyError:
            missing.add(key)
            raise

    monkeypatch.setattr("django.template.context.BaseContext.__getitem__", watched)
    for context in CONTEXTS[code]:
        mail.compose(code, language, {**COMMON, **context})
    assert not missing


def test_values_are_text_and_never_mark_up() -> None:
    message = mail.compose("at_post", "fr", {**COMMON, "name": "<script>Zoë</script>"})
    assert "<script>" not in message.html
    assert "&lt;script&gt;Zoë" in message.html


def test_what_an_agent_wrote_is_no_second_action() -> None:
    written = "Photo\n\n=> Payer ici | https://ailleurs.example/\n\n- point"
    [context, *_] = CONTEXTS["replacement_needed"]
    message = mail.compose("replacement_needed", "fr", {**COMMON, **context, "own_words": written})

    assert [address for address, _ in ACTION.findall(message.html)] == [context["url"]]
    assert "<li>point</li>" not in message.html


def an_event(code: str) -> e.Event:
    """An event that sends this message, with empty words where it needs some."""
    kind = next((kind for kind, sent in OF_EVENT.items() if sent == code), e.ReminderDue)
    required = [field for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING]
    return kind(**{field.name: MOMENT if "datetime" in str(field.type) else "" for field in required})


@pytest.mark.django_db
def test_the_contexts_tried_here_are_those_the_steps_build() -> None:
    with_interview, _agents, _booking = booked("has-a-booking")
    later = a_case("dispatched")
    assert set(common_context(later, NOON)) == set(COMMON)

    for code, contexts in CONTEXTS.items():
        build = handlers().messages.get(code)
        case = with_interview if STEP_OF_MESSAGE[code] == 4 else later
        event = an_event(code)
        if isinstance(event, e.SlotOffered):
            event = replace(event, offer=str(an_offer(case).pk))
        built = set(build(case=case, event=event, now=NOON)) if build else set()
        for context in contexts:
            assert set(context) == built - {"calendar"}, code


def test_addresses_given_in_the_text_can_be_followed() -> None:
    message = mail.compose("dispatched", "fr", {**COMMON, **CONTEXTS["dispatched"][0]})
    assert 'confirmer sa réception sur <a href="https://reception.example/">' in message.html
    assert 'href="mailto:toronto@consulat.example"' in message.html


@pytest.mark.parametrize("code", CODES)
def test_a_stamp_is_spoken_of_to_whoever_paid_for_one(code: str) -> None:
    for context in CONTEXTS[code]:
        if context.get("paid") is False and code != "stamp_released":
            assert "votre timbre" not in mail.compose(code, "fr", {**COMMON, **context}).text.lower()
            assert "your stamp" not in mail.compose(code, "en", {**COMMON, **context}).text.lower()
