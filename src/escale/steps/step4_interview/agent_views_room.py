"""The agent's side of the room: who waits, stills of the video, and another room when the picture does not pass."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_GET, require_POST

from escale import clock
from escale.inspection.mrz_burst import MOST
from escale.inspection.uploads import UploadRefused
from escale.ledger.models import Case
from escale.steps.step2_application import queries as step2
from escale.steps.step4_interview import queries_room, service_interview, service_room, service_still
from escale.steps.step4_interview.agent_views import act, interview_case, page
from escale.steps.step4_interview.forms import TEXTS
from escale.ui.guards import DECIDERS, agent
from escale.ui.refusals import REFUSED, sentence
from escale.ui.requests import SignedRequest


@agent(*DECIDERS)
@require_GET
def desk_waiting_room(request: SignedRequest) -> HttpResponse:
    """Everybody who waits now; the interview's page reads it again as it goes."""
    here = queries_room.waiting_room(request.actor, clock.now())
    left_out = request.GET.get("sauf", "")  # the interview whose page asks
    return render(request, "step4/here_page.html", {"here": [one for one in here if one.case.reference != left_out]})


@interview_case
@require_POST
def desk_still_ask(request: SignedRequest, case: Case) -> HttpResponse:
    """Ask for a still: the applicant's screen says so first."""
    return act(request, case, service_still.ask, purpose=request.POST.get("purpose", ""))


@interview_case
@require_POST
def desk_still_keep(request: SignedRequest, case: Case, still_id: int) -> HttpResponse:
    """The picture, from the agent's page; of a passport, several of one second."""
    sent = request.FILES.getlist("picture")[:MOST]
    if not sent:
        raise Http404
    try:
        service_still.keep(
            case_id=case.id,
            still_id=still_id,
            taken=[one.read() for one in sent],
            actor=request.actor,
            now=clock.now(),
        )
    except UploadRefused as refused:
        return page(request, case, error=refused.text(get_language() or "fr"), status=422)
    except REFUSED as refused:
        return page(request, case, error=sentence(refused, TEXTS), status=409)
    return redirect("desk_interview", ref=case.reference)


def _picture(content: bytes | None) -> HttpResponse:
    if content is None:
        raise Http404
    return HttpResponse(content, content_type="image/jpeg")


@interview_case
@require_GET
def desk_still(request: SignedRequest, case: Case, still_id: int) -> HttpResponse:
    """A still taken in an interview of this case."""
    actor = request.actor
    return _picture(service_still.open_still(case_id=case.id, still_id=still_id, actor=actor, now=clock.now()))


@interview_case
@require_GET
def desk_previous_photo(request: SignedRequest, case: Case) -> HttpResponse:
    """The page of the current passport that the applicant uploaded: its photo is the previous one."""
    files = step2.documents(case.id, "passport_page")
    found = step2.page(case.id, files[-1].id, 1) if files else None
    if found is None:
        raise Http404
    actor = request.actor
    service_interview.open_sheet(case_id=case.id, part="passport_page", actor=actor, now=clock.now())
    return _picture(found[0])


@interview_case
@require_POST
def desk_backup(request: SignedRequest, case: Case) -> HttpResponse:
    """Go on in another provider's room."""
    said = _("Salle de secours ouverte : le lien s’affiche aussi chez l’usager.")
    return act(request, case, service_room.open_backup, said)
