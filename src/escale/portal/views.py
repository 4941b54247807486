"""Public pages of the portal."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language

from escale import clock
from escale.case import policy
from escale.case.journey import STEPS
from escale.case.values import Money
from escale.ledger import statistics
from escale.people.models import Post
from escale.portal import self_check as check
from escale.portal.words import STAGES
from escale.steps.step2_application import rules as application
from escale.ui.guards import public


@public
def home(request: HttpRequest) -> HttpResponse:
    """What it is, for whom, the price, what is needed, the eight steps drawn."""
    today = clock.now().date()
    french = get_language() == "fr"
    context = {
        "steps": [(step.number, step.caption if french else step.caption_en) for step in STEPS],
        "price": Money(policy.number("stamp_tariff_abroad", today)),
        "duty_days": policy.number("duty_days", today),
        "signed_in": request.actor is not None,  # type: ignore[attr-defined]
    }
    return render(request, "portal/home.html", context)


@public
def self_check(request: HttpRequest) -> HttpResponse:
    """One question a page; the result names the rule, its source and the way out. Nothing is stored."""
    found = check.progress(request.GET, clock.now().date())
    missing = found.question is not None and "repondre" in request.GET
    earlier = list(found.given.items())
    context = {
        "question": found.question,
        "place": found.place,
        "total": len(check.QUESTIONS),
        "given": earlier,
        "back": earlier[:-1] if earlier else None,
        "refusals": found.refusals,
        "errors": missing,
    }
    template = "portal/self_check.html" if found.question else "portal/self_check_result.html"
    return render(request, template, context)


SITUATIONS = ("motif", "heberge", "nom", "visa")


@public
def documents(request: HttpRequest) -> HttpResponse:
    """The list of documents, computed from the situation, without signing in."""
    motive, name = request.GET.get("motif", "expiring"), request.GET.get("nom", "unchanged")
    draft = application.Draft(
        motive=motive if motive in application.MOTIVE else "expiring",
        usage_origin=name if name in dict(application.USAGE_ORIGINS) else "unchanged",
        hosted="heberge" in request.GET,
        keeps_visa="visa" in request.GET,
    )
    context = {
        "draft": draft,
        "motives": application.MOTIVES,
        "origins": application.USAGE_ORIGINS,
        "wanted": application.documents_wanted(draft),
        "price": Money(policy.number("stamp_tariff_abroad", clock.now().date())),
    }
    return render(request, "portal/documents.html", context)


def _delays() -> list[tuple[str, list[statistics.Delay]]]:
    since = clock.now() - timedelta(days=365)
    lines = [("", statistics.delays(since=since))]
    lines += [
        (post.name, statistics.delays(since=since, post=post.code)) for post in Post.objects.filter(competent=True)
    ]
    return lines


@public
def delays(request: HttpRequest) -> HttpResponse:
    """Delays really seen, per stage and post, small cells masked; the same as JSON."""
    found = _delays()
    if request.GET.get("format") == "json":
        body = [
            {"post": line.post or "all", "stage": line.stage, "median_days": line.median, "p90_days": line.p90}
            for _, lines in found
            for line in lines
        ]
        return JsonResponse({"since_days": 365, "smallest_cell": statistics.SMALLEST_CELL, "delays": body})
    tables = [(name, [(STAGES[line.stage], line) for line in lines]) for name, lines in found]
    return render(request, "portal/delays.html", {"tables": tables, "smallest": statistics.SMALLEST_CELL})


@public
def help_page(request: HttpRequest) -> HttpResponse:
    return render(
        request, "portal/help.html", {"posts": Post.objects.filter(competent=True).order_by("country", "name")}
    )


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@public
def privacy(request: HttpRequest) -> HttpResponse:
    """Retention periods come from the policy in force."""
    today = clock.now().date()
    kept = [policy.in_force(name, today) for name in ("retention_completed_days", "retention_closed_days")]
    return render(request, "portal/privacy.html", {"completed": kept[0], "closed": kept[1]})


@public
def legal(request: HttpRequest) -> HttpResponse:
    today = clock.now().date()
    names = (
        "experiment_from",
        "experiment_until",
        "adult_age",
        "residence_months",
        "expired_for_at_most",
        "duty_days",
        "clock_starts",
        "stamp_tariff_abroad",
    )
    return render(request, "portal/legal.html", {"lines": [policy.in_force(name, today) for name in names]})
