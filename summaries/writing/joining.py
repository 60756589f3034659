"""Two short sentences that belong together become one: the ear wants a longer one now and then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summaries.tiers import count_words
from summaries.writing.topics import Sentence
from summaries.writing.view import View

# What is said in one breath, where both can be said and follow each other.
PAIRS = frozenset(
    {
        ("net_income", "diluted_eps"),
        ("net_interest_income", "noninterest_income"),
        ("credit_provision", "noninterest_expense"),
        ("dividend_per_share", "diluted_shares"),
        ("premiums", "claims_ratio"),
        ("gross_margin", "tax_rate"),
        ("return_on_equity", "return_on_assets"),
        ("interim_revenue", "interim_net_income"),
        ("deferred_revenue", "remaining_obligations"),
    }
)
# A joined sentence longer than this is no longer read aloud in one breath.
LONGEST = 30


def joined(view: View, told: Sequence[tuple[int, Sentence]]) -> Iterator[tuple[int, Sentence]]:
    """The weighted sentences, some pairs of neighbours as one; a pair weighs what its best does."""
    waiting = list(told)
    while waiting:
        weight, first = waiting.pop(0)
        if waiting and _belong(view, first, waiting[0][1]):
            other, second = waiting.pop(0)
            yield max(weight, other) + 1, _join(first, second, view)
        else:
            yield weight, first


def _belong(view: View, first: Sentence, second: Sentence) -> bool:
    if (first.topic, second.topic) not in PAIRS:
        return False
    if any(word in one.text for one in (first, second) for word in (" and ", "swung")):
        return False
    return count_words(first.text) + count_words(second.text) < LONGEST


def _join(first: Sentence, second: Sentence, view: View) -> Sentence:
    start = second.text
    if not start.startswith(view.name):
        start = start[:1].lower() + start[1:]
    text = f"{first.text.removesuffix('.')}, {view.choose(first.topic, ('while', 'and'))} {start}"
    facts = tuple(dict.fromkeys((*first.fact_ids, *second.fact_ids)))
    cites = first.cites_benchmark or second.cites_benchmark
    return Sentence(text, facts, cites, f"{first.topic} {second.topic}")
