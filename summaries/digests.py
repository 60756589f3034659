"""Whether a stock's facts are still the same: told by the database, without carrying them here."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from summaries.models import Stock

_FACTS_DIGEST = """
SELECT encode(sha256(convert_to(coalesce(string_agg(ROW(
    fact.id, fact.concept, fact.unit, to_char(fact.start, 'YYYYMMDD'),
    to_char(fact."end", 'YYYYMMDD'), fact.value, fact.filing_id, filing.form,
    to_char(filing.period_end, 'YYYYMMDD'), to_char(filing.filed, 'YYYYMMDD'), filing.accession,
    filing.fiscal_year, fact.known_at <= %(now)s AND coalesce(filing.filed <= %(today)s, true)
)::text, E'\\n' ORDER BY fact.id), ''), 'UTF8')), 'hex')
FROM summaries_fact fact JOIN summaries_filing filing ON filing.id = fact.filing_id
WHERE fact.stock_id = %(stock)s
"""


def facts_digest(stock: Stock) -> str:
    """SHA-256 of the stock's facts and their filings as they stand, and which are known by now."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _FACTS_DIGEST, {"stock": stock.pk, "now": now, "today": timezone.localdate(now)}
        )
        (digest,) = cursor.fetchone()
    return str(digest)
