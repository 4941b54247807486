"""How a photo is judged: the table of thresholds, for everybody to read and for machines to take."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from escale.inspection import models
from escale.inspection.portrait import judge
from escale.inspection.portrait.explained import by_agent, explained
from escale.ui.guards import public


@public
@require_GET
def photo_rules(request: HttpRequest) -> HttpResponse:
    """What is measured, what is compliant, where each number comes from, and what only an agent sees."""
    language = get_language() or "fr"
    context = {
        "checks": explained(language),
        "by_agent": by_agent(language),
        "version": judge.table()["version"],
        "models": models.identity(),
        "installed": models.available(),
    }
    return render(request, "step2/photo_rules.html", context)


@public
@require_GET
def photo_rules_json(request: HttpRequest) -> HttpResponse:
    """The same table, as the machine reads it."""
    return JsonResponse({**judge.table(), "models": models.FILES})
