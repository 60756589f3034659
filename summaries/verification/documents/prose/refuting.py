"""What the source says instead, where it says another figure of the very same thing.

"q3 sales $1.5 billion" against "Third quarter sales were $1.4 billion": the same measure, basis,
role and period, said outright, in one unit, but another amount.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from summaries.verification.documents.prose.facts import Fact
from summaries.verification.documents.prose.matching import Place, difference, same_value
from summaries.verification.documents.prose.reading import read
from summaries.verification.documents.results import Reason
from summaries.verification.documents.sources import Sentence, Source

_MOST = 16
_PART = re.compile(r"\b(?:segment|division|business|group|region|unit|brand)s?\b")  # in lower case
_DIGIT = re.compile(r"\d")


def otherwise(
    facts: Sequence[Fact], source: Source, *, is_outlook: bool
) -> tuple[Reason, Sentence] | None:
    """The first sentence that says another figure of the claim's first measure and period."""
    fact = next((one for one in facts if one.measure and (one.spell or one.loose)), None)
    if fact is None or fact.opens or fact.closes:
        return None
    for at in _naming(fact, source):
        place = Place(source, at, is_outlook)
        alike = [one for one in read(source.sentences[at].text).facts if _is_same(fact, one, place)]
        if len(alike) == 1 and not same_value(fact.figure, alike[0].figure):
            text = f"The source says {alike[0].figure.text} of it."
            figure = fact.figure
            return Reason("value", text, figure.start, figure.end), source.sentences[at]
    return None


def _naming(fact: Fact, source: Source) -> Iterator[int]:
    """Indexes of the sentences with the measure's last word, a figure and a period."""
    name = fact.measure.text.lower().split()[-1] if fact.measure else ""
    found = 0
    for at in source.saying(name):
        sentence = source.sentences[at]
        if _DIGIT.search(sentence.text):
            if sentence.spells and not _PART.search(sentence.lowered):
                yield at
            found += 1
            if found == _MOST:
                return


def _is_same(fact: Fact, said: Fact, place: Place) -> bool:
    if said.spell is None or said.basis is not fact.basis or said.figure.unit != fact.figure.unit:
        return False
    return difference(replace(fact, direction=0), said, place) is None
