"""What the desk shows of step 4: the file's panel, and the whole sheet beside the video."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from escale.case import events as e
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.people.access import DECIDERS
from escale.people.actors import Actor
from escale.steps.step2_application import queries as step2
from escale.steps.step2_application.rules import EYE_COLOURS
from escale.steps.step4_interview import queries, queries_doubts, queries_languages, queries_room, rules, words
from escale.steps.step4_interview.forms import DecisionForm, MrzForm, SheetForm
from escale.steps.step4_interview.models import Interview, Opinion


def _controls(sheet: queries.Sheet) -> list[dict[str, Any]]:
    """Each control with its verdict, for the summary."""
    return [
        {"code": control, "label": words.CONTROLS[control], "verdict": verdict, "word": words.VERDICTS.get(verdict, "")}
        for control in rules.CONTROLS
        for verdict in [sheet.controls.get(control, "")]
    ]


def _questions(case: Case, sheet: queries.Sheet) -> list[tuple[str, str]]:
    expected = queries.answers(case)
    return [(str(words.QUESTIONS[code]), expected.get(code, "")) for code in sheet.questions]


def _challenges(case: Case, row: Interview, now: datetime) -> dict[str, Any]:
    drawn = queries.challenges(row)
    last = drawn[0] if drawn else None
    fresh = last is not None and last.answered_at is None
    allowed = rules.challenge_seconds(last.code, last.why) if last is not None else 0
    left = allowed - (now - last.drawn_at).total_seconds() if last is not None else 0
    current = last if fresh and left > 0 else None
    return {
        "stills": _stills(row),
        "still_asked": queries_room.still_asked(row.booking, now) if case.interview == "in_progress" else None,
        "minutes": round((row.held_at - row.started_at).total_seconds() / 60) if row.held_at else None,
        "challenge": current,
        "challenge_failed": any(one.passed is False for one in drawn),
        "challenge_text": words.challenge(current.code) if current else "",
        "challenge_seconds": round(left),
        "challenges": [(words.challenge(one.code), one) for one in drawn if one is not current],
    }


def _stills(row: Interview) -> list[dict[str, Any]]:
    return [
        {"row": one, "label": words.STILLS[one.purpose], "reading": words.READINGS.get(one.reading, "")}
        for one in queries_room.stills(row)
    ]


def _may_tell(case: Case, row: Interview | None, given: list[Opinion], actor: Actor, now: datetime) -> bool:
    """The number is told at the end of the interview, by those who decided, not later."""
    recent = bool(given) and now - given[-1].at <= rules.NUMBER_AT_DESK
    concerned = row is not None and actor.id in {str(row.agent_id), *(str(one.agent_id) for one in given)}
    return case.interview == "approved" and recent and concerned


def _interview_of(case: Case) -> Interview | None:
    """The interview under way or held; one that failed is over once another may be booked."""
    row = queries.interview(case.id)
    over = row is not None and row.failed_at is not None and case.interview in {"bookable", "booked"}
    return None if over else row


def sheet_context(case: Case, actor: Actor, now: datetime, proved_at: datetime | None) -> dict[str, Any]:
    """Everything beside the video."""
    row, booking = _interview_of(case), queries.last_booking(case.id)
    sheet = queries.sheet(row) if row else queries.Sheet()
    application, readiness = step2.application_of(case), queries.readiness(case.id)
    language = queries_languages.foreign(case, readiness.language)
    given = queries.opinions(row) if row else []
    context: dict[str, Any] = {
        "case": case,
        "summary": ledger.summary(case),
        "application": application,
        "eyes": dict(EYE_COLOURS).get(application.eye_colour, "") if application else "",
        "file": queries.on_file(case),
        "language": words.LANGUAGES[language] if language else "",
        "spoken": not language or queries_languages.speaks(actor.id, language),
        "appointment": queries.told_of(case, booking, readiness) if booking else None,
        "booking": booking,
        "readiness": readiness,
        "interview": row,
        "sheet": sheet,
        "previous": application is not None and any(doc.kind == "passport_page" for doc in application.documents),
        "kinds": words.CHALLENGE_KINDS.items(),
        "whys": words.CHALLENGE_WHYS.items(),
        "controls": _controls(sheet),
        "missing": rules.missing_controls(sheet.controls),
        "mrz_differs": [words.MRZ_FIELDS[code] for code in sheet.mrz or ()],
        "questions": _questions(case, sheet),
        "flags": [words.FLAGS[flag] for flag in (row.flags if row else ())],
        "interrupted": [
            (one, [words.FLAGS[flag] for flag in one.flags]) for one in queries_doubts.interrupted(case.id)
        ],
        "opinions": given,
        "conflict": queries.in_conflict(case.id, actor.id),
        "ours": row is not None and str(row.agent_id) == actor.id,
        "proved": proved_at is not None and now - proved_at <= rules.REAUTHENTICATION,
        "may_tell_number": _may_tell(case, row, given, actor, now),
        "remarks": queries.remarks(row) if row else "",
        "sheet_form": SheetForm(
            initial={**sheet.controls, "own_doubt": sheet.own_doubt, "remarks": queries.remarks(row) if row else ""}
        ),
        "mrz_form": MrzForm(),
        "decision_form": DecisionForm(language=case.language),
        "tz": case.post.tz,
    }
    return {**context, **(_challenges(case, row, now) if row else {})}


def panel(case: Case, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """What the file says of the interview: the sheet has a page of its own. None until it may be booked."""
    if case.interview == "locked":
        return None
    row = _interview_of(case)
    booking = queries.booking_in_force(case.id) if case.interview == "booked" else None
    return {
        "appointment": queries.told_of(case, booking, queries.readiness(case.id)) if booking else None,
        "interview": row,
        "controls": _controls(queries.sheet(row)) if row else [],
        "flags": [words.FLAGS[flag] for flag in (row.flags if row else ())],
        "ending": queries.ending(case, "fr"),
        "misses": sum(isinstance(line.event, e.InterviewMissed) for line in ledger.history_of(case)),
        "decides": actor.role in DECIDERS,  # nobody else opens the interview
        "tz": case.post.tz,
    }
