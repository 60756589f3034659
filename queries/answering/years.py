"""Questions that years answer: in which one something was highest, in which ones it was above a
mark, and how many those are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from queries.answering.frames import spoken
from queries.answering.meaning import is_plainly_meant
from queries.answering.pages import Pages
from queries.answering.printing import amount_of, counted_in
from queries.answering.values import Found
from queries.answering.working import Phrase, Worked, phrase_of
from summaries.verification.documents.figures import Figure, figures_of
from summaries.verification.documents.judging import judge
from summaries.verification.documents.sources import Source
from summaries.verification.documents.tables import Cell
from summaries.verification.documents.tabular.checking import loses
from summaries.verification.documents.tabular.lines import Line
from summaries.verification.documents.tabular.locating import all_of
from summaries.verification.documents.tabular.worths import Worth, named

_LONGEST = 300  # characters
_BE = r"(?:is|was|were|are)"
_MORE = r"(?:higher|highest|larger|largest|greater|greatest|bigger|biggest|most|more|maximum)"
_LESS = r"(?:lower|lowest|smaller|smallest|less|least|fewest|minimum)"
_ABOVE = (
    r"(?:exceed(?:ed|s)?|(?:(?:is|was|were|are)\s+)?(?:more|greater|higher|larger)\s+than"
    r"|(?:(?:is|was|were|are)\s+)?(?:above|over))"
)
_BELOW = (
    r"(?:(?:(?:is|was|were|are)\s+)?(?:less|lower|smaller)\s+than|fall\s+below"
    r"|(?:(?:is|was|were|are)\s+)?(?:below|under))"
)
_MARK = r"(?P<mark>[-$€£(]*\d.*)"


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{pattern})\s*", re.IGNORECASE)


_COUNTS = tuple(
    (_shape(rf"(?:in\s+|for\s+)?how\s+many\s+years\s+(?:(?:did|was|were|has|have)\s+)?"
            rf"(?P<item>.+?)\s+{way}\s+{_MARK}"), is_above)
    for way, is_above in ((_ABOVE, True), (_BELOW, False))
)  # fmt: skip
_PASSING = tuple(
    (_shape(rf"(?:in|for|during)?\s*(?:which|what)\s+years?\s+(?:(?:is|was|were|are|did)\s+)?(?:the\s+)?"
            rf"(?P<item>.+?)\s*{way}\s*{_MARK}"), is_above)
    for way, is_above in ((_ABOVE, True), (_BELOW, False))
)  # fmt: skip
_BETWEEN = r"(?:(?P<when>between\s.+?),\s*)?"
_EXTREMES = tuple(
    (_shape(pattern), is_most)
    for way, is_most in ((_MORE, True), (_LESS, False))
    for pattern in (
        rf"{_BETWEEN}(?:in|for|during)\s+(?:which|what)\s+(?:fiscal\s+)?(?:year|period)\s+"
        rf"(?:{_BE})\s+(?:there\s+a\s+{way}\s+)(?P<item>.+?)",
        rf"{_BETWEEN}(?:in|for|during)\s+(?:which|what)\s+(?:fiscal\s+)?(?:year|period)\s+"
        rf"{_BE}\s+(?:the\s+)?(?P<item>.+?)\s+(?:{_BE}\s+)?(?:the\s+)?{way}",
        rf"{_BETWEEN}(?:which|what)\s+(?:fiscal\s+)?(?:year|period)\s+(?:has|had|have|saw|shows?|showed)\s+"
        rf"(?:the\s+|a\s+)?{way}\s+(?:amount\s+of\s+|number\s+of\s+|value\s+of\s+)?(?P<item>.+?)",
    )
)


@dataclass(frozen=True)
class Yearly:
    """A line's figures, one a year."""

    phrase: Phrase
    line: Line
    cells: tuple[tuple[int, Cell], ...]

    def value(self, cell: Cell) -> Decimal:
        return abs(cell.value) if loses(self.line) else cell.value


def year_asked(question: str, pages: Pages) -> Found | None:
    """None where it asks for no year, or the documents don't say."""
    said = " ".join(question.split()).rstrip("?. ")
    if len(said) > _LONGEST or ("year" not in said.lower() and "period" not in said.lower()):
        return None
    for shapes, told in ((_COUNTS, _count), (_PASSING, _passing), (_EXTREMES, _extreme)):
        for shape, is_up in shapes:
            match = shape.fullmatch(said)
            if match is not None:
                return told(match, is_up, pages)
    return None


def _count(match: re.Match[str], is_above: bool, pages: Pages) -> Found | None:
    passed = _passed(match, is_above, pages)
    if passed is None:
        return None
    yearly, passing = passed
    way = "exceeded" if is_above else "was below"
    item, count = spoken(match["item"]), len(passing)
    cells = [cell for _, cell in yearly.cells]
    texts = (
        f"The number of years in which {item} {way} {match['mark']} was {count}.",
        _each_told(item, yearly, yearly.cells, pages.whole),
    )
    made = [_found(str(count), one, pages, yearly, cells, Decimal(count)) for one in texts if one]
    return next((one for one in made if one.is_supported), made[0])


def _passing(match: re.Match[str], is_above: bool, pages: Pages) -> Found | None:
    passed = _passed(match, is_above, pages)
    if passed is None or not passed[1]:
        return None
    yearly, passing = passed
    text = _each_told(spoken(match["item"]), yearly, passing, pages.whole)
    if not text:
        return None
    years = tuple(str(year) for year, _ in passing)
    found = _found(", ".join(years), text, pages, yearly, [cell for _, cell in passing])
    return replace(found, parts=years)


def _each_told(item: str, yearly: Yearly, cells: Sequence[tuple[int, Cell]], source: Source) -> str:
    """Its figures of those years in one sentence; "" where nothing says how they are counted."""
    printed, years = [], []
    for year, cell in cells:
        worth = Worth(yearly.value(cell), ((cell, yearly.line),))
        amount = amount_of(Worked(worth, "printed"), source, as_percent=False)
        if amount is None:
            return ""
        printed.append(amount.text)
        years.append(str(year))
    if len(years) == 1:
        return f"The {item} in {years[0]} was {printed[0]}."
    return f"The {item} in {listed(years)} was {listed(printed)}, respectively."


def listed(some: Sequence[str]) -> str:
    return f"{', '.join(some[:-1])} and {some[-1]}" if len(some) > 1 else some[0]


def _extreme(match: re.Match[str], is_most: bool, pages: Pages) -> Found | None:
    yearly = _yearly(match["item"], pages)
    if yearly is None:
        return None
    ranked = sorted(yearly.cells, key=lambda one: yearly.value(one[1]), reverse=is_most)
    if yearly.value(ranked[0][1]) == yearly.value(ranked[1][1]):
        return None
    if any(cell.value < 0 for _, cell in ranked):
        return None  # is the larger loss the higher one?
    year, _ = ranked[0]
    way = "highest" if is_most else "lowest"
    text = f"The {spoken(match['item'])} was {way} in {year}."
    found = _found(str(year), text, pages, yearly, [cell for _, cell in ranked])
    return replace(found, parts=(str(year),))


def _passed(
    match: re.Match[str], is_above: bool, pages: Pages
) -> tuple[Yearly, Sequence[tuple[int, Cell]]] | None:
    figures = figures_of(match["mark"])
    yearly = _yearly(match["item"], pages)
    if len(figures) != 1 or yearly is None:
        return None
    mark = _mark(figures[0], yearly, pages.whole)
    if mark is None or (mark >= 0 and any(yearly.value(cell) < 0 for _, cell in yearly.cells)):
        return None  # is a loss below the mark, or its amount above?

    def passes(cell: Cell) -> bool:
        value = cell.value if mark < 0 else yearly.value(cell)
        return value > mark if is_above else value < mark

    return yearly, [one for one in yearly.cells if passes(one[1])]


def _mark(figure: Figure, yearly: Yearly, source: Source) -> Decimal | None:
    """In units of the line's figures; None where it names a scale and they have none, or have one
    and it doesn't."""
    scales = {counted_in(cell, yearly.line, source)[1:] for _, cell in yearly.cells}
    if len(scales) != 1:
        return None
    multiplied, scale = scales.pop()
    if (figure.scale == 1) != (scale == 1):
        return None
    return figure.value / scale * multiplied


def _yearly(item: str, pages: Pages) -> Yearly | None:
    phrase = phrase_of(item)
    if phrase is None or phrase.spans.periods:
        return None
    for reading in named(phrase.item, pages.whole):
        found = all_of(reading.lines)
        if not found:
            continue
        line = reading.lines[0]
        one = Worked(Worth(found[0][0].value, (found[0],)), "printed")
        if is_plainly_meant(one, phrase, pages.whole):
            dated = [(period.year, cell) for period, cell in line.cells if period is not None]
            return Yearly(phrase, line, tuple(sorted(dated, key=lambda pair: -pair[0])))
    return None


def _found(
    answer: str, text: str, pages: Pages, yearly: Yearly, cells: Sequence[Cell],
    value: Decimal | None = None,
) -> Found:  # fmt: skip
    places = (pages.cell(cell, yearly.line) for cell in cells)
    verdict = judge(text, pages.whole).verdict
    return Found(
        answer, text, verdict, value, places=tuple(one for one in places if one is not None)
    )
