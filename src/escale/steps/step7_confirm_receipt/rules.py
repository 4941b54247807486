"""Pure rules of step 7: a passport's number and a security number together, five tries, a day of rest."""

from __future__ import annotations

from datetime import datetime

from escale.case import events as e
from escale.case.decision import RuleRefused
from escale.case.policy import number as policy_number


def may_try(receipt: str, title: str) -> None:
    """Raises RuleRefused: locked_out, confirmed_already, invalidated, not_dispatched."""
    if receipt == "locked_out":
        raise RuleRefused("locked_out")
    if receipt == "confirmed":
        raise RuleRefused("confirmed_already")
    if receipt == "void" or title in {"invalidating", "invalidated", "reported", "withdrawn"}:
        raise RuleRefused("invalidated", rule="arrêté du 27 avril 2017")
    if receipt != "awaited":
        raise RuleRefused("not_dispatched")


def confirmation(*, both_match: bool, wrong_before: int, now: datetime) -> tuple[e.Event, ...]:
    """Both numbers must be right; which one is wrong is never said. The fifth wrong entry locks for a day."""
    if both_match:
        return (e.ReceiptConfirmed(),)
    if wrong_before + 1 >= policy_number("security_number_tries", now.date()):
        return (e.WrongNumberEntered(), e.ReceiptLockedOut(), e.AlertRaised(kind="receipt_locked_out"))
    return (e.WrongNumberEntered(),)


def tries_left(wrong: int, now: datetime) -> int:
    """How many wrong entries are left before the lock."""
    return max(0, policy_number("security_number_tries", now.date()) - wrong)


def unlocking(receipt: str) -> tuple[e.Event, ...]:
    """The day of rest is over, or an agent ends it. Nothing when it is not locked."""
    return (e.LockoutEnded(),) if receipt == "locked_out" else ()
