"""The envelope: what goes in, where it goes, the label, the cover sheet, « j’ai posté »."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale import clock
from escale.case.deadlines import DeadlineKind
from escale.inspection.uploads import UploadRefused
from escale.ledger import queries as ledger
from escale.ledger.models import Case
from escale.steps.step3_posted_items import (
    documents,
    queries,
    queries_print,
    reasons,
    rules,
    service,
    service_label,
)
from escale.steps.step3_posted_items.forms import TEXTS, AnnounceForm, ImportForm, WaybillForm
from escale.ui.guards import own_case
from escale.ui.limits import within
from escale.ui.refusals import REFUSED, sentence
from escale.ui.requests import SignedRequest
from escale.ui.templatetags.ui import in_zone
from escale.vault import documents as vault


def _asked(case: Case) -> None:
    """These pages exist once posting is asked."""
    if case.posted_items == "not_asked":
        raise Http404


def _contents(items: queries.PostedItems, state: str) -> tuple[str, ...]:
    """What goes in the envelope now: everything, or what was asked again."""
    if state in rules.PREPARING:
        return tuple(line.item for line in items.custody if rules.travels(line.item, line.holder))
    return rules.POSTED


def _again(case: Case) -> dict[str, Any]:
    """What was asked again and why, in the applicant's words."""
    asked = queries.asked_again(case.id) if case.posted_items == "replacement_requested" else None
    if asked is None:
        return {}
    language = get_language() or "fr"
    return {
        "reasons": [
            (reasons.object_name(item, language), reasons.words(code, language)) for item, code in asked.reasons.items()
        ],
        "words": reasons.own_words(asked.words, language),
    }


def _page(request: HttpRequest, case: Case, form: AnnounceForm, status: int = 200) -> HttpResponse:
    items = queries.posted_items(case.id)
    carrier = rules.carrier(items.carrier if items.label_ready else case.post.carrier)
    context = {
        "case": case,
        "items": items,
        "form": form,
        "carrier": carrier,
        "generates": rules.generates(carrier.code),
        "contents": _contents(items, case.posted_items),
        "custody": [(reasons.OBJECTS[line.item], reasons.HOLDERS[line.holder], line) for line in items.custody],
        "preparing": case.posted_items in rules.PREPARING,
        "again": _again(case),
        "last_moment": ledger.last_moment(case.id, DeadlineKind.POSTING_LAPSE),
        "print_check": queries_print.last_check(case.id, at_desk=False),
        "findings": [(reasons.CHECKS.get(one.check, ""), reasons.WHY[one.why], one) for one in items.label_findings],
    }
    return render(request, "step3/posting.html", context, status=status)


def _announce_form(case: Case, data: Any = None) -> AnnounceForm:
    country = ledger.summary(case)["address"]["country"]
    return AnnounceForm(
        data, country=country, initial={"version": queries.revision(case.id), "carrier": case.post.carrier}
    )


@own_case
@require_GET
def posting(request: HttpRequest, case: Case) -> HttpResponse:
    """One page: the envelope and where it stands."""
    _asked(case)
    return _page(request, case, _announce_form(case))


@own_case
@require_http_methods(["GET", "POST"])
def posting_announce(request: SignedRequest, case: Case) -> HttpResponse:
    """« J’ai posté »."""
    _asked(case)
    form = _announce_form(case, request.POST if request.method == "POST" else None)
    if request.method == "GET":
        return redirect("posting", ref=case.reference)
    if not form.is_valid():
        return _page(request, case, form, status=422)
    try:
        service.announce(
            case_id=case.id,
            carrier=form.cleaned_data["carrier"],
            waybill=form.cleaned_data["waybill"],
            revision=form.cleaned_data["version"],
            actor=request.actor,
            now=clock.now(),
        )
    except REFUSED as error:
        case.refresh_from_db()
        if case.is_open and case.posted_items not in rules.PREPARING:  # sent twice, or by another tab
            messages.info(request, _noted(case))
            return redirect("posting", ref=case.reference)
        form = _announce_form(case, {**request.POST.dict(), "version": queries.revision(case.id)})
        form.add_error("waybill" if getattr(error, "code", "").startswith("waybill") else None, sentence(error, TEXTS))
        return _page(request, case, form, status=409)
    messages.success(request, _("Votre envoi est noté. Nous vous écrirons dès que le poste aura ouvert l’enveloppe."))
    return redirect("case_home", ref=case.reference)


def _noted(case: Case) -> str:
    """What « j’ai posté » is told when it comes again."""
    at = queries.posted_items(case.id).announced_at
    if at is None:
        return _("Votre enveloppe est déjà arrivée au poste : rien n’a été changé.")
    day = in_zone(at, case.post.tz)
    return _("Votre envoi est déjà noté, depuis le %(at)s : rien n’a été fait une seconde fois.") % {"at": day}


@own_case
@require_GET
def posting_label(request: HttpRequest, case: Case) -> HttpResponse:
    """The label wizard: three ways, and the option that is forbidden."""
    _asked(case)
    if case.posted_items not in rules.PREPARING:
        return redirect("posting", ref=case.reference)
    carrier = rules.carrier(case.post.carrier)
    context = {
        "case": case,
        "carrier": carrier,
        "label_page": settings.LABEL_PAGES.get(carrier.code, carrier.label_page),
        "forbidden": list(
            dict.fromkeys((o.name.in_language(_lang()), o.reason.in_language(_lang())) for o in carrier.forbidden)
        ),
        "allowed": sorted({option.name.in_language(_lang()) for option in carrier.allowed}),
        "generates": rules.generates(carrier.code),
        "reads": carrier.code in rules.READABLE,
        "receiver": service_label.expected_receiver(case),
        "name": ledger.full_name(ledger.summary(case)),
    }
    return render(request, "step3/label.html", context)


def _lang() -> str:
    return get_language() or "fr"


@own_case
@require_POST
def posting_label_generate(request: SignedRequest, case: Case) -> HttpResponse:
    """Make the label here, without any option."""
    _asked(case)
    try:
        service_label.generate_label(case_id=case.id, actor=request.actor, now=clock.now())
    except REFUSED as error:
        messages.error(request, sentence(error, TEXTS))
        return redirect("posting_label", ref=case.reference)
    messages.success(request, _("Votre étiquette est prête. Imprimez-la et glissez-la dans l’enveloppe."))
    return redirect("posting", ref=case.reference)


@own_case
@require_http_methods(["GET", "POST"])
def posting_label_import(request: SignedRequest, case: Case) -> HttpResponse:
    """Bring a label bought elsewhere: it is read at once, and refused at once when it cannot be used."""
    _asked(case)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if request.method == "POST" and form.is_valid():
        now, actor = clock.now(), request.actor
        if not within("upload", actor.id, now=now):
            form.add_error(None, _("Trop de fichiers envoyés. Patientez une heure avant de recommencer."))
            return _import_page(request, case, form, 429)
        upload = form.cleaned_data["label"]
        try:
            service_label.import_label(
                case_id=case.id, content=upload.read(), filename=upload.name, actor=actor, now=now
            )
        except UploadRefused as refused:
            form.add_error("label", refused.text(_lang()))
        except REFUSED as error:
            form.add_error("label", sentence(error, TEXTS))
        else:
            messages.success(request, _("Votre étiquette est lue et enregistrée. Mettez-la dans l’enveloppe."))
            return redirect("posting", ref=case.reference)
    return _import_page(request, case, form, 422 if form.errors else 200)


def _import_page(request: HttpRequest, case: Case, form: ImportForm, status: int) -> HttpResponse:
    """The form; after a refusal, the ways out of it."""
    context = {
        "form": form,
        "case": case,
        "generates": rules.generates(case.post.carrier),
        "receiver": service_label.expected_receiver(case),
        "name": ledger.full_name(ledger.summary(case)),
    }
    return render(request, "step3/label_import.html", context, status=status)


@own_case
@require_http_methods(["GET", "POST"])
def posting_label_type(request: SignedRequest, case: Case) -> HttpResponse:
    """A paper label: its number alone."""
    _asked(case)
    form = WaybillForm(request.POST) if request.method == "POST" else WaybillForm()
    if request.method == "POST" and form.is_valid():
        try:
            service_label.type_waybill(
                case_id=case.id,
                typed=form.cleaned_data["waybill"],
                carrier=rules.carrier(case.post.carrier).code,
                actor=request.actor,
                now=clock.now(),
            )
        except REFUSED as error:
            form.add_error("waybill", sentence(error, TEXTS))
        else:
            messages.success(request, _("Le numéro de votre étiquette est enregistré. L’agent vérifiera l’étiquette."))
            return redirect("posting", ref=case.reference)
    status = 422 if form.errors else 200
    return render(request, "step3/label_type.html", {"form": form, "case": case}, status=status)


@own_case
@require_GET
def posting_label_file(request: HttpRequest, case: Case) -> HttpResponse:
    """The label to print."""
    items = queries.posted_items(case.id)
    if items.label_document_id is None:
        raise Http404
    content, media_type = vault.read(case.id, items.label_document_id)
    return _file(content, media_type, "etiquette")


@own_case
@require_GET
def posting_cover_sheet(request: HttpRequest, case: Case) -> HttpResponse:
    """The cover sheet to print."""
    _asked(case)
    items, summary = queries.posted_items(case.id), ledger.summary(case)
    address = summary["address"]
    city = f"{address['postcode']} {address['city']} ({address['country']})"
    lines = [ledger.full_name(summary), address["line1"], address.get("line2", ""), city]
    sender = "\n".join(line for line in lines if line)
    contents = _contents(items, case.posted_items) or rules.POSTED
    return _file(documents.cover_sheet(case, contents=contents, sender=sender), "application/pdf", "bordereau")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    suffix = "pdf" if media_type == "application/pdf" else "jpg"
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'inline; filename="{name}.{suffix}"'
    return response
