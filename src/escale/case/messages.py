"""Which message each event sends to the applicant, always to the register's e-mail, in French and English."""

from __future__ import annotations

from escale.case import events as e
from escale.case.deadlines import DeadlineKind

# message code → the step whose room holds its words
STEP_OF_MESSAGE: dict[str, int] = {
    "draft_reminder": 2,
    "submitted": 2,
    "correction_requested": 2,
    "correction_reminder": 2,
    "accepted": 2,
    "refused": 2,
    "directed_in_person": 2,
    "withdrawn": 2,
    "lapsed": 2,
    "stamp_released": 2,
    "posting_reminder": 3,
    "envelope_received": 3,
    "replacement_needed": 3,
    "late_object": 3,
    "book_interview": 4,
    "booking_reminder": 4,
    "booked": 4,
    "moved": 4,
    "cancelled": 4,
    "interview_reminder": 4,
    "slot_offered": 4,
    "missed": 4,
    "interview_failed": 4,
    "validation_withdrawn": 4,
    "approved": 4,
    "interview_refused": 4,
    "interview_in_person": 4,
    "in_production": 5,
    "at_post": 5,
    "dispatched": 5,
    "came_back": 5,
    "delivered": 6,
    "delivery_problem": 6,
    "inquiry": 6,
    "locked_out": 7,
    "receipt_confirmed": 7,
    "duty_reminder": 8,
    "return_received": 8,
    "kept_for_visa": 8,
    "visa_ended": 8,
    "listed": 8,
    "held": 8,
    "completed": 8,
    "invalidated": 8,
    "declared_lost": 8,
}

OF_EVENT: dict[type[e.Event], str] = {
    e.ApplicationSubmitted: "submitted",
    e.CorrectionRequested: "correction_requested",
    e.ApplicationAccepted: "accepted",
    e.ApplicationRefused: "refused",
    e.EligibilityLost: "refused",
    e.DirectedInPerson: "directed_in_person",
    e.ApplicationWithdrawn: "withdrawn",
    e.ApplicationLapsed: "lapsed",
    e.StampReleased: "stamp_released",
    e.EnvelopeReceived: "envelope_received",
    e.ReplacementRequested: "replacement_needed",
    e.LabelCancelledByCourier: "replacement_needed",
    e.LateObjectReceived: "late_object",
    e.RequestValidated: "book_interview",
    e.InterviewBooked: "booked",
    e.InterviewMoved: "moved",
    e.InterviewCancelled: "cancelled",
    e.SlotOffered: "slot_offered",
    e.InterviewMissed: "missed",
    e.InterviewFailedTechnically: "interview_failed",
    e.ValidationWithdrawn: "validation_withdrawn",
    e.InterviewApproved: "approved",
    e.InterviewRefused: "interview_refused",
    e.InterviewDirectedInPerson: "interview_in_person",
    e.ProductionStarted: "in_production",
    e.PassportArrivedAtPost: "at_post",
    e.PassportDispatched: "dispatched",
    e.PassportCameBack: "came_back",
    e.Delivered: "delivered",
    e.DeliveryException: "delivery_problem",
    e.InquiryOpened: "inquiry",
    e.ReceiptLockedOut: "locked_out",
    e.ReceiptConfirmed: "receipt_confirmed",
    e.OldPassportReceived: "return_received",
    e.KeptForVisa: "kept_for_visa",
    e.VisaEnded: "visa_ended",
    e.DutyMissed: "listed",
    e.InvalidationHeld: "held",
    e.DutiesFulfilled: "completed",
    e.InvalidationConfirmed: "invalidated",
    e.PassportDeclaredLostOrStolen: "declared_lost",
}

OF_REMINDER: dict[str, str] = {
    DeadlineKind.DRAFT_REMINDER: "draft_reminder",
    DeadlineKind.CORRECTION_REMINDER: "correction_reminder",
    DeadlineKind.POSTING_REMINDER: "posting_reminder",
    DeadlineKind.BOOKING_REMINDER: "booking_reminder",
    DeadlineKind.INTERVIEW_D2: "interview_reminder",
    DeadlineKind.INTERVIEW_D1: "interview_reminder",
    DeadlineKind.INTERVIEW_H1: "interview_reminder",
    DeadlineKind.DUTY_REMINDER_1: "duty_reminder",
    DeadlineKind.DUTY_REMINDER_2: "duty_reminder",
    DeadlineKind.DUTY_REMINDER_3: "duty_reminder",
    DeadlineKind.DUTY_REMINDER_4: "duty_reminder",
    DeadlineKind.DUTY_REMINDER_5: "duty_reminder",
}


def message_of(event: e.Event) -> str | None:
    """The code of the message this event sends, or None."""
    if isinstance(event, e.ReminderDue):
        return OF_REMINDER.get(event.kind)
    if isinstance(event, e.Delivered) and event.source == "attested":
        return None  # the applicant has just said so
    return OF_EVENT.get(type(event))
