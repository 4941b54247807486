"""Errors of the simulators' APIs as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import JsonResponse


def problem(status: int, code: str, detail: str, **members: Any) -> JsonResponse:
    """``code`` is stable and for machines; ``detail`` is for people and never holds personal data."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail}
    return JsonResponse({**body, **members}, status=status, content_type="application/problem+json")
