"""The hook: what an advisor can say in one breath."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from summaries.tiers import WORDS, Tier, count_words
from summaries.writing import numbers
from summaries.writing.topics import Sentence, sentence, up_or_down
from summaries.writing.view import View

_COMFORTABLE = (28, 46)


def hook(view: View, ranked: Sequence[Sentence]) -> list[Sentence]:
    """A headline and the weightiest of the longer text's sentences that fit; [] where none do.

    ``ranked``: the opening first, then by weight.
    """
    first = headline(view) or ranked[0]
    topics = {"revenue"}
    if "margin" in first.topic:
        topics |= {"operating_income", "operating_margin_sector", "operating_margin_extreme"}
    if "net_income" in first.topic:
        topics |= {"net_income"}
    rest = [one for one in ranked[1:] if not topics & set(one.topic.split())][:9]
    for low, high in (_COMFORTABLE, WORDS[Tier.HOOK]):
        for extra in range(4):
            # Combinations come in the order of ``ranked``: the weightiest that fit are first.
            for chosen in combinations(rest, extra):
                if low <= sum(count_words(one.text) for one in (first, *chosen)) <= high:
                    return [first, *chosen]
    return []


def headline(view: View) -> Sentence | None:
    revenue, growth = view.pair("revenue"), view.growth("revenue")
    if revenue is None or growth is None:
        return None
    by, to = numbers.percent(abs(growth.value)), view.money(revenue[0])
    direction = up_or_down(growth.value)
    when = f"in {view.label}" if view.is_year else f"in {view.full_label}"
    since = f"from {view.before_label}" if view.is_year else "from a year earlier"
    margin = view.figure("operating_margin")
    profit = view.figure("net_income")
    before = f"{view.possessive} revenue was {to} {when}, {direction} {by} {since}"
    if margin and margin.value > 0:
        part = numbers.percent(margin.value)
        shapes = [
            f"{before}, with an operating margin of {part}.",
            f"{view.name} {'grew' if growth.value > 0 else 'shrank'} revenue {by} to {to} {when} "
            f"at an operating margin of {part}.",
        ]
        return sentence("headline margin", view.choose("headline", shapes), *revenue, margin)
    if profit and profit.value > 0:
        text = f"{before}, and net income was {view.money(profit)}."
        return sentence("headline net_income", text, *revenue, profit)
    return sentence("headline", f"{before}.", *revenue)
