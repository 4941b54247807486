"""The challenge: drawn by the server, shown on both screens, used once; and that of the second device.

Second device: whoever is in the room also holds another device, now.

The applicant's screen shows a short code; typed on another device (or scanned), it opens once and shows an answer
there; the answer, typed in the room by the signed-in applicant, closes the circle. Both are sealed, for two minutes.
"""

from __future__ import annotations

import hmac
import json
import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from escale.case.decision import RuleRefused
from escale.case.values import CROCKFORD
from escale.ledger.record import Change, changing
from escale.people.access import AccessDenied
from escale.people.actors import Actor
from escale.steps.step4_interview import queries, rules, service_interview
from escale.steps.step4_interview.access import require, require_agent
from escale.steps.step4_interview.models import Challenge
from escale.vault import keys, sealing

CODE_LENGTH, ANSWER_LENGTH = 8, 4


def draw_challenge(*, case_id: UUID, actor: Actor, now: datetime, kind: str = "any", why: str = "") -> Challenge:
    """Draw a challenge; it shows on both screens for its seconds. ``kind`` other than chance needs a reason.

    Raises RuleRefused(``challenge_kind``, ``challenge_why``), AccessDenied."""
    rules.chosen_challenge(kind, why)
    with changing(case_id, actor=actor, now=now) as change:
        require_agent(change)
        row = service_interview.under_way(change)
        code = rules.draw_challenge(secrets.choice, kind)
        challenge = Challenge.objects.create(
            interview=row, code=code, why=why if why in rules.CHALLENGE_WHYS else "", drawn_at=now
        )
        if code == "device":
            arm(change, challenge)
        return challenge


def judge_challenge(*, case_id: UUID, challenge_id: int, passed: bool, actor: Actor, now: datetime) -> None:
    """What the agent saw. Raises RuleRefused(``challenge_used``, ``challenge_expired``, ``challenge_unknown``)."""
    with changing(case_id, actor=actor, now=now) as change:
        require_agent(change)
        row = service_interview.under_way(change)
        challenge = Challenge.objects.filter(pk=challenge_id, interview=row).first()
        if challenge is None:
            raise RuleRefused("challenge_unknown")
        if challenge.code == "device" and passed:
            raise RuleRefused("challenge_device")
        rules.answer_challenge(
            drawn_at=challenge.drawn_at,
            answered_at=challenge.answered_at,
            now=now,
            seconds=rules.challenge_seconds(challenge.code, challenge.why),
        )
        note_challenge(change, challenge, passed=passed)


def note_challenge(change: Change, challenge: Challenge, *, passed: bool) -> None:
    """Close a challenge and write its verdict on the sheet."""
    challenge.answered_at, challenge.passed, challenge.secret, challenge.lookup = change.now, passed, None, None
    challenge.save(update_fields=["answered_at", "passed", "secret", "lookup"])
    sheet = queries.sheet(challenge.interview)
    sheet.controls["challenge"] = "ok" if passed else "doubt"
    service_interview.write(change, challenge.interview, sheet)


def clean(typed: str) -> str:
    """What was typed as the code it means: case, spaces, dashes and look-alikes do not count."""
    letters = "".join(typed.upper().split()).replace("-", "")
    return letters.translate(str.maketrans("OIL", "011"))[:40]


def arm(change: Change, challenge: Challenge) -> None:
    """Draw the code and the answer of a second-device challenge."""
    code = "".join(secrets.choice(CROCKFORD) for _ in range(CODE_LENGTH))
    answer = "".join(secrets.choice("0123456789") for _ in range(ANSWER_LENGTH))
    plain = json.dumps({"code": code, "answer": answer}).encode()
    challenge.secret = sealing.seal_with(change.key, change.case.id, f"presence|{challenge.pk}", plain)
    challenge.lookup = keys.index("presence", code)
    challenge.save(update_fields=["secret", "lookup"])


def secret(challenge: Challenge) -> dict[str, str]:
    """``code`` and ``answer`` of a challenge of the second device. Raises KeyDestroyed."""
    opened: dict[str, str] = sealing.unseal_json(
        challenge.interview.case_id, f"presence|{challenge.pk}", challenge.secret or b""
    )
    return opened


def open_code(*, typed: str, now: datetime) -> str:
    """On the second device: the answer to carry back to the room, given once. Raises RuleRefused(``presence_code``),
    the same for a code unknown, already opened or too old."""
    with transaction.atomic():
        challenge = (
            Challenge.objects.select_related("interview")
            .filter(lookup=keys.index("presence", clean(typed)), opened_at__isnull=True, answered_at__isnull=True)
            .first()
        )
        seconds = rules.challenge_seconds("device", challenge.why) if challenge else 0
        if challenge is None or (now - challenge.drawn_at).total_seconds() > seconds:
            raise RuleRefused("presence_code")
        if not Challenge.objects.filter(pk=challenge.pk, opened_at__isnull=True).update(opened_at=now):
            raise RuleRefused("presence_code")  # two devices at once: the first one has it
    return secret(challenge)["answer"]


def answer(*, case_id: UUID, typed: str, actor: Actor, now: datetime) -> None:
    """In the room, by the signed-in applicant: the answer the other device showed. Right, the challenge is passed; five
    times wrong, it is failed. Raises RuleRefused(``challenge_expired``, ``challenge_used``, ``presence_answer``)."""
    wrong = False
    with changing(case_id, actor=actor, now=now) as change:
        if actor.kind != "applicant":
            raise AccessDenied
        require(change)
        challenge = _waiting(case_id)
        rules.answer_challenge(
            drawn_at=challenge.drawn_at,
            answered_at=challenge.answered_at,
            now=now,
            seconds=rules.challenge_seconds("device", challenge.why),
        )
        held = secret(challenge)["answer"]
        right = challenge.opened_at is not None and hmac.compare_digest(held.encode(), typed.strip().encode())
        if right or challenge.tries + 1 >= rules.DEVICE_TRIES:
            note_challenge(change, challenge, passed=right)
        wrong = not right
        Challenge.objects.filter(pk=challenge.pk).update(tries=F("tries") + 1)
    if wrong:
        raise RuleRefused("presence_answer")


def _waiting(case_id: UUID) -> Challenge:
    row = queries.interview(case_id)
    if row is None or row.held_at is not None or row.failed_at is not None:
        raise RuleRefused("challenge_expired")
    last = Challenge.objects.select_related("interview").filter(interview=row).order_by("-drawn_at", "-id").first()
    if last is None or last.code != "device":
        raise RuleRefused("challenge_expired")
    return last
