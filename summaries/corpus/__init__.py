"""Documents as rows: stored once a version, with sections, tables and the values they tag."""

from summaries.corpus.filings import Stored, held_origin, store_reading, to_filing
from summaries.corpus.research import StoredNote, store_note

__all__ = ["Stored", "StoredNote", "held_origin", "store_note", "store_reading", "to_filing"]
