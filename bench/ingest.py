"""The whole recorded corpus through the adapter that the live site would get, on loopback.

The peer is the parser alone: the same documents read one after the other, nothing fetched and
nothing stored. Vectors are made by background workers afterwards and aren't part of it.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bench.figures import figure
from bench.scratch import scratch

if TYPE_CHECKING:
    # Tables need the settings, and those the servers that the bench starts.
    from summaries.ingest.work import Work
    from summaries.models import Stock
    from tests.sources.edgar_site import EdgarSite

SINCE = date(1990, 1, 1)
# What a filing may lack: EDGAR's lists name filings whose documents weren't recorded.
UNRECORDED = "EDGAR has no /Archives/"


def main() -> int:
    with scratch(FA_EDGAR_USER_AGENT="Sample Company admin@example.com"):
        from django.conf import settings

        from tests.sources.edgar_site import edgar_site

        data = Path(settings.SHARED_DATA_DIR) / "edgar"
        if not data.is_dir():
            print(f"No recorded SEC data in {data}; name it with FA_SHARED_DATA.", file=sys.stderr)
            return 0
        with edgar_site(data, most_per_second=None) as site:
            return _measure(site)


def _measure(site: EdgarSite) -> int:
    from summaries.ingest.edgar import ingest_company
    from summaries.models import Chunk, Document, SourceItem
    from summaries.sources.edgar import Edgar

    stocks = _stocks(site)
    with Edgar(
        user_agent="Sample Company admin@example.com", www=site.url, data=site.url,
        pace=None, attempts=1,
    ) as edgar:  # fmt: skip
        work, close = _work(stocks)

        def go() -> None:
            for stock in stocks:
                ingest_company(stock, edgar, work, since=SINCE)

        seconds = _timed(go)
        documents = Document.objects.filter(kind__in=("filing", "exhibit")).count()
        _report(site)
        chunks = set(Chunk.objects.values_list("pk", flat=True))
        stored = work.stored
        asked = len(site.asked)
        again = _timed(go)
        close()
        same = set(Chunk.objects.values_list("pk", flat=True)) == chunks
        print(
            f"Again: {again:.0f} s, {work.stored - stored} stored, "
            f"{sum('/Archives/' in one.path for one in site.asked[asked:])} requests for documents, "
            f"chunks {'untouched' if same else 'CHANGED'}"
        )
    parser = _parser_alone(site)
    figure("ingest", "documents_per_second", documents / seconds, "documents/s", parser)
    lacking = SourceItem.objects.exclude(error="").exclude(error__startswith=UNRECORDED)
    return int(not same or lacking.exclude(kind__in=("list", "facts")).exists())


def _stocks(site: EdgarSite) -> list[Stock]:
    import csv

    from django.conf import settings

    from summaries.models import Stock

    listed: dict[int, dict[str, str]] = {}
    with (settings.BUNDLE_DIR / "universe.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            listed.setdefault(int(row["cik"]), row)
    ciks = dict.fromkeys(filing.cik for filing in site.filings)
    for cik in ciks:
        row = listed.get(cik, {"ticker": f"X{cik}", "name": f"CIK {cik}"})
        Stock.objects.create(ticker=row["ticker"][:12], cik=cik, name=row["name"])
    return list(Stock.objects.order_by("ticker"))


def _work(stocks: list[Stock]) -> tuple[Work, Callable[[], None]]:
    """An item that is ours for as long as the bench lasts."""
    from summaries.batches.leases import take
    from summaries.ingest import start_ingest
    from summaries.ingest.work import Work
    from summaries.models import IngestItem

    run, _ = start_ingest(source="edgar", stocks=stocks[:1], trigger="command")
    lease = take(IngestItem, run.items.get().pk, seconds=3600)
    if lease is None:
        raise RuntimeError("the item was taken by somebody else")
    return Work(lease), lambda: lease.close(state="done")


def _timed(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


def _parser_alone(site: EdgarSite) -> float:
    """Documents a second of reading alone, over the same bytes."""
    from summaries.filings import UnreadableFiling, read

    seconds, count = 0.0, 0
    for filing in site.filings:
        for document in filing.documents:
            content = document.read()
            begun = time.perf_counter()
            try:
                read(content, form=document.type)
                count += 1
            except UnreadableFiling:
                pass
            seconds += time.perf_counter() - begun
    return count / seconds


def _report(site: EdgarSite) -> None:
    """Every recorded filing by what became of it; what was found in those that are stored."""
    from summaries.models import SourceItem

    recorded = {filing.accession for filing in site.filings}
    items = SourceItem.objects.filter(key__in=recorded)
    states = Counter(f"{item.kind.removesuffix('/A')} {item.state}" for item in items)
    print(f"{len(recorded)} recorded filings, {len(items)} listed: {dict(sorted(states.items()))}")
    found: Counter[str] = Counter()
    for item in items.filter(state="stored"):
        for name in ("sections", "tables", "tagged", "printed", "facts"):
            found[name] += item.about.get(name, 0)
    print("In them:", ", ".join(f"{count} {name}" for name, count in found.items()))
    for item in items.exclude(error=""):
        print(f"  {item.kind} {item.key}: {item.error or item.get_state_display()}")
    for accession in sorted(recorded - {item.key for item in items}):
        print(f"  {accession}: not in any list that EDGAR gave")


if __name__ == "__main__":
    sys.exit(main())
