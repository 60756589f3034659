"""Filings' documents read into text with structure. Pure: bytes in, values out."""

from .document import read
from .reading import VERSION, Cell, Reading, Section, Table, Tag, UnreadableFiling

__all__ = ["VERSION", "Cell", "Reading", "Section", "Table", "Tag", "UnreadableFiling", "read"]
