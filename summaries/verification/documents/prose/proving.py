"""A claim of results or outlook, proven by one sentence that says all of it.

"q3 sales rose 9 percent to $2.2 billion" needs a sentence with both figures, of sales, the one
as a rise and the other as the level, in the third quarter. What the claim names besides (a
segment, "organic") has to stand in the sentence or beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from summaries.verification.documents.prose import lexicon
from summaries.verification.documents.prose.candidates import holding
from summaries.verification.documents.prose.facts import Fact, Reading, Role
from summaries.verification.documents.prose.matching import Place, difference, same_value
from summaries.verification.documents.prose.mentions import Basis
from summaries.verification.documents.prose.reading import read
from summaries.verification.documents.prose.refuting import otherwise
from summaries.verification.documents.results import (
    Evidence,
    Judged,
    Reason,
    contradicted,
    not_found,
    supported,
)
from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.documents.spells import Kind
from summaries.verification.documents.words import Word

# Of a text in lower case.
_LEAD_NAME = re.compile(
    r"^\s*[a-z][\w.,&' ]{1,60}?(?:\s?[-–—:]+\s+|\s+(?=(?:says|said|sees|expects|reports|reported"
    r"|posts|posted|announces|delivers|q[1-4]|fy|first|second|third|fourth|full|had|has)\b))"
)
_DENIED = re.compile(r"\b(?:not|no|never|neither|nor|without|cannot)\b|n['’]t\b")
# "Sales would have been $5 million": supposed, and no result.
_SUPPOSED = re.compile(
    r"\bwould\s+(?:have\s+(?:been|had|reported|totaled)|be|total|amount|equal|decrease|increase"
    r"|reduce|result)\b|\b(?:hypothetical(?:ly)?|pro\s+forma)\b"
)
_LEADING = 50  # characters
_MOST_FACTS = 12
# A claim of more words than this is no bullet: their order says what a set of them can't.
_MOST_WORDS = 10
_ONLY_SUPPOSED = Reason("unproven", "The source only supposes it.")
_NOWHERE = Reason("value", "No sentence of the source has all these figures.")
_REFUTING = frozenset({"direction", "sign", "basis"})


def prove(claim: Sentence, source: Source) -> Judged:
    if not claim.figures or _DENIED.search(claim.lowered):
        return not_found()
    facts = read(claim.text).facts
    if not facts or len(facts) > _MOST_FACTS:
        return not_found()
    telling = tuple(_telling(claim, facts))
    if len(telling) > _MOST_WORDS:
        return not_found()
    is_outlook = _is_outlook(claim, facts, source)
    against: list[tuple[Reason, Sentence]] = []
    for at in holding([fact.figure for fact in facts], source):
        sentence = source.sentences[at]
        place = Place(source, at, is_outlook)
        if not is_outlook and _is_supposed(sentence, claim):
            against.append((_ONLY_SUPPOSED, sentence))
            continue
        if not _may_hold(facts, sentence):
            against.append((_NOWHERE, sentence))
            continue
        reason = _unproven(claim, telling, read(sentence.text), place)
        if reason is None:
            return supported(_evidence(sentence))
        against.append((reason, sentence))
    other = None if telling else otherwise(facts, source, is_outlook=is_outlook)
    return _refused(against, other)


def _may_hold(facts: Sequence[Fact], sentence: Sentence) -> bool:
    """Whether it has every figure: sooner told than what it says of each."""
    return all(any(same_value(fact.figure, one) for one in sentence.figures) for fact in facts)


def _is_supposed(sentence: Sentence, claim: Sentence) -> bool:
    """Whether what leads to one of the claim's figures supposes it, where the claim doesn't."""
    if not _SUPPOSED.search(sentence.lowered) or _SUPPOSED.search(claim.lowered):
        return False
    values = {one.value for one in claim.figures}
    return any(
        one.value in values
        and _SUPPOSED.search(sentence.lowered, max(0, one.start - _LEADING), one.start)
        for one in sentence.figures
    )


def _refused(
    against: Sequence[tuple[Reason, Sentence]], other: tuple[Reason, Sentence] | None
) -> Judged:
    """With the reason that says most: of the same figure, else of the same thing."""
    refuting = next((one for one in against if one[0].code in _REFUTING), other)
    if refuting:
        return contradicted(refuting[0], evidence=(_evidence(refuting[1]),))
    telling = next((reason for reason, _ in against if reason is not _NOWHERE), _NOWHERE)
    return not_found(telling)


def _evidence(sentence: Sentence) -> Evidence:
    return Evidence(sentence.text, sentence.start, sentence.start + len(sentence.text))


def _is_outlook(claim: Sentence, facts: Sequence[Fact], source: Source) -> bool:
    """By its words, by a range, or by a year that the document doesn't report yet."""
    if lexicon.OUTLOOK.search(claim.lowered) or any(fact.opens for fact in facts):
        return True
    years = [fact.spell.year for fact in facts if fact.spell and fact.role is not Role.PRIOR]
    return bool(source.year) and any(year > source.year for year in years)


def _unproven(
    claim: Sentence, telling: Sequence[Word], reading: Reading, place: Place
) -> Reason | None:
    facts = read(claim.text).facts
    reason = _NOWHERE
    for chosen in _aligned(facts, reading.facts):
        found = _first_difference(facts, chosen, place) or _mixed(facts, chosen, telling, reading)
        if found is None:
            return (
                _unsaid(claim, telling, place)
                or _turned(claim, reading)
                or _compared(claim, reading, place)
            )
        reason = found
    return reason


def _mixed(
    facts: Sequence[Fact], chosen: Sequence[Fact], telling: Sequence[Word], reading: Reading
) -> Reason | None:
    """Two figures of one measure told apart by words alone have to keep their order; and the
    adjusted one of two isn't meant where the claim doesn't say so."""
    for fact, one in zip(facts, chosen, strict=True):
        if not fact.basis and one.basis is Basis.ADJUSTED and _has_plain(one, reading):
            text = f"In the source {one.figure.text} is adjusted."
            return Reason("basis", text, fact.figure.start, fact.figure.end)
    for (fact, one), (other, another) in pairwise(zip(facts, chosen, strict=True)):
        same = _kind(fact) == _kind(other)
        if telling and same and another.figure.start < one.figure.start:
            text = "The source has these figures in another order."
            return Reason("order", text, fact.figure.start, other.figure.end)
    return None


def _has_plain(fact: Fact, reading: Reading) -> bool:
    return any(
        _kind(one) == _kind(fact) and one.basis is not Basis.ADJUSTED for one in reading.facts
    )


def _kind(fact: Fact) -> tuple[str, bool, Role]:
    return fact.measure.name if fact.measure else "", fact.is_per_share, fact.role


def _turned(claim: Sentence, reading: Reading) -> Reason | None:
    """A rise or fall that the claim names beside its figures is one of the sentence's."""
    said = {_way(one) for one in lexicon.TURN.finditer(reading.text)}
    said |= {fact.direction for fact in reading.facts}
    for match in lexicon.TURN.finditer(claim.lowered):
        if _way(match) not in said and match.group() not in lexicon.ALIKE:
            start, end = match.span()
            text = f'The source doesn\'t say "{claim.text[start:end]}".'
            return Reason("direction", text, start, end)
    return None


def _way(match: re.Match[str]) -> int:
    return 1 if match["up"] else -1


def _compared(claim: Sentence, reading: Reading, place: Place) -> Reason | None:
    """The years that the claim compares with are those of the sentence, or the one before."""
    years = {one.year for one in reading.spells}
    if any(one.kind is Kind.PRIOR_YEAR for one in reading.spells) or not any(years):
        years.add(place.source.year - 1)
    for fact in read(claim.text).facts:
        spell = fact.versus
        if spell and spell.year and spell.year not in years:
            text = f"The source doesn't compare with {spell.text}."
            return Reason("period", text, spell.start, spell.end)
    return None


def _aligned(facts: Sequence[Fact], said: Sequence[Fact]) -> Iterator[list[Fact]]:
    """Every choice of one fact of the sentence for each of the claim; a range stays one."""
    options: list[list[int]] = [
        [at for at, one in enumerate(said) if same_value(fact.figure, one.figure)] for fact in facts
    ]
    if not all(options):
        return
    tried = 0
    stack: list[list[int]] = [[]]
    while stack and tried < 64:
        chosen = stack.pop()
        if len(chosen) == len(facts):
            tried += 1
            yield [said[at] for at in chosen]
            continue
        here = len(chosen)
        for at in reversed(options[here]):
            follows = here and facts[here].closes
            if at in chosen or (follows and not _closes(facts, here, chosen[-1], at)):
                continue
            stack.append([*chosen, at])


def _closes(facts: Sequence[Fact], here: int, opened: int, at: int) -> bool:
    """Whether a range of the sentence ends where the claim's does. "A loss of $0.10 to $0.08" may be
    told from its lower end; the other way round it's a mistake."""
    rises = facts[here].figure.value > facts[here - 1].figure.value
    return at == opened + 1 or (rises and at == opened - 1)


def _first_difference(facts: Sequence[Fact], chosen: Sequence[Fact], place: Place) -> Reason | None:
    for fact, one in zip(facts, chosen, strict=True):
        if reason := difference(fact, one, place):
            return reason
    return None


def _unsaid(claim: Sentence, telling: Sequence[Word], place: Place) -> Reason | None:
    """The first word of the claim that the sentence and those beside it don't have."""
    near = place.source.sentences[max(0, place.at - 4) : place.at + 2]
    stems = frozenset().union(*(one.stems for one in near))
    lead = _LEAD_NAME.match(claim.lowered)
    for word in telling:
        if word.stem in stems or not stems.isdisjoint(lexicon.ALIKE.get(word.norm, ())):
            continue
        if lead and word.end <= lead.end() and _names(word, place.source):
            continue
        return Reason("unproven", f'The source doesn\'t say "{word.norm}".', word.start, word.end)
    return None


def _names(word: Word, source: Source) -> bool:
    return re.search(rf"\b{re.escape(word.norm)}\b", source.text, re.IGNORECASE) is not None


def _telling(claim: Sentence, facts: Sequence[Fact]) -> Iterator[Word]:
    """The words that say more than a measure, its basis, its period and its figure."""
    reading = read(claim.text)
    taken = [(fact.measure.start, fact.measure.end) for fact in facts if fact.measure]
    taken += [(one.start, one.end) for one in reading.spells]
    taken += [(fact.figure.start, fact.figure.end) for fact in facts]
    turns = {fact.direction for fact in facts if fact.role is Role.CHANGE}
    for match in lexicon.TURN.finditer(claim.lowered):
        if _way(match) in turns:
            taken.append(match.span())
    for word in claim.words:
        if word.is_stop or word.norm in lexicon.FILLER:
            continue
        if any(start <= word.start < end for start, end in taken):
            continue
        yield word
