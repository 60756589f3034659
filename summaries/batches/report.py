"""What a run came to, a line a company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from summaries.batches.progress import WELL, Progress
from summaries.models import BatchItem, BatchRun, Summary
from summaries.tiers import WORDS, Tier, count_words
from summaries.verification.verdicts import Verdict


@dataclass(frozen=True)
class CompanyLine:
    ticker: str
    sector: str
    state: str
    words: dict[Tier, int]  # empty where there is no summary
    claims: int
    supported: int
    contradicted: int
    uncited: int
    risk: Decimal | None
    seconds: Decimal | None
    message: str

    @property
    def in_range(self) -> bool:
        return all(least <= self.words[tier] <= most for tier, (least, most) in WORDS.items())

    @property
    def well(self) -> bool:
        """Nothing to look at: as published, in range, every claim supported and cited."""
        if self.state not in WELL:
            return False
        if not self.words:
            return True
        return self.in_range and self.supported == self.claims and not self.uncited

    def cells(self) -> tuple[str, ...]:
        words = "/".join(str(self.words[tier]) for tier in Tier) if self.words else "-"
        return (
            self.ticker, self.sector[:22] or "-", self.state.replace("_", " "), words,
            str(self.claims), str(self.supported), str(self.contradicted),
            "-" if self.risk is None else f"{self.risk:.2f}",
            "-" if self.seconds is None else f"{self.seconds:.1f}",
        )  # fmt: skip


HEAD = ("ticker", "sector", "state", "words", "claims", "supported", "contradicted", "risk", "s")


@dataclass(frozen=True)
class Report:
    lines: tuple[CompanyLine, ...]
    progress: Progress

    @property
    def well(self) -> bool:
        return all(line.well for line in self.lines)

    @property
    def troubled(self) -> list[CompanyLine]:
        return [line for line in self.lines if not line.well]

    def table(self) -> Iterator[str]:
        rows = [HEAD, *(line.cells() for line in self.lines)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
        for row in rows:
            cells = (
                cell.ljust(width) if column < 3 else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            yield "  ".join(cells).rstrip()
        yield self.totals()

    def totals(self) -> str:
        states = Counter(line.state.replace("_", " ") for line in self.lines)
        told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        return (
            f"{len(self.lines)} stocks: {told}. "
            f"{sum(line.claims for line in self.lines)} claims, "
            f"{sum(line.supported for line in self.lines)} supported, "
            f"{sum(line.contradicted for line in self.lines)} contradicted, "
            f"{sum(line.uncited for line in self.lines)} without citation. "
            f"USD {self.progress.cost_usd:.2f}."
        )


def report(run: BatchRun) -> Report:
    items = run.items.select_related("stock", "summary").order_by("stock__ticker")
    items = items.prefetch_related("summary__claims__citations")
    return Report(tuple(_line(item) for item in items), Progress.of(run))


def _line(item: BatchItem) -> CompanyLine:
    summary = item.summary
    claims = list(summary.claims.all()) if summary else []
    verdicts = Counter(claim.verdict for claim in claims)
    return CompanyLine(
        ticker=item.stock.ticker,
        sector=item.stock.sector,
        state=item.state,
        words=_words(summary) if summary else {},
        claims=len(claims),
        supported=verdicts[Verdict.SUPPORTED.value],
        contradicted=verdicts[Verdict.CONTRADICTED.value],
        uncited=sum(not claim.citations.all() for claim in claims),
        risk=summary.risk if summary else None,
        seconds=item.seconds,
        message=item.message,
    )


def _words(summary: Summary) -> dict[Tier, int]:
    return {tier: count_words(summary.tier_text(tier.value)) for tier in Tier}
