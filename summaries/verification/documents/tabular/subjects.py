"""Subjects that have to be worked out first: averages, totals, proportions, changes, differences.

"The average interest income for 2018 and 2019", "the percentage of X out of Y", "X as a percentage
of Y", "the sum of X and Y", "the percentage change in X between 2018 and 2019".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.results import Reason
from summaries.verification.documents.sources import Source
from summaries.verification.documents.tabular.asking import (
    AVERAGES,
    DIFFERENCES,
    TOTALS,
    Spans,
    Words,
    impersonal,
    lists_of,
    moved,
    past,
    plain,
    spans_of,
    without_count,
)
from summaries.verification.documents.tabular.checking import SLACK, Checked, loses, value_reason
from summaries.verification.documents.tabular.clauses import Clause
from summaries.verification.documents.tabular.extremes import count_of_years, extremes
from summaries.verification.documents.tabular.lexicon import LOSING, Verb
from summaries.verification.documents.tabular.lines import Line, lines_of, terms_of
from summaries.verification.documents.tabular.locating import Found
from summaries.verification.documents.tabular.periods import Period
from summaries.verification.documents.tabular.worths import (
    Reading,
    Worth,
    change_rate,
    named,
    per,
    readings,
    shares_of,
    sized,
    sums,
)

_HUNDRED = Decimal(100)
_MOST, _LONGEST = 24, 48  # ways to work it out; tokens of a subject
_SPENT = LOSING & frozenset("expense expenses cost costs loss losses used paid charges".split())
_COMPOUND = frozenset(("cagr",))


def check_computed(clause: Clause, source: Source) -> Checked | None:
    """None where the subject isn't one that can be worked out."""
    if len(clause.levels) != 1 or clause.start is not None or clause.changes:
        return None
    words = impersonal(clause.said or clause.item)
    if len(words) > _LONGEST:
        return None
    for count, told in count_of_years(words, source):
        return _counted(clause.levels[0], count, told)
    first: Checked | None = None
    for worth in islice(worths_of(clause, source), _MOST):
        made = _shown(clause.levels[0], worth, source, is_spent=_spends(words))
        if not made.against:
            return made
        first = first or made
    return first


def _counted(figure: Figure, count: int, told: Worth) -> Checked:
    cells = tuple(cell for cell, _ in told.found)
    if figure.is_whole and figure.value == count:
        return Checked((), cells)
    return Checked((Reason("value", f"It is {count}.", figure.start, figure.end),), cells)


def _spends(words: Words) -> bool:
    """Told as a cost or a loss, whose amount is meant: "repair expenses"."""
    return any(one.norm in _SPENT for one in words)


def worths_of(clause: Clause, source: Source) -> Iterator[Worth]:
    """What the subject of a clause may be worth, in each way to work it out, likelier ones first."""
    words = impersonal(clause.said or clause.item)
    spans = _spans(clause, words)
    if clause.verb is Verb.AVERAGE:
        ways = shares_of(words, clause.whole, source) if clause.whole else readings(words, source)
        yield from _means(ways, spans)
        return
    average = past(words, AVERAGES)
    if average is not None:
        yield from _averages(average, spans, source)
        return
    total = past(words, TOTALS)
    if total is not None:
        yield from _totals(words, spans, source)
        yield from _totals(total, spans, source)
    yield from extremes(words, spans, source)
    yield from _differences(words, spans, source)
    yield from _changes(words, spans, source)
    yield from _compound(words, spans, source)
    yield from _singles(words, spans, source)


def _spans(clause: Clause, words: Words) -> Spans:
    """The subject's own periods, else those that follow the figure."""
    own = spans_of(words)
    if own.periods:
        return own
    if clause.base is not None and len(clause.now) == 1:
        return Spans((clause.base, clause.now[0]), is_range=True)
    return Spans(clause.now, clause.is_range)


def _averages(words: Words, spans: Spans, source: Source) -> Iterator[Worth]:
    yield from _means(readings(words, source), spans)
    at = spans.only
    if at is None and spans.periods:
        return
    for reading in per(words, source):
        yield from _present(reading.at(at))
    for parts in sums(words, source):
        yield from _mean([one.at(at) for one in parts])


def _means(ways: Iterator[Reading], spans: Spans) -> Iterator[Worth]:
    """Of the periods; of one period alone, as balances are, of its beginning and its end."""
    for reading in ways:
        if len(spans.periods) != 1:
            yield from _mean(reading.over(spans))
        elif reading.lines:
            at = spans.periods[0]
            yield from _mean([reading.at(at.before()), reading.at(at)])


def _mean(row: Sequence[Worth | None]) -> Iterator[Worth]:
    worths = [one for one in row if one is not None]
    if len(worths) == len(row) > 1:
        total = _sum(worths)
        yield replace(total, value=total.value / len(worths))


def _sum(worths: Sequence[Worth]) -> Worth:
    found = tuple(one for worth in worths for one in worth.found)
    return replace(worths[0], value=sum((one.value for one in worths), Decimal(0)), found=found)


def _present(worth: Worth | None) -> Iterator[Worth]:
    if worth is not None:
        yield worth


def _totals(words: Words, spans: Spans, source: Source) -> Iterator[Worth]:
    for parts in sums(words, source):
        rows = [
            one.over(spans) if len(spans.periods) > 1 else [one.at(spans.only)] for one in parts
        ]
        worths = [worth for row in rows for worth in row if worth is not None]
        if all(rows) and len(worths) == sum(map(len, rows)) > 1 and _differ(worths):
            yield _sum(worths)
    if len(spans.periods) < 2:
        yield from _section(words, spans.only, source)


def _differ(worths: Sequence[Worth]) -> bool:
    """Nothing is counted twice."""
    cells = [(id(line.table), cell.row, cell.column, cell.text) for worth in worths
             for cell, line in worth.found]  # fmt: skip
    return len(set(cells)) == len(cells)


def _section(words: Words, period: Period | None, source: Source) -> Iterator[Worth]:
    """All that stands under a heading of that name and has no total of its own."""
    said = frozenset(terms_of(" ".join(one.norm for one in plain(words))))
    by_heading: dict[tuple[str, ...], list[Line]] = {}
    for line in lines_of(source):
        heading = terms_of(line.sections[-1]) if line.sections else ()
        if heading and frozenset(heading) <= said <= line.head_terms | frozenset(heading):
            by_heading.setdefault(line.sections, []).append(line)
    for lines in by_heading.values():
        cells = [(line.at_period(period), line) for line in lines]
        if len(lines) > 1 and all(len(found) == 1 for found, _ in cells):
            found: list[Found] = [(one[0], line) for one, line in cells]
            yield Worth(sum((cell.value for cell, _ in found), Decimal(0)), tuple(found))


def _differences(words: Words, spans: Spans, source: Source) -> Iterator[Worth]:
    """ "The difference in rent between 2018 and 2019", "between rent and repairs", "rent less
    repairs"."""
    rest = past(words, DIFFERENCES)
    if rest is not None:
        rest = rest[1:] if rest[0].norm in ("between", "in") else rest
        if len(spans.periods) == 2:
            for reading in named(rest, source):
                yield from _gap([reading.at(one) for one in spans.periods])
        else:
            for pair in (one for one in lists_of(plain(rest)) if len(one) == 2):
                yield from _apart(pair[0], pair[1], spans, source)
        return
    for at, one in enumerate(words[1:-1], start=1):
        if one.norm in ("less", "minus") and len(spans.periods) < 2:
            yield from _apart(words[:at], words[at + 1 :], spans, source, is_signed=True)


def _apart(
    one: Words, other: Words, spans: Spans, source: Source, *, is_signed: bool = False
) -> Iterator[Worth]:
    for first in islice(named(one, source), 2):
        for second in islice(named(other, source), 2):
            pair = first.at(spans.only), second.at(spans.only)
            if not is_signed:
                yield from _gap(pair)
            elif pair[0] is not None and pair[1] is not None:
                value = pair[0].value - abs(pair[1].value)
                yield Worth(value, (*pair[0].found, *pair[1].found))


def _gap(pair: Sequence[Worth | None]) -> Iterator[Worth]:
    first, last = pair
    if first is not None and last is not None and _differ([first, last]):
        yield Worth(abs(sized(last) - sized(first)), (*first.found, *last.found), is_gap=True)


def _changes(words: Words, spans: Spans, source: Source) -> Iterator[Worth]:
    change = moved(words)
    if change is None:
        return
    for reading in readings(change.of, source):
        pair = _ends(reading, spans)
        if pair is None:
            continue
        first, last = pair
        sign = -1 if change.falls else 1
        rate = change_rate(first, last)
        is_percent = first.found[0][1].is_percent and not first.is_ratio
        if rate is not None and (change.is_rate or not is_percent):
            yield replace(rate, value=sign * rate.value)
        if not change.is_rate or is_percent:
            found = (*last.found, *first.found)
            gap = sign * (sized(last) - sized(first))
            yield replace(first, value=gap, found=found, is_gap=True)


def _ends(reading: Reading, spans: Spans) -> tuple[Worth, Worth] | None:
    """The worth before and after: of the two periods, of one and the year before it, of a line's
    only two."""
    periods = sorted(spans.periods)
    if len(periods) == 1:
        periods = [periods[0].before(), periods[0]]
    if periods:
        row = [reading.at(one) for one in periods]
    else:
        dated = {line.cells for line in reading.lines}
        order = sorted(one for cells in dated for one, _ in cells if one is not None)
        row = [reading.at(one) for one in order] if len(dated) == 1 else []
    if len(row) != 2 or row[0] is None or row[1] is None:
        return None
    return row[0], row[1]


def _compound(words: Words, spans: Spans, source: Source) -> Iterator[Worth]:
    """ "The two-year rent CAGR from 2017 to 2019": the same growth each year."""
    at = next((at for at, one in enumerate(words) if one.norm in _COMPOUND), None)
    if at is None or len(spans.periods) != 2:
        return
    first, last = sorted(spans.periods)
    years = last.year - first.year
    for reading in named(without_count([*words[:at], *words[at + 1 :]]), source):
        ends = reading.at(first), reading.at(last)
        if ends[0] is not None and ends[1] is not None and years > 0:
            ratio = ends[1].value / ends[0].value if ends[0].value else Decimal(0)
            if ratio > 0:
                rate = (ratio ** (Decimal(1) / years) - 1) * _HUNDRED
                yield Worth(rate, (*ends[0].found, *ends[1].found), is_rate=True)


def _singles(words: Words, spans: Spans, source: Source) -> Iterator[Worth]:
    """Shares and growths in their period, or each side in its own."""
    at = spans.only
    for reading in readings(words, source):
        worth = reading.at(at)
        if worth is not None and (not reading.lines or worth.found[0][1].is_percent):
            yield worth
    for reading in per(words, source):
        if at is not None or not spans.periods:
            yield from _present(reading.at(at))


def _shown(figure: Figure, worth: Worth, source: Source, *, is_spent: bool) -> Checked:
    cells = tuple(cell for cell, _ in worth.found)
    cell, line = worth.found[0]
    if worth.is_ratio or worth.is_rate:
        return Checked(_ratio_reasons(figure, worth), cells)
    value = worth.value
    if value * figure.value < 0 and (loses(line) or (is_spent and not worth.is_gap)):
        value = -value
    told = f"{line.name} is {value / cell.figure.scale:,.2f}"
    model = replace(cell, figure=cell.figure._replace(value=value))
    reason = value_reason(figure, model, value, told, line, source, is_gap=worth.is_gap)
    if reason and cell.figure.unit is Unit.PERCENT and figure.unit in (Unit.PLAIN, Unit.TIMES):
        reason = None if figure.shows(value / _HUNDRED, slack=SLACK) else reason
    return Checked((reason,) if reason else (), cells)


def _ratio_reasons(figure: Figure, worth: Worth) -> tuple[Reason, ...]:
    """A ratio may be told as a percentage or as so many times; a loss's share as a positive one."""
    if figure.is_scaled or figure.unit not in (Unit.PERCENT, Unit.PLAIN, Unit.TIMES):
        return (Reason("unit", "It is a ratio.", figure.start, figure.end),)
    actual = worth.value
    if worth.is_ratio and figure.unit is Unit.PERCENT:
        actual *= _HUNDRED
    if worth.is_rate and figure.unit is not Unit.PERCENT:
        return (Reason("unit", "It is a percentage.", figure.start, figure.end),)
    is_shown = figure.shows(actual, slack=SLACK)
    if is_shown or (worth.is_ratio and figure.shows(abs(actual), slack=SLACK)):
        return ()
    return (Reason("value", f"It is {actual:.2f}.", figure.start, figure.end),)
