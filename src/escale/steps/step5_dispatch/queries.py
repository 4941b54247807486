"""What later steps and pages may read of step 5. A question never writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy as lazy

from escale.case import events as e
from escale.case.carriers import CARRIERS
from escale.case.deadlines import DeadlineKind
from escale.case.values import PassportNumber, Waybill
from escale.ledger import queries as ledger
from escale.ledger.models import Case, Deadline
from escale.ledger.queries import Line
from escale.ports.issuance import Title
from escale.steps.step3_posted_items import queries as step3
from escale.steps.step4_interview import queries as step4
from escale.steps.step5_dispatch.models import Dispatch, FreshLabel, ProducedTitle, ProductionOrder
from escale.ui.timeline import StepState, StepView
from escale.vault import documents, sealing
from escale.vault.keys import index

ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class NewTitle:
    """The passport produced, as issuance gave it."""

    number: PassportNumber
    issued_on: date
    expires_on: date
    mrz: str

    def __repr__(self) -> str:
        return f"NewTitle({self.number!r})"


@dataclass(frozen=True, slots=True)
class Sent:
    """The last parcel sent. ``due_at``: the last second by which both duties of steps 7 and 8 are in time."""

    attempt: int
    waybill: Waybill
    dispatched_at: datetime
    came_back_at: datetime | None
    due_at: datetime | None
    due_on: date | None


def zone_of(case: Case) -> ZoneInfo:
    """The time zone of the case's post: its days are the ones that count."""
    return ZoneInfo(case.post.tz)


def clocks(case: Case) -> tuple[ZoneInfo, ...]:
    """The two clocks shown to the applicant: the post's, whose days count, and their own when it reads otherwise."""
    post, own = zone_of(case), step4.applicant_zone(case)
    return (post,) if post.key == own.key else (post, own)


def number_index(number: PassportNumber) -> str:
    """The keyed digest by which a new passport is found."""
    return index("passport-number", number.text)


def waybill_index(waybill: Waybill) -> str:
    """The keyed digest by which a label already used is noticed."""
    return step3.waybill_index(waybill.text)


def title(case_id: UUID) -> NewTitle | None:
    """The new passport, or None before it is produced. Raises KeyDestroyed."""
    row = ProducedTitle.objects.filter(case_id=case_id).first()
    return _title(row) if row is not None else None


def _title(row: ProducedTitle) -> NewTitle:
    opened = sealing.unseal_json(row.case_id, "title", row.sealed)
    return NewTitle(PassportNumber(opened["number"]), row.issued_on, row.expires_on, opened["mrz"])


def as_issued(made: NewTitle) -> Title:
    return Title(made.number, made.issued_on, made.expires_on, made.mrz)


def find_by_passport_number(number: PassportNumber) -> UUID | None:
    """The case whose new passport bears this number, or None."""
    return ProducedTitle.objects.filter(number_index=number_index(number)).values_list("case_id", flat=True).first()


def duty_end(case_id: UUID) -> datetime | None:
    """The first moment too late for both duties: the day after the fortieth begins. None before dispatch."""
    rows = Deadline.objects.filter(case_id=case_id, kind=DeadlineKind.DUTY_END.value)
    return rows.order_by("-opened_at").values_list("due_at", flat=True).first()


def duty_end_of(case: Case) -> datetime | None:
    """The same, for a page that asks it at several of its places."""
    ends = [row for row in ledger.deadlines_of(case) if row.kind is DeadlineKind.DUTY_END]
    return max(ends, key=lambda row: row.opened_at).due_at if ends else None


def waybill_sent(case_id: UUID) -> Waybill | None:
    """The waybill of the last parcel sent, or None. Raises KeyDestroyed."""
    rows = Dispatch.objects.filter(case_id=case_id).order_by("-attempt").values_list("carrier", "sealed")
    for carrier, sealed in rows[:1]:
        return Waybill(carrier, sealing.unseal(case_id, "dispatch", sealed).decode())
    return None


def dispatch(case_id: UUID) -> Sent | None:
    """The last parcel sent, or None. Raises KeyDestroyed."""
    row = Dispatch.objects.select_related("case__post").filter(case_id=case_id).order_by("-attempt").first()
    return _sent(row, row.case, duty_end(case_id)) if row else None


def told_of_parcel(case_id: UUID) -> dict[str, Any]:
    """What messages say of the last parcel sent: its number, its carrier by name, the end of both duties."""
    sent = dispatch(case_id)
    if sent is None:
        return {"waybill": "", "carrier": "", "due_at": None}
    known = CARRIERS.get(sent.waybill.carrier)
    return {"waybill": sent.waybill.text, "carrier": known.name if known else "", "due_at": sent.due_at}


def made_and_sent(case: Case) -> tuple[NewTitle | None, Sent | None]:
    """The new passport and the last parcel sent, in one question once it has left. Raises KeyDestroyed."""
    rows = Dispatch.objects.select_related("case__produced_title").filter(case_id=case.id).order_by("-attempt")
    row = rows.first()
    if row is None:
        return title(case.id), None
    made = getattr(row.case, "produced_title", None)
    return (_title(made) if made is not None else None), _sent(row, case, duty_end_of(case))


def _sent(row: Dispatch, case: Case, end: datetime | None) -> Sent:
    last, zone = end - ONE_SECOND if end else None, ZoneInfo(case.post.tz)
    return Sent(
        attempt=row.attempt,
        waybill=waybill_of(row),
        dispatched_at=row.dispatched_at,
        came_back_at=row.came_back_at,
        due_at=last,
        due_on=last.astimezone(zone).date() if last else None,
    )


def waybill_of(row: Dispatch) -> Waybill:
    """The waybill of a parcel. Raises KeyDestroyed."""
    return Waybill(row.carrier, sealing.unseal(row.case_id, "dispatch", row.sealed).decode())


def is_used(waybill: Waybill) -> bool:
    """Whether this label already went out on a parcel, of any case."""
    return Dispatch.objects.filter(waybill_index=waybill_index(waybill)).exists()


def next_attempt(case_id: UUID) -> int:
    """The rank of the next parcel of a case, from 1."""
    return Dispatch.objects.filter(case_id=case_id).count() + 1


def fresh_label(case_id: UUID, *, sent: int | None = None) -> FreshLabel | None:
    """The new label for the next parcel, when one was asked for. ``sent``: how many parcels have left, where known."""
    attempt = next_attempt(case_id) if sent is None else sent + 1
    return FreshLabel.objects.filter(case_id=case_id, attempt=attempt).first()


def expected_label(case_id: UUID) -> Waybill | None:
    """The label the next parcel must bear: the one verified at step 3, then a new one each time a parcel came back."""
    if next_attempt(case_id) == 1:
        return step3.posted_items(case_id).label_waybill
    row = fresh_label(case_id)
    if row is None or row.sealed is None:
        return None
    return Waybill(row.carrier, sealing.unseal(case_id, "fresh-label", row.sealed).decode())


def came_back_at(case_id: UUID) -> datetime | None:
    """When the last parcel came back to the post, or None."""
    return Dispatch.objects.filter(case_id=case_id).order_by("-attempt").values_list("came_back_at", flat=True).first()


def last_rejection(case_id: UUID) -> str:
    """Issuance's code of the last rejected order, or an empty text."""
    rows = ProductionOrder.objects.filter(case_id=case_id, state="rejected").order_by("-ordered_at")
    return rows.values_list("code", flat=True).first() or ""


def fresh_label_pdf(case_id: UUID) -> bytes | None:
    """The PDF of the new label, when it was made here."""
    row = fresh_label(case_id)
    return documents.read(case_id, row.document_id)[0] if row and row.document_id else None


# state → (how it stands, sentence, detail, event that led there)
TOLD: dict[str, tuple[StepState, object, object, type[e.Event] | None]] = {
    "waiting": ("next", lazy("Votre passeport sera commandé après l’entretien."), "", None),
    "ordered": (
        "waiting",
        lazy("Votre passeport est commandé."),
        lazy("Le fabricant contrôle la commande avant de commencer."),
        e.PassportOrdered,
    ),
    "in_production": (
        "waiting",
        lazy("Votre passeport est en cours de fabrication."),
        lazy("Il sera ensuite envoyé à votre poste consulaire."),
        e.ProductionStarted,
    ),
    "produced": (
        "waiting",
        lazy("Votre passeport est fabriqué."),
        lazy("Il est en route vers votre poste consulaire."),
        e.PassportProduced,
    ),
    "at_post": (
        "waiting",
        lazy("Votre passeport est au poste consulaire."),
        lazy("Le poste va vous l’envoyer sous pli sécurisé, avec votre étiquette."),
        e.PassportArrivedAtPost,
    ),
    "destroyed": (
        "stopped",
        lazy("Votre passeport, revenu au poste et non réclamé pendant trois mois, a été détruit."),
        lazy("Pour obtenir un passeport, prenez rendez-vous à votre poste consulaire."),
        e.PassportDestroyed,
    ),
}


def timeline(case: Case, lines: list[Line]) -> StepView:
    """Step 5 as the applicant reads it."""
    at = {type(line.event): line.at for line in lines}
    state = case.dispatch
    if state == "dispatched":
        sent = waybill_sent(case.id)
        number = sent.text if sent else ""
        return StepView(
            5,
            "done",
            _("Votre passeport vous a été envoyé sous pli sécurisé."),
            _("Numéro de suivi : %(number)s.") % {"number": number} if number else "",
            at=at.get(e.PassportDispatched),
        )
    if state == "production_rejected":
        return _rejected(case, at.get(e.ProductionRejected))
    if state == "at_post" and e.PassportCameBack in at:
        return _back(case, at[e.PassportCameBack])
    kind, sentence, detail, event = TOLD[state]
    return StepView(5, kind, str(sentence), str(detail), at=at.get(event) if event else None)


def _rejected(case: Case, at: datetime | None) -> StepView:
    if case.posted_items != "verified":
        detail = _("Une nouvelle photo vous est demandée : voyez l’étape 3. La commande repartira d’elle-même.")
    else:
        detail = _(
            "Votre poste consulaire règle la question avec le fabricant. Vous n’avez rien à faire pour l’instant."
        )
    return StepView(5, "waiting", _("Le fabricant n’a pas pu donner suite à la commande."), detail, at=at)


def _back(case: Case, at: datetime) -> StepView:
    label = fresh_label(case.id)
    if label is not None and label.sealed is not None:
        sentence = _("Votre passeport est revenu au poste. Il va vous être envoyé une seconde fois.")
        return StepView(5, "waiting", sentence, _("Votre nouvelle étiquette est enregistrée."), at=at)
    return StepView(
        5,
        "now",
        _("Votre passeport est revenu au poste : préparez une nouvelle étiquette."),
        _("Le transporteur n’a pas pu vous le remettre. Le poste le garde trois mois."),
        at=at,
        actions=((reverse("case_resend", args=[case.reference]), _("Préparer la nouvelle étiquette")),),
    )
