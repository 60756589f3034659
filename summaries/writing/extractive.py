"""The extractive writer: three tiers from facts alone, with no model and no network.

Each sentence is a claim with the facts behind it. The choice of sentences is a
small knapsack: the most weight that fits the tier's words, told in the menu's
order. The same facts always give the same text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from summaries.benchmark import Benchmark
from summaries.company import Company
from summaries.factbook import FactBook
from summaries.measures import CATALOGUE, Item
from summaries.periods import Period, Span
from summaries.profiles import Profile
from summaries.tiers import WORDS, Tier, count_words
from summaries.writing import interim
from summaries.writing.hooks import hook
from summaries.writing.joining import joined
from summaries.writing.menus import menu
from summaries.writing.topics import Sentence
from summaries.writing.view import View

WRITER = "extractive"
# Part of a summary's inputs: a new version of the writer writes every text anew.
VERSION = "extractive-1"


# Words up to which a tier is filled where there is a choice: room to breathe below the limit.
COMFORTABLE = {Tier.MEDIUM: 138, Tier.EXPANDED: 240}


class NotEnoughFacts(Exception):
    """The facts don't carry a summary; the message says what is missing, for an advisor."""


@dataclass(frozen=True)
class Draft:
    """``filed``: when the filing with the newest period was filed; None where unknown."""

    tiers: dict[Tier, tuple[Sentence, ...]]
    data_through: date
    filed: date | None


@dataclass(frozen=True)
class Candidate:
    weight: int
    place: int
    sentence: Sentence

    @property
    def words(self) -> int:
        return count_words(self.sentence.text)


def write(company: Company, book: FactBook, benchmark: Benchmark | None, profile: Profile) -> Draft:
    """Hook, medium and expanded text. Raises NotEnoughFacts."""
    view = main_view(company, book, benchmark, profile)
    found = candidates(view)
    opening = found[0] if found else None
    if opening is None:
        raise NotEnoughFacts(
            f"{company.short} reports neither revenue nor net income for a full period in what we hold."
        )
    tiers = {
        Tier.HOOK: hook(view, _ranked(found)),
        Tier.MEDIUM: _fill(found, Tier.MEDIUM),
        Tier.EXPANDED: _fill(found, Tier.EXPANDED),
    }
    missing = [tier.value for tier, sentences in tiers.items() if not sentences]
    if missing:
        raise NotEnoughFacts(
            f"The {len(book)} facts held for {company.short} are too few for a "
            f"summary of every length."
        )
    used = {fact for sentences in tiers.values() for s in sentences for fact in s.fact_ids}
    through = max(book.by_id(fact).period.end for fact in used)
    newest = [book.by_id(fact).filing for fact in used if book.by_id(fact).period.end == through]
    return Draft(
        tiers={tier: tuple(sentences) for tier, sentences in tiers.items()},
        data_through=through,
        filed=max(newest, key=lambda filing: filing.recency).filed,
    )


def main_view(
    company: Company, book: FactBook, benchmark: Benchmark | None, profile: Profile
) -> View:
    """The latest fiscal year; without one, the latest shorter period."""
    period = latest_period(book)
    if period is None:
        raise NotEnoughFacts(
            f"What we hold for {company.short} covers no full reporting period ({len(book)} facts)."
        )
    return View(company, book, profile, period, book.year_before(period), benchmark)


def latest_period(book: FactBook) -> Period | None:
    if years := book.years():
        return years[-1]
    for span in (Span.QUARTER, Span.HALF, Span.NINE_MONTHS):
        if (periods := book.spans(span)) and book.year_before(periods[-1]):
            return periods[-1]
    return odd_period(book)


def odd_period(book: FactBook) -> Period | None:
    """The first period of a company new in its present form: of odd length, told by most items."""
    counts = Counter(
        period
        for item in CATALOGUE.values()
        if isinstance(item, Item)
        for period in book.item_series(item.key, Span.OTHER)
        if period.start and (period.end - period.start).days >= 30
    )
    newest = max((period.end for period in counts), default=None)
    latest = [period for period in counts if period.end == newest]
    return max(latest, key=lambda period: counts[period], default=None)


def candidates(view: View) -> list[Candidate]:
    """What can be said, in reading order, a fact's news once."""
    told: list[tuple[int, Sentence]] = []
    for weight, topic in menu(view.profile):
        made = topic(view)
        # A record year is news enough: that it beats the average goes without saying.
        topics = {sentence.topic for _, sentence in told}
        if made and not topics & {made.topic, made.topic.replace("_average", "_extreme")}:
            told.append((weight, made))
    told += interim.sentences(view)
    return [
        Candidate(weight, place, sentence)
        for place, (weight, sentence) in enumerate(joined(view, told))
    ]


def _ranked(found: Sequence[Candidate]) -> list[Sentence]:
    rest = sorted(found[1:], key=lambda one: (-one.weight, one.place))
    return [one.sentence for one in (found[0], *rest)]


def _fill(found: Sequence[Candidate], tier: Tier) -> list[Sentence]:
    """The opening and the weightiest rest that fit the tier's words; [] where nothing fits."""
    low, high = WORDS[tier]
    wanted = COMFORTABLE[tier]
    # best[w]: (weight, sentences) of the best choice of exactly w words, the opening included.
    best: dict[int, tuple[int, tuple[Candidate, ...]]] = {found[0].words: (0, (found[0],))}
    for one in found[1:]:
        for words, (weight, chosen) in sorted(best.items(), reverse=True):
            total, gained = words + one.words, weight + one.weight
            if total <= high and gained > best.get(total, (-1, ()))[0]:
                best[total] = (gained, (*chosen, one))
    fitting = [
        (words <= wanted, weight, words) for words, (weight, _) in best.items() if words >= low
    ]
    if not fitting:
        return []
    _, _, words = max(fitting)
    return [one.sentence for one in sorted(best[words][1], key=lambda one: one.place)]
