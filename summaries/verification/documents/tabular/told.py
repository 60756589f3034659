"""Measures that a source tells in its prose, as lines with a cell for each period.

"Net rent was $2.0 million and $1.5 million in 2019 and 2018, respectively", "the Company had $2.0
million of unpaid rent as of June 30, 2019", "sales of land of $3 million in 2019, and $4 million in
2018": the figures are of the words that stand right before or after them, whole, and of nothing
less or more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from summaries.verification.documents.figures import Figure, Unit
from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.documents.tables import Cell, Table
from summaries.verification.documents.tabular.lines import Line, terms_of
from summaries.verification.documents.tabular.periods import Period
from summaries.verification.documents.tabular.tokens import Sort, Token, tokens_of

_PROSE = Table("", (), ())
_LONGEST, _MOST_SENTENCES, _MOST_WORDS = 900, 60, 16
_VAGUE = frozenset(
    term
    for term in terms_of(
        "amount value figure due company group total reported approximately recorded recognized"
        " recognised incurred"
    )
)
_LINKS = frozenset(
    "a an the of in on at to for from by with as and or its their our s that which were was is"
    " are be been 's".split()
)
_DENIED = re.compile(
    r"\b(?:not|no|never|neither|would|could|might|if|unless|assuming|pro\s+forma|hypothetical|than)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
_REASON = re.compile(r"\b(?:because|since|as\s+(?:the|their|its|such|these))\b", re.IGNORECASE)
_INITIALS = re.compile(r"\bU\.\s?(S|K)\.(?=\W|$)")
_IS = frozenset(
    "was were is are totaled totalled totaling totalling equaled equalled aggregated aggregating"
    " approximated".split()
)
_ENDS = frozenset(
    "is are was were has have had will which that expected primarily compared when while we it"
    " they because due".split()
)
_BEGINS = frozenset("which that had have has when while where including".split())
_DETERMINERS = frozenset("the our its their a an".split())
_PREPOSITIONS = frozenset("of in on for from under with at by to as".split())
# Before "$5 million of rent" these make it a change, a bound or a base.
_NO_LEVEL = frozenset(
    "by from to than over under least most additional another increase increased decrease decreased"
    " rose fell grew declined exceeding exceed another another's further".split()
)
_NARROWS = frozenset("net excluding before less after plus".split())


_UNSAID = Sentence(0, "")


@dataclass(frozen=True)
class Told(Cell):
    """A figure of the prose."""

    sentence: Sentence = _UNSAID


@dataclass(frozen=True)
class _Group:
    """Figures that are told of one thing: "$2 million, or 3%, and $1 million". ``at``, ``end``:
    tokens."""

    at: int
    end: int
    figures: tuple[Figure, ...]
    own: tuple[Period, ...]  # each figure's, where it is followed by it
    has_aside: bool


def told_line(item: Sequence[Token], source: Source) -> Line | None:
    """The line that the prose tells of an item; None where it tells none."""
    said = names_of(item)
    return _told(frozenset(said.items()), source) if len(said) > 1 else None


def names_of(tokens: Sequence[Token]) -> Counter[str]:
    """The words that tell one thing from another; a letter after a word is a name: "client B"."""
    found: Counter[str] = Counter()
    before = ""
    for one in tokens:
        norm = one.norm.removesuffix("'s")
        is_name = len(norm) == 1 and norm.isalpha() and before and before not in _LINKS
        if one.sort is Sort.WORD and (is_name or norm not in _LINKS):
            for term in terms_of(norm) or (norm,):
                found[term.removesuffix("anc")] += 1
        before = norm if one.sort is Sort.WORD else ""
    for term in _VAGUE:
        found.pop(term, None)
    return found


@lru_cache(maxsize=128)
def _told(said: frozenset[tuple[str, int]], source: Source) -> Line | None:
    named = dict(said)
    cells: list[tuple[Period | None, Cell]] = []
    for sentence in sentences_with(named, source):
        tokens = _tokens(sentence)
        for group in _groups(tokens):
            if any(dict(names_of(one)) == named for one in _phrases(tokens, group)):
                periods = _periods(tokens, group, sentence.text)
                if len(periods) != len(group.figures):
                    continue
                cells += [
                    (period, Told(-1, -1, figure.text, figure, (), sentence))
                    for period, figure in zip(periods, group.figures, strict=True)
                ]
    name = " ".join(sorted(named))
    return Line(_PROSE, -1, name, "", (), tuple(cells)) if cells else None


def sentences_with(names: Iterable[str], source: Source) -> Iterator[Sentence]:
    """The sentences that have each of the words, of those that claim what they say."""
    begins = sorted((one[:5] for one in names), key=len, reverse=True)
    places = source.saying(begins[0]) if begins else ()
    for at in islice(places, _MOST_SENTENCES):
        sentence = source.sentences[at]
        if len(sentence.text) > _LONGEST:
            continue
        lowered = plain(sentence.text).lower()
        if not all(one in lowered for one in begins):
            continue
        if sentence.figures and not _is_denied(sentence):
            yield sentence


def _is_denied(sentence: Sentence) -> bool:
    """Denied or supposed, reasons aside: "... were left out, because they would not count"."""
    last = max(one.end for one in sentence.figures)
    reason = _REASON.search(sentence.text, last)
    said = sentence.text[: reason.start()] if reason else sentence.text
    return _DENIED.search(said) is not None


def plain(text: str) -> str:
    """ "U.S." as one word."""
    return _INITIALS.sub(r"U\1", text) if "U." in text else text


@lru_cache(maxsize=1024)
def _tokens(sentence: Sentence) -> tuple[Token, ...]:
    return tuple(tokens_of(Sentence(0, plain(sentence.text))))


def _groups(tokens: Sequence[Token]) -> Iterator[_Group]:
    at = 0
    while at < len(tokens):
        figure = tokens[at].figure
        if figure is None or not _is_told(figure):
            at += 1
            continue
        group = _group(tokens, at, figure)
        yield group
        at = group.end


def _is_told(figure: Figure) -> bool:
    """With its unit and scale, or in full: a bare number in a sentence may be anything."""
    if figure.unit in (Unit.MONEY, Unit.PLAIN, Unit.SHARES) and "," in figure.text:
        return True
    return figure.unit is Unit.PERCENT or (
        figure.is_scaled and figure.unit in (Unit.MONEY, Unit.PLAIN, Unit.SHARES)
    )


def _group(tokens: Sequence[Token], at: int, first: Figure) -> _Group:
    begin, end, figures = at, at + 1, [first]
    own: list[Period] = []
    has_aside = False
    at += 1
    while at < len(tokens):
        one = tokens[at]
        before = tokens[at - 1]
        if one.figure is not None and before.norm == "or" and one.figure.unit is not first.unit:
            has_aside, end = True, at + 1
        elif (
            one.figure is not None and one.figure.unit is first.unit and before.norm in ("and", ",")
        ):
            figures.append(one.figure)
            end = at + 1
        elif one.period is not None and tokens[at - 1].figure is not None:
            if len(own) + 1 == len(figures):
                own.append(one.period)
        elif one.norm not in (",", "and", "or") or (
            one.norm == "or" and not (at + 1 < len(tokens) and tokens[at + 1].figure)
        ):
            break
        at += 1
    return _Group(begin, end, tuple(figures), tuple(own), has_aside)


def _phrases(tokens: Sequence[Token], group: _Group) -> Iterator[Sequence[Token]]:
    yield from _after(tokens, group)
    yield from _before(tokens, group)


def _after(tokens: Sequence[Token], group: _Group) -> Iterator[Sequence[Token]]:
    """ "$5 million of rent", "$5 million is reflected as rent"."""
    if group.at and tokens[group.at - 1].norm in _NO_LEVEL:
        return
    if group.has_aside or group.end >= len(tokens):
        return
    first = tokens[group.end]
    begin = group.end + (first.norm in ("of", "in", "was", "were", "is", "are"))
    at = begin
    while at < len(tokens) and at - begin < _MOST_WORDS:
        one = tokens[at]
        is_joined = one.norm == "and" and at + 1 < len(tokens) and tokens[at + 1].figure is not None
        if one.sort in (Sort.FIGURE, Sort.PERIOD) or one.norm in ",;()" or is_joined:
            break
        if one.norm in _ENDS and at > begin:
            break
        at += 1
    yield tokens[begin:at]


def _before(tokens: Sequence[Token], group: _Group) -> Iterator[Sequence[Token]]:
    """ "Rent was $5 million", "purchases of land of $5 million"."""
    if not group.at or not _is_whole(tokens, group):
        return
    joint = tokens[group.at - 1]
    to_figure = joint.norm == "to" and tokens[group.at - 2].norm in ("amounted", "equal")
    if joint.norm not in _IS and joint.norm != "of" and not to_figure:
        return
    at = end = _before_aside(tokens, group.at - (2 if to_figure else 1))
    while at and end - at < _MOST_WORDS + 8:
        one = tokens[at - 1]
        if one.sort is Sort.FIGURE or one.norm in ";:()" or one.norm in _BEGINS:
            break
        if one.norm == "," and not _beside_period(tokens, at - 1):
            break
        at -= 1
        is_noun = one.norm in _DETERMINERS and _opens(tokens, at)
        if at and joint.norm == "of" and is_noun:
            yield _words(tokens[at:end])
    words = _words(tokens[at:end])
    yield words
    half = len(words) // 2
    if half and [one.norm for one in words[:half]] == [one.norm for one in words[half:]]:
        yield words[half:]  # below a heading of the same words


def _before_aside(tokens: Sequence[Token], end: int) -> int:
    """Where "rent, including that of land, was" says what it is of: before the first comma."""
    if not end or tokens[end - 1].norm != ",":
        return end
    for at in range(end - 2, max(0, end - _MOST_WORDS) - 1, -1):
        if tokens[at].sort is not Sort.WORD and tokens[at].norm != ",":
            break
        if tokens[at].norm == ",":
            return at if tokens[at + 1].norm in ("including", "which") else end
    return end


def _opens(tokens: Sequence[Token], at: int) -> bool:
    """Whether an article begins a thing of its own: "and the sales", "because of the sales"."""
    if at < 1 or tokens[at - 1].norm not in _PREPOSITIONS:
        return True
    return at > 1 and tokens[at - 2].norm in ("because", "due", "result")


def _is_whole(tokens: Sequence[Token], group: _Group) -> bool:
    """Whether nothing after the figures narrows what they are of: "was $5 million higher"."""
    rest = tokens[group.end :]
    if not rest or rest[0].period is not None or rest[0].norm in (";", ")", "and"):
        return True
    if rest[0].norm == ",":
        return len(rest) < 2 or rest[1].norm not in _NARROWS
    return group.has_aside and rest[0].norm == "of"


def _beside_period(tokens: Sequence[Token], at: int) -> bool:
    beside = tokens[max(0, at - 1)], tokens[min(at + 1, len(tokens) - 1)]
    return any(one.period is not None for one in beside)


def _words(tokens: Sequence[Token]) -> Sequence[Token]:
    return [one for one in tokens if one.sort is Sort.WORD]


def _periods(tokens: Sequence[Token], group: _Group, text: str) -> Sequence[Period]:
    """One for each figure: its own; the only one of the sentence; those of a list as long, where
    the sentence says that they belong together in order."""
    if len(group.own) == len(group.figures) and _is_each(tokens, group):
        return group.own
    rows = _rows(tokens)
    if len(group.figures) == 1:
        named = {one for row in rows for one in row}
        return tuple(named) if len(named) == 1 else _next(tokens, group)
    lists = {row for row in rows if len(row) == len(group.figures)}
    if len(lists) != 1 or "respectively" not in text.lower():
        return ()
    return next(iter(lists))


def _next(tokens: Sequence[Token], group: _Group) -> Sequence[Period]:
    """The one that stands between the figure and the next, where each figure has one so."""
    places = [at for at, one in enumerate(tokens) if one.figure is not None]
    after: dict[int, list[Period]] = {}
    for at, end in zip(places, [*places[1:], len(tokens)], strict=True):
        after[at] = [one.period for one in tokens[at:end] if one.period is not None]
    if any(one.period is not None for one in tokens[: places[0]]):
        return ()
    return after[group.at] if all(len(one) == 1 for one in after.values()) else ()


def _is_each(tokens: Sequence[Token], group: _Group) -> bool:
    """Whether no figure is followed by a list of periods, which would be of all of them."""
    if len(group.figures) > 1:
        return True
    rest = tokens[group.end : group.end + 4]
    return sum(one.period is not None for one in rest) == 1


def _rows(tokens: Sequence[Token]) -> list[tuple[Period, ...]]:
    """The sentence's periods, in the lists that they stand in."""
    rows: list[list[Period]] = []
    last = -9
    for at, one in enumerate(tokens):
        if one.period is None or one.period.year < 0:
            continue
        between = tokens[last + 1 : at]
        if rows and at - last <= 3 and all(other.norm in (",", "and") for other in between):
            rows[-1].append(one.period)
        else:
            rows.append([one.period])
        last = at
    return [tuple(row) for row in rows]
