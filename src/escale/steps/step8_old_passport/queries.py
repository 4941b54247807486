"""What pages may read of step 8. A question never writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from escale.case import events as e
from escale.case.deadlines import DeadlineKind
from escale.case.policy import in_force
from escale.case.values import Waybill
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.ledger.queries import Line
from escale.steps.step5_dispatch import queries as step5
from escale.steps.step6_delivery import queries as step6
from escale.steps.step8_old_passport import rules
from escale.steps.step8_old_passport.models import Hold, Return, VisaRequest, Withdrawal
from escale.ui.timeline import StepState, StepView
from escale.vault import sealing

SECOND = timedelta(seconds=1)


def duties(case: Case) -> rules.Duties:
    """How the two duties stand."""
    return rules.Duties(case.receipt, case.old_passport, case.title, step5.duty_end(case.id))


def duties_of(case: Case) -> rules.Duties:
    """The same, for a page that asks it at several of its places."""
    return rules.Duties(case.receipt, case.old_passport, case.title, step5.duty_end_of(case))


@dataclass(frozen=True, slots=True)
class ReturnParcel:
    """The old passport's way back."""

    waybill: Waybill | None
    source: str
    document_id: UUID | None
    accepted_at: datetime | None


def return_of(case: Case) -> ReturnParcel | None:
    """None before the applicant has prepared it. Raises KeyDestroyed."""
    row = Return.objects.filter(case_id=case.id).first()
    if row is None or row.sealed is None:
        return None
    parcel = step6.current_of(case, "return")
    bill = Waybill(row.carrier, sealing.unseal(case.id, "return", row.sealed).decode())
    return ReturnParcel(bill, row.source, row.document_id, parcel.accepted_at if parcel else None)


def visa_request(case_id: UUID) -> VisaRequest | None:
    """The latest request to keep the old passport, or None."""
    return VisaRequest.objects.filter(case_id=case_id).order_by("-asked_at").first()


def last_hold(case_id: UUID) -> dict[str, Any] | None:
    """The latest suspension: who, why, until when."""
    row = Hold.objects.select_related("agent").filter(case_id=case_id).order_by("-at").first()
    if row is None:
        return None
    reason = sealing.unseal(case_id, "hold", row.reason).decode()
    return {"who": str(row.agent), "reason": reason, "at": row.at, "until": row.until}


@dataclass(frozen=True, slots=True)
class Invalidated:
    """When a passport was ordered to be invalidated, when that was confirmed, and when borders were told."""

    ordered_at: datetime | None
    confirmed_at: datetime | None
    recorded_at: datetime | None


def invalidated_in(lines: list[Line]) -> Invalidated:
    """As the history of the case tells it."""
    at = {type(line.event): line.at for line in lines}
    causes = (e.InvalidationOrdered, e.PassportDeclaredLostOrStolen, e.PassportDestroyed)
    ordered = next((at[cause] for cause in causes if cause in at), None)
    return Invalidated(ordered, at.get(e.InvalidationConfirmed), at.get(e.BorderAlertRecorded))


def withdrawal(case_id: UUID) -> Withdrawal | None:
    return Withdrawal.objects.select_related("asked_by").filter(case_id=case_id).first()


def timeline(case: Case, lines: list[Line]) -> StepView:
    """Step 8 as the applicant reads it."""
    at = {type(line.event): line.at for line in lines}
    page = reverse("two_duties", args=[case.reference]) if case.dispatch == "dispatched" else ""
    if case.title in {"invalidating", "invalidated", "reported", "withdrawn"}:
        return StepView(
            8,
            "stopped",
            _("Votre nouveau passeport est invalidé. Ne voyagez pas avec lui."),
            _("Pour obtenir un passeport, prenez rendez-vous au poste consulaire."),
            at=at.get(e.InvalidationConfirmed) or at.get(e.InvalidationOrdered),
        )
    if case.old_passport == "waiting":
        return StepView(
            8, "next", _("Vous renverrez l’ancien passeport au poste, dans les 40 jours après l’envoi du nouveau.")
        )
    if case.title in {"listed", "held"}:
        return _listed(case, at, page)
    if case.old_passport in {"due", "announced"}:
        return _owed(case, at, page)
    return _settled(case, at, page)


def _listed(case: Case, at: dict[type[e.Event], datetime], page: str) -> StepView:
    if case.title == "held":
        sentence, detail = (
            _("L’invalidation de votre nouveau passeport est suspendue."),
            _("Faites au plus vite ce qui manque."),
        )
    else:
        sentence = _("Votre nouveau passeport va être invalidé : le délai de 40 jours est dépassé.")
        detail = _("Écrivez aujourd’hui même à votre poste consulaire si vous pouvez encore faire ce qui manque.")
    actions = ((page, _("Voir ce qui manque")),)
    return StepView(8, "now", sentence, detail, at=at.get(e.DutyMissed), actions=actions, pressing=True)


def _owed(case: Case, at: dict[type[e.Event], datetime], page: str) -> StepView:
    ends_at = step5.duty_end_of(case)
    before = ends_at - SECOND if ends_at else None
    if case.old_passport == "announced":
        sentence = _("Remettez au transporteur l’enveloppe de votre ancien passeport.")
        detail = _("C’est la date de cette remise qui compte, pas celle de l’arrivée au poste.")
    else:
        sentence = _("Renvoyez votre ancien passeport au poste consulaire par courrier sécurisé.")
        detail = _("Sinon votre nouveau passeport sera invalidé automatiquement et signalé à Interpol.")
    actions = ((page, _("Voir mes deux obligations")),)
    state: StepState = "now" if step6.in_hand(case) else "waiting"
    return StepView(8, state, sentence, detail, at=at.get(e.ReturnExpected), before=before, actions=actions)


def _settled(case: Case, at: dict[type[e.Event], datetime], page: str) -> StepView:
    actions: tuple[tuple[str, str], ...] = ((page, _("Voir mes deux obligations")),)
    settled: tuple[str, type[e.Event]]
    if case.old_passport == "handed_over":
        sentence = _("Votre ancien passeport est en route vers le poste : vous avez rempli cette obligation.")
        return StepView(8, "waiting", sentence, at=at.get(e.ReturnHandedOver), actions=actions)
    if case.old_passport == "kept_for_visa":
        settled = _("Vous gardez votre ancien passeport jusqu’à la fin de son visa."), e.KeptForVisa
    elif case.old_passport == "lost_in_post":
        actions = ()
        lost = _("Le transporteur a perdu votre ancien passeport : vous aviez rempli cette obligation.")
        settled = lost, e.ReturnLostInPost
    else:
        actions = ()
        settled = _("Votre ancien passeport est arrivé au poste."), e.OldPassportReceived
    sentence, event = settled
    if case.title == "active":
        whole = _("La démarche est terminée : votre nouveau passeport est pleinement valable.")
        return StepView(8, "done", whole, sentence, at=at.get(e.DutiesFulfilled))
    return StepView(8, "done", sentence, at=at.get(event), actions=actions)


@dataclass(frozen=True, slots=True)
class DutyWords:
    """What the page of the two duties says at its head, for how they stand now.

    ``state`` among running, late, held, done, gone; ``of_what`` introduces the moments shown with it.
    """

    state: str
    title: str
    of_what: str
    consequence: str
    moment: datetime | None


def duty_words(case: Case, now: datetime) -> DutyWords:
    """The head of the page: running, late (listed), held, done, or the passport invalidated."""
    state = duties(case)
    if case.title in {"invalidating", "invalidated", "reported", "withdrawn"}:
        return _gone(case)
    if case.title == "held":
        return _held(case)
    moment = state.ends_at - SECOND if state.ends_at else None
    missing = state.missing()
    if not missing and case.title != "listed":
        return DutyWords("done", _done_words(case), "", "", None)
    if case.title == "listed" or (state.ends_at is not None and now >= state.ends_at):
        return _late(case, missing)
    return DutyWords("running", countdown(case, now), *_running(missing), moment)


def _done_words(case: Case) -> str:
    if case.old_passport == "kept_for_visa":
        return _("Rien à faire pour le moment : vous gardez l’ancien passeport jusqu’à la fin de son visa.")
    if case.old_passport == "handed_over":
        return _("Vous avez rempli vos deux obligations. L’ancien passeport est encore en route : rien à faire.")
    return _("Vous avez rempli vos deux obligations.")


def _running(missing: tuple[str, ...]) -> tuple[str, str]:
    """What ends at the last moment, and what happens then."""
    if missing == ("receipt",):
        return (
            _("Dernier moment pour confirmer la réception :"),
            _(
                "Sans cette confirmation, votre nouveau passeport est invalidé automatiquement et signalé à Interpol : "
                "vous ne pourrez plus voyager avec lui."
            ),
        )
    if missing == ("return",):
        return (
            _("Dernier moment pour remettre l’ancien passeport au transporteur :"),
            _(
                "Sans cette remise, votre nouveau passeport est invalidé automatiquement et signalé à Interpol : "
                "vous ne pourrez plus voyager avec lui."
            ),
        )
    return (
        _("Dernier moment pour les deux :"),
        _(
            "Si l’une des deux manque après ce moment, votre nouveau passeport est invalidé automatiquement et signalé "
            "à Interpol : vous ne pourrez plus voyager avec lui."
        ),
    )


def _late(case: Case, missing: tuple[str, ...]) -> DutyWords:
    what = {
        ("receipt",): _("La confirmation de réception manque. Faites-la maintenant, puis écrivez à votre poste."),
        ("return",): _(
            "L’ancien passeport n’a pas été remis à temps. Remettez-le aujourd’hui au transporteur, gardez le reçu et "
            "écrivez à votre poste."
        ),
        (): _("Vous avez fait ce qui manquait : votre poste va retirer votre dossier de la liste. Écrivez-lui."),
    }.get(missing, _("Les deux manquent. Faites-les aujourd’hui, puis écrivez à votre poste."))
    run = ledger.open_deadlines(case.id).get(DeadlineKind.INVALIDATION_RUN)
    return DutyWords("late", _("Le délai est dépassé"), _("L’invalidation automatique est prévue :"), what, run)


def _held(case: Case) -> DutyWords:
    until = ledger.open_deadlines(case.id).get(DeadlineKind.HOLD_END)
    what = _("L’invalidation est suspendue. Profitez-en pour faire ce qui manque, puis écrivez à votre poste.")
    return DutyWords("held", _("Le délai est dépassé, mais suspendu"), _("Suspension jusqu’au :"), what, until)


def article_of_end(case: Case, now: datetime) -> str:
    """The rule by which a passport was invalidated for a duty missed; empty when it was for another reason."""
    ordered = ledger.latest(case.id, e.InvalidationOrdered) is not None
    return in_force("duty_days", now.date()).source if ordered else ""


def _gone(case: Case) -> DutyWords:
    if case.title == "withdrawn":
        return DutyWords(
            "gone",
            _("Votre nouveau passeport est invalidé"),
            "",
            _("Son signalement à Interpol a été retiré. Prenez rendez-vous au poste pour demander un autre passeport."),
            None,
        )
    told = case.title == "reported"
    what = (
        _("Il est signalé à Interpol : ne voyagez pas avec lui. Prenez rendez-vous au poste pour en demander un autre.")
        if told
        else _("Il va être signalé à Interpol : ne voyagez pas avec lui. Prenez rendez-vous au poste consulaire.")
    )
    return DutyWords("gone", _("Votre nouveau passeport est invalidé"), "", what, None)


def countdown(case: Case, now: datetime) -> str:
    """« Encore 12 jours », « Dernier jour », empty without a clock."""
    left = duties_of(case).days_left(now)
    if left is None:
        return ""
    if left == 0:
        return _("C’est le dernier jour")
    return ngettext("Encore %(n)d jour", "Encore %(n)d jours", left) % {"n": left}
