"""Collects what each step handles: effects, deadlines, messages, polls."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings


@dataclass
class Handlers:
    """By kind: see the docstring of any step's ``handlers``."""

    effects: dict[str, Callable[..., None]] = field(default_factory=dict)
    deadlines: dict[str, Callable[..., None]] = field(default_factory=dict)
    messages: dict[str, Callable[..., dict[str, Any] | None]] = field(default_factory=dict)
    polls: list[Callable[..., int | None]] = field(default_factory=list)


@cache
def handlers() -> Handlers:
    """Everything the steps handle. Two steps handling the same kind is an error of programming."""
    found = Handlers()
    for app in settings.STEP_APPS:
        room = importlib.import_module(f"{app}.handlers")
        for name in ("effects", "deadlines", "messages"):
            table, own = getattr(found, name), getattr(room, name.upper(), {})
            clash = table.keys() & own.keys()
            if clash:
                raise RuntimeError(f"{app} handles again {', '.join(clash)}")
            table.update(own)
        found.polls.extend(getattr(room, "POLLS", []))
    return found
