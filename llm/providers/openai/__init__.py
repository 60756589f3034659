"""OpenAI's Responses and batches, and any server that speaks as OpenAI's does."""

from .adapter import OpenAI

__all__ = ["OpenAI"]
