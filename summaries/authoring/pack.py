"""The evidence pack of one stock, from its rows."""

from __future__ import annotations

from summaries.authoring.evidence import Pack
from summaries.authoring.extracts import extracts
from summaries.authoring.packing import packed
from summaries.authoring.places import places_of
from summaries.benchmark import Benchmark
from summaries.benchmarking import snapshot_passage
from summaries.books import company
from summaries.factbook import FactBook
from summaries.models import SectorSnapshot, Stock
from summaries.statements import Passage, ensure_documents
from summaries.writing.extractive import main_view

# Characters, about three to a token: far below where a model's price jumps.
LONGEST = 90_000


def pack_of(
    stock: Stock, book: FactBook, benchmark: Benchmark | None, snapshot: SectorSnapshot | None
) -> Pack:
    """What the sources say of the stock, every line a span of a document that stands.

    Raises NotEnoughFacts; writes the statements' documents where they are not yet. Not in a
    transaction: searching may call an embedder.
    """
    view = main_view(company(stock), book, benchmark, stock.profile)
    ensure_documents(stock)

    def sector_place(measure: str) -> Passage:
        if snapshot is None:
            raise LookupError(f"{stock} has no sector snapshot to compare {measure} with")
        return snapshot_passage(snapshot, measure)

    pack = packed(view, places=places_of, sector_place=sector_place, extracts=extracts(stock))
    if len(pack.text) > LONGEST:
        raise ValueError(f"The evidence of {stock} has {len(pack.text)} characters.")
    return pack
