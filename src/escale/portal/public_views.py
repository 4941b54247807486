"""Pages anyone may read: home, self-check, documents, help, delays, legal pages."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from escale import clock
from escale.case import policy
from escale.case.journey import STEPS
from escale.case.values import Money
from escale.people.models import Post
from escale.portal import checks, delays, opinions, retention, self_check
from escale.portal.answers import TOPICS
from escale.portal.forms import QuestionForm, SituationForm
from escale.steps.step1_sign_in import rules as step1
from escale.steps.step2_application import rules as step2
from escale.ui.guards import public

OMBUDSMAN = "Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07"


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What it is, for whom, the price, the eight steps."""
    now = clock.now()
    context = {
        "steps": STEPS,
        "price": Money(policy.number("stamp_tariff_abroad", now.date())),
        "documents": step2.documents_wanted(step2.Draft(motive="expiring", usage_origin="unchanged", hosted=False)),
        "total": delays.total(now),
    }
    return render(request, "portal/home.html", context)


@public
@require_GET
def self_check_start(request: HttpRequest) -> HttpResponse:
    """Before the first question."""
    first = self_check.QUESTIONS[0]
    context = {"first": reverse("self_check_question", args=[first.slug]), "count": len(self_check.QUESTIONS)}
    return render(request, "portal/self_check_start.html", context)


@public
@require_GET
def self_check_question(request: HttpRequest, slug: str) -> HttpResponse:
    """One question. The answers travel in the address; nothing is stored."""
    question = self_check.BY_SLUG.get(slug)
    if question is None:
        raise Http404
    answers = self_check.answers_of(request.GET)
    asked = "envoye" in request.GET
    if asked and slug in answers:
        return _onwards(answers)
    form = QuestionForm(request.GET if asked else None, question=question, initial=answers)
    before = self_check.previous(question)
    back = reverse("self_check_question", args=[before.slug]) if before else reverse("self_check")
    context = {
        "form": form,
        "question": question,
        "rule": step1.BY_ID[question.rule],
        "place": self_check.place(question),
        "count": len(self_check.QUESTIONS),
        "kept": [(name, value) for name, value in answers.items() if name != slug],
        "back_url": f"{back}?{urlencode(answers)}" if answers and before else back,
    }
    return render(request, "portal/self_check_question.html", context)


def _onwards(answers: dict[str, str]) -> HttpResponse:
    following = self_check.next_question(answers)
    no = self_check.refused(answers, on=clock.now().date())
    if no is not None or following is None:
        return redirect(f"{reverse('self_check_result')}?{urlencode(answers)}")
    return redirect(f"{reverse('self_check_question', args=[following.slug])}?{urlencode(answers)}")


@public
@require_GET
def self_check_result(request: HttpRequest) -> HttpResponse:
    """Yes, or the rule that says no, its article and the way out."""
    answers = self_check.answers_of(request.GET)
    no = self_check.refused(answers, on=clock.now().date())
    following = self_check.next_question(answers)
    if no is None and following is not None:
        return redirect(f"{reverse('self_check_question', args=[following.slug])}?{urlencode(answers)}")
    last = next(reversed(answers), self_check.QUESTIONS[0].slug)
    back = f"{reverse('self_check_question', args=[last])}?{urlencode(answers)}"
    return render(request, "portal/self_check_result.html", {"rules": [no] if no else [], "back_url": back})


@public
@require_GET
def documents(request: HttpRequest) -> HttpResponse:
    """The list computed from the situation, without signing in."""
    form = SituationForm(request.GET if "motive" in request.GET else None)
    given = form.cleaned_data if form.is_valid() else {"motive": "expiring", "usage_origin": "unchanged"}
    draft = step2.Draft(
        motive=given["motive"],
        usage_origin=given["usage_origin"],
        hosted=bool(given.get("hosted")),
        keeps_visa=bool(given.get("keeps_visa")),
    )
    context = {
        "form": form,
        "documents": step2.documents_wanted(draft),
        "motive": step2.MOTIVE[draft.motive],
        "price": Money(policy.number("stamp_tariff_abroad", clock.now().date())),
    }
    return render(request, "portal/documents.html", context)


@public
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    posts = Post.objects.filter(competent=True).order_by("country", "city")
    return render(request, "portal/help.html", {"posts": posts, "rules": step1.RULES, "topics": TOPICS})


@public
@require_GET
def delays_page(request: HttpRequest) -> HttpResponse:
    """Delays as they are, what people thought of their request, how agents and checks agree; small cells masked."""
    now = clock.now()
    context = {
        "tables": delays.tables(now),
        "few": delays.FEW,
        "bar": delays.BAR,
        "opinions": opinions.counted(now),
        "checks": checks.told(now),
    }
    return render(request, "portal/delays.html", context)


@public
@require_GET
def delays_json(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    return JsonResponse({**delays.as_json(now), "opinions": opinions.as_json(now), "checks": checks.as_json(now)})


@public
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    context = {"contact": settings.ACCESSIBILITY_CONTACT, "ombudsman": OMBUDSMAN}
    return render(request, "portal/accessibility.html", context)


@public
@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, how long and on what ground, as the policy values in force say."""
    context = {"kept": retention.kept(clock.now().date()), "contact": settings.DATA_PROTECTION_CONTACT}
    return render(request, "portal/privacy.html", context)


@public
@require_GET
def legal(request: HttpRequest) -> HttpResponse:
    context = {
        "publisher": settings.PUBLISHER,
        "director": settings.PUBLICATION_DIRECTOR,
        "hosting": settings.HOSTING,
    }
    return render(request, "portal/legal.html", context)
