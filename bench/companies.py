"""As many companies as a bench wants: the bundled ones, again under other names."""

from __future__ import annotations

from itertools import count
from typing import Any

NAMES = (
    "Aster Birch Cedar Dune Ember Fjord Glade Harbor Iris Juniper Kestrel Larch Meadow Nimbus "
    "Ochre Poplar Quarry Ridge Sable Tarn Umber Vale Willow Xylo Yarrow Zephyr "
    "Alder Basin Cobalt Delta Elm Fern Garnet Hazel Inlet Jade Karst Linden"
).split()  # fmt: skip


def load_companies(wanted: int) -> int:
    """Load the bundle, and copies of it under other names and tickers, ``wanted`` in all: at most
    30 companies by each name.

    Every company gets a name of its own, so that none is named in another's. Returns how many.
    """
    from django.core.management import call_command

    from summaries.models import Stock

    call_command("load_bundle", verbosity=0)
    originals = list(Stock.objects.covered().order_by("pk"))
    numbers = count(9_000_001)
    made = len(originals)
    for name in NAMES[1:]:
        for stock in originals[: max(wanted - made, 0)]:
            _copy(stock, name, next(numbers))
            made += 1
    for stock in originals:
        Stock.objects.filter(pk=stock.pk).update(name=f"{NAMES[0]} {stock.name}")
    if wanted < len(originals):
        for stock in originals[wanted:]:
            stock.facts.all().delete()
        made = wanted
    return made


def _copy(stock: Any, name: str, number: int) -> None:
    from django.db import connection

    from summaries.models import Filing, Stock

    copy = Stock.objects.get(pk=stock.pk)
    copy.pk, copy.cik, copy.name = None, number, f"{name} {stock.name}"
    copy.ticker = f"{stock.ticker[:7]}-{name[:3].upper()}"
    copy.save()
    filings = list(Filing.objects.filter(stock=stock))
    old = [filing.pk for filing in filings]
    for filing in filings:
        filing.pk, filing.stock = None, copy
        filing.accession = filing.accession and f"{number:010}{filing.accession[10:]}"
    new = [filing.pk for filing in Filing.objects.bulk_create(filings)]
    with connection.cursor() as cursor:
        cursor.execute(_COPY_FACTS, [copy.pk, old, new])


_COPY_FACTS = """
INSERT INTO summaries_fact (stock_id, filing_id, concept, unit, start, "end", value, known_at)
SELECT %s, two.new, fact.concept, fact.unit, fact.start, fact."end", fact.value, fact.known_at
FROM summaries_fact fact JOIN unnest(%s::bigint[], %s::bigint[]) AS two(old, new)
ON two.old = fact.filing_id
"""
