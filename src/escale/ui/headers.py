"""Headers every page carries beside those of the framework."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Names browsers know, each reported in their console otherwise; none of them closes Web Bluetooth everywhere.
NO_DEVICE = (
    "camera=(), microphone=(), display-capture=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=()"
)


class DevicesMiddleware:
    """No page may use a device of the visitor's, save those that ask for one: they send the header themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", NO_DEVICE)
        return response
