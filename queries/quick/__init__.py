"""Answers without a model: what facts, rows and documents say by themselves."""

from queries.quick.answering import answer
from queries.quick.held import register, warm

__all__ = ["answer", "register", "warm"]
