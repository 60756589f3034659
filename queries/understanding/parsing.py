"""What one question says by itself, without the conversation around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from llm.masking.vault import PLACEHOLDER
from queries.understanding.listings import Register, unknown_names
from queries.understanding.measures import measures_of
from queries.understanding.values import When
from queries.understanding.whens import Spell, as_of, whens_of
from queries.understanding.words import Hit, Said
from queries.values import LONGEST_QUESTION

# Nobody asks of more at once; what follows in a pasted text is left out.
MOST_STOCKS, MOST_MEASURES, MOST_PERIODS, MOST_TOPIC = 8, 8, 6, 12
_SHAPE = 4_000  # characters that tell the intent

_FORMS = {
    "10-K": re.compile(r"\b(?:10-?ks?|annual reports?)\b", re.IGNORECASE),
    "10-Q": re.compile(r"\b(?:10-?qs?|quarterly reports?)\b", re.IGNORECASE),
    "8-K": re.compile(r"\b(?:8-?ks?|press releases?|earnings releases?)\b", re.IGNORECASE),
}
_KINDS = {
    "filing": re.compile(
        r"\b(?:10-?[kq]s?|8-?ks?|filings?|annual reports?|quarterly reports?|risk factors?"
        r"|management (?:says?|said)|press releases?|earnings releases?)\b",
        re.IGNORECASE,
    ),
    "research": re.compile(
        r"\b(?:research(?! and development)|brokers?|sell[- ]side|research notes?"
        r"|analysts? (?:says?|said|thinks?|wr[io]te|written))\b",
        re.IGNORECASE,
    ),
}
_JOINED = re.compile(
    r"\s*(?:and|also|but|or|what about|how about|what of|same for|now|then|ok(?:ay)?,?(?: and)?|plus)\b",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:it|its|they|their|them|this company|that company|the company|the stock|the same|both|that"
    r"|those|these|he|she)\b",
    re.IGNORECASE,
)
_EMPTY = frozenset(
    """
    a about according actually after again all also am an and any anything are around as ask at be
    been before being but by can company compare compared comparison could current currently did
    discuss do does doing during each else ever explain figure figures filing filings find firm
    first for from get give gives given go going got had has have he her here high him his how i if
    in into is it its just kind know last latest let like main many me mention mentioned mentions
    more most much my need new news next no not now number numbers of off on one only or other our
    out over overall own part past please quarter quarterly question recent regarding report
    reported reports say saying says said see she should show since so some stand state stated
    still stock stocks such summary than thank thanks that the their them then there these they
    thing things think this those through time to today told too under until up us use very was we
    well were what when where whether which while who whose why will with would write written
    wrote year years yearly annual fiscal you your k q tell us much research broker analyst
    analysts note notes document documents s t re ve ll d m vs versus against risk factors
    factor between both during management tell asks asked wants wanted knows compare disclose discloses disclosed talk talks talked comment
    comments warn warns warned describe describes described change changed changes moved move
    """.split()
)
# Beside a figure these say what is wanted of it, and are no part of what it is of.
_ASKING = frozenset(
    """
    amount average balance basis best bigger biggest briefly bring brought buy buying cagr change
    chart compound decline declined decrease decreased develop developed development direction down
    dropped earning end evolution evolve evolved expected expecting fall fallen falling faster
    fastest fell forecast gone good graph greatest grew grow growing grown growth high higher
    highest history hold improve improved improving increase increased increasing invest investment
    large larger largest latest least left less level long low lower lowest main made make makes
    narrowed number pay pays paid per percent percentage performance plot position post posted
    price prediction progress projected quick quickly ranked rate rated rating recommend result
    return rise risen rising rose sell share shares sheet show shrink shrunk size slower smaller
    smallest spend spending spent stock strong stronger summarise summarize sum target term total
    track trend trends turn value weak widen widened widening worse worst worth yield yoy client
    clients better worse recently yesterday happened happen decade fast slow two three four five six
    seven eight nine ten dozen couple several few profitable earns today rough roughly exact exactly
    approximately reached ended ending since clients' quarterly total totals level levels figures
    consensus estimate estimates analysts prepare brief overview company's business current
    """.split()
)


@dataclass(frozen=True)
class Parsed:
    """``text``: as far as its shape is read. ``words``: how many it has."""

    text: str
    stocks: tuple[str, ...]
    measures: tuple[str, ...]
    unheld: tuple[str, ...]
    periods: tuple[When, ...]
    topic: tuple[str, ...]
    forms: tuple[str, ...]
    kinds: tuple[str, ...]
    unknown: tuple[str, ...]
    as_of: date | None
    words: int

    @property
    def is_joined(self) -> bool:
        """Whether it begins as the rest of something said before."""
        return _JOINED.match(self.text) is not None

    @property
    def is_pointing(self) -> bool:
        """Whether it speaks of something without a name."""
        return _POINTING.search(self.text) is not None

    @property
    def has_figures(self) -> bool:
        return bool(self.measures or self.unheld)


def parse(question: str, register: Register) -> Parsed:
    """Of the first LONGEST_QUESTION characters."""
    # What stands for personal data is no word of the question.
    text = PLACEHOLDER.sub(lambda one: " " * len(one[0]), question[:LONGEST_QUESTION])
    said = Said(text)
    shape = said.text[:_SHAPE]
    figures, missing = measures_of(said, {})
    named = register.named(said, _starts(figures) | _starts(missing))
    day = as_of(said.text)
    spells = [one for one in whens_of(said.text) if day is None or not day[1] <= one.start < day[2]]
    taken = _taken(named) | _timed(said, spells, day)
    known, unheld = measures_of(said, dict.fromkeys(taken))
    used = taken | _taken(known) | _taken(unheld)
    return Parsed(
        text=shape,
        stocks=_first([hit.value for hit in named], MOST_STOCKS),
        measures=_first([key for hit in known for key in hit.value], MOST_MEASURES),
        unheld=_first([hit.value for hit in unheld], MOST_MEASURES),
        periods=tuple(dict.fromkeys(one.when for one in spells))[:MOST_PERIODS],
        topic=_first(_topic(said, used, _ASKING), MOST_TOPIC),
        forms=tuple(form for form, shape_of in _FORMS.items() if shape_of.search(shape)),
        kinds=tuple(kind for kind, shape_of in _KINDS.items() if shape_of.search(shape)),
        unknown=_first(
            list(unknown_names(said, used, _starts(known), _EMPTY | _ASKING)), MOST_STOCKS
        ),
        as_of=day[0] if day else None,
        words=len(said.words),
    )


def whole_topic(parsed: Parsed, register: Register) -> tuple[str, ...]:
    """The topic with the names of figures in it, for documents: "warranty costs"."""
    said = Said(parsed.text)
    named = _taken(register.named(said, frozenset()))
    return _first(_topic(said, named | _timed(said, whens_of(said.text), None)), MOST_TOPIC)


def _first(values: Sequence[str], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))[:most]


def _taken(hits: Sequence[Hit[str]] | Sequence[Hit[tuple[str, ...]]]) -> set[int]:
    return {at for hit in hits for at in range(hit.first, hit.last)}


def _starts(hits: Sequence[Hit[str]] | Sequence[Hit[tuple[str, ...]]]) -> set[int]:
    return {hit.first for hit in hits}


def _timed(said: Said, spells: Sequence[Spell], day: tuple[date, int, int] | None) -> set[int]:
    """The words that say when."""
    spans = [(one.start, one.end) for one in spells] + ([(day[1], day[2])] if day else [])
    covered = bytearray(len(said.text))
    for start, end in spans:
        covered[start:end] = b"\1" * (end - start)
    return {at for at, word in enumerate(said.words) if covered[word.start]}


def _topic(said: Said, taken: set[int], asking: frozenset[str] = frozenset()) -> list[str]:
    return [
        word.low
        for at, word in enumerate(said.words)
        if at not in taken
        and word.low not in _EMPTY
        and word.low not in asking
        and len(word.low) > 1
        and not word.low.isdigit()
    ]
