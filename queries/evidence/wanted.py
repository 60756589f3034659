"""What a question's words name: measures, periods, kinds of source, and what is left of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from summaries.verification.documents.spells import Kind, Spell, spells_of
from summaries.verification.documents.words import stems_of
from summaries.verification.names import MEASURES
from summaries.verification.terms import Negated, Plain, Quotient, Term

LONGEST_PHRASE = max(len(phrase.split()) for phrase in MEASURES)
_WORD = re.compile(r"[a-z0-9&]+(?:[-'’/][a-z0-9&]+)*")
# Names of measures that in a question are as often words of other things.
_AMBIGUOUS = frozenset(
    "operations loss losses premium claims lending rent rents taxes assets".split()
)
_MARGIN = "gross_margin", "operating_margin", "net_margin"
_LOOSE = {"margin": _MARGIN, "margins": _MARGIN, "profitability": _MARGIN, "profitable": _MARGIN,
          "cashflow": ("operating_cash_flow", "free_cash_flow"),
          "cash flow": ("operating_cash_flow", "free_cash_flow"),
          "cash flows": ("operating_cash_flow", "free_cash_flow"),
          "leverage": ("borrowings", "equity", "cash")}  # fmt: skip
# What says how a thing is asked for, and nothing of the thing.
_ASKING = stems_of(
    "what which who whom whose when where why how many much tell say says said explain describe"
    " discuss discussed give show list find name know please compare compared comparison versus vs"
    " against between difference differ look looked like trend trends trended trending develop"
    " developed development evolve evolved move moved moving change changed changes grow grew growth"
    " growing rise rose risen fall fell fallen increase increased decrease decreased decline declined"
    " high higher highest low lower lowest latest last recent recently current currently year years"
    " quarter quarters quarterly annual annually fiscal month months period past previous prior next"
    " ago earlier over time history historical since past report reported reports filing filings"
    " file filed 10-K 10-Q company companies stock stocks firm firms business document documents"
    " source sources amount level figure figures number numbers total percent percentage rate do did"
    " does done mention mentions mentioned about regarding concerning according main"
    " key major important briefly summary summarise summarize overview good bad well going doing come"
    " came happen happened make made one two three four five six"
    " seven eight nine ten several few end ended ending begin beginning see sees seen matter matters"
    " stand stands stood bring brings brought drive drives drove driven driver drivers"
    " cause causes caused reason reasons affect affects affected effect effects impact impacts"
    " impacted still get gets got want need know there their thanks think research analyst analysts broker brokers street note"
    " notes factset consensus estimate estimates"
)
_RESEARCH = re.compile(
    r"\b(?:research|analysts?|brokers?|sell[\s-]side|street|notes?|rating|price target|target price)\b",
    re.I,
)
_MARKET = re.compile(
    r"\b(?:factset|consensus|estimates?|expected|expect|price|prices|closed?|shares? trad\w+|market cap)\b",
    re.I,
)
_FILED = re.compile(r"\b(?:10-?[KQ]|8-?K|20-?F|filings?|filed|annual report|sec)\b", re.I)
_SOURCE = re.compile(rf"{_RESEARCH.pattern}|{_FILED.pattern}|\bfactset\b", re.I)
_HISTORY = re.compile(
    r"\b(?:trends?|trended|history|historical(?:ly)?|over time|past (?:few|several|three|four|five|ten|\d+)"
    r"|last (?:few|several|three|four|five|ten|\d+)|since (?:19|20)\d\d|each year|every year|years)\b",
    re.I,
)
_BACK = re.compile(
    r"\b(?:last|past|previous)\s+(two|three|four|five|six|seven|eight|nine|ten|\d{1,2})\s+(?:fiscal\s+)?years",
    re.I,
)
_COUNTS = {
    word: n for n, word in enumerate("two three four five six seven eight nine ten".split(), 2)
}
MOST_YEARS = 10
_COUNT = re.compile(r"\bhow\s+(?:many|much)\b|\bnumber\s+of\b|\bwhat\s+(?:percent|share)", re.I)
_QUARTERLY = re.compile(r"\b(?:quarter(?:s|ly)?|Q[1-4])\b", re.I)
_PERIODS = (Kind.YEAR, Kind.QUARTER, Kind.PRIOR_YEAR, Kind.PRIOR_QUARTER)


@dataclass(frozen=True)
class Wanted:
    """``measures``: keys of the catalogue, in the question's order. ``left``: stems of the words
    that name neither measure nor period nor company: what a passage must speak of. ``search``:
    the question without names of companies and of kinds of source, which passages don't say."""

    measures: tuple[str, ...]
    spells: tuple[Spell, ...]
    left: frozenset[str]
    search: str = ""
    is_history: bool = False
    years_back: int = 0  # "the past three years"; 0 where no number is said
    is_quarterly: bool = False
    asks_count: bool = False  # "how many": nothing without a number answers
    names_research: bool = False
    names_market: bool = False
    names_filings: bool = False

    @property
    def years(self) -> frozenset[int]:
        """Fiscal years that are named, of quarters too."""
        return frozenset(one.year for one in self.spells if one.year and one.kind in _PERIODS)


def wanted(question: str, names: Iterable[str] = ()) -> Wanted:
    """``names``: of the companies asked about, with their tickers; they say nothing of the matter."""
    text = question.replace("’", "'")
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}(?:'s)?(?!\w)", " ", text, flags=re.I)
    spells = tuple(spells_of(text))
    bare = text
    for one in reversed(spells):
        bare = bare[: one.start] + " " * (one.end - one.start) + bare[one.end :]
    measures, rest = _measures(bare.lower())
    return Wanted(
        measures,
        spells,
        frozenset(stems_of(rest) - _ASKING),
        _search(text) or question,
        is_history=_HISTORY.search(text) is not None,
        years_back=_years_back(text),
        is_quarterly=_QUARTERLY.search(text) is not None,
        asks_count=_COUNT.search(text) is not None,
        names_research=_RESEARCH.search(text) is not None,
        names_market=_MARKET.search(text) is not None,
        names_filings=_FILED.search(text) is not None,
    )


def _search(text: str) -> str:
    bare = _SOURCE.sub(" ", text)
    return " ".join(bare.split()) if stems_of(bare) - _ASKING else ""


def _years_back(text: str) -> int:
    found = _BACK.search(text)
    if found is None:
        return 0
    count = _COUNTS.get(found[1].lower()) or int(found[1])
    return min(max(count, 1), MOST_YEARS)


def _measures(text: str) -> tuple[tuple[str, ...], str]:
    """Keys, and the text without their names; the longest name first, as the verifier reads."""
    words = list(_WORD.finditer(text))
    keys: dict[str, None] = {}
    rest, at = text, 0
    while at < len(words):
        size = next((n for n in range(min(LONGEST_PHRASE, len(words) - at), 0, -1)
                     if _keys(_phrase(words[at : at + n]))), 0)  # fmt: skip
        if size:
            keys |= dict.fromkeys(_keys(_phrase(words[at : at + size])))
            start, end = words[at].start(), words[at + size - 1].end()
            rest = rest[:start] + " " * (end - start) + rest[end:]
        at += size or 1
    return tuple(keys), rest


def _phrase(words: list[re.Match[str]]) -> str:
    return " ".join(word.group().removesuffix("'s") for word in words)


def _keys(phrase: str) -> tuple[str, ...]:
    if phrase in _LOOSE:
        return _LOOSE[phrase]
    term = MEASURES.get(phrase)
    return tuple(_of(term)) if term is not None and phrase not in _AMBIGUOUS else ()


def _of(term: Term) -> Iterator[str]:
    match term:
        case Plain(key=key):
            yield key
        case Negated(of=of):
            yield from _of(of)
        case Quotient(numerator=over, denominator=under):
            yield from (*_of(over), *_of(under))
