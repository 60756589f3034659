"""What speaks for a claim and what against it in its source, as a few numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from summaries.verification.documents.entailing.binding import Bound, How, bound
from summaries.verification.documents.entailing.clauses import Clause, clauses_of
from summaries.verification.documents.entailing.conflicts import Conflicts, conflicts
from summaries.verification.documents.entailing.passages import Index
from summaries.verification.documents.sources import Sentence
from summaries.verification.documents.spells import Kind
from summaries.verification.sentences import sentences

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MOST = 3
_BEST = 4


@dataclass(frozen=True)
class Features:
    """Counts end at three; shares are 0 to 1.

    ``missing``: whether some figure is neither in the source nor worked out from it;
    ``last_missing``: whether the last one is, which is mostly what the claim comes to.
    ``unvouched``: share of its words in clauses without a figure.
    ``turned``: directions that the source has the other way, beside the same words;
    ``turned_figures``: beside the same figure; ``turned_rows``: by the cells of the row named.
    ``sweeping``: "solely", "always" and the like that the source hasn't there. ``denied``: clauses
    that deny what the source doesn't, or the other way round. ``opposed``: words of which the source
    has the opposite there. ``strange_years``: years not near what is said of them;
    ``unknown_years``, ``unknown_days``: nowhere; ``other_period``: figures of other years.
    ``absent``: share of its terms that the source hasn't; ``covered``: how much of a clause stands in
    one place of the source, on average.
    """

    missing: float = 0
    last_missing: float = 0
    has_figures: float = 0
    unvouched: float = 0
    other_period: float = 0
    turned: float = 0
    turned_figures: float = 0
    turned_rows: float = 0
    sweeping: float = 0
    denied: float = 0
    opposed: float = 0
    strange_years: float = 0
    unknown_years: float = 0
    unknown_days: float = 0
    absent: float = 0
    covered: float = 0

    @property
    def values(self) -> tuple[float, ...]:
        return astuple(self)


@dataclass(frozen=True, eq=False)
class Weighed:
    """A claim with its clauses, what its figures are bound to, and what speaks against it."""

    claim: Sentence
    clauses: tuple[Clause, ...]
    figures: tuple[Bound, ...]
    against: Conflicts
    features: Features

    @property
    def is_answer(self) -> bool:
        """Of several sentences, which show how they come to what they say."""
        return len(sentences(self.claim.text)) > 1


def weigh(claim: Sentence, index: Index) -> Weighed:
    clauses = clauses_of(claim)
    figures = bound(clauses, index)
    against = conflicts(clauses, index)
    return Weighed(
        claim, clauses, tuple(figures), against, _features(claim, clauses, figures, against, index)
    )


def _features(
    claim: Sentence, clauses: Sequence[Clause], figures: Sequence[Bound], against: Conflicts,
    index: Index,
) -> Features:  # fmt: skip
    missing = [one.how is How.MISSING for one in figures]
    terms = frozenset().union(*(one.terms for one in clauses))
    years = frozenset().union(*(one.years for one in clauses))
    covered = [_covered(one, index) for one in clauses if one.terms]
    return Features(
        missing=float(any(missing)),
        last_missing=float(bool(missing) and missing[-1]),
        has_figures=float(bool(figures)),
        unvouched=_unvouched(clauses),
        other_period=_at_most(sum(not one.is_of_period for one in figures)),
        turned=_at_most(len(against.turned)),
        turned_figures=_at_most(sum(one.is_turned for one in figures)),
        turned_rows=_at_most(len(against.turned_rows)),
        sweeping=_at_most(len(against.sweeping)),
        denied=_at_most(len(against.denied)),
        opposed=_at_most(len(against.opposed)),
        strange_years=_at_most(_strange_years(clauses, index)),
        unknown_years=_at_most(sum(not names_year(one, index) for one in years)),
        unknown_days=_at_most(sum(not _names_day(one, index) for one in _days(claim))),
        absent=sum(one not in index.by_term for one in terms) / len(terms) if terms else 0,
        covered=sum(covered) / len(covered) if covered else 0,
    )


def _unvouched(clauses: Sequence[Clause]) -> float:
    bare = sum(len(one.words) for one in clauses if not one.figures)
    return bare / max(1, sum(len(one.words) for one in clauses))


def _at_most(count: int) -> float:
    return float(min(count, _MOST))


def _covered(clause: Clause, index: Index) -> float:
    """By the best passage, of all its terms, those that the source hasn't among them."""
    known = [one for one in clause.terms if one in index.by_term]
    best = (
        index.covered(clause.terms, index.passages[at].near) for at in index.nearest(known, _BEST)
    )
    return max(best, default=0.0) * len(known) / len(clause.terms)


def _strange_years(clauses: Sequence[Clause], index: Index) -> int:
    """Clauses of one year that stands in none of the passages which say most of it."""
    strange = 0
    for clause in clauses:
        if len(clause.years) == 1 and clause.terms:
            best = [index.passages[at] for at in index.nearest(clause.terms, _BEST)]
            near = frozenset().union(*(one.years for one in best))
            strange += bool(near) and clause.years.isdisjoint(near)
    return strange


def names_year(year: int, index: Index) -> bool:
    """In full or short: "2024", "FY24"; in the text or a head of a table."""
    source = index.source
    return (
        str(year) in source.text
        or year == source.year
        or re.search(rf"(?:FY|Q\d|['’‘])\s?{year % 100:02}\b", source.text) is not None
        or any(year in table.years for table in source.tables)
    )


def _names_day(day: tuple[int, int], index: Index) -> bool:
    month, number = day
    said = rf"{_MONTHS[month - 1]}[a-z]*\.?\s+{number}\b"
    return re.search(said, index.source.text, re.IGNORECASE) is not None or any(
        re.search(said, column.head, re.IGNORECASE)
        for table in index.source.tables
        for column in table.columns
    )


def _days(claim: Sentence) -> frozenset[tuple[int, int]]:
    days = (one for one in claim.spells if one.kind is Kind.DAY)
    return frozenset((one.month, one.day) for one in days if one.month and one.day)
