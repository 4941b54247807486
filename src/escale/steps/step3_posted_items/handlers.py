"""What the worker asks of step 3: effects, deadlines, the words of messages, polls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# kind → function(case_id=, event=, key=, now=)
EFFECTS: dict[str, Callable[..., None]] = {}
# kind → function(case_id=, now=)
DEADLINES: dict[str, Callable[..., None]] = {}
# message code → function(case=, event=, now=) -> context
MESSAGES: dict[str, Callable[..., dict[str, Any]]] = {}
# functions(now=), called about once a second
POLLS: list[Callable[..., None]] = []
