"""Three sites in one process, told apart by the Host header: each with its URL configuration and its own session."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

SITES = ("portal", "reception", "desk")


def site_of_host(host: str) -> str:
    """The site a Host header names: by full address, else by its port, else the portal."""
    addresses, ports = _doors(tuple(settings.SITES.items()))
    return addresses.get(host) or ports.get(host.rpartition(":")[2], "portal")


@cache
def _doors(sites: tuple[tuple[str, str], ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Full address → site, and port → site, of addresses that do not change while a process lives."""
    addresses = {urlsplit(url).netloc: name for name, url in sites}
    return addresses, {netloc.rpartition(":")[2]: name for netloc, name in addresses.items() if ":" in netloc}


class SiteMiddleware:
    """Sets ``request.site`` and the URL configuration."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.site = site_of_host(request.get_host())  # type: ignore[assignment]  # not that of django.contrib.sites
        request.urlconf = settings.SITE_URLCONFS[request.site]  # type: ignore[index]  # as above
        return self.get_response(request)


def site_of(request: HttpRequest) -> str:
    """The site that a request is for, once SiteMiddleware has seen it."""
    return request.site  # type: ignore[return-value]  # ours, not that of django.contrib.sites


def address(site: str, name: str, *args: Any, **kwargs: Any) -> str:
    """Full address of a page of any site, for messages and links between sites."""
    path = reverse(name, urlconf=settings.SITE_URLCONFS[site], args=args, kwargs=kwargs)
    return f"{settings.SITES[site]}{path}"
