"""A claim's tokens as clauses. A word with no place in the grammar leaves the claim unread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from summaries.verification.documents.tabular.asking import lists_of
from summaries.verification.documents.tabular.clauses import Clause, Draft, Unread
from summaries.verification.documents.tabular.lexicon import (
    COMPANY,
    LONGEST_VERB,
    REPORTED,
    VERBS,
    Verb,
)
from summaries.verification.documents.tabular.modifiers import (
    JOINS,
    dated,
    modifiers,
    moves,
    ranges,
    split,
)
from summaries.verification.documents.tabular.tokens import Sort, Token

_LONGEST_LEAD = 12
_MAXIMUM = 120  # tokens
_MAXIMUM_VERBS = 6
_MAXIMUM_READINGS = 4


def readings_of(tokens: Sequence[Token]) -> Iterator[list[Clause]]:
    """The clauses of a claim, in each way it reads, likelier ones first; none where part of it
    isn't understood."""
    if not tokens or len(tokens) > _MAXIMUM:
        return
    if sum(1 for at in range(len(tokens)) if _verb_at(tokens, at)[1]) > _MAXIMUM_VERBS:
        return
    lead = Draft(Verb.LEVEL, ())
    at = _lead(tokens, lead)
    for made in islice(_readings(list(tokens[at:])), _MAXIMUM_READINGS):
        clauses = [_with_lead(one, lead) for one in _shared(made)]
        yield clauses
        paired = [other for one in clauses for other in _paired(one)]
        if len(paired) > len(clauses):
            yield paired


def _paired(clause: Clause) -> list[Clause]:
    """ "Rent and repairs were $5 million and $3 million in 2019": each its own figure."""
    count = len(clause.levels)
    if clause.verb is not Verb.LEVEL or count < 2 or len(clause.now) > 1 or clause.start:
        return [clause]
    parts = next((one for one in lists_of(clause.item) if len(one) == count), None)
    if parts is None:
        return [clause]
    return [
        replace(clause, item=tuple(part), levels=(level,), said=())
        for part, level in zip(parts, clause.levels, strict=True)
    ]


def _readings(tokens: list[Token]) -> Iterator[list[Clause]]:
    try:
        yield from _read(tokens, None)
    except Unread:
        return


def _lead(tokens: Sequence[Token], lead: Draft) -> int:
    """The periods a claim opens with: "In 2019,", "Compared with 2018,", "From 2018 to 2019,"."""
    comma = _first_comma(tokens)
    if not comma:
        if tokens[0].period is not None and tokens[0].period.year > 0 and not ranges(tokens[:3]):
            lead.now.append(dated(tokens[0]))
            return 1
        return 0
    if all(one.sort is not Sort.PERIOD for one in tokens[:comma]):
        return 0
    try:
        at = modifiers(list(tokens[:comma]), 0, lead)
    except Unread:
        return 0
    return comma + 1 if at == comma else 0


def _first_comma(tokens: Sequence[Token]) -> int:
    """The one that ends the opening; those of a list of periods don't: "2019, 2018 and 2017,"."""
    for at, one in enumerate(tokens[: _LONGEST_LEAD - 1]):
        if one.norm == "," and not (
            tokens[at - 1].sort is Sort.PERIOD
            and any(other.sort is Sort.PERIOD for other in tokens[at + 1 : at + 3])
        ):
            return at
    return 0


def _read(tokens: list[Token], previous: Draft | None) -> Iterator[list[Clause]]:
    """Every reading of the rest: the verb may be the second word that looks like one."""
    for begun, at in _openings(tokens, previous):
        try:
            upto = modifiers(tokens, at, begun)
        except Unread:
            continue
        if upto >= len(tokens):
            yield [begun.made()]
            continue
        rest = _after_join(tokens, upto)
        if rest is None:
            continue
        for others in _read(tokens[rest:], begun):
            yield [begun.made(), *others]


def _openings(tokens: list[Token], previous: Draft | None) -> Iterator[tuple[Draft, int]]:
    """A clause's item and verb, and where its modifiers begin."""
    reported = _reported(tokens)
    if reported:
        yield reported
    for at in range(1, len(tokens)):
        verb, length = _verb_at(tokens, at)
        if length:
            item, periods = split(tokens[:at])
            if item:
                is_range = ranges(tokens[:at])
                made = Draft(verb, item, now=periods, is_range=is_range, said=tuple(tokens[:at]))
                yield made, at + length
            if item and periods:  # of the name: "notes due 2025"
                yield Draft(verb, tuple(tokens[:at])), at + length
    if previous is not None:
        yield from _elliptical(tokens, previous)


def _reported(tokens: list[Token]) -> tuple[Draft, int] | None:
    """ "The company reported net sales of $5 million"."""
    verb = next((at for at, one in enumerate(tokens[:7]) if one.norm in REPORTED), 0)
    if not verb:
        return None
    subject = [one.norm for one in tokens[:verb]]
    if not all(one in COMPANY for one in subject):
        return None
    return _figure_first(tokens, verb + 1) or _of_figure(tokens, verb + 1)


def _figure_first(tokens: list[Token], begin: int) -> tuple[Draft, int] | None:
    """ "(The company had) $5 million in total revenue", "(spent) $5 million on payroll"."""
    if len(tokens) < begin + 3 or tokens[begin + 1].norm not in ("in", "of", "on"):
        return None
    figure = tokens[begin].figure
    end = begin + 2
    while end < len(tokens) and tokens[end].sort is Sort.WORD and tokens[end].norm not in JOINS:
        end += 1
    item = tuple(tokens[begin + 2 : end])
    if figure is None or not item or (end < len(tokens) and tokens[end].period is None):
        return None
    return Draft(Verb.LEVEL, item, levels=[figure]), end


def _of_figure(tokens: list[Token], begin: int) -> tuple[Draft, int] | None:
    for at in range(begin + 1, len(tokens)):
        if tokens[at].sort is Sort.FIGURE:
            if tokens[at - 1].norm != "of" or at - 1 <= begin:
                return None
            item, periods = split(tokens[begin : at - 1])
            made = Draft(Verb.LEVEL, item, now=periods)
            return made, at
    return None


def _elliptical(tokens: list[Token], previous: Draft) -> Iterator[tuple[Draft, int]]:
    """ "and total assets to $5 million", "and net income of $3 million"."""
    for at, one in enumerate(tokens):
        if one.sort is Sort.FIGURE:
            if at > 1 and tokens[at - 1].norm in ("to", "of", "at", "by"):
                item, periods = split(tokens[: at - 1])
                begin = (
                    at if tokens[at - 1].norm in ("of", "to") and not moves(previous) else at - 1
                )
                if item:
                    yield Draft(previous.verb, item, now=periods), begin
            elif at >= 1:
                item, periods = split(tokens[:at])
                if item:
                    yield Draft(previous.verb, item, now=periods), at
            return


_VERB_LEADS = frozenset(words[0] for words in VERBS)


def _verb_at(tokens: Sequence[Token], at: int) -> tuple[Verb, int]:
    if at < len(tokens) and tokens[at].norm not in _VERB_LEADS:
        return Verb.LEVEL, 0
    for length in range(min(LONGEST_VERB, len(tokens) - at), 0, -1):
        found = VERBS.get(tuple(one.norm for one in tokens[at : at + length]))
        if found:
            return found, length
    return Verb.LEVEL, 0


def _after_join(tokens: list[Token], at: int) -> int | None:
    """Past ", while" and its like; None where the rest doesn't begin so."""
    begin = at
    while at < len(tokens) and (tokens[at].norm in JOINS or tokens[at].norm in (",", ";")):
        at += 1
    return at if begin < at < len(tokens) else None


def _shared(clauses: list[Clause]) -> list[Clause]:
    """A period said once holds for the clauses that name none."""
    now = next((one.now for one in clauses if one.now), ())
    base = next((one.base for one in clauses if one.base), None)
    return [
        replace(
            one,
            now=one.now or now,
            base=one.base or (base if one.moves or one.start is not None else None),
        )
        for one in clauses
    ]


def _with_lead(clause: Clause, lead: Draft) -> Clause:
    made = clause
    if lead.now and not clause.now:
        made = replace(made, now=tuple(lead.now))
    if lead.base and not clause.base:
        made = replace(made, base=lead.base)
    return made
