"""Questions that words answer: why something moved, what it consists of, how it is determined.

The answer is the shortest part of one sentence that says it; the sentence has to have the words of
the question that carry weight, and to be put as such an answer is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log

from queries.answering.pages import Pages
from queries.answering.values import Found, Place
from summaries.verification.documents.judging import judge
from summaries.verification.documents.seeds import kept_with
from summaries.verification.documents.sources import Sentence, Source
from summaries.verification.documents.tabular.items import VAGUE_TERMS
from summaries.verification.documents.tabular.lines import terms_of

_LONGEST, _LONGEST_QUESTION = 900, 400  # characters
_COVERED, _CLOSE = 0.8, 0.5  # of a question's words, by weight
_LEAST, _MOST_CLOSE = 2, 3  # terms; sentences
_IDLE = VAGUE_TERMS | frozenset(
    terms_of(
        "what why how which who when where is are was were do does did has have had be been being"
        " any there main reason reasons factor factors primarily mainly cause caused drove driver"
        " drivers led lead leading attributed attributable due result company group firm fiscal"
        " year compared during this that these those if not please explain terms some mean"
    )
)
_CAUSE = (
    r"\b(?:due\s+to|driven\s+by|attribut(?:able|ed)\s+to|because\s+of|as\s+an?\s+(?:direct\s+)?result\s+of"
    r"|the\s+result\s+of|result(?:ed|ing|s)?\s+(?:\w+ly\s+)?from|caused\s+by|led\s+by|owing\s+to"
    r"|reflecting|because)\s+(?P<span>.+)"
)
_UP = re.compile(r"\b(?:increas|ris[ei]|rose|grew|grow|higher|improv|greater)\w*", re.IGNORECASE)
_DOWN = re.compile(r"\b(?:decreas|declin|lower|fell|fall|drop|reduc|less)\w*", re.IGNORECASE)


_IS_OR_DOES = "does|do|did|is|are|was|were"


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True)
class Way:
    """``asked``: the question, with what it is ``about``; ``said``: a sentence that answers it, with
    the ``span`` that does."""

    asked: re.Pattern[str]
    said: re.Pattern[str]


def _verb(asked: str, said: str, *, lead: str = "does|do|did") -> Way:
    rest = r"\s*" if lead == _IS_OR_DOES else r".*"
    return Way(
        _shape(rf"what\s+(?:else\s+)?(?:{lead})\s+(?P<about>.+?)\s+{asked}\b{rest}"),
        _shape(rf"\b{said}\s+(?P<span>.+)"),
    )


_WAYS: tuple[Way, ...] = (
    Way(_shape(r"why\s+(?:did|does|do|was|were|is|are|has|have)\s+(?P<about>.+)"), _shape(_CAUSE)),
    Way(
        _shape(
            r"what\s+(?:(?:was|were|is|are)\s+the\s+(?:\w+\s+)?(?:reasons?|causes?|drivers?)\s+(?:for|of|behind)"
            r"|caused|drove|led\s+to|drives|resulted\s+in|contributed\s+to|attributed\s+to)\s+(?P<about>.+)"
        ),
        _shape(_CAUSE),
    ),
    Way(
        _shape(r"what\s+(?:is|are|was|were)\s+(?P<about>.+?)\s+(?:due|attribut\w+|driven|caused)\s*(?:to|by)?"),
        _shape(_CAUSE),
    ),
    _verb(r"(?:consist|comprised?|composed)(?:\s+of)?", r"(?:consist|compris|compos)\w*(?:\s+(?:primarily\s+)?of)?",
          lead=_IS_OR_DOES),
    _verb(r"includ\w*", r"includ\w+"),
    _verb(r"exclud\w*", r"exclud\w+"),
    _verb(r"represents?", r"represents?"),
    _verb(r"(?:relate|related)\s+to", r"relate[sd]?\s+(?:\w+ly\s+)?to"),
    _verb(r"reflects?", r"reflects?"),
    _verb(r"based\s+on", r"based\s+(?:\w+ly\s+)?(?:on|upon)", lead=_IS_OR_DOES),
    _verb(r"refers?\s+to", r"refers?\s+to"),
    _verb(r"denominated\s+in", r"denominated\s+in", lead=_IS_OR_DOES),
    Way(_shape(r"what\s+(?:is|are|was|were)\s+(?:includ|exclud)\w+\s+(?:in|from)\s+(?P<about>.+)"),
        _shape(r"\b(?:includ|exclud)\w+\s+(?P<span>.+)")),
    Way(_shape(r"how\s+(?:is|are|was|were|does|do|did)\s+(?P<about>.+)"),
        _shape(r"^(?P<span>.+\b(?:based|using|by|method|measured|determined|calculated|computed|estimated)\b.+)$")),
)  # fmt: skip


def words_asked(question: str, pages: Pages) -> Found | None:
    """None where it is put in no such way, or no sentence answers it."""
    said = " ".join(question.split()).rstrip("?. ")
    for way in _WAYS if len(said) <= _LONGEST_QUESTION else ():
        asked = way.asked.fullmatch(said)
        if asked is None:
            continue
        for sentence in _nearest(asked["about"], pages.whole, _COVERED):
            span = _span(way, said, sentence)
            if span is not None:
                return _found(sentence, span, pages)
    return None


def close_to(question: str, pages: Pages) -> tuple[Place, ...]:
    """The sentences that say most of the question's words, where they say half of them."""
    nearest = list(_nearest(question[:_LONGEST_QUESTION], pages.whole, _CLOSE))
    return tuple(pages.sentence(one) for one in nearest[:_MOST_CLOSE])


def _span(way: Way, question: str, sentence: Sentence) -> tuple[int, int] | None:
    for one, other in ((_UP, _DOWN), (_DOWN, _UP)):
        if one.search(question) and not other.search(question) and not one.search(sentence.text):
            return None
    match = way.said.search(sentence.text)
    if match is None:
        return None
    start, end = match.span("span")
    return start, start + len(sentence.text[start:end].rstrip(" .;"))


def _found(sentence: Sentence, span: tuple[int, int], pages: Pages) -> Found:
    """Told in the source's own sentence; cited where the span stands."""
    start, end = sentence.start + span[0], sentence.start + span[1]
    verdict = judge(sentence.text, pages.whole).verdict
    place = pages.span(start, end)
    return Found(place.quote, " ".join(sentence.text.split()), verdict, places=(place,))


def _nearest(words: str, source: Source, least: float) -> Iterator[Sentence]:
    """Sentences with at least that share of the words' weight, those with most first."""
    terms = frozenset(terms_of(words)) - _IDLE
    if len(terms) < _LEAST:
        return
    weights = _weights(source)
    whole = sum(weights.get(one, _UNKNOWN) for one in terms)
    ranked = []
    for at, (sentence, said) in enumerate(_sentences(source)):
        share = sum(weights[one] for one in terms & said) / whole
        if share >= least:
            ranked.append((-share, at, sentence))
    yield from (sentence for _, _, sentence in sorted(ranked, key=lambda one: one[:2]))


_UNKNOWN = 4.0  # the weight of a word that the source hasn't


@kept_with
def _sentences(source: Source) -> tuple[tuple[Sentence, frozenset[str]], ...]:
    return tuple(
        (one, frozenset(terms_of(one.text)))
        for one in source.sentences
        if len(one.text) <= _LONGEST and not one.text.rstrip().endswith(":")
    )


@kept_with
def _weights(source: Source) -> Mapping[str, float]:
    """Of a word the more, the fewer sentences have it."""
    counted = Counter(term for _, said in _sentences(source) for term in said)
    count = len(_sentences(source))
    return {term: log(1 + count / number) for term, number in counted.items()}
