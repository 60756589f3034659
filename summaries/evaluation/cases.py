"""The cases of a suite: what is asked of the product, and what is known to be true. Pure.

A suite is a file of JSON lines, one case a line. Each expected fact names the filing that
reported it, so that a person can look it up.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any

from summaries.tiers import Tier

DEFAULT_SUITE = "fa-ai-regression-suite"


class Kind(StrEnum):
    """What is asked. ``fact``: a question whose answer is one reported figure; ``true`` and
    ``false``: a claim to be upheld, and one to be refused; ``too_little``: a company of which
    we hold too few facts, so that nothing may be written."""

    SUMMARY = "summary"
    TOO_LITTLE = "too_little"
    FACT = "fact"
    TRUE = "true"
    FALSE = "false"

    @property
    def is_written(self) -> bool:
        """Whether the product writes a summary for it; else it reads the claim of the case."""
        return self in {Kind.SUMMARY, Kind.TOO_LITTLE}


class BadSuite(Exception):
    """A suite that can't be read; the message names the line and what is wrong there."""


@dataclass(frozen=True)
class Figure:
    """A reported value. ``start`` is None for a balance; ``value`` is in ``unit``, not scaled."""

    concept: str  # taxonomy:Name
    start: date | None
    end: date
    value: Decimal
    unit: str  # USD, USD/shares, shares

    def __str__(self) -> str:
        period = f"{self.start} to {self.end}" if self.start else f"at {self.end}"
        return f"{self.concept} {period}: {self.value:,f} {self.unit}"


@dataclass(frozen=True)
class Expected:
    """``form``, ``period_end`` and ``accession``: the filing that reports the figure; its number
    is "" where our source doesn't give it. ``printed``: how a claim prints it, "" where it is only
    reckoned with. ``tiers``: the lengths of a summary that must state it."""

    figure: Figure
    form: str
    period_end: date
    accession: str = ""
    printed: str = ""
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True)
class Case:
    """``claim``: the text to be read, "" for a summary. ``question``: what it answers.

    Of a false claim, ``truth`` is the true one that it was made of and ``wrong`` says what was
    changed: digit, period, entity, scale, direction, measure.
    """

    id: str
    kind: Kind
    ticker: str
    expected: tuple[Expected, ...] = ()
    claim: str = ""
    question: str = ""
    truth: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class Suite:
    """``version``: the start of the SHA-256 of its file."""

    name: str
    cases: tuple[Case, ...]
    version: str = ""

    @property
    def tickers(self) -> list[str]:
        return sorted({case.ticker for case in self.cases})

    def only(self, kinds: Iterable[Kind]) -> Suite:
        wanted = set(kinds)
        return replace(self, cases=tuple(case for case in self.cases if case.kind in wanted))


def load(folder: Path, name: str = DEFAULT_SUITE) -> Suite:
    """The suite of that name in the folder. Raises BadSuite."""
    path = folder / f"{name}.jsonl"
    if not path.is_file():
        known = ", ".join(sorted(one.stem for one in folder.glob("*.jsonl"))) or "none"
        raise BadSuite(f"There is no suite {name}; known: {known}.")
    content = path.read_bytes()
    cases = tuple(read(content.decode().splitlines()))
    twice = [one for one, count in Counter(case.id for case in cases).items() if count > 1]
    if not cases or twice:
        raise BadSuite(f"{path.name}: " + (f"{twice[0]} is there twice." if twice else "no case."))
    return Suite(name, cases, hashlib.sha256(content).hexdigest()[:12])


def read(lines: Iterable[str]) -> Iterator[Case]:
    """Raises BadSuite, which names the line."""
    for number, line in enumerate(lines, start=1):
        try:
            case = _case(json.loads(line))
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise BadSuite(f"Line {number} is no case: {type(error).__name__} {error}.") from error
        if fault := _fault(case):
            raise BadSuite(f"Line {number}, {case.id}: {fault}.")
        yield case


def _case(told: Mapping[str, Any]) -> Case:
    given = dict(told)
    expected = tuple(_expected(one) for one in given.pop("facts", ()))
    return Case(kind=Kind(given.pop("kind")), expected=expected, **given)


def _expected(told: Mapping[str, Any]) -> Expected:
    start = told.get("start")
    figure = Figure(
        told["concept"],
        date.fromisoformat(start) if start else None,
        date.fromisoformat(told["end"]),
        Decimal(told["value"]),
        told["unit"],
    )
    tiers = tuple(Tier(one) for one in told.get("tiers", ()))
    return Expected(
        figure=figure,
        form=told["form"],
        period_end=date.fromisoformat(told["period_end"]),
        accession=told.get("accession", ""),
        printed=told.get("printed", ""),
        tiers=tiers,
    )


def _fault(case: Case) -> str:
    if not case.id or not case.ticker:
        return "a case has an id and a ticker"
    if case.kind.is_written == bool(case.claim):
        return "a claim, and nothing else, has a text to be read"
    if not case.expected and case.kind is not Kind.TOO_LITTLE:
        return "no fact says where its truth comes from"
    if case.kind is Kind.SUMMARY and not all(one.tiers for one in case.expected):
        return "a fact expected of a summary names the tiers that state it"
    if (case.kind is Kind.FALSE) != bool(case.truth and case.wrong):
        return "a false claim, and no other, has its truth and what is wrong"
    return ""
