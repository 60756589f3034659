"""FactSet's JSON rows to values. Strict: a field that is there is right, or the reply is
Malformed and the message says where; unknown fields are let be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Any, Generic

from summaries.sources.errors import Malformed
from summaries.sources.factset.replies import SOURCE, said_of
from summaries.sources.factset.requests import Request
from summaries.sources.factset.rows import (
    Consensus,
    ConsensusRating,
    Fundamental,
    Metric,
    Price,
    Problem,
    Row,
)

_EXACT = Context(prec=120)  # a number of 60 digits times a factor loses nothing

NUMBERS = frozenset("double doubleArray float floatArray int intArray".split())

Catalogue = Mapping[str, Metric]


@dataclass(frozen=True)
class Unusable:
    """Why a row is left out; see Problem."""

    code: str
    message: str


@dataclass(frozen=True)
class Cells:
    """One row's fields, by name; ``at``: where the row is, for messages."""

    row: Mapping[str, Any]
    at: str

    def text(self, name: str) -> str:
        """'' where it is null or not there."""
        value = self.row.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > 10_000:
            raise self.bad(name, "isn't a text")
        return value

    def needed(self, name: str) -> str:
        if not (value := self.text(name).strip()):
            raise self.bad(name, "is missing")
        return value

    def number(self, name: str) -> Decimal | None:
        value = self.row.get(name)
        if value is None or isinstance(value, Decimal):
            return value
        raise self.bad(name, "isn't a number")

    def whole(self, name: str) -> int | None:
        value = self.number(name)
        if value is None:
            return None
        if value != int(value) or abs(value) > 10**12:
            raise self.bad(name, "isn't a whole number")
        return int(value)

    def day(self, name: str) -> date | None:
        text = self.text(name)
        if not text:
            return None
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise self.bad(name, "isn't a date such as 2025-01-31")

    def needed_day(self, name: str) -> date:
        if (day := self.day(name)) is None:
            raise self.bad(name, "is missing")
        return day

    def flag(self, name: str) -> bool:
        value = self.row.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.bad(name, "isn't true or false")
        return bool(value)

    def has_any(self, *names: str) -> bool:
        return any(self.row.get(name) is not None for name in names)

    def bad(self, name: str, what: str) -> Malformed:
        return Malformed(f"FactSet's {self.at}.{name} {what}", source=SOURCE)


def cells_of(body: Mapping[str, Any]) -> list[Cells]:
    """The rows of ``data``. Raises Malformed, but not where errors are all that came."""
    rows = body.get("data", [] if body.get("errors") else None)
    if not isinstance(rows, list):
        raise Malformed("FactSet's reply lacks data, a list of rows", source=SOURCE)
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            raise Malformed(f"FactSet's data[{place}] isn't a row", source=SOURCE)
    return [Cells(row, f"data[{place}]") for place, row in enumerate(rows)]


@dataclass(frozen=True)
class Read(Generic[Row]):
    """``answered``: the ids that have rows."""

    rows: tuple[Row, ...]
    answered: frozenset[str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Reader(Generic[Row]):
    """How one kind of row is read. ``values``: the fields without any of which a row says
    nothing; ``key``: what makes a row the same as another, the id first."""

    values: tuple[str, ...]
    row: Callable[[Cells, str, Catalogue], Row | Unusable]
    key: Callable[[Row], tuple[object, ...]]

    def read(
        self,
        body: Mapping[str, Any],
        asked: Request,
        catalogue: Catalogue,
        clean: Callable[[str], str] = str,
    ) -> Read[Row]:
        """All rows of a reply; raises Malformed. A row that isn't of what was asked for, or
        that says another thing than its twin, becomes a problem and is left out; so does an
        error that came among the data. ``clean`` takes secrets out of FactSet's words."""
        names = {one.casefold(): one for one in asked.ids}
        found: dict[tuple[object, ...], Row] = {}
        conflicts: set[tuple[object, ...]] = set()
        foreign: set[str] = set()
        unusable = dict.fromkeys(_errors(body.get("errors"), asked.ids, clean))
        for cells in cells_of(body):
            said = cells.needed("requestId")
            if (name := names.get(said.casefold())) is None:
                foreign.add(said[:50])
                continue
            if cells.row.get("error") is not None:
                unusable.update(dict.fromkeys(_errors([cells.row["error"]], (name,), clean)))
            if not cells.text("fsymId") or not cells.has_any(*self.values):
                continue  # how FactSet says that it has nothing
            row = self.row(cells, name, catalogue)
            if isinstance(row, Unusable):
                unusable[Problem((name,), row.code, row.message)] = None
            elif found.setdefault(key := self.key(row), row) != row:
                conflicts.add(key)
        rows = {key: row for key, row in found.items() if key not in conflicts}
        problems = [*unusable, *_strays(foreign), *_conflicts(conflicts)]
        answered = frozenset(str(key[0]) for key in rows)
        return Read(tuple(rows.values()), answered, tuple(problems))


def _errors(errors: Any, ids: tuple[str, ...], clean: Callable[[str], str]) -> Iterator[Problem]:
    for error in errors if isinstance(errors, list) else []:
        said = said_of({"errors": [error]}).cleaned(clean)
        if said.text or said.code:
            yield Problem(ids, said.code or "error", f"FactSet says: {said.text or said.code}")


def _strays(foreign: set[str]) -> Iterator[Problem]:
    if foreign:
        yield Problem(tuple(sorted(foreign)), "foreign", "Rows of ids that weren't asked for")


def _conflicts(keys: set[tuple[object, ...]]) -> Iterator[Problem]:
    if ids := tuple(sorted({str(key[0]) for key in keys})):
        yield Problem(ids, "conflict", "Two rows of one thing differ; both are left out")


_UNASKED = Unusable("foreign", "Rows of metrics that weren't asked for")


def _fundamental(cells: Cells, name: str, catalogue: Catalogue) -> Fundamental | Unusable:
    metric = catalogue.get(cells.needed("metric"))
    if metric is None:
        return _UNASKED
    value = cells.row["value"]
    if isinstance(value, str) and metric.data_type in NUMBERS:
        return Unusable("notANumber", f"{metric.metric} has a text where a number belongs")
    if isinstance(value, Decimal):
        value = scaled(value, metric.factor)
    elif not isinstance(value, str):
        raise cells.bad("value", "is neither number nor text")
    return Fundamental(
        request_id=name,
        fsym_id=cells.needed("fsymId"),
        metric=metric.metric,
        periodicity=cells.text("periodicity"),
        fiscal_year=cells.whole("fiscalYear"),
        fiscal_period=cells.whole("fiscalPeriod"),
        fiscal_end=cells.needed_day("fiscalEndDate"),
        period_days=cells.whole("fiscalPeriodLength"),
        report_date=cells.day("reportDate"),
        eps_report_date=cells.day("epsReportDate"),
        update_type=cells.text("updateType"),
        currency=cells.text("currency"),
        value=value,
    )


def _price(cells: Cells, name: str, catalogue: Catalogue) -> Price:
    return Price(
        request_id=name,
        fsym_id=cells.needed("fsymId"),
        on=cells.needed_day("date"),
        currency=cells.text("currency"),
        close=cells.number("price"),
        open=cells.number("priceOpen"),
        high=cells.number("priceHigh"),
        low=cells.number("priceLow"),
        volume=cells.number("volume"),
        turnover=cells.number("turnover"),
        trade_count=cells.number("tradeCount"),
        vwap=cells.number("vwap"),
    )


def _consensus(cells: Cells, name: str, catalogue: Catalogue) -> Consensus | Unusable:
    metric = catalogue.get(cells.needed("metric"))
    if metric is None:
        return _UNASKED
    factor = metric.factor

    def units(field: str) -> Decimal | None:
        value = cells.number(field)
        return None if value is None else scaled(value, factor)

    return Consensus(
        request_id=name,
        fsym_id=cells.needed("fsymId"),
        metric=metric.metric,
        periodicity=cells.text("periodicity"),
        fiscal_year=cells.whole("fiscalYear"),
        fiscal_period=cells.whole("fiscalPeriod"),
        fiscal_end=cells.day("fiscalEndDate"),
        relative_period=cells.whole("relativePeriod"),
        estimate_date=cells.needed_day("estimateDate"),
        currency=cells.text("currency"),
        estimate_currency=cells.text("estimateCurrency"),
        mean=units("mean"),
        median=units("median"),
        high=units("high"),
        low=units("low"),
        standard_deviation=units("standardDeviation"),
        estimate_count=cells.whole("estimateCount"),
        up=cells.whole("up"),
        down=cells.whole("down"),
    )


def _rating(cells: Cells, name: str, catalogue: Catalogue) -> ConsensusRating:
    return ConsensusRating(
        request_id=name,
        fsym_id=cells.needed("fsymId"),
        estimate_date=cells.needed_day("estimateDate"),
        buy=cells.whole("buyCount"),
        overweight=cells.whole("overweightCount"),
        hold=cells.whole("holdCount"),
        underweight=cells.whole("underweightCount"),
        sell=cells.whole("sellCount"),
        total=cells.whole("ratingsNestTotal"),
        score=cells.number("ratingsNote"),
        rating=cells.text("ratingsNoteText"),
    )


FUNDAMENTALS: Reader[Fundamental] = Reader(
    ("value",),
    _fundamental,
    lambda r: (
        r.request_id, r.metric, r.periodicity, r.fiscal_end, r.fiscal_year, r.fiscal_period,
        r.update_type, r.currency,
    ),
)  # fmt: skip
PRICES: Reader[Price] = Reader(
    ("price", "priceOpen", "priceHigh", "priceLow", "volume", "turnover", "tradeCount", "vwap"),
    _price,
    lambda r: (r.request_id, r.on, r.currency),
)
CONSENSUS: Reader[Consensus] = Reader(
    ("mean", "median", "high", "low"),
    _consensus,
    lambda r: (
        r.request_id, r.metric, r.periodicity, r.estimate_date, r.fiscal_end, r.fiscal_year,
        r.fiscal_period, r.relative_period, r.currency,
    ),
)  # fmt: skip
RATINGS: Reader[ConsensusRating] = Reader(
    ("ratingsNote", "ratingsNestTotal"),
    _rating,
    lambda r: (r.request_id, r.estimate_date),
)


def metrics_of(body: Mapping[str, Any]) -> dict[str, Metric]:
    """A catalogue, by metric. Raises Malformed."""
    return {one.metric: one for cells in cells_of(body) if (one := _metric(cells)).metric}


def _metric(cells: Cells) -> Metric:
    factor = cells.number("factor")
    if factor is not None and factor <= 0:
        raise cells.bad("factor", "isn't positive")
    return Metric(
        metric=cells.text("metric"),
        name=cells.text("name"),
        category=cells.text("category"),
        subcategory=cells.text("subcategory"),
        factor=Decimal(1) if factor is None else factor,  # ratios and texts have none
        data_type=cells.text("dataType"),
        point_in_time=cells.flag("isPIT"),
    )


def scaled(value: Decimal, factor: Decimal) -> Decimal:
    """``value`` in units, exactly and without an exponent: 1.5 in thousands is 1500."""
    if factor == 1:
        return value
    product = _EXACT.multiply(value, factor)
    whole = product.to_integral_value(context=_EXACT)
    return whole if product == whole else product.normalize(_EXACT)
