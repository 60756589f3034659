"""Answers kept: in the process, then in Valkey, under a key that holds all they depend on."""

from queries.cache.calls import cached
from queries.cache.local import Local, Statistics

__all__ = ["Local", "Statistics", "cached"]
