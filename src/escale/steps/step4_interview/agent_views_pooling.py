"""Agents lent from post to post: proposed, accepted or declined, ended. For supervisors alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from escale import clock
from escale.case.decision import RuleRefused
from escale.people.access import AccessDenied
from escale.steps.step4_interview import queries_hours, queries_pooling, service_pooling
from escale.steps.step4_interview.forms import TEXTS
from escale.steps.step4_interview.forms_pooling import EndForm, ProposeForm
from escale.ui.forms import posted
from escale.ui.guards import SUPERVISORS, agent
from escale.ui.refusals import sentence
from escale.ui.requests import SignedRequest


@agent(*SUPERVISORS)
@require_http_methods(["GET", "POST"])
def desk_pooling(request: SignedRequest) -> HttpResponse:
    """Who is lent, who is received, and the form that proposes one more."""
    return _page(request)


def _page(request: SignedRequest, refused: tuple[int, EndForm] | None = None) -> HttpResponse:
    actor, now, post = request.actor, clock.now(), request.post
    if post is None:
        raise Http404
    form = ProposeForm(None if refused else posted(request), team=queries_hours.team(post), own=post)
    if form.is_bound and form.is_valid():
        person, helped = form.cleaned_data["agent"], form.cleaned_data["post"]
        try:
            service_pooling.propose(person, helped, actor=actor, now=now)
        except RuleRefused as why:
            form.add_error(None, sentence(why, TEXTS))
        else:
            said = _("C’est proposé. %(post)s doit accepter avant que des créneaux s’ouvrent.")
            messages.success(request, said % {"post": helped})
            return redirect("desk_pooling")
    lines = [
        (
            one,
            refused[1]
            if refused and refused[0] == one.row.pk
            else EndForm(prefix=str(one.row.pk), initial={"until": one.row.until}),
        )
        for one in queries_pooling.lent(post, now)
    ]
    context = {
        "post": post,
        "form": form,
        "received": [line for line in lines if not line[0].theirs],
        "given": [line for line in lines if line[0].theirs],
    }
    wrong = bool(form.errors) or refused is not None
    return render(request, "step4/pooling.html", context, status=422 if wrong else 200)


@agent(*SUPERVISORS)
@require_POST
def desk_pooling_answer(request: SignedRequest, pooling_id: int) -> HttpResponse:
    """Accept, decline, withdraw, or set the last day."""
    actor, now, wish = request.actor, clock.now(), request.POST.get("wish", "")
    try:
        if wish in {"accept", "decline"}:
            service_pooling.answer(pooling_id, accept=wish == "accept", actor=actor)
            said = _("C’est accepté : les créneaux de cet agent s’ouvrent à vos usagers.")
            messages.success(request, said if wish == "accept" else _("La proposition est déclinée."))
        elif wish == "withdraw":
            service_pooling.end(pooling_id, last_day=now.date(), actor=actor, now=now)
            messages.success(request, _("La proposition est retirée."))
        elif wish == "end":
            form = EndForm(request.POST, prefix=str(pooling_id))
            if not form.is_valid():
                return _page(request, (pooling_id, form))
            left = service_pooling.end(pooling_id, last_day=form.cleaned_data["until"], actor=actor, now=now)
            _say_end(request, left)
        else:
            raise Http404
    except AccessDenied:
        raise Http404 from None
    except RuleRefused as why:
        messages.error(request, sentence(why, TEXTS))
    return redirect("desk_pooling")


def _say_end(request: SignedRequest, left: int) -> None:
    if not left:
        messages.success(request, _("C’est enregistré. Aucun entretien n’est à venir avec cet agent."))
        return
    said = ngettext(
        "C’est enregistré. %(n)s entretien reste à venir avec cet agent : il tient.",
        "C’est enregistré. %(n)s entretiens restent à venir avec cet agent : ils tiennent.",
        left,
    )
    messages.success(request, said % {"n": left})
