"""The electronic stamp: bought here, or entered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale import clock
from escale.case.decision import RuleRefused
from escale.case.values import Money
from escale.ledger.models import Case
from escale.ports.errors import PartnerError
from escale.steps.step2_application import queries
from escale.steps.step2_application.citizen_views import frame
from escale.steps.step2_application.forms import StampForm
from escale.steps.step2_application.models import PaymentState
from escale.steps.step2_application.service import payment, stamp
from escale.ui.forms import posted
from escale.ui.guards import own_case
from escale.ui.limits import within
from escale.ui.requests import SignedRequest
from escale.ui.sites import address


def _page(request: HttpRequest, case: Case, form: StampForm, *, status: int = 200) -> HttpResponse:
    held = queries.stamp_in_use(case.id)
    context = {
        "form": form,
        "free": queries.draft(case).free,
        "stamp": held,
        "masked": queries.stamp_number(held).masked if held else "",
        "paid": Money(held.cents) if held else None,
        "price": Money(stamp.tariff(clock.now().date())),
        "pending": queries.unsettled_payment(case.id),
        "left": queries.left_payments(case.id),
        "spare": queries.spare_stamps(case.id),
    }
    return frame.show(request, case, "stamp", "step2/stamp.html", context, status=status)


@own_case
@require_http_methods(["GET", "POST"])
def stamp_page(request: SignedRequest, case: Case) -> HttpResponse:
    """Enter a number, or go and buy one."""
    elsewhere = frame.closed(request, case)
    if elsewhere is not None:
        return elsewhere
    form = StampForm(posted(request))
    if request.method != "POST" or not form.is_valid():
        return _page(request, case, form)
    actor, now = request.actor, clock.now()
    if not within("stamp", actor.id, now=now):
        form.add_error(None, _("Trop d’essais. Patientez une heure avant de recommencer."))
        return _page(request, case, form, status=429)
    try:
        stamp.choose(case=case, number=form.cleaned_data["number"], actor=actor, now=now)
    except RuleRefused as refused:
        form.add_error("number", frame.refusal_words(refused))
        return _page(request, case, form)
    except PartnerError:
        form.add_error(
            None,
            _("Le service des timbres ne répond pas pour le moment. Rien n’est perdu : réessayez plus tard."),
        )
        return _page(request, case, form, status=503)
    messages.success(request, _("Timbre vérifié. Il sera réservé quand vous enverrez la demande."))
    return redirect("application_stamp", ref=case.reference)


@own_case
@require_POST
def buy(request: SignedRequest, case: Case) -> HttpResponse:
    """Open the payment page; a second click comes back to the same one."""
    try:
        url = payment.start(
            case=case,
            return_url=address("portal", "application_payment_return", case.reference),
            notify_url=address("portal", "payfip_notification"),
            actor=request.actor,
            now=clock.now(),
        )
    except RuleRefused as refused:
        frame.say_no(request, refused)
        return redirect("application_stamp", ref=case.reference)
    except PartnerError:
        messages.error(
            request,
            _("La page de paiement ne répond pas pour le moment. Rien n’a été payé : réessayez dans quelques minutes."),
        )
        return redirect("application_stamp", ref=case.reference)
    return redirect(url)


@own_case
@require_POST
def change(request: SignedRequest, case: Case) -> HttpResponse:
    """Put the chosen stamp aside to enter another one."""
    try:
        stamp.forget(case=case, actor=request.actor, now=clock.now())
    except RuleRefused as refused:
        frame.say_no(request, refused)
    return redirect("application_stamp", ref=case.reference)


@own_case
@require_POST
def leave_payment(request: SignedRequest, case: Case) -> HttpResponse:
    """« I closed the page without paying »: the bank is asked first, then another payment may be opened."""
    try:
        state = payment.leave(case=case, actor=request.actor, now=clock.now())
    except RuleRefused as refused:
        frame.say_no(request, refused)
        return redirect("application_stamp", ref=case.reference)
    except PartnerError:
        messages.error(
            request,
            _(
                "La banque ne répond pas : nous ne savons pas si ce paiement a abouti. Réessayez dans quelques "
                "minutes, ou saisissez un timbre acheté ailleurs."
            ),
        )
        return redirect("application_stamp", ref=case.reference)
    if state == PaymentState.ABANDONED:
        messages.success(
            request,
            _(
                "Vous pouvez recommencer. Si le premier paiement aboutissait malgré tout, nous vous l’écririons : un "
                "des deux timbres vous serait remboursable."
            ),
        )
    else:
        _tell(request, state)
    return redirect("application_stamp", ref=case.reference)


@own_case
@require_GET
def payment_return(request: SignedRequest, case: Case) -> HttpResponse:
    """Back from the payment page: what counts is what the partner says now."""
    try:
        state = payment.settle_of(case=case, actor=request.actor, now=clock.now())
    except PartnerError:
        state = PaymentState.PENDING
    _tell(request, state)
    return redirect("application_stamp", ref=case.reference)


def _tell(request: HttpRequest, state: str) -> None:
    """How a payment ended, in words."""
    words = {
        PaymentState.PAID: (messages.success, _("Paiement reçu : le timbre est joint à votre demande.")),
        PaymentState.PENDING: (
            messages.info,
            _(
                "Le résultat du paiement n’est pas encore connu. Ne payez pas une seconde fois : nous le vérifions "
                "toutes les cinq minutes. Cette page se met à jour quand vous la rechargez."
            ),
        ),
        PaymentState.REFUSED: (messages.error, _("Le paiement a été refusé par la banque. Rien n’a été débité.")),
        PaymentState.CANCELLED: (messages.warning, _("Vous avez abandonné le paiement. Rien n’a été débité.")),
        PaymentState.EXPIRED: (messages.warning, _("Le paiement n’a pas abouti à temps. Rien n’a été débité.")),
    }
    if state in words:
        tell, text = words[PaymentState(state)]
        tell(request, text)
