"""Parts of the cost page that apps above costs put there: a title, a template and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from costs.reports.window import Window


@dataclass(frozen=True)
class Panel:
    """``template`` is rendered with ``panel`` (the context), ``shown`` (the window)."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


_MAKERS: dict[str, Callable[[Window], Panel]] = {}


def register(name: str, make: Callable[[Window], Panel]) -> None:
    """Have a panel shown; the same name again replaces it."""
    _MAKERS[name] = make


def panels(window: Window) -> list[Panel]:
    return [make(window) for make in _MAKERS.values()]
