"""The bundle: real reported facts of some thirty companies, and a list of 1,600 tickers.

One gzipped CSV a company, a row a fact, the filing's columns repeated (which
compresses to nothing); written byte for byte the same from the same input.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from summaries.periods import Period
from summaries.sources.companyfacts import MalformedFacts, Reported, ReportedFact, ReportedFiling

COLUMNS = (
    "form", "accession", "filed", "period_end", "fiscal_year", "fiscal_period",
    "concept", "unit", "start", "end", "value",
)  # fmt: skip
UNIVERSE_COLUMNS = ("ticker", "cik", "name", "exchange", "sic", "sector", "industry")


@dataclass(frozen=True)
class Listing:
    """A row of the list of stocks."""

    ticker: str
    cik: int
    name: str
    exchange: str
    sic: str
    sector: str
    industry: str


def dump(reported: Iterable[Reported]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in reported:
        filing = one.filing
        head = (
            filing.form, filing.accession, filing.filed or "", filing.period_end,
            filing.fiscal_year or "", filing.fiscal_period,
        )  # fmt: skip
        for fact in sorted(one.facts, key=_order):
            period = fact.period
            row = (fact.concept, fact.unit, period.start or "", period.end, _plain(fact.value))
            writer.writerow((*head, *row))
    return gzip.compress(text.getvalue().encode(), mtime=0)


def _order(fact: ReportedFact) -> tuple[str, str, date, date]:
    return fact.concept, fact.unit, fact.period.end, fact.period.start or date.min


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def load(content: bytes, *, name: str = "bundle") -> list[Reported]:
    """The filings of a bundle file. Raises MalformedFacts naming the line."""
    groups: dict[ReportedFiling, list[ReportedFact]] = {}
    line = 1
    try:
        rows = csv.DictReader(io.StringIO(gzip.decompress(content).decode()))
        if tuple(rows.fieldnames or ()) != COLUMNS:
            raise ValueError(f"columns are {rows.fieldnames}, expected {', '.join(COLUMNS)}")
        for line, row in enumerate(rows, start=2):  # noqa: B007 - named in the error below
            groups.setdefault(_filing(row), []).append(_fact(row))
    except (OSError, EOFError, ValueError, InvalidOperation, TypeError) as error:
        raise MalformedFacts(f"{name}, line {line}: {error}") from error
    return [Reported(filing, tuple(facts)) for filing, facts in groups.items()]


def _filing(row: dict[str, str]) -> ReportedFiling:
    return ReportedFiling(
        accession=row["accession"],
        form=row["form"],
        filed=_date(row["filed"]),
        fiscal_year=int(row["fiscal_year"]) if row["fiscal_year"] else None,
        fiscal_period=row["fiscal_period"],
        period_end=date.fromisoformat(row["period_end"]),
    )


def _fact(row: dict[str, str]) -> ReportedFact:
    period = Period(date.fromisoformat(row["end"]), _date(row["start"]))
    value = Decimal(row["value"])
    if not value.is_finite():
        raise ValueError(f"the value is {row['value']!r}, not a number")
    return ReportedFact(row["concept"], row["unit"], period, value)


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def listings(path: Path) -> Iterator[Listing]:
    """The list of stocks. Raises MalformedFacts naming the line."""
    with path.open(newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            try:
                told = [row[name] for name in UNIVERSE_COLUMNS if name != "cik"]
                yield Listing(told[0], int(row["cik"]), *told[1:])
            except (TypeError, ValueError, KeyError) as error:
                raise MalformedFacts(f"{path.name}, line {line}: {error}") from error
