"""Which variant, and did it win: A/B tests, flags, statistics, rollouts. Imports no sibling.

The door is imported with its first use: ``experiments.variant_of(…)`` and its kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.assigning import Assigned, Subject
    from experiments.door import expose, is_on, record, variant_of

__all__ = ["Assigned", "Subject", "expose", "is_on", "record", "variant_of"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'experiments' has no attribute {name!r}")
    if name in ("Assigned", "Subject"):
        from experiments import assigning

        return getattr(assigning, name)
    from experiments import door

    return getattr(door, name)
