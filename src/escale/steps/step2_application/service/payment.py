"""Buy the stamp: an intent row first, then the payment page; what counts is what the partner says when re-read."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from escale.case import events as e
from escale.case.decision import Decision, RuleRefused
from escale.case.values import StampNumber
from escale.ledger import queries as ledger, record
from escale.ledger.models import Case
from escale.people.actors import Actor, job
from escale.ports import directory
from escale.ports.errors import PartnerError, PartnerUnavailable
from escale.ports.tax_stamp import Payment as Answer, PaymentState as Said
from escale.steps.step2_application import queries
from escale.steps.step2_application.models import UNKNOWN, UNSETTLED, Payment, PaymentState, Stamp, StampState
from escale.steps.step2_application.service import stamp as stamps
from escale.steps.step2_application.service.draft import is_editable, may_act
from escale.vault import sealing

PAGE_LIVES = timedelta(minutes=15)
CHECK_EVERY = timedelta(minutes=5)
CHECK_FOR = timedelta(days=7)
STAMP_LIVES_DAYS = 365
MOST_LEFT = 3
AWAITING_STAMP = "awaiting_stamp"  # paid, and the number of the stamp not issued yet


def _reference() -> str:
    """Ours, unique, 6 to 30 alphanumerics."""
    return "ESC" + secrets.token_hex(12).upper()


def _intent(case: Case, now: datetime) -> Payment:
    """The unsettled payment of the case, or a new one. One at a time: the database says so."""
    try:
        with transaction.atomic():
            return Payment.objects.create(
                case_id=case.id, reference=_reference(), cents=stamps.tariff(now.date()), opened_at=now
            )
    except IntegrityError:
        return Payment.objects.get(case_id=case.id, state__in=UNSETTLED)


def start(*, case: Case, return_url: str, notify_url: str, actor: Actor, now: datetime) -> str:
    """Address of the payment page. A second click comes back to the same page: nothing is paid twice.

    Raises PartnerUnavailable, PartnerRefused, AccessDenied, RuleRefused(``not_editable``, ``already_have_stamp``,
    ``free``, ``payment_pending``, ``paid_awaiting_stamp``).
    """
    may_act(case, actor)
    if not is_editable(case):
        raise RuleRefused("not_editable")
    if queries.draft(case).free:
        raise RuleRefused("free")
    if queries.stamp_in_use(case.id) is not None:
        raise RuleRefused("already_have_stamp")
    payment = _intent(case, now)
    if payment.page_url and now - payment.opened_at >= PAGE_LIVES:
        if settle(payment, now=now) == PaymentState.PAID:
            raise RuleRefused("already_have_stamp")
        payment.refresh_from_db()
        if payment.state in UNSETTLED:
            raise RuleRefused("payment_pending")
        payment = _intent(case, now)
    if payment.raw == AWAITING_STAMP:
        raise RuleRefused("paid_awaiting_stamp")
    if payment.page_url:
        return payment.page_url
    operation, url = directory.payment().open(
        reference=payment.reference,
        cents=payment.cents,
        email=ledger.summary(case)["email"],
        label="Timbre electronique passeport " + case.reference,
        return_url=return_url,
        notify_url=notify_url,
    )
    Payment.objects.filter(pk=payment.pk).update(
        operation_id=operation,
        page_url=url,
        state=PaymentState.PENDING,
        opened_at=now,
        next_check_at=now + CHECK_EVERY,
    )
    return url


def leave(*, case: Case, actor: Actor, now: datetime) -> str:
    """The applicant says the payment page was closed without paying: another payment may be opened at once.

    The partner is asked first, and believed: a payment made is kept. One whose end is not known yet is set aside and
    still asked about for seven days; should it be paid after all, its stamp is the applicant's, refundable, and they
    are told. Returns the state found. Raises PartnerUnavailable, AccessDenied, RuleRefused(``not_editable``,
    ``paid_awaiting_stamp``, ``too_many_payments``).
    """
    may_act(case, actor)
    if not is_editable(case):
        raise RuleRefused("not_editable")
    payment = queries.unsettled_payment(case.id)
    if payment is None or not payment.operation_id:  # no page was ever shown: nothing can have been paid
        return "none"
    state = settle(payment, now=now)
    if state not in UNSETTLED:
        return state
    payment.refresh_from_db()
    if payment.raw == AWAITING_STAMP:
        raise RuleRefused("paid_awaiting_stamp")
    if queries.left_payments(case.id) >= MOST_LEFT:
        raise RuleRefused("too_many_payments")
    Payment.objects.filter(pk=payment.pk, state__in=UNSETTLED).update(state=PaymentState.ABANDONED)
    payment.refresh_from_db()
    return payment.state


_SETTLED = {
    Said.REFUSED: PaymentState.REFUSED,
    Said.CANCELLED: PaymentState.CANCELLED,
    Said.EXPIRED: PaymentState.EXPIRED,
}


def settle(payment: Payment, *, now: datetime) -> str:
    """Ask the partner how a payment ended and act once. Returns the state. Raises PartnerUnavailable."""
    if payment.state not in UNKNOWN or not payment.operation_id:
        return payment.state
    answer = directory.payment().result(
        operation_id=payment.operation_id,
        reference=payment.reference,
        opened_seconds_ago=(now - payment.opened_at).total_seconds(),
    )
    if answer.state is Said.PAID and answer.stamp is not None:
        return _paid(payment, answer, answer.stamp, now)
    if answer.state is Said.PAID:
        Payment.objects.filter(pk=payment.pk, state__in=UNKNOWN).update(raw=AWAITING_STAMP)
    state = _SETTLED.get(answer.state)
    if state is None:
        return payment.state
    Payment.objects.filter(pk=payment.pk, state__in=UNKNOWN).update(
        state=state, raw=answer.raw[:20], settled_at=now, next_check_at=None
    )
    return state


def _paid(payment: Payment, answer: Answer, number: StampNumber, now: datetime) -> str:
    """Keep the stamp bought. When the case has one already, or has ended, it stays its owner's, to be refunded."""
    with transaction.atomic():
        first = Payment.objects.filter(pk=payment.pk, state__in=UNKNOWN).update(
            state=PaymentState.PAID, raw=answer.raw[:20], settled_at=now, next_check_at=None
        )
        if not first:
            return PaymentState.PAID
        case = ledger.get(payment.case_id)
        bought_on = now.date()
        until = bought_on + timedelta(days=STAMP_LIVES_DAYS)
        if is_editable(case) and queries.stamp_in_use(case.id) is None:
            stamps.keep(
                case=case,
                number=number,
                cents=payment.cents,
                bought_on=bought_on,
                valid_until=until,
                bought_here=True,
                actor=job("payment"),
                now=now,
            )
        else:
            Stamp.objects.create(
                case_id=case.id,
                number=sealing.seal(case.id, "step2|stamp", number.text.encode()),
                number_key=stamps.key_of(number),
                cents=payment.cents,
                bought_on=bought_on,
                valid_until=until,
                bought_here=True,
                state=StampState.SPARE,
                chosen_at=now,
            )
            # Two stamps paid for, or one too late: its owner is told that it is refundable.
            with record.changing(case.id, actor=job("payment"), now=now) as change:
                change.record(Decision.of(e.StampReleased()))
    return PaymentState.PAID


def settle_of(*, case: Case, actor: Actor, now: datetime) -> str:
    """The applicant comes back from the payment page: how did it end? ``none`` when nothing was opened.

    Raises PartnerUnavailable, AccessDenied.
    """
    may_act(case, actor)
    payment = queries.unsettled_payment(case.id)
    if payment is not None:
        return settle(payment, now=now)
    last = queries.last_payment(case.id)
    return last.state if last is not None else "none"


def notified(*, operation_id: str, now: datetime) -> bool:
    """The partner's call: a hint, never a proof. Returns whether the operation is ours. Raises PartnerUnavailable."""
    payment = Payment.objects.filter(operation_id=operation_id).first() if operation_id else None
    if payment is None:
        return False
    settle(payment, now=now)
    return True


def reconcile(*, now: datetime) -> None:
    """Poll: payments whose notification never came, every five minutes for seven days."""
    never_opened = Payment.objects.filter(state__in=UNKNOWN, operation_id="", opened_at__lt=now - CHECK_FOR)
    never_opened.update(state=PaymentState.EXPIRED, settled_at=now)
    for payment in Payment.objects.filter(state__in=UNKNOWN, next_check_at__lte=now)[:5]:
        claimed = Payment.objects.filter(pk=payment.pk, next_check_at=payment.next_check_at).update(
            next_check_at=now + CHECK_EVERY
        )
        if not claimed:
            continue
        try:
            settle(payment, now=now)
        except PartnerUnavailable:
            continue
        except PartnerError as error:
            Payment.objects.filter(pk=payment.pk).update(raw=error.code[:20])
        if now - payment.opened_at > CHECK_FOR:
            Payment.objects.filter(pk=payment.pk, state__in=UNKNOWN).update(
                state=PaymentState.EXPIRED, settled_at=now, next_check_at=None
            )
