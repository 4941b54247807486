"""Supporting documents and the photo."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale import clock
from escale.case.decision import RuleRefused
from escale.inspection.uploads import UploadRefused
from escale.ledger.models import Case
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.citizen_views import frame
from escale.steps.step2_application.forms import PhotoForm, UploadForm
from escale.steps.step2_application.models import Document
from escale.steps.step2_application.service import files
from escale.ui.forms import posted
from escale.ui.guards import own_case
from escale.ui.limits import within


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
    to_correct = queries.open_corrections(case.id)
    wanted = [
        {"document": document, "there": document.kind in read.documents, "remark": to_correct.get(document.kind)}
        for document in rules.documents_wanted(read)
    ]
    complete = all(item["there"] and item["remark"] is None for item in wanted)
    return frame.show(request, case, "documents", "step2/documents.html", {"wanted": wanted, "complete": complete})


@own_case
@require_http_methods(["GET", "POST"])
def document(request: HttpRequest, case: Case, kind: str) -> HttpResponse:
    """One kind of document: its files, and one more."""
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
    context = {
        "form": form,
        "document": rules.DOCUMENT[kind],
        "files": queries.documents(case.id, kind),
        "remark": queries.open_corrections(case.id).get(kind),
        "full": len(queries.documents(case.id, kind)) >= rules.MAX_FILES,
    }
    return frame.show(request, case, "documents", "step2/document.html", context)


def _take(request: HttpRequest, case: Case, kind: str, form: UploadForm | PhotoForm) -> bool:
    """Keep the file, or say in the form why not."""
    actor, now, sent = request.actor, clock.now(), form.cleaned_data["file"]  # type: ignore[attr-defined]
    if not within("upload", actor.id, now=now):
        form.add_error(None, _("Trop de fichiers envoyés en une heure. Patientez un peu avant de continuer."))
        return False
    given = {"case": case, "content": sent.read(), "filename": sent.name or "", "actor": actor, "now": now}
    try:
        if kind == queries.PHOTO:
            files.add_photo(**given)
        else:
            files.add_document(kind=kind, **given)
    except UploadRefused as refused:
        form.add_error("file", refused.text(get_language() or "fr"))
        return False
    except RuleRefused as refused:
        form.add_error("file", frame.refusal_words(refused))
        return False
    messages.success(request, _("Fichier ajouté et enregistré."))
    return True


@own_case
@require_POST
def remove(request: HttpRequest, case: Case, document: UUID) -> HttpResponse:
    """Take a file out."""
    try:
        kind = files.remove(case=case, document_id=document, actor=request.actor, now=clock.now())  # type: ignore[attr-defined]
    except Document.DoesNotExist:
        raise Http404 from None
    except RuleRefused as refused:
        frame.say_no(request, refused)
        return redirect("application_summary", ref=case.reference)
    messages.success(request, _("Fichier retiré."))
    if kind == queries.PHOTO:
        return redirect("application_photo", ref=case.reference)
    return redirect("application_document", ref=case.reference, kind=kind)


@own_case
@require_GET
def picture(request: HttpRequest, case: Case, document: UUID, number: int) -> HttpResponse:
    """One page of one of the applicant's own files."""
    found = queries.page(case.id, document, number)
    if found is None:
        raise Http404
    return picture_response(found[0])


@own_case
@require_http_methods(["GET", "POST"])
def photo(request: HttpRequest, case: Case) -> HttpResponse:
    """The photo and the report of its automatic check."""
    elsewhere = frame.closed(request, case)
    if elsewhere is not None:
        return elsewhere
    form = PhotoForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and _take(request, case, queries.PHOTO, form):
        return redirect("application_photo", ref=case.reference)
    there = queries.documents(case.id, queries.PHOTO)
    language = "en" if (get_language() or "fr").startswith("en") else "fr"
    report = there[-1].findings.get(language) if there else None
    context = {"form": form, "photo": there[-1] if there else None, "report": report}
    return frame.show(request, case, "photo", "step2/photo.html", context)
