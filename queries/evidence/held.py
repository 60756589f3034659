"""A stock that is asked about, and what its reader may read of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from summaries.marking.library import Library
from summaries.models import Stock
from summaries.verification import Sources


@dataclass(frozen=True)
class Held:
    """``sources``: its facts as they were known at the moment asked about."""

    stock: Stock
    library: Library
    sources: Sources

    @property
    def names(self) -> tuple[str, ...]:
        company = self.sources.company
        return (company.name, company.short, company.ticker, *company.aliases)

    @cached_property
    def others(self) -> frozenset[str]:
        """Names of all other companies."""
        return self.sources.other_names - set(self.names)
