"""What pages and later steps may read of step 7. Its facts are the ledger's: it keeps no table of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.ledger import queries as ledger
from escale.ledger.models import Case, Entry
from escale.ledger.queries import Line
from escale.steps.step5_dispatch import queries as step5
from escale.steps.step6_delivery import queries as step6
from escale.steps.step7_confirm_receipt import rules
from escale.ui.sites import address
from escale.ui.timeline import StepView


@dataclass(frozen=True, slots=True)
class Awaited:
    """A passport of the person who signed in, on the reception site."""

    case: Case
    due_at: datetime | None
    unlocks_at: datetime | None
    confirmed_at: datetime | None


def wrong_entries(case_id: UUID) -> int:
    """Wrong entries since the last unlocking."""
    entries = Entry.objects.filter(case_id=case_id)
    unlocked = entries.filter(event=e.LockoutEnded.__name__).order_by("-seq").values_list("seq", flat=True).first()
    return entries.filter(event=e.WrongNumberEntered.__name__, seq__gt=unlocked or 0).count()


def wrong_in(lines: list[Line]) -> int:
    """The same, for a page that has read the history of the case."""
    unlocked = max((line.seq for line in lines if isinstance(line.event, e.LockoutEnded)), default=0)
    return sum(isinstance(line.event, e.WrongNumberEntered) and line.seq > unlocked for line in lines)


def tries_left(case_id: UUID, now: datetime) -> int:
    return rules.tries_left(wrong_entries(case_id), now)


def confirmed_at(case_id: UUID) -> datetime | None:
    """When receipt was confirmed, or None."""
    line = ledger.latest(case_id, e.ReceiptConfirmed)
    return line.at if line else None


def confirmed_in(lines: list[Line]) -> datetime | None:
    """The same, for a page that has read the history of the case."""
    return next((line.at for line in reversed(lines) if isinstance(line.event, e.ReceiptConfirmed)), None)


def awaited(case: Case, lines: list[Line] | None = None) -> Awaited:
    """How the receipt of one case stands. ``lines``: its history, where it has been read."""
    end = step5.duty_end_of(case)
    locked = ledger.open_until(case, DeadlineKind.LOCKOUT_END) if case.receipt == "locked_out" else None
    done = None
    if case.receipt == "confirmed":
        done = confirmed_at(case.id) if lines is None else confirmed_in(lines)
    return Awaited(case, end - step5.ONE_SECOND if end else None, locked, done)


def passports(sub: str) -> list[Awaited]:
    """Passports sent to this person: those awaiting confirmation first."""
    sent = [case for case in ledger.of_applicant(sub) if case.receipt != "waiting"]
    order = {"awaited": 0, "locked_out": 1, "confirmed": 2, "void": 3}
    return [awaited(case) for case in sorted(sent, key=lambda case: order[case.receipt])]


def reception_url() -> str:
    """The address of the reception site."""
    return address("reception", "reception_home")


def timeline(case: Case, lines: list[Line]) -> StepView:
    """Step 7 as the applicant reads it."""
    at = {type(line.event): line.at for line in lines}
    state = case.receipt
    if state == "confirmed":
        return StepView(
            7, "done", _("Vous avez confirmé la réception de votre passeport."), at=at.get(e.ReceiptConfirmed)
        )
    if state == "void":
        return StepView(7, "stopped", _("La réception ne peut plus être confirmée : ce passeport est invalidé."))
    if state == "waiting":
        return StepView(
            7, "next", _("Vous confirmerez la réception sur le site de l’ANTS, avec votre numéro de sécurité.")
        )
    end = step5.duty_end_of(case)
    before = end - step5.ONE_SECOND if end else None
    if state == "locked_out":
        return StepView(
            7,
            "waiting",
            _("La saisie est bloquée pendant 24 heures après cinq essais."),
            _("Votre poste consulaire est prévenu et peut la rouvrir plus tôt."),
            at=at.get(e.ReceiptLockedOut),
            before=before,
        )
    return StepView(
        7,
        "now" if step6.in_hand(case) else "waiting",
        _("Dès que vous avez votre passeport, confirmez sa réception sur le site de l’ANTS."),
        _("Il vous faut le numéro du nouveau passeport et votre numéro de sécurité, qui figure sur votre récépissé."),
        at=at.get(e.ReceiptExpected),
        actions=((reception_url(), _("Confirmer la réception")),),
        before=before,
    )
