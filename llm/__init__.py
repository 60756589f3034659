"""Models, by one door: ``llm.write(ask)`` and its kind; what they take and give is in llm.values.

The door is imported with its first use: importing ``llm`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from llm.door import count_tokens, embed, is_set_up, judge, ready, stream, warm, write

__all__ = ["count_tokens", "embed", "is_set_up", "judge", "ready", "stream", "warm", "write"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'llm' has no attribute {name!r}")
    from llm import door

    return getattr(door, name)
