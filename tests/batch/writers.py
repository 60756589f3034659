"""Writers that go wrong, each in one way."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from summaries.benchmark import Benchmark
from summaries.company import Company
from summaries.factbook import FactBook
from summaries.profiles import Profile
from summaries.tiers import Tier
from summaries.writing import Draft, Sentence, write

Change = Callable[[tuple[Sentence, ...]], tuple[Sentence, ...]]


def changing(tier: Tier, change: Change) -> Callable[..., Draft]:
    def writer(
        company: Company, book: FactBook, benchmark: Benchmark | None, profile: Profile
    ) -> Draft:
        draft = write(company, book, benchmark, profile)
        return replace(draft, tiers={**draft.tiers, tier: change(draft.tiers[tier])})

    return writer


def wrong_amount(text: str) -> str:
    """ "$416.2 billion" -> "$916.2 billion", in the first amount"""
    return re.sub(r"\$(\d)", lambda found: f"${'9' if found[1] != '9' else '1'}", text, count=1)


def lie(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    place = next(n for n, one in enumerate(sentences) if "$" in one.text)
    told = sentences[place]
    return (
        *sentences[:place],
        replace(told, text=wrong_amount(told.text)),
        *sentences[place + 1 :],
    )


lying = changing(Tier.MEDIUM, lie)
too_short = changing(Tier.EXPANDED, lambda sentences: sentences[:3])
uncited = changing(
    Tier.HOOK, lambda sentences: (replace(sentences[0], fact_ids=()), *sentences[1:])
)
