"""Supporting documents and the photo: sent, looked at page by page, put in order, checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale import clock
from escale.case.decision import RuleRefused
from escale.inspection.thumbnails import thumbnail
from escale.inspection.uploads import UploadRefused
from escale.ledger.models import Case
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.citizen_views import frame
from escale.steps.step2_application.forms import PhotoForm, UploadForm
from escale.steps.step2_application.models import Document, Page
from escale.steps.step2_application.service import files
from escale.ui.forms import posted
from escale.ui.guards import own_case
from escale.ui.limits import within
from escale.ui.requests import SignedRequest


def picture_response(content: bytes) -> HttpResponse:
    """A page made anew by us: shown in place, never sniffed, never kept by caches."""
    response = HttpResponse(content, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, no-store"
    return response


@own_case
@require_GET
def documents(request: HttpRequest, case: Case) -> HttpResponse:
    """The list computed from the answers, with what is there and what is missing."""
    elsewhere = frame.closed(request, case)
    if elsewhere is not None:
        return elsewhere
    read = queries.draft(case)
    to_correct, held = queries.open_corrections(case.id), {doc.kind: doc for doc in queries.documents(case.id)}
    wanted = [
        {"document": document, "there": held.get(document.kind), "remark": to_correct.get(document.kind)}
        for document in rules.documents_wanted(read)
    ]
    complete = all(item["there"] and item["remark"] is None for item in wanted)
    context = {"wanted": wanted, "complete": complete, "remarks": []}  # each remark stands at its document
    return frame.show(request, case, "documents", "step2/documents.html", context)


@own_case
@require_http_methods(["GET", "POST"])
def document(request: SignedRequest, case: Case, kind: str) -> HttpResponse:
    """One kind of document: its pages, and more of them."""
    elsewhere = frame.closed(request, case)
    if elsewhere is not None:
        return elsewhere
    if kind not in rules.DOCUMENT:
        raise Http404
    form = UploadForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and _take(request, case, kind, form):
        return redirect("application_document", ref=case.reference, kind=kind)
    return _document_page(request, case, kind, form)


def _document_page(request: HttpRequest, case: Case, kind: str, form: UploadForm) -> HttpResponse:
    remark = queries.open_corrections(case.id).get(kind)
    held, most = queries.documents(case.id, kind), rules.most_pages(kind)
    context = {
        "form": form,
        "document": rules.DOCUMENT[kind],
        "file": held[0] if held else None,
        "remarks": [remark] if remark else [],
        "most": most,
        "there": sum(doc.pages for doc in held),
        "room": most - sum(doc.pages for doc in held),
        "slow": _is_slow(held[0]) if held else False,
        "back_url": reverse("application_documents", args=[case.reference]),
    }
    return frame.show(request, case, "documents", "step2/document.html", context)


def _is_slow(doc: queries.Doc) -> bool:
    """Whether the check has waited longer than it should: the page then tells not to stay for it."""
    waited = clock.now() - doc.checked_since if doc.check == "pending" and doc.checked_since else None
    return waited is not None and waited.total_seconds() > 90


def _take(request: SignedRequest, case: Case, kind: str, form: UploadForm | PhotoForm) -> bool:
    """Keep the files, in the order chosen, or say in the form which ones were not kept and why."""
    sent = form.cleaned_data["file"]
    several: list[UploadedFile] = sent if isinstance(sent, list) else [sent]
    kept, seen = 0, _seen(request)
    for each in several:
        words = _take_one(request, case, kind, each, seen)
        if words is None:
            kept, seen = kept + 1, None if seen is None else sum(doc.pages for doc in queries.documents(case.id, kind))
        elif words:
            named = _("« %(name)s » : %(words)s") % {"name": (each.name or "")[:80], "words": words}
            form.add_error("file", named if len(several) > 1 else words)
    if kept:
        told = ngettext(
            "Fichier ajouté et enregistré.", "%(count)s fichiers ajoutés et enregistrés, dans l’ordre choisi.", kept
        )
        messages.success(request, told % {"count": kept})
    return not form.errors


def _seen(request: HttpRequest) -> int | None:
    """How many pages of the document the form was shown with; None when it does not say."""
    typed = request.POST.get("pages", "")
    return int(typed) if typed.isascii() and typed.isdigit() else None


def _take_one(request: SignedRequest, case: Case, kind: str, sent: UploadedFile, seen: int | None) -> str | None:
    """Keep one file. Returns None when it was added, « » when it was there already and that is said, else why not."""
    actor, now = request.actor, clock.now()
    if not within("upload", actor.id, now=now):
        return _("Trop de fichiers envoyés en une heure. Patientez un peu avant de continuer.")
    given = {"case": case, "content": sent.read(), "filename": sent.name or "", "actor": actor, "now": now}
    try:
        if kind == queries.PHOTO:
            files.add_photo(**given)
        else:
            files.add_document(kind=kind, seen=seen, **given)
    except UploadRefused as refused:
        return refused.text(get_language() or "fr")
    except RuleRefused as refused:
        if refused.code in {"same_file", "same_photo"}:  # sent again after a cut: there it is, and nothing is wrong
            messages.info(request, frame.refusal_words(refused))
            return ""
        return frame.refusal_words(refused)
    return None


def _change(request: SignedRequest, case: Case, act: Callable[..., str], said: str, anchor: str = "") -> HttpResponse:
    """Do something to a document, then back to its page."""
    try:
        kind = act(case=case, actor=request.actor, now=clock.now())
    except (Document.DoesNotExist, Page.DoesNotExist):
        raise Http404 from None
    except RuleRefused as refused:
        frame.say_no(request, refused)
        return redirect("application_summary", ref=case.reference)
    messages.success(request, said)
    if kind == queries.PHOTO:
        return redirect("application_photo", ref=case.reference)
    return redirect(reverse("application_document", args=[case.reference, kind]) + anchor)


@own_case
@require_POST
def remove(request: SignedRequest, case: Case, document: UUID) -> HttpResponse:
    """Take a whole document out."""

    def act(**who: Any) -> str:
        return files.remove(document_id=document, **who)

    return _change(request, case, act, _("Fichier retiré."))


@own_case
@require_POST
def remove_page(request: SignedRequest, case: Case, document: UUID, number: int) -> HttpResponse:
    """Take one page out."""

    def act(**who: Any) -> str:
        return files.remove_page(document_id=document, number=number, **who)

    return _change(request, case, act, _("Page %(number)s retirée.") % {"number": number}, "#pages")


@own_case
@require_POST
def move_page(request: SignedRequest, case: Case, document: UUID, number: int, by: int) -> HttpResponse:
    """Put a page before or after its neighbour."""

    def act(**who: Any) -> str:
        return files.move_page(document_id=document, number=number, by=by, **who)

    places = {"one": number, "other": number + by}
    return _change(request, case, act, _("La page %(one)s est devenue la page %(other)s.") % places, "#pages")


@own_case
@require_POST
def contest(request: SignedRequest, case: Case, document: UUID) -> HttpResponse:
    """The applicant finds the automatic check wrong."""

    def act(**who: Any) -> str:
        return files.contest(document_id=document, **who)

    return _change(request, case, act, _("C’est noté : l’agent regardera lui-même, et saura que vous contestez."))


@own_case
@require_POST
def use_frame(request: SignedRequest, case: Case, document: UUID) -> HttpResponse:
    """Take the frame of 35 × 45 mm that the check proposes."""

    def act(**who: Any) -> str:
        return files.use_frame(document_id=document, **who)

    return _change(request, case, act, _("Photo recadrée à 35 × 45 mm. Nous la vérifions de nouveau."))


@own_case
@require_GET
def picture(request: HttpRequest, case: Case, document: UUID, number: int) -> HttpResponse:
    """One page of one of the applicant's own files."""
    found = queries.page(case.id, document, number)
    if found is None:
        raise Http404
    return picture_response(found[0])


@own_case
@require_GET
def small_picture(request: HttpRequest, case: Case, document: UUID, number: int) -> HttpResponse:
    """The same, small: a list of ten pages must open on a phone."""
    found = queries.page(case.id, document, number)
    if found is None:
        raise Http404
    return picture_response(thumbnail(found[0]))


@own_case
@require_GET
def check_state(request: HttpRequest, case: Case, document: UUID) -> HttpResponse:
    """How far the automatic check is, for the page that waits for it."""
    state = queries.check_state(case.id, document)
    if state is None:
        raise Http404
    response = JsonResponse({"state": state})
    response["Cache-Control"] = "private, no-store"
    return response


@own_case
@require_http_methods(["GET", "POST"])
def photo(request: SignedRequest, case: Case) -> HttpResponse:
    """The photo and the report of its automatic check."""
    elsewhere = frame.closed(request, case)
    if elsewhere is not None:
        return elsewhere
    form = PhotoForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and _take(request, case, queries.PHOTO, form):
        return redirect("application_photo", ref=case.reference)
    there = queries.documents(case.id, queries.PHOTO)
    held = there[-1] if there else None
    context = {
        "form": form,
        "photo": held,
        "report": queries.photo_report(held) if held else None,
        "slow": _is_slow(held) if held else False,
    }
    return frame.show(request, case, "photo", "step2/photo.html", context)
