"""The bundled companies as pure values, without a database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from summaries.company import Company
from summaries.factbook import Fact, FactBook, Filing
from summaries.profiles import Profile, profile
from summaries.sources import bundle

BUNDLE = Path(__file__).parents[2] / "summaries" / "bundle"


@dataclass(frozen=True)
class Bundled:
    company: Company
    profile: Profile
    sector: str
    book: FactBook


@cache
def companies() -> tuple[Bundled, ...]:
    listed = {row.cik: row for row in bundle.listings(BUNDLE / "universe.csv")}
    made = []
    for path in sorted((BUNDLE / "facts").glob("CIK*.csv.gz")):
        row = listed[int(path.name[3:13])]
        made.append(
            Bundled(
                Company.named(row.name, row.ticker),
                profile(row.sic, row.industry),
                row.sector,
                FactBook(_facts(path)),
            )
        )
    return tuple(made)


def company(ticker: str) -> Bundled:
    return next(one for one in companies() if one.company.ticker == ticker)


def _facts(path: Path) -> Iterator[Fact]:
    number = 0
    for place, one in enumerate(bundle.load(path.read_bytes())):
        told = one.filing
        filing = Filing(
            place, told.form, told.period_end, told.filed, told.accession or None, told.fiscal_year
        )
        for fact in one.facts:
            number += 1
            yield Fact(number, fact.concept, fact.unit, fact.period, fact.value, filing)
