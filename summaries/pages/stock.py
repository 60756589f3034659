"""One stock's page: its published summary, what waits behind it, its figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Prefetch, QuerySet

from summaries.models import Citation, Claim, Stock, Summary
from summaries.models.texts import Tier, Verdict
from summaries.pages.notation import is_stale
from summaries.pages.sentences import Part, parts
from summaries.tiers import count_words

# A verdict that a reader must know of stands before one that they may.
_WORST_FIRST = (
    Verdict.CONTRADICTED, Verdict.NOT_FOUND, Verdict.NOT_CHECKABLE, Verdict.SUPPORTED,
)  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    claim: Claim
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class TierText:
    tier: Tier
    sentences: tuple[Sentence, ...]
    words: int


@dataclass(frozen=True)
class Text:
    """A summary as it is read."""

    summary: Summary
    today: date

    @cached_property
    def tiers(self) -> dict[str, TierText]:
        return {tier.value: self._tier(tier) for tier in Tier}

    def _tier(self, tier: Tier) -> TierText:
        claims = self.summary.tier_claims(tier)
        sentences = tuple(Sentence(claim, tuple(parts(claim))) for claim in claims)
        return TierText(tier, sentences, count_words(" ".join(claim.text for claim in claims)))

    @property
    def filed(self) -> date | None:
        """A date before the period's end is an older filing's: the newest one's isn't known."""
        filed = self.summary.filed
        return filed if filed and filed >= self.summary.data_through else None

    @property
    def is_stale(self) -> bool:
        return is_stale(self.summary.data_through, self.today)

    @cached_property
    def verdicts(self) -> list[tuple[Verdict, int]]:
        """How many sentences have each verdict, the worst first."""
        counts = Counter(claim.verdict for claim in self.summary.claims.all())
        return [(verdict, counts[verdict]) for verdict in _WORST_FIRST if counts[verdict]]


def with_proof(summaries: QuerySet[Summary]) -> QuerySet[Summary]:
    """Summaries with all that their text needs, in a fixed number of queries."""
    citations = Citation.objects.select_related("document__filing", "fact__filing").defer(
        "document__text"
    )
    claims = Claim.objects.prefetch_related(Prefetch("citations", queryset=citations), "findings")
    return summaries.select_related("stock").prefetch_related(Prefetch("claims", queryset=claims))


def published_text(stock: Stock, today: date, reader: User | AnonymousUser) -> Text | None:
    """The newest published text that the reader's licences cover."""
    readable = stock.summaries.readable_by(reader)
    summary = with_proof(readable.shown()).order_by("-version").first()
    return Text(summary, today) if summary else None


def waiting(
    stock: Stock, published: Summary | None, reader: User | AnonymousUser
) -> Summary | None:
    """The newest held summary, if it is newer than the published one."""
    held = stock.summaries.readable_by(reader).held().order_by("-version")
    if published:
        held = held.filter(version__gt=published.version)
    return held.first()


def versions(stock: Stock, reader: User | AnonymousUser) -> QuerySet[Summary]:
    """What was or is public, newest first."""
    return stock.summaries.readable_by(reader).ever_public().order_by("-version")
