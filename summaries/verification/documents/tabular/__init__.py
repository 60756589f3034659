"""Claims about the line items of tables: read, bound to cells, and worked out again."""

from summaries.verification.documents.tabular.proving import prove

__all__ = ["prove"]
