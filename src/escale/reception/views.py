"""The reception site's own doors: what to have at hand, sign in, sign out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale.steps.step1_sign_in.citizen_views_door import Door
from escale.ui.guards import public


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What to have at hand before signing in."""
    return render(request, "reception/home.html")


# FranceConnect+ for this site: being signed in on the portal does not count here, and the session keeps who the person
# is and nothing else of their identity.
DOOR = Door(
    site="reception",
    template="reception/sign_in.html",
    home="reception_home",
    inside="reception_passports",
    keeps=lambda session: {name: session[name] for name in ("actor", "name", "id_token")},
    next_page=lambda session: "reception_passports",
)
sign_in = public(never_cache(require_http_methods(["GET", "POST"])(DOOR.sign_in)))
sign_in_return = public(never_cache(require_GET(DOOR.sign_in_return)))
sign_out = public(never_cache(require_POST(DOOR.sign_out)))
