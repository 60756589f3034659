"""Claude, by Anthropic's Messages and Message Batches."""

from .adapter import Anthropic

__all__ = ["Anthropic"]
