"""The lines of a source's tables: for each measure its cells by period, whichever way a table
lies.

Periods may head the columns, with measures in the rows, or stand in the rows, with measures in the
columns. A line is a measure: the words of a row's label and of its column's head without their
periods, under the headings above it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from summaries.verification.documents.figures import Unit
from summaries.verification.documents.seeds import kept_with
from summaries.verification.documents.sources import Source
from summaries.verification.documents.spells import Kind, Spell, spells_of
from summaries.verification.documents.tables import Cell, Column, Table
from summaries.verification.documents.tabular.periods import Period, closeness, period_of, years_of
from summaries.verification.documents.tabular.statements import statements_of
from summaries.verification.documents.words import stem

_TERM = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)?|\d+(?:[.,]\d+)*|%|&|/")
_NOTES = re.compile(
    r"\(\s*(?:\d{1,2}|[a-z]|\*+|i{1,3}|iv|v)\s*\)|\*+|\[\w{1,2}\]|(?<=[a-z)])\d{1,2}(?=\s*$)"
    r"|\(\s*(?:note|see)[^)]*\)|(?<=\s)\(?\d\)?\s*$",
    re.IGNORECASE,
)
_NON = re.compile(r"\bnon[\s-]+(?=[a-z])")
_LONGEST = 400  # of a label
_RANKED = re.compile(r"\b(?:level|tier|stage|class|phase|category|series)\s\d\s*$", re.I)
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z])")  # "YearEnded"
_ASIDE = re.compile(r"\(([^()]*)\)")
_NET_OF = re.compile(
    r",?\s*\b(?:net of|less)\s+(?:\w+\s+){0,3}(?:allowance|accumulated|reserve)s?\b.*"
)
_KEEPS = re.compile(r"^\s*(?:excluding|including|before|after|excl|incl|net\s+of)\b", re.IGNORECASE)
_UNITS = re.compile(
    r"\(\s*(?:[$€£¥]|in\b|u\.?s\.?\s?\$?|usd|eur|gbp|rmb|euros?|dollars|millions?|thousands?|billions?|%|'?000)"
    r"[^()]*\)|[$€£¥]\s?(?:'?000s?|millions?|thousands?|billions?|m|bn|k)\b"
    r"|,?\s*\bin\s+(?:\w+\s+)?(?:of\s+)?(?:thousands|millions|billions)\b[^,;)]*",
    re.IGNORECASE,
)
_LINKS = frozenset(
    "a an the of in on at to for from by with as and or its their our s 's & /".split()
)
_FRAME = frozenset(
    "year years end ended ending fiscal month months three six nine twelve three quarter period"
    " thousand thousands million millions billion billions usd dollars euro euros unaudited audited"
    " december january february march april may june july august september october november dec jan"
    " feb mar apr jun jul aug sep sept oct nov note notes restated reported k m except per share"
    " shares data amounts share as-reported actual approximately date dates full".split()
)


def terms_of(text: str, *, without: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The stems of the words and numbers that carry meaning, in order. "non-current" is one."""
    return _kept_terms(text, without) if len(text) <= _LONGEST else _terms(text, without)


def _terms(text: str, without: frozenset[str]) -> tuple[str, ...]:
    said = text.lower().replace("’", "'")
    if "non" in said:
        said = _NON.sub("non", said)
    skipped = _LINKS | without if without else _LINKS
    return tuple([_term(one) for one in _TERM.findall(said) if one not in skipped])


_kept_terms = lru_cache(maxsize=8192)(_terms)


@lru_cache(maxsize=16_384)
def _term(word: str) -> str:
    if word == "%" or word in ("percent", "percentage"):
        return "%"
    return stem(word)


def counted(terms: Sequence[str]) -> frozenset[str]:
    """As a set that knows how often: the second "tax" is "tax#2"."""
    once = frozenset(terms)
    if len(once) == len(terms):
        return once
    seen: Counter[str] = Counter()
    made: set[str] = set()
    for term in terms:
        seen[term] += 1
        made.add(term if seen[term] == 1 else f"{term}#{seen[term]}")
    return frozenset(made)


@dataclass(frozen=True)
class Label:
    """``must``: terms that a claim has to name; ``may``: those in brackets, that it may leave out.
    ``sign``: -1 where a positive figure of the claim is a negative one here ("net loss" in the line
    "net income (loss)"), 1 where it has to be positive, 0 where the line decides."""

    must: frozenset[str]
    may: frozenset[str] = frozenset()
    sign: int = 0


Dated = tuple[Period | None, Cell]


@dataclass(frozen=True, eq=False)
class Line:
    table: Table
    at: int
    label: str
    head: str
    sections: tuple[str, ...]
    cells: tuple[Dated, ...]

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        return _labels(self.label)

    @cached_property
    def head_terms(self) -> frozenset[str]:
        return head_terms(self.head)

    @cached_property
    def section_terms(self) -> frozenset[str]:
        return frozenset(terms_of(" ".join(self.sections)))

    @cached_property
    def all_terms(self) -> frozenset[str]:
        return frozenset(terms_of(self.label))

    @cached_property
    def is_percent(self) -> bool:
        units = {cell.figure.unit for _, cell in self.cells}
        return bool(units) and units <= {Unit.PERCENT, Unit.POINTS}

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.label.strip(), self.head.strip()))).strip()

    def at_period(self, period: Period | None) -> tuple[Cell, ...]:
        """The cells of that period, of the closest; all of them where none is asked for."""
        if period is None:
            return tuple(cell for _, cell in self.cells)
        ranked = [(closeness(period, one), cell) for one, cell in self.cells if one is not None]
        best = max((rank for rank, _ in ranked), default=0)
        return tuple(cell for rank, cell in ranked if rank == best) if best else ()


@kept_with
def lines_of(source: Source) -> tuple[Line, ...]:
    """Of its tables, and of the statements that stand in its text."""
    tables = (*source.tables, *statements_of(source))
    return tuple(line for table in tables for line in _of_table(table))


@kept_with
def lines_by_term(source: Source) -> dict[str, tuple[Line, ...]]:
    """Lines by one term of each of their labels, or of their heads where the label has none."""
    found: dict[str, dict[int, Line]] = defaultdict(dict)
    for line in lines_of(source):
        for label in line.labels:
            named = min(label.must, default="") or min(line.head_terms, default="")
            found[named][id(line)] = line
    return {term: tuple(lines.values()) for term, lines in found.items()}


@lru_cache(maxsize=16_384)
def head_terms(head: str) -> frozenset[str]:
    """Of a column's head, without what only leads to a period or a unit."""
    said = head[:_LONGEST]
    plain = _GLUED.sub(
        " ", _UNITS.sub(" ", said if _RANKED.search(said) else _NOTES.sub(" ", said))
    )
    return frozenset(terms_of(plain, without=_FRAME))


def _of_table(table: Table) -> Iterator[Line]:
    """A table's cells in lines. Columns of changes are no measures."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Dated]] = {}
    first: dict[tuple[str, str, tuple[str, ...]], int] = {}
    heads: dict[tuple[str, str, tuple[str, ...]], str] = {}
    corner = tuple(spells_of(table.caption))
    columns = {one.at: _Measured.of(one) for one in table.columns if not _is_no_measure(one)}
    for row in table.rows:
        own = tuple(spells_of(row.label))
        for at, cell in row.cells.items():
            if at not in columns:
                continue
            column = columns[at]
            label = row.label if column.is_dated else _without(row.label, own)
            key = (label, column.terms, row.sections)
            heads.setdefault(key, column.head)
            period = _period(cell, row.label, corner) or column.years
            groups.setdefault(key, []).append((period, cell))
            first.setdefault(key, row.at)
    for key, cells in groups.items():
        for kind in _kinds(cells):
            yield Line(table, first[key], key[0], heads[key], key[2], tuple(kind))


@dataclass(frozen=True)
class _Measured:
    """What a column is of, without its periods. ``years``: of "2020 - 2024"."""

    head: str
    terms: str
    is_dated: bool
    years: Period | None

    @classmethod
    def of(cls, column: Column) -> _Measured:
        is_dated = bool(column.spells)
        head = _without(column.head, column.spells) if is_dated else column.head
        terms = " ".join(sorted(head_terms(head)))
        return cls(head, terms, is_dated, years_of(column.head))


def _is_no_measure(column: Column) -> bool:
    """Of changes, or of several years."""
    years = {one.year for one in column.spells if one.year}
    is_change = column.is_change and not column.spells
    return is_change or (len(years) > 1 and years_of(column.head) is None)


def _kinds(cells: list[Dated]) -> list[list[Dated]]:
    """Amounts, and their percentages of a total that stand beside them under the same periods."""
    rates = [one for one in cells if one[1].figure.unit is Unit.PERCENT]
    amounts = [one for one in cells if one[1].figure.unit is not Unit.PERCENT]
    if {period for period, _ in rates}.isdisjoint(period for period, _ in amounts):
        return [cells]
    return [amounts, rates]


def _without(text: str, spells: tuple[Spell, ...]) -> str:
    """Text without its dated spells; what only leads to them ("Years ended") is dropped too."""
    rest = text
    for one in reversed(spells):
        if one.kind is not Kind.FULL_YEAR and rest[one.start : one.end] == one.text:
            rest = rest[: one.start] + " " + rest[one.end :]
    return " ".join(rest.split()).strip(" ,")


def _period(cell: Cell, label: str, corner: tuple[Spell, ...]) -> Period | None:
    made = period_of(cell.spells)
    if made is None:
        return years_of(label)
    if not made.count:
        months = {one.count for one in corner if one.count}
        if len(months) == 1:
            made = Period(made.year, made.month, made.day, made.quarter, made.half, months.pop())
    return made


@lru_cache(maxsize=16_384)
def _labels(label: str) -> tuple[Label, ...]:
    plain = _UNITS.sub(" ", label[:_LONGEST]).strip()
    plain = plain if _RANKED.search(plain) else _NOTES.sub(" ", plain).strip()
    made = [Label(counted(terms_of(plain)))]
    if not _BOTH.search(plain):
        made.append(_label(plain, 0))
    bare = re.sub(r"^(?:less|plus|add)\s*:\s*", "", plain, flags=re.IGNORECASE)
    if bare != plain:
        made.append(_label(bare, 0))
    made += _signed(plain)
    if _NET_OF.search(plain):
        made.append(_label(_NET_OF.sub(" net", plain), 0))
    return tuple(dict.fromkeys(made))


def _label(label: str, sign: int) -> Label:
    """Short brackets may be left out, but not those that say what isn't in."""
    must, may = label, ""
    for match in _ASIDE.finditer(label):
        if not _KEEPS.match(match[1]) and len(match[1].split()) <= 5:
            must = must.replace(match.group(), " ")
            may += " " + match[1]
    return Label(counted(terms_of(must)), frozenset(terms_of(may)), sign)


_GAINS = r"income|earnings|profits?|gains?|margin|result|benefit|credit"
_LOSSES = r"loss(?:es)?|expenses?|provision(?:\s+for)?|costs?|deficit|charges?"
# What stands in brackets is printed as a negative: "income (loss)", "expense (benefit)".
_BOTH = re.compile(
    rf"\b(?P<a1>{_GAINS}|{_LOSSES})\s*/?\s*\(\s*(?P<b1>{_LOSSES}|{_GAINS})\s*\)"
    rf"|\(\s*(?P<b2>{_LOSSES}|{_GAINS})\s*\)\s*/?\s*(?P<a2>{_GAINS}|{_LOSSES})\b"
    rf"|\b(?P<a3>{_GAINS})\s*/\s*(?P<b3>{_LOSSES})\b",
    re.IGNORECASE,
)
_FLOWS = re.compile(
    r"\b(?P<one>provided|used|generated|from)(?P<by>\s+(?:by|in|for))?\s*/?\s*\(\s*(?:used|provided)(?:\s+(?:in|by|for))?\s*\)"
    r"(?:\s*/?\s*(?:provided\s+by|used\s+in))?|\(\s*used(?:\s+in|\s+for)?\s*\)\s*/?\s*provided(?:\s+by)?",
    re.IGNORECASE,
)
_FLOW = re.compile(r"\b(?:provided\s+by|generated\s+(?:by|from)|from|used\s+(?:in|for))\b", re.I)


def _signed(label: str) -> list[Label]:
    """ "Net income (loss)" is also "net income" where positive, "net loss" where negative."""
    made: list[Label] = []
    match = _BOTH.search(label)
    if match:
        plus = match["a1"] or match["a2"] or match["a3"]
        minus = match["b1"] or match["b2"] or match["b3"]
        for word, sign in ((plus, 1), (minus, -1)):
            made.append(_label(label[: match.start()] + word + label[match.end() :], sign))
    elif gain_only := re.search(rf"\b(?:{_GAINS})\b", label, re.IGNORECASE):
        made.append(_label(label[: gain_only.start()] + "loss" + label[gain_only.end() :], -1))
    made += _flows(label)
    return made


def _flows(label: str) -> list[Label]:
    if "cash" not in label.lower() or "activit" not in label.lower():
        return []
    match = _FLOWS.search(label) or _FLOW.search(label)
    if not match:
        return []
    made = []
    only_used = _FLOWS.search(label) is None and match.group().lower().startswith("used")
    for word, sign in (("provided by", 1), ("used in", -1)):
        if only_used:
            sign = 0 if sign < 0 else 2
        changed = label[: match.start()] + word + label[match.end() :]
        if sign != 2:
            made.append(_label(changed, sign))
    return made
