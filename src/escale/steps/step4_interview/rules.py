"""The interview's sheet and its decision. Pure: facts in, a decision out.

Sources: the poster, step 4 (« L’agent consulaire vérifie mon identité et valide ma demande »); arrêté du 29 novembre
2025, art. 5 (refusal at any moment, in-person way); our own rules where no text says: controls, flags, second agent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.case.mrz import Mrz, transliterate
from escale.case.policy import number

CONTROLS = ("passport_shown", "mrz", "face_photo", "face_previous", "challenge", "answers")
VERDICTS = ("ok", "doubt")
# What a doubt on a control raises; approval then needs a second agent.
FLAG_OF = {
    "passport_shown": "passport_doubt",
    "mrz": "mrz_mismatch",
    "face_photo": "face_doubt",
    "face_previous": "face_doubt",
    "challenge": "challenge_failed",
    "answers": "answers_doubt",
}
FLAGS = (
    "passport_doubt",
    "mrz_mismatch",
    "face_doubt",
    "challenge_failed",
    "answers_doubt",
    "address_changed",
    "agent",
)
DECISIONS = ("approve", "refuse", "in_person")
# Why an agent refuses or directs in person: code → article.
GROUNDS = {
    "identity_doubt": "arrêté du 29 novembre 2025, art. 5",
    "not_eligible": "décret n° 2025-1138 du 28 novembre 2025, art. 1",
    "file_not_compliant": "arrêté du 29 novembre 2025, art. 5",
    "validity_doubt": "arrêté du 29 novembre 2025, art. 5",
    "applicant_wish": "décret n° 2005-1726 du 30 décembre 2005",
}
MISSED_TWICE = "missed_twice"
QUESTIONS_DRAWN = 3
CHALLENGE_SECONDS = 45
DEVICE_SECONDS = 120
DEVICE_TRIES = 5
# What the agent may ask for → among what it is drawn. Chance is the rule; another kind needs a reason.
_GESTURES = ("turn_left", "turn_right", "hand_over_face", "fingers", "touch_ear")
CHALLENGE_KINDS: dict[str, tuple[str, ...]] = {
    "any": (*_GESTURES, "read_number", "tilt_passport"),
    "device": ("device",),
    "gesture": _GESTURES,
    "voice": ("read_number",),
    "passport": ("tilt_passport",),
}
CHALLENGE_WHYS = ("hearing", "sight", "mobility", "equipment")
# A still picture: taken after the applicant was told, within these seconds; of what.
STILL_PURPOSES = ("passport", "face")
STILL_TOLD = timedelta(seconds=2)
STILL_SECONDS = 40
REAUTHENTICATION = timedelta(minutes=10)
# The room: when its doors open before the slot and close after it, and what an approval leaves to hand the number over.
DOORS_BEFORE = timedelta(minutes=30)
DOORS_AFTER = timedelta(minutes=40)
HAND_OVER = timedelta(minutes=15)
PRESENT = timedelta(seconds=20)
# Somebody whose line was cut for less is the same person waiting, not one who comes anew.
CAME_BACK = timedelta(minutes=5)
NUMBER_AT_DESK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OnFile:
    """What the file says of the person and of the passport they must show."""

    surnames: tuple[str, ...]
    given_names: str
    birthdate: str
    gender: str
    passport_number: str
    passport_expires_on: date | None

    def __repr__(self) -> str:
        return "OnFile(•••)"


UNPROTECTED = frozenset({"country", "surname", "given_names", "sex"})
"""Fields of the zone that no check digit protects."""


def compare_mrz(zone: Mrz, file: OnFile, *, today: date) -> tuple[str, ...]:
    """The fields on which the zone and the file differ, as codes. The zone may cut long names."""
    differing = []
    if file.passport_number and zone.number != file.passport_number:
        differing.append("number")
    if zone.issuer != "FRA" or zone.nationality != "FRA":
        differing.append("country")
    if not any(_cut_alike(zone.surname, name) for name in file.surnames):
        differing.append("surname")
    if not _cut_alike(zone.given_names, file.given_names):
        differing.append("given_names")
    if zone.birth(today=today) != file.birthdate:
        differing.append("birth")
    if file.gender in {"male", "female"} and zone.sex != file.gender[0].upper():
        differing.append("sex")
    if file.passport_expires_on is not None and zone.expiry(today=today) != file.passport_expires_on:
        differing.append("expiry")
    return tuple(differing)


def _cut_alike(printed: str, name: str) -> bool:
    ours = transliterate(name).replace("<", " ")
    return bool(printed) and (ours.startswith(printed) or printed.startswith(ours))


type Choose = Callable[[Sequence[str]], str]


def draw_challenge(choose: Choose, kind: str = "any") -> str:
    """A gesture or a number nobody can have prepared: ``code`` or ``code:value``. ``kind``: see CHALLENGE_KINDS.

    Raises RuleRefused(``challenge_kind``)."""
    if kind not in CHALLENGE_KINDS:
        raise RuleRefused("challenge_kind")
    drawn = choose(CHALLENGE_KINDS[kind])
    if drawn == "fingers":
        return f"fingers:{choose('2345')}"
    if drawn == "read_number":
        return "read_number:" + "".join(choose("0123456789") for _ in range(5))
    if drawn == "touch_ear":
        return f"touch_ear:{choose(('left', 'right'))}"
    return drawn


def chosen_challenge(kind: str, why: str) -> None:
    """Choosing the kind instead of chance needs a reason, except the second device. Raises RuleRefused."""
    if kind not in CHALLENGE_KINDS:
        raise RuleRefused("challenge_kind")
    if kind not in {"any", "device"} and why not in CHALLENGE_WHYS:
        raise RuleRefused("challenge_why")


def challenge_seconds(code: str, why: str) -> int:
    """How long a challenge may be answered. Three times longer for somebody who needs another kind."""
    return (DEVICE_SECONDS if code == "device" else CHALLENGE_SECONDS) * (3 if why in CHALLENGE_WHYS else 1)


def draw_questions(available: Sequence[str], choose: Choose) -> tuple[str, ...]:
    """Some of the questions the file can answer, none twice."""
    left = list(available)
    drawn: list[str] = []
    while left and len(drawn) < QUESTIONS_DRAWN:
        code = choose(left)
        left.remove(code)
        drawn.append(code)
    return tuple(drawn)


def answer_challenge(
    *, drawn_at: datetime, answered_at: datetime | None, now: datetime, seconds: int = CHALLENGE_SECONDS
) -> None:
    """A challenge is used once, within its seconds. Raises RuleRefused."""
    if answered_at is not None:
        raise RuleRefused("challenge_used")
    if now > drawn_at + timedelta(seconds=seconds):
        raise RuleRefused("challenge_expired")


def missing_controls(controls: Mapping[str, str]) -> tuple[str, ...]:
    """Controls without a verdict."""
    return tuple(control for control in CONTROLS if controls.get(control) not in VERDICTS)


def flags(controls: Mapping[str, str], *, motive: str, own_doubt: bool, noted: Iterable[str] = ()) -> tuple[str, ...]:
    """What stands against an approval by one agent alone. ``noted``: flags raised before, which no later verdict
    lifts."""
    found = set(noted) | {FLAG_OF[control] for control in CONTROLS if controls.get(control) == "doubt"}
    if motive == "address":
        found.add("address_changed")
    if own_doubt:
        found.add("agent")
    return tuple(flag for flag in FLAGS if flag in found)


def hold(controls: Mapping[str, str]) -> Decision:
    """The interview is over and its sheet complete. Raises RuleRefused(``controls_missing``)."""
    missing = missing_controls(controls)
    if missing:
        raise RuleRefused("controls_missing", missing=missing)
    return Decision.of(e.InterviewHeld())


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides and what stands: ``first`` held the interview, ``asked_second`` asked for a second opinion."""

    agent: str
    first: str
    asked_second: str
    second_opinion: bool
    flags: tuple[str, ...]
    conflict: bool
    reauthenticated_at: datetime | None


def may_decide(facts: Deciding, *, now: datetime) -> None:
    """Raises RuleRefused: conflict of interest, identity not confirmed lately, or the same agent twice."""
    if facts.conflict:
        raise RuleRefused("conflict_of_interest")
    if facts.reauthenticated_at is None or now - facts.reauthenticated_at > REAUTHENTICATION:
        raise RuleRefused("reauthentication_required")
    if facts.second_opinion and facts.agent in {facts.first, facts.asked_second}:
        raise RuleRefused("same_agent")


def decide(kind: str, ground: str, reasons: str, facts: Deciding, *, now: datetime) -> Decision:
    """One agent's decision, or the second one's. An approval with a flag asks for a second agent first.

    Raises RuleRefused: see ``may_decide``; ``ground_missing``, ``reasons_missing``.
    """
    may_decide(facts, now=now)
    if kind == "approve":
        if facts.flags and not facts.second_opinion:
            return Decision.of(e.SecondOpinionRequested(flags=facts.flags))
        return Decision.of(e.InterviewApproved())
    if ground not in GROUNDS:
        raise RuleRefused("ground_missing")
    if not reasons.strip():
        raise RuleRefused("reasons_missing")
    if kind == "refuse":
        return Decision.of(e.InterviewRefused(rule=ground))
    if kind == "in_person":
        return Decision.of(e.InterviewDirectedInPerson(rule=ground))
    raise RuleRefused("decision_unknown")


@dataclass(frozen=True, slots=True)
class Absence:
    """What is known when the grace of a slot has run out."""

    misses: int
    failure_reported: bool
    applicant_seen: bool
    slot_over: bool


def absent(facts: Absence, *, today: date) -> Decision:
    """Nobody started the interview. A technical failure, or an applicant who waited, is never a no-show; the second
    no-show sends the case to the in-person way (our decision). While the applicant waits and the slot lasts, the desk
    is called."""
    if facts.failure_reported:
        return Decision.of(e.InterviewCancelled(by="failure"))
    if facts.applicant_seen and not facts.slot_over:
        return Decision.of(e.AlertRaised(kind="interview_not_started"))
    if facts.applicant_seen:
        return Decision.of(e.InterviewCancelled(by="post"))
    if facts.misses >= number("interview_misses_allowed", today):
        return Decision.of(e.InterviewDirectedInPerson(rule=MISSED_TWICE))
    return Decision.of(e.InterviewMissed())


def still_due(*, told_at: datetime | None, taken_at: datetime | None, asked_at: datetime, now: datetime) -> None:
    """A still is taken once, after the applicant has been told. Raises RuleRefused."""
    if taken_at is not None:
        raise RuleRefused("still_taken")
    if told_at is None or now < told_at + STILL_TOLD:
        raise RuleRefused("still_untold")
    if now > asked_at + timedelta(seconds=STILL_SECONDS):
        raise RuleRefused("still_late")


def expected_wait(*, starts_at: datetime, ahead_until: datetime | None, now: datetime) -> int:
    """Minutes the applicant will wait: until their hour, or until the interview before theirs should be over."""
    until = max(starts_at, ahead_until) if ahead_until else starts_at
    return max(0, -int((now - until).total_seconds() // 60))


def doors_open(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether the waiting room is open."""
    return starts_at - DOORS_BEFORE <= now <= ends_at + DOORS_AFTER
