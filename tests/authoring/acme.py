"""The made-up company of the prompts' examples, so that what they show can be proven."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from summaries.authoring.evidence import Pack
from summaries.authoring.packing import packed
from summaries.benchmark import GROWTH, Benchmark, BenchmarkRow
from summaries.factbook import FactBook
from summaries.measures import ITEM_OF_CONCEPT
from summaries.profiles import Profile
from summaries.statements import Passage, day, plain
from summaries.verification import Sources
from summaries.writing.view import View
from tests.summaries.books import ACME, book, year

M = 1_000_000
PROMPTS = Path(__file__).parents[2] / "summaries" / "authoring" / "prompts"


def millions(*values: int | None) -> list[float | str | None]:
    return [None if value is None else value * M for value in values]


BOOK: FactBook = book(
    {
        "revenue": millions(6408, 7000, 7500, 8000, 8400),
        "gross_profit": millions(3200, 3318),
        "operating_income": [768_960_000, *millions(910, 975, 1120, 1260)],
        "net_income": millions(800, 900),
        "diluted_eps": ["4.00", "4.50"],
        "research_and_development": millions(400, 420),
        "operating_cash_flow": millions(1100, 1200),
        "capital_expenditure": millions(380, 400),
        "buybacks": millions(None, 300),
        "dividends_paid": millions(None, 150),
        "cash": millions(1400, 1500),
        "long_term_debt": millions(2100, 2000),
        "inventory": millions(650, 600),
        "current_assets": millions(2900, 3000),
        "current_liabilities": millions(1900, 2000),
    }
)


def _row(ticker: str, measure: str, value: str) -> BenchmarkRow:
    return BenchmarkRow(ticker, ticker.title(), measure, date(2025, 12, 31), Decimal(value))


SECTOR = Benchmark(
    "Industrials",
    date(2026, 3, 1),
    (
        *(_row(*one) for one in (
            ("ACMT", "operating_margin", "0.15"), ("GLOB", "operating_margin", "0.12"),
            ("INIT", "operating_margin", "0.10"), ("HOOL", "operating_margin", "0.05"),
            ("ACMT", GROWTH, "0.05"), ("GLOB", GROWTH, "0.02"),
        )),
    ),
    document_id=2,
)  # fmt: skip
SOURCES = Sources(ACME, BOOK, SECTOR, frozenset({"Globex", "Initech"}))


def pack() -> Pack:
    """Acme's pack; facts stand in document 1, each on a line of its own, the sector's in 2."""
    view = View(ACME, BOOK, Profile.INDUSTRIAL, year(2025), year(2024), SECTOR)
    return packed(view, places=places, sector_place=sector_place)


def places(fact_ids: set[int]) -> dict[int, Passage]:
    return {fact_id: _place(fact_id) for fact_id in fact_ids}


def _place(fact_id: int) -> Passage:
    line = fact_line(fact_id)
    return Passage(1, 1000 * fact_id, 1000 * fact_id + len(line), line)


def fact_line(fact_id: int) -> str:
    fact = BOOK.by_id(fact_id)
    name = ITEM_OF_CONCEPT[fact.concept].name.capitalize()
    begin = fact.period.start
    when = f"{day(begin)} to {day(fact.period.end)}" if begin else f"at {day(fact.period.end)}"
    return f"{name} [{fact.concept}], {when}: {plain(fact.value)} {fact.unit}"


def sector_place(measure: str) -> Passage:
    line = f"Median {measure} of 4 companies: 11.00%"
    return Passage(2, 500, 500 + len(line), line)
