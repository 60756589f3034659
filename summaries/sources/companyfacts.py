"""SEC companyfacts JSON to reported facts. Pure: text in, rows out.

Shape and traps: a row's ``fy`` and ``fp`` speak of the filing, not of the fact;
the same period recurs in later filings; a filing may report one figure twice,
once in a statement and once rounded in prose, and then the finer one is kept.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from summaries.measures import ITEM_OF_CONCEPT
from summaries.periods import Period, Span
from summaries.sources.errors import Malformed

FORMS = frozenset({"10-K", "10-KT", "10-Q", "20-F", "40-F", "6-K", "8-K"})


class MalformedFacts(Malformed):
    """The file isn't companyfacts JSON; the message says where it goes wrong. Permanent."""


@dataclass(frozen=True)
class ReportedFiling:
    accession: str  # "" where unknown
    form: str
    filed: date | None
    fiscal_year: int | None
    fiscal_period: str
    period_end: date


@dataclass(frozen=True)
class ReportedFact:
    concept: str
    unit: str
    period: Period
    value: Decimal


@dataclass(frozen=True)
class Reported:
    """A filing and the facts it reports, each (concept, unit, period) once."""

    filing: ReportedFiling
    facts: tuple[ReportedFact, ...]


@dataclass(frozen=True)
class _Key:
    accession: str
    form: str
    filed: date | None
    fiscal_year: int | None
    fiscal_period: str


def parse(
    text: str | bytes, *, concepts: Iterable[str] | None = None
) -> tuple[int, str, list[Reported]]:
    """CIK, the registrant's name and its filings, oldest first.

    ``concepts`` limits what is read (default: the catalogue's). Raises
    MalformedFacts; rows of forms that carry no statements are left out.
    """
    wanted = frozenset(ITEM_OF_CONCEPT if concepts is None else concepts)
    try:
        raw = json.loads(text, parse_float=Decimal)
        cik, name, taxonomies = int(raw["cik"]), str(raw["entityName"]), raw["facts"]
        groups: dict[_Key, list[ReportedFact]] = defaultdict(list)
        for key, fact in _rows(taxonomies, wanted):
            groups[key].append(fact)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise MalformedFacts(
            f"not SEC companyfacts JSON ({type(error).__name__}: {error}); expected "
            "cik, entityName and facts.<taxonomy>.<Concept>.units.<unit>[] with end, val and form"
        ) from error
    reported = [_reported(key, facts) for key, facts in groups.items()]
    return cik, name, sorted(reported, key=lambda r: (r.filing.period_end, r.filing.form))


def _rows(taxonomies: Any, wanted: frozenset[str]) -> Iterator[tuple[_Key, ReportedFact]]:
    for taxonomy, concepts in taxonomies.items():
        for name, body in concepts.items():
            concept = f"{taxonomy}:{name}"
            if concept not in wanted:
                continue
            for unit, rows in body["units"].items():
                for row in rows:
                    if row["form"].removesuffix("/A") in FORMS:
                        yield _key(row), _fact(concept, unit, row)


def _key(row: dict[str, Any]) -> _Key:
    filed = row.get("filed")
    return _Key(
        accession=row.get("accn") or "",
        form=row["form"],
        filed=date.fromisoformat(filed) if filed else None,
        fiscal_year=int(row["fy"]) if row.get("fy") else None,
        fiscal_period=row.get("fp") or "",
    )


def _fact(concept: str, unit: str, row: dict[str, Any]) -> ReportedFact:
    start = row.get("start")
    value = Decimal(row["val"])
    if not value.is_finite():
        raise ValueError(f"{concept} {row['end']} has the value {row['val']!r}")
    period = Period(date.fromisoformat(row["end"]), date.fromisoformat(start) if start else None)
    return ReportedFact(concept, unit, period, value)


def _reported(key: _Key, facts: list[ReportedFact]) -> Reported:
    end = _period_end(facts, key.filed)
    filing = ReportedFiling(
        key.accession, key.form, key.filed, key.fiscal_year, key.fiscal_period, end
    )
    return Reported(filing, once(facts))


def _period_end(facts: list[ReportedFact], filed: date | None) -> date:
    """The last day that the filing's statements reach: the newest date that isn't an oddity."""
    flows = Counter(f.period.end for f in facts if f.period.span not in {Span.INSTANT, Span.OTHER})
    ends = flows or Counter(f.period.end for f in facts)
    usual = max(ends.values()) * 0.15
    kept = [end for end, n in ends.items() if n >= usual and (filed is None or end <= filed)]
    return max(kept or [filed or max(ends)])


def once(facts: Iterable[ReportedFact]) -> tuple[ReportedFact, ...]:
    """Each (concept, unit, period) once: the finer of two roundings of one figure.

    Two values of which neither rounds to the other leave nothing to choose by;
    both are dropped.
    """
    values: dict[tuple[str, str, Period], list[Decimal]] = defaultdict(list)
    for fact in facts:
        held = values[fact.concept, fact.unit, fact.period]
        if fact.value not in held:
            held.append(fact.value)
    return tuple(
        ReportedFact(concept, unit, period, value)
        for (concept, unit, period), found in values.items()
        if (value := _finest(found)) is not None
    )


def _finest(values: list[Decimal]) -> Decimal | None:
    finest = min(values, key=_last_place)
    agree = all(abs(v - finest) <= Decimal(10) ** _last_place(v) / 2 for v in values)
    return finest if agree else None


def _last_place(value: Decimal) -> int:
    """Exponent of the last digit that isn't a trailing zero: 28.8bn -> 8."""
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def merged(reported: Iterable[Reported]) -> list[Reported]:
    """Filings known twice, once by accession and once by filing date, become one.

    So do the parts of one accession; the latest of their periods is the filing's.
    """
    groups: dict[tuple[str, date], list[Reported]] = defaultdict(list)
    for one in _of_accessions(reported):
        groups[one.filing.form, one.filing.period_end].append(one)
    result: list[Reported] = []
    for group in groups.values():
        accessions = {one.filing.accession for one in group} - {""}
        dates = {one.filing.filed for one in group} - {None}
        if len(group) > 1 and len(accessions) <= 1 and len(dates) <= 1:
            group = [_merge(group)]
        result.extend(group)
    return sorted(result, key=lambda r: (r.filing.period_end, r.filing.form))


def _of_accessions(reported: Iterable[Reported]) -> Iterator[Reported]:
    parts: dict[object, list[Reported]] = defaultdict(list)
    for one in reported:
        parts[one.filing.accession or one.filing].append(one)
    for held in parts.values():
        held.sort(key=lambda one: one.filing.period_end, reverse=True)
        yield _merge(held) if len(held) > 1 else held[0]


def _merge(group: list[Reported]) -> Reported:
    def first(field: str) -> Any:
        return next((v for one in group if (v := getattr(one.filing, field))), None)

    filing = replace(
        group[0].filing,
        accession=first("accession") or "",
        filed=first("filed"),
        fiscal_year=first("fiscal_year"),
        fiscal_period=first("fiscal_period") or "",
    )
    return Reported(filing, once(fact for one in group for fact in one.facts))
