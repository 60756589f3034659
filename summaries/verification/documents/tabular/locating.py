"""Where a source has the figures of loosely named things, period by period.

Close names first: a line's own label, a formula's parts, a sentence. Then names with a word too many
or too few, where one line only can be meant, and totals that stand without a label.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache

from summaries.verification.documents.seeds import kept_with
from summaries.verification.documents.sources import Source
from summaries.verification.documents.tables import Cell
from summaries.verification.documents.tabular.asking import Words, impersonal, plain
from summaries.verification.documents.tabular.formulas import worked_out
from summaries.verification.documents.tabular.items import (
    VAGUE_TERMS,
    amounts_of,
    introduced,
    item_terms,
    matches_of,
)
from summaries.verification.documents.tabular.lines import Line, lines_of, terms_of
from summaries.verification.documents.tabular.periods import Period
from summaries.verification.documents.tabular.told import told_line

Found = tuple[Cell, Line]
_MOST_YEARS = 12
# Words that a claim may leave out of a label or add to it without meaning another line.
_OPTIONAL = frozenset(
    terms_of(
        "total expense expenses cost costs balance balances annual fiscal consolidated that which"
        " came come coming under related relating associated business businesses segment year end"
    )
)
_COSTS = frozenset(terms_of("expense expenses cost costs"))
# Words that make another measure of the one without them.
_QUALIFIERS = frozenset(
    terms_of(
        "adjusted deferred accrued net gross diluted basic current noncurrent non pro forma other"
        " unrealized unrealised realized accumulated average weighted foreign domestic federal state"
        " local before after excluding including continuing discontinued comprehensive minimum"
        " maximum short long term operating nonoperating unallocated restricted unrecognized"
        " noncontrolling preferred common organic core underlying gaap per less change increase"
        " decrease allowance impairment amortization depreciation intangible % margin ratio rate"
        " not no unearned unbilled prepaid beginning ending end external intersegment"
    )
)
_JOINING = frozenset(
    "during throughout across among together altogether collectively both all each every per year"
    " years yearly annually annual period periods time span respective corresponding various"
    " different overall entire whole they them through via due have has had be been being"
    " approximate approximately which that who whose where when came come comes coming made held"
    " spent obtained brought company company's its there any given annum expressed"
    " between into onto upon within towards toward about earned incurred recorded recognized"
    " recognised reported generated derived received collected charged stated presented disclosed"
    " posted achieved attributed contributed resulted reflected listed shown".split()
)
# What figures may be called that are of one kind.
_KINDS = tuple(
    frozenset(terms_of(one))
    for one in (
        "revenue revenues sales turnover", "cost costs expense expenses charges spending expenditure",
        "income profit earnings gain", "loss losses", "assets asset", "liabilities debt obligations",
        "employees staff headcount personnel people", "shares units awards options", "fees fee",
        "taxes tax", "cash", "payments", "customers subscribers", "volume volumes",
        "inventories inventory", "receivables", "goodwill", "deposits", "loans", "leases rents",
    )
)  # fmt: skip
_LONGEST = 40_000  # of a text whose sentences are looked through
_ALL_KINDS = frozenset[str]().union(*_KINDS)
_SYNONYMS = tuple(
    frozenset(terms_of(one))
    for one in (
        "revenue revenues sales turnover", "cost costs expense expenses charges",
        "profit earnings income", "employees staff headcount personnel", "taxes tax",
    )
)  # fmt: skip
_SAME = {"progress": "process"}
_LEAST_TO_MEND, _MOST_KNOWN = 6, 800  # letters; words


def lines_named(words: Words, source: Source) -> Iterator[tuple[Line, ...]]:
    """The lines that the words may mean, closest first; several together fit equally."""
    named = plain(words)
    if not named:
        return
    terms = item_terms(named)
    exact = matches_of(terms, source)
    amounts = amounts_of(terms, source)
    for matches in dict.fromkeys((exact, amounts) if "%" in terms else (amounts, exact)):
        if matches:
            yield tuple(_unsigned(one.line, one.sign) for one in matches)
    for line in worked_out(frozenset(terms), source):
        yield (line,)
    told = told_line(named, source)
    if told is not None:
        yield (told,)
    if not exact:
        weighty = _weighty(named)
        if len(weighty) < len(named):
            yield from lines_named(weighty, source)
        else:
            yield from _loose(frozenset(terms), source)


def _weighty(words: Words) -> Words:
    """Without words that only join: "rent collected during the years"."""
    return [one for one in words if one.norm not in _JOINING]


def lines_loosely_named(words: Words, source: Source) -> tuple[tuple[Line, ...], ...]:
    """Where no line fits the words as they are."""
    named = plain(impersonal(words))
    if matches_of(item_terms(named), source):
        return ()
    weighty = _weighty(named)
    exact = matches_of(item_terms(weighty), source) if len(weighty) < len(named) else ()
    if exact:
        return (tuple(_unsigned(one.line, one.sign) for one in exact),)
    return _loose(frozenset(item_terms(weighty)), source)


def cells_at(lines: Sequence[Line], period: Period | None) -> list[Found]:
    """The one figure that the lines have for the period; none where they differ."""
    found = [(cell, line) for line in lines for cell in line.at_period(period)]
    return found[:1] if len({cell.value for cell, _ in found}) == 1 else []


def row_of(lines: Sequence[Line], first: Period, last: Period) -> list[Found]:
    """The figures from the first period to the last, each year once; a column may hold several
    years ("2021 - 2022")."""
    if not 0 < last.year - first.year < _MOST_YEARS:
        return []
    made: list[Found] = []
    year = first.year
    while year <= last.year:
        asked = replace(last if last.month == first.month else first, year=year)
        found = cells_at(lines, asked) or cells_at(lines, replace(asked, day=0, month=0))
        upto = year
        if not found:
            upto = next((end for end in range(year + 1, last.year + 1)
                         if cells_at(lines, Period(year, until=end))), 0)  # fmt: skip
            found = cells_at(lines, Period(year, until=upto)) if upto else []
        if not found:
            return []
        made += found
        year = upto + 1
    return made


def all_of(lines: Sequence[Line]) -> list[Found]:
    """A line's figures of all its periods, where they are plainly one a year."""
    if len(lines) != 1:
        return []
    line = lines[0]
    cells = {period: cell for period, cell in line.cells if period is not None}
    years = {period.year for period in cells}
    if len(cells) != len(line.cells) or not 1 < len(years) == len(cells):
        return []
    return [(cell, line) for cell in cells.values()]


def _unsigned(line: Line, sign: int) -> Line:
    """Of a loss named as such its amount, which the line prints as a negative."""
    if sign >= 0:
        return line
    cells = tuple(
        (period, replace(cell, figure=cell.figure._replace(value=-cell.value)))
        for period, cell in line.cells
    )
    return replace(line, cells=cells)


@lru_cache(maxsize=128)
def _loose(said: frozenset[str], source: Source) -> tuple[tuple[Line, ...], ...]:
    mended = frozenset(_mended(term, source) for term in said)
    groups = [_nearly(mended, source), _partly(mended, source), _unlabelled(mended, source)]
    return tuple(one for one in groups if one)


def _mended(term: str, source: Source) -> str:
    """A misspelt word as the source spells it."""
    known = _vocabulary(source)
    if term in known:
        return term
    if term in _SAME:
        return _SAME[term]
    if len(term) < _LEAST_TO_MEND or not term.isalpha() or len(known) > _MOST_KNOWN:
        return term
    close = get_close_matches(term, known, n=2, cutoff=0.88)
    return close[0] if len(close) == 1 else term


@kept_with
def _vocabulary(source: Source) -> frozenset[str]:
    lines = lines_of(source)
    said = {term for line in lines for term in (*line.all_terms, *line.head_terms)}
    return frozenset(said | {term for line in lines for term in line.section_terms})


def around(line: Line, source: Source) -> frozenset[str]:
    """What may be said of a line beside its label."""
    told = frozenset(terms_of(line.table.caption)) | introduced(source)
    told |= line.head_terms | line.section_terms | _totalled(line)
    kinds = _kinds_of(told | line.all_terms)
    is_cost = not kinds or all(cell.value < 0 for _, cell in line.cells)
    return told | (_OPTIONAL if is_cost else _OPTIONAL - _COSTS) | kinds | VAGUE_TERMS


def _totalled(line: Line) -> frozenset[str]:
    """What the next total below calls what it adds up: "Total revenue" is of revenues."""
    labels = (row.label for row in line.table.rows if row.at > line.at)
    total = next((one for one in labels if one.lower().startswith("total")), "")
    return frozenset(terms_of(total)) & _ALL_KINDS


@lru_cache(maxsize=256)
def _kinds_of(told: frozenset[str], of: tuple[frozenset[str], ...] = _KINDS) -> frozenset[str]:
    """What figures may be called that are told to be of a kind."""
    kinds = [kind for kind in of if kind & told]
    return frozenset[str]().union(*kinds)


def _nearly(said: frozenset[str], source: Source) -> tuple[Line, ...]:
    """Lines whose label has all of the words and no other, but for words without weight."""
    ranked: list[tuple[int, Line]] = []
    for line in lines_of(source):
        label = line.all_terms
        extra = said - label - line.head_terms
        missing = label - said - _kinds_of(extra, _SYNONYMS)
        unsaid = line.head_terms - said - _kinds_of(extra, _SYNONYMS) - VAGUE_TERMS
        if not label & said or not missing <= _OPTIONAL or missing & _QUALIFIERS:
            continue
        far = extra - around(line, source)
        if (not far or _together(far | label & said, source)) and unsaid <= _OPTIONAL:
            ranked.append((len(missing) + len(extra), line))
    return _best(ranked)


@lru_cache(maxsize=256)
def _together(terms: frozenset[str], source: Source) -> bool:
    """Whether one sentence has all of the words."""
    return any(terms <= one for one in _sentences(source))


@kept_with
def _sentences(source: Source) -> tuple[frozenset[str], ...]:
    if len(source.text) > _LONGEST:
        return ()
    return tuple(frozenset(terms_of(one.text)) for one in source.sentences)


def _partly(said: frozenset[str], source: Source) -> tuple[Line, ...]:
    """The one line whose label has all of the words that tell it from others."""
    ranked: list[tuple[int, Line]] = []
    for line in lines_of(source):
        own = said & line.all_terms
        missing = line.all_terms - said
        if len(own) < 2 or missing & _QUALIFIERS or len(missing) > len(own) + 1:
            continue
        if said - own - line.head_terms <= around(line, source):
            ranked.append((0, line))
    return _best(ranked)


def _best(ranked: Sequence[tuple[int, Line]]) -> tuple[Line, ...]:
    ranked = [one for one in ranked if not one[1].is_percent] or ranked
    least = min((rank for rank, _ in ranked), default=0)
    lines = [line for rank, line in ranked if rank == least]
    labels = {(line.label.lower(), line.sections, line.head_terms) for line in lines}
    return tuple(lines) if len(labels) == 1 else ()


def _unlabelled(said: frozenset[str], source: Source) -> tuple[Line, ...]:
    """The line without a label that is the sum of those above it, named after their heading."""
    if "total" not in said:
        return ()
    rest = said - {"total"}
    found = [
        line
        for line in lines_of(source)
        if not line.label.strip()
        and rest <= around(line, source)
        and line.cells
        and all(_adds_up(cell, line, source) for _, cell in line.cells)
    ]
    return tuple(found) if len(found) == 1 else ()


def _adds_up(total: Cell, line: Line, source: Source) -> bool:
    above: Decimal = Decimal(0)
    rows = [row for row in line.table.rows if row.at < total.row and total.column in row.cells]
    for row in reversed(rows):
        above += row.cells[total.column].value
        if above == total.value and row is not rows[-1]:
            return True
    return False
