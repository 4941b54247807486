"""Events as JSON and back, for the ledger."""

from __future__ import annotations

import types
import typing
from dataclasses import asdict, fields
from datetime import date, datetime
from functools import cache
from typing import Any

from escale.case import events as _events  # noqa: F401 - defines every event before they are collected
from escale.case.event import Event, Trace


def _collect(base: type[Event]) -> dict[str, type[Event]]:
    found: dict[str, type[Event]] = {}
    for cls in base.__subclasses__():
        if cls is not Trace:
            found[cls.__name__] = cls
        found.update(_collect(cls))
    return found


BY_NAME: dict[str, type[Event]] = _collect(Event)


def to_payload(event: Event) -> dict[str, Any]:
    """The event's fields as JSON values (dates in ISO 8601)."""
    payload = asdict(event)
    return {
        key: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
        for key, value in payload.items()
    }


@cache
def _fields(name: str) -> tuple[tuple[str, Any], ...]:
    """Names and types of an event's fields, worked out once: a page reads dozens of entries."""
    hints = typing.get_type_hints(BY_NAME[name])
    return tuple((item.name, hints[item.name]) for item in fields(BY_NAME[name]))


def from_payload(name: str, payload: dict[str, Any]) -> Event:
    """Rebuild an event. Raises KeyError for an unknown name."""
    cls = BY_NAME[name]
    values: dict[str, Any] = {}
    for field, kind in _fields(name):
        if field not in payload:
            continue
        value = payload[field]
        if kind is datetime:
            value = datetime.fromisoformat(value)
        elif kind is date:
            value = date.fromisoformat(value)
        elif isinstance(kind, types.GenericAlias):
            value = tuple(value)
        values[field] = value
    return cls(**values)
