"""Sentences that set the year against the company's own past and against its sector."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from summaries.periods import Period
from summaries.writing import numbers
from summaries.writing.topics import Sentence, Topic, sentence
from summaries.writing.view import Figure, View

# Fewer years make no history; more than this is not what a reader asks for.
SHORTEST, LONGEST = 4, 10
# A ratio nearer than this to its average is average.
WORTH_SAYING = Decimal("0.005")


def run_of(view: View, key: str) -> list[tuple[Period, Figure]]:
    """The measure for this year and the years before without a gap, oldest first."""
    if not view.is_year:
        return []
    years: list[tuple[Period, Figure]] = []
    at: Period | None = view.period
    while at is not None and len(years) < LONGEST and (figure := view.figure(key, at)):
        years.append((at, figure))
        at = next((p for p in view.book.years() if p.is_year_before(years[-1][0])), None)
    return years[::-1]


def extreme(key: str, name: str, *, ratio: bool) -> Topic:
    """The highest or lowest of the years on record."""

    def topic(view: View) -> Sentence | None:
        run = run_of(view, key)
        if len(run) < SHORTEST:
            return None
        values = [figure.value for _, figure in run]
        word = (
            "highest"
            if values[-1] == max(values)
            else "lowest"
            if values[-1] == min(values)
            else ""
        )
        printed = [_printed(view, value, ratio=ratio) for value in values]
        if not word or values[-1] <= 0 or printed.count(printed[-1]) > 1:
            return None
        years = numbers.word(len(run))
        shapes = [
            f"{name} of {printed[-1]} was the {word} in the {years} fiscal years on record here.",
            f"at {printed[-1]}, {name} was the {word} of the past {years} fiscal years.",
        ]
        return sentence(f"{key}_extreme", view.choose(f"{key}_extreme", shapes), *_figures(run))

    return topic


def average(key: str, name: str) -> Topic:
    """The year's ratio against the average of the five years that end with it."""

    def topic(view: View) -> Sentence | None:
        run = run_of(view, key)[-5:]
        if len(run) < 5:
            return None
        values = [figure.value for _, figure in run]
        mean = sum(values, Decimal(0)) / len(values)
        now, usual = numbers.percent(values[-1]), numbers.percent(mean)
        if abs(values[-1] - mean) < WORTH_SAYING or values[-1] <= 0 or mean <= 0:
            return None
        side = "above" if values[-1] > mean else "below"
        text = f"{name} of {now} was {side} its five-year average of {usual}."
        return sentence(f"{key}_average", text, *_figures(run))

    return topic


def compound_growth(view: View) -> Sentence | None:
    run = run_of(view, "revenue")[-6:]
    if len(run) < SHORTEST or run[0][1].value <= 0 or run[-1][1].value <= 0:
        return None
    spans = len(run) - 1
    rate = (run[-1][1].value / run[0][1].value) ** (Decimal(1) / spans) - 1
    if abs(rate) < Decimal("0.005"):
        return None
    verb = "grown" if rate > 0 else "shrunk"
    by, since = numbers.percent(abs(rate)), view.label_of(run[0][0])
    shapes = [
        f"since {since} revenue has {verb} at a compound rate of {by} a year.",
        f"revenue has {verb} at a compound annual rate of {by} since {since}.",
    ]
    return sentence(
        "compound_growth", view.choose("compound_growth", shapes), run[0][1], run[-1][1]
    )


def streak(view: View) -> Sentence | None:
    run = run_of(view, "revenue")
    values = [figure.value for _, figure in run]
    rising = _steps(values, rising=True)
    falling = _steps(values, rising=False)
    steps = max(rising, falling)
    if steps < 3:
        return None
    word = "risen" if rising else "fallen"
    text = f"revenue has {word} in each of the past {numbers.word(steps)} fiscal years."
    return sentence("streak", text, *_figures(run[-steps - 1 :]))


def _steps(values: Sequence[Decimal], *, rising: bool) -> int:
    steps = 0
    for later, earlier in zip(values[:0:-1], values[-2::-1], strict=True):
        if (later > earlier) is not rising or later == earlier:
            break
        steps += 1
    return steps


def beside_sector(key: str, name: str) -> Topic:
    """The year's ratio against the median of the covered companies of the sector."""

    def topic(view: View) -> Sentence | None:
        taken = view.benchmark
        middle = taken.median(key) if taken else None
        now = _own(view, key)
        if taken is None or middle is None or now is None or not view.is_year:
            return None
        # The snapshot may be older than the newest year: then it isn't a like comparison.
        if not any(
            row.ticker == view.company.ticker and row.year_end == view.period.end
            for row in taken.members(key)
        ):
            return None
        own, usual = numbers.percent(now.value), numbers.percent(middle)
        if own == usual or now.value <= 0 or middle <= 0:
            return None
        side = "above" if now.value > middle else "below"
        members = (
            f"{numbers.word(len(taken.members(key)))} {taken.adjective} companies covered here"
        )
        shapes = [
            f"{name} of {own} is {side} the {usual} median of the {members}.",
            f"among the {members}, the median {name.removeprefix('the ').removeprefix('its ')} is {usual}, "
            f"and {view.name} is {side} it at {own}.",
        ]
        return sentence(f"{key}_sector", view.choose(f"{key}_sector", shapes), now, benchmark=True)

    return topic


def _own(view: View, key: str) -> Figure | None:
    return view.growth("revenue") if key == "revenue_growth" else view.figure(key)


def _printed(view: View, value: Decimal, *, ratio: bool) -> str:
    return numbers.percent(value) if ratio else numbers.money(value, view.book.currency)


def _figures(run: Sequence[tuple[Period, Figure]]) -> list[Figure]:
    return [figure for _, figure in run]
