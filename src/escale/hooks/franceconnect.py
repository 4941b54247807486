"""What FranceConnect+ reads from us: the keys with which it encrypts what it tells us (our ``jwks_uri``)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from escale.ports import directory
from escale.ui.guards import partner_callback
from escale.ui.sites import address


@partner_callback
@require_GET
def public_keys(request: HttpRequest) -> HttpResponse:
    """Our public JWKS; two keys live during a rotation."""
    response = JsonResponse(directory.franceconnect().public_keys())
    response["Cache-Control"] = "public, max-age=300"
    return response


@partner_callback
@require_GET
def redirect_addresses(request: HttpRequest) -> HttpResponse:
    """The addresses FranceConnect+ may send people back to, on our two sites (our ``sector_identifier_uri``)."""
    return JsonResponse([address(site, "sign_in_return") for site in ("portal", "reception")], safe=False)
