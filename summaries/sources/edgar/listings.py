"""EDGAR's lists as values: tickers, a registrant's submissions, the feed of latest filings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lxml import etree

from summaries.sources.edgar.clock import Stamp, accepted
from summaries.sources.edgar.replies import SOURCE
from summaries.sources.errors import Malformed

ACCESSION = re.compile(r"\d{10}-\d{2}-\d{6}")
_PAGE = re.compile(r"CIK\d{10}-submissions-\d{3}\.json")
_FEED_ID = re.compile(r"accession-number=(\d{10}-\d{2}-\d{6})")
_FEED_TITLE = re.compile(
    r"(?P<form>.+?) - (?P<company>.*) \((?P<cik>\d{10})\) \((?P<role>[\w ]+)\)"
)
_FEED_ITEM = re.compile(r"Item (\d{1,2}\.\d{2})\b")
_FILED = re.compile(r"Filed:</b> (\d{4}-\d{2}-\d{2})")
_ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True)
class Ticker:
    """``exchange``: "Nasdaq", "NYSE", "OTC"…; "" where not said. Several share a CIK."""

    cik: int
    ticker: str
    name: str
    exchange: str


@dataclass(frozen=True)
class ListedFiling:
    """``accepted_at``: aware, never before the truth; exact where ``accepted_certain``.
    ``primary_document``: a file's name, "" for a filing on paper. ``size``: bytes of the whole."""

    accession: str
    form: str
    filed: date
    report_date: date | None
    accepted_at: datetime | None
    accepted_certain: bool
    items: tuple[str, ...]
    primary_document: str
    description: str
    size: int
    is_inline_xbrl: bool


@dataclass(frozen=True)
class FormerName:
    name: str
    until: date | None


@dataclass(frozen=True)
class Filer:
    """Who files, and what. ``fiscal_year_end``: MMDD."""

    cik: int
    name: str
    sic: str
    sic_description: str
    tickers: tuple[str, ...]
    exchanges: tuple[str, ...]
    fiscal_year_end: str
    former_names: tuple[FormerName, ...]
    category: str
    filings: tuple[ListedFiling, ...]


@dataclass(frozen=True)
class Registrant(Filer):
    """``older_pages``: (name, newest filing date there), as listed."""

    older_pages: tuple[tuple[str, date], ...]


@dataclass(frozen=True)
class CurrentFiling:
    """An entry of the feed. One filing has an entry for each registrant and its role in it."""

    accession: str
    form: str
    cik: int
    company: str
    role: str
    filed: date
    accepted_at: datetime
    items: tuple[str, ...]


def exchange_tickers(raw: Any) -> tuple[Ticker, ...]:
    """``company_tickers_exchange.json``. Raises Malformed."""
    try:
        places = {str(name): place for place, name in enumerate(raw["fields"])}
        return tuple(
            Ticker(
                int(row[places["cik"]]), _text(row[places["ticker"]]).upper(),
                _text(row[places["name"]]), _text(row[places["exchange"]]),
            )
            for row in raw["data"]
        )  # fmt: skip
    except _SHAPE as error:
        raise _malformed("company_tickers_exchange.json", "fields and data[]", error) from error


def plain_tickers(raw: Any) -> tuple[Ticker, ...]:
    """``company_tickers.json``, which names no exchange. Raises Malformed."""
    try:
        return tuple(
            Ticker(int(row["cik_str"]), _text(row["ticker"]).upper(), _text(row["title"]), "")
            for row in raw.values()
        )
    except _SHAPE as error:
        expected = "rows of cik_str, ticker and title"
        raise _malformed("company_tickers.json", expected, error) from error


def registrant(raw: Any) -> Registrant:
    """A ``submissions/CIK##########.json``, its newest filings in the reply's order."""
    try:
        return Registrant(
            cik=int(raw["cik"]),
            name=_text(raw["name"]),
            sic=_text(raw.get("sic")),
            sic_description=_text(raw.get("sicDescription")),
            tickers=_texts(raw.get("tickers")),
            exchanges=_texts(raw.get("exchanges")),
            fiscal_year_end=_text(raw.get("fiscalYearEnd")),
            former_names=tuple(
                FormerName(_text(one["name"]), _day(_text(one.get("to"))[:10]))
                for one in raw.get("formerNames") or ()
            ),
            category=_text(raw.get("category")),
            filings=filings(raw["filings"]["recent"]),
            older_pages=tuple(_older_page(one) for one in raw["filings"].get("files") or ()),
        )
    except _SHAPE as error:
        expected = "cik, name and filings.recent with parallel arrays"
        raise _malformed("submissions", expected, error) from error


def filings(raw: Mapping[str, Sequence[Any]]) -> tuple[ListedFiling, ...]:
    """Parallel arrays, ``filings.recent`` or an older page. Raises Malformed."""
    try:
        rows = _rows(raw)
        stamps = [Stamp(_text(r["acceptanceDateTime"]), _filed(r), r["form"]) for r in rows]
        return tuple(
            _listed(row, time.at, time.certain)
            for row, time in zip(rows, accepted(stamps), strict=True)
        )
    except _SHAPE as error:
        expected = "parallel arrays accessionNumber, form, filingDate, acceptanceDateTime…"
        raise _malformed("submissions", expected, error) from error


def newest_first(lists: Iterable[Sequence[ListedFiling]]) -> tuple[ListedFiling, ...]:
    """Lists that may overlap, in any order, as one; what the first list says of a filing stands."""
    held: dict[str, ListedFiling] = {}
    for one in lists:
        for filing in one:
            known = held.setdefault(filing.accession, filing)
            if filing.accepted_certain and not known.accepted_certain:
                held[filing.accession] = filing
    return tuple(sorted(held.values(), key=_when, reverse=True))


def current_filings(content: bytes) -> tuple[CurrentFiling, ...]:
    """The Atom feed, in the encoding that it declares. Raises Malformed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        feed = etree.fromstring(content, parser)
        return tuple(_entry(entry) for entry in feed.iter(f"{_ATOM}entry"))
    except (etree.XMLSyntaxError, *_SHAPE) as error:
        raise _malformed("the feed of latest filings", "Atom entries", error) from error


# What reading JSON of another shape than expected raises.
_SHAPE = (KeyError, TypeError, ValueError, AttributeError, IndexError)


def _rows(raw: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    length = len(raw["accessionNumber"])
    for name, column in raw.items():
        if len(column) != length:
            raise ValueError(f"{name} has {len(column)} entries, accessionNumber {length}")
    return [{name: column[place] for name, column in raw.items()} for place in range(length)]


def _listed(row: dict[str, Any], at: datetime | None, certain: bool) -> ListedFiling:
    accession = row["accessionNumber"]
    if not ACCESSION.fullmatch(accession):
        raise ValueError(f"accessionNumber {accession[:40]!r}")
    return ListedFiling(
        accession=accession,
        form=row["form"],
        filed=_filed(row),
        report_date=_day(row.get("reportDate")),
        accepted_at=at,
        accepted_certain=certain,
        items=tuple(item for item in _text(row.get("items")).split(",") if item),
        # Ownership forms name a rendering, "xslF345X05/form4.xml".
        primary_document=_text(row.get("primaryDocument")).rpartition("/")[2],
        description=_text(row.get("primaryDocDescription")),
        size=int(row.get("size") or 0),
        is_inline_xbrl=bool(row.get("isInlineXBRL")),
    )


def _older_page(raw: Mapping[str, Any]) -> tuple[str, date]:
    if not _PAGE.fullmatch(raw["name"]):
        raise ValueError(f"a page named {raw['name'][:60]!r}")
    return raw["name"], date.fromisoformat(raw["filingTo"])


def _entry(entry: Any) -> CurrentFiling:
    identity = _FEED_ID.search(_child(entry, "id"))
    title = _FEED_TITLE.fullmatch(_child(entry, "title"))
    summary = _child(entry, "summary")
    filed = _FILED.search(summary)
    if not identity or not title or not filed:
        raise ValueError(f"an entry titled {_child(entry, 'title')[:60]!r}")
    at = datetime.fromisoformat(_child(entry, "updated"))
    if at.tzinfo is None:
        raise ValueError("a time without an offset")
    return CurrentFiling(
        accession=identity[1],
        form=entry.find(f"{_ATOM}category").get("term"),
        cik=int(title["cik"]),
        company=title["company"],
        role=title["role"],
        filed=date.fromisoformat(filed[1]),
        accepted_at=at,
        items=tuple(_FEED_ITEM.findall(summary)),
    )


def _child(entry: Any, name: str) -> str:
    return " ".join((entry.findtext(f"{_ATOM}{name}") or "").split())


def _filed(row: Mapping[str, Any]) -> date:
    return date.fromisoformat(row["filingDate"])


def _when(filing: ListedFiling) -> tuple[date, float, str]:
    return (
        filing.filed,
        filing.accepted_at.timestamp() if filing.accepted_at else 0.0,
        (filing.accession),
    )


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(_text(value) for value in values or ())


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def _malformed(what: str, expected: str, error: Exception) -> Malformed:
    return Malformed(
        f"EDGAR's {what} isn't of its usual shape ({type(error).__name__}: {error}); "
        f"expected {expected}",
        source=SOURCE,
    )
