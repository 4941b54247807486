"""What every page of the application shares: the side list, the agent's remarks, the words of refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from escale import clock
from escale.case.decision import RuleRefused
from escale.ledger.models import Case
from escale.steps.step2_application import queries, rules
from escale.steps.step2_application.service.draft import is_editable
from escale.ui.templatetags.ui import in_zone

URL_OF_PAGE = {
    "motive": "application_motive",
    "identity": "application_identity",
    "contact": "application_contact",
    "passport": "application_passport",
    "documents": "application_documents",
    "photo": "application_photo",
    "stamp": "application_stamp",
}


def side_list(case: Case, current: str) -> list[dict[str, Any]]:
    """Every page with its state, for the list beside the form."""
    states = rules.page_states(queries.draft(case))
    return [
        {
            "label": _(label),
            "url": reverse(URL_OF_PAGE[page], args=[case.reference]),
            "state": states[page],
            "current": page == current,
        }
        for page, label in rules.PAGES
    ]


def next_page(page: str) -> str:
    """Name of the URL that follows in the order of the pages."""
    names = [name for name, _label in rules.PAGES]
    place = names.index(page) + 1
    return URL_OF_PAGE[names[place]] if place < len(names) else "application_review"


def previous_url(case: Case, page: str) -> str:
    names = [name for name, _label in rules.PAGES]
    place = names.index(page)
    if place == 0:
        return reverse("case_home", args=[case.reference])
    return reverse(URL_OF_PAGE[names[place - 1]], args=[case.reference])


def closed(request: HttpRequest, case: Case) -> HttpResponse | None:
    """Where to go when the application may not be changed any more. A form sent from a page that is too old, by the
    back button or from another tab, does nothing and is told so."""
    if is_editable(case):
        return None
    if request.method == "POST":
        messages.info(request, _already(case))
    if case.identity == "matched":
        return redirect("eligibility_passport", ref=case.reference)
    return redirect("application_summary", ref=case.reference)


def _already(case: Case) -> str:
    sent_at = queries.sent_at(case.id)
    if case.is_open and sent_at is not None:
        at = in_zone(sent_at, case.post.tz)
        return _("Votre demande est déjà envoyée, depuis le %(at)s : rien n’y a été changé.") % {"at": at}
    return _("La demande ne peut pas être changée à ce stade : rien n’y a été changé.")


def remarks(case: Case, page: str) -> list[queries.Sent]:
    """What the agent asked to correct on this page."""
    return [sent for sent in queries.open_corrections(case.id).values() if sent.page == page]


def put_remarks_at_fields(form: forms.Form, found: list[queries.Sent]) -> None:
    """The agent's words become the hint of the field they are about."""
    for sent in found:
        if sent.item in form.fields:
            form.fields[sent.item].agent_words = sent.words  # type: ignore[attr-defined]  # read by the template


def show(
    request: HttpRequest, case: Case, page: str, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """One page of the application, with the list beside it."""
    found = remarks(case, page)
    if isinstance(context.get("form"), forms.Form):
        put_remarks_at_fields(context["form"], found)
    common = {
        "case": case,
        "page": page,
        "side": side_list(case, page),
        "remarks": found,
        "back_url": previous_url(case, page) if page in URL_OF_PAGE else "",
        **_saved(case),
        "correcting": case.application == "correction_requested",
    }
    return render(request, template, {**common, **context}, status=status)


def _saved(case: Case) -> dict[str, Any]:
    """When the application was last saved, and whether that is today for its post."""
    at, zone = queries.saved_at(case.id), ZoneInfo(case.post.tz)
    today = at is not None and at.astimezone(zone).date() == clock.now().astimezone(zone).date()
    return {"saved_at": at, "saved_today": today}


def _pages_changed() -> str:
    return _(
        "Ce document a changé entre-temps, peut-être dans un autre onglet : il a %(there)s page(s). Rien n’a "
        "été ajouté ; regardez ce qui y est, puis envoyez ce qui manque."
    )


def _same_file() -> str:
    return _(
        "Ce fichier était déjà arrivé : c’est la page %(page)s du document. "
        "Nous ne l’avons pas ajouté une seconde fois."
    )


def _same_photo() -> str:
    return _("Cette photo était déjà arrivée : la voici. Nous ne l’avons pas prise une seconde fois.")


def _too_many_pages() -> str:
    return _(
        "Ce document peut avoir %(limit)s pages : il en a déjà %(there)s, et ce fichier en ajouterait "
        "%(sent)s. Retirez des pages, ou envoyez seulement celles qui sont demandées."
    )


def refusal_words(refused: RuleRefused) -> str:
    """A rule's no, in the user's words."""
    words: dict[str, Callable[[], str]] = {
        "motive_remote": lambda: _(
            "Votre passeport a déjà été obtenu à distance : seule une erreur de l’administration permet de le "
            "renouveler ainsi (règle X4)."
        ),
        "motive_expired": lambda: _(
            "Votre passeport est expiré : un renouvellement gratuit garderait une date passée. Choisissez « expiré »."
        ),
        "not_editable": lambda: _("La demande ne peut plus être modifiée : elle est entre les mains du poste."),
        "too_many_pages": lambda: _too_many_pages() % refused.facts,
        "same_file": lambda: _same_file() % refused.facts,
        "same_photo": _same_photo,
        "pages_changed": lambda: _pages_changed() % refused.facts,
        "no_frame": lambda: _("Aucun cadrage n’est proposé pour cette photo : envoyez-en une autre."),
        "incomplete": lambda: _("Il manque encore quelque chose : voyez la liste."),
        "already_have_stamp": lambda: _("Un timbre est déjà joint à cette demande."),
        "free": lambda: _("Ce motif est gratuit : aucun timbre n’est nécessaire."),
        "payment_pending": lambda: _(
            "Le résultat d’un paiement n’est pas encore connu. Si vous avez payé, attendez-le : deux heures au plus. "
            "Si vous avez fermé la page sans payer, dites-le ci-dessous pour recommencer."
        ),
        "paid_awaiting_stamp": lambda: _(
            "Votre paiement est bien arrivé. Le numéro du timbre suit, en quelques minutes : ne payez pas de nouveau."
        ),
        "too_many_payments": lambda: _(
            "Trois paiements sont déjà restés sans réponse de la banque. Attendez leur résultat, deux heures au plus, "
            "ou saisissez un timbre acheté ailleurs."
        ),
        "unknown": lambda: _("Ce numéro de timbre n’existe pas. Relisez les 16 chiffres."),
        "consumed": lambda: _("Ce timbre a déjà servi. Un timbre ne sert qu’une fois."),
        "reserved_elsewhere": lambda: _("Ce timbre est déjà réservé pour une autre demande."),
        "expired": lambda: _(
            "Ce timbre est expiré : il est valable un an. Il se rembourse dans les dix-huit mois qui suivent son achat."
        ),
        "refunded": lambda: _("Ce timbre a été remboursé ou annulé."),
        "wrong_product": lambda: _(
            "Ce timbre n’est pas un timbre « Français de l’étranger » : le tarif de 86 € vaut pour les demandes faites "
            "en France. Il faut ici un timbre de 96 €. L’autre reste remboursable."
        ),
        "amount_too_low": lambda: _("Ce timbre n’a pas le montant demandé : il faut un timbre de 96 €."),
        "too_many_tries": lambda: _("Trop d’essais. Patientez une heure avant de recommencer."),
    }
    return words.get(refused.code, lambda: _("Cette action n’est pas possible pour le moment."))()


def say_no(request: HttpRequest, refused: RuleRefused) -> None:
    messages.error(request, refusal_words(refused))
