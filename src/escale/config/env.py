"""Read settings from the environment; an error says how to fix it."""

from __future__ import annotations

import json
import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name} (see docs/operations.md).")
    return value


def number(name: str, default: int, *, least: int | None = None) -> int:
    value = os.environ.get(name, str(default))
    try:
        found = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number (see docs/operations.md).") from None
    if least is not None and found < least:
        raise ImproperlyConfigured(f"{name} must be {least} or more (see docs/operations.md).")
    return found


def choice(name: str, default: str, *among: str) -> str:
    value = os.environ.get(name, default)
    if value not in among:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(among)} (see docs/operations.md).")
    return value


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0 (see docs/operations.md).")
    return value in {"1", "true", "yes"}


def objects(name: str) -> list[dict[str, Any]]:
    """A JSON list of objects; empty when nothing is set."""
    try:
        value = json.loads(os.environ.get(name) or "[]")
    except ValueError:
        value = None
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ImproperlyConfigured(f"{name} must be a JSON list of objects (see docs/operations.md).")
    return value
