"""Proves short statements of results and outlook from one sentence of running text. Pure."""

from summaries.verification.documents.prose.proving import prove

__all__ = ["prove"]
