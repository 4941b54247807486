"""Builds the adapter of each port from the settings, once per process."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any

from escale.ports import directory


def build(module: str, attribute: str, options: Callable[[], dict[str, Any]]) -> Any:
    return getattr(importlib.import_module(module), attribute)(**options())


def install(adapters: dict[str, tuple[str, str, str]], options: Callable[[str], dict[str, Any]]) -> None:
    """Make ``ports.directory`` answer with these adapters. Nothing is imported or reached before first use."""
    for name, (module, attribute, _) in adapters.items():
        directory.provide(name, partial(build, module, attribute, partial(options, name)))
