"""The published summary of a stock as an answer: its claims with what they cite."""

from __future__ import annotations

from django.urls import reverse

from queries.quick.held import Held
from queries.values import Citation, Claim
from summaries.models import Citation as CitationRow
from summaries.models import Claim as ClaimRow
from summaries.models import Document
from summaries.models.texts import Tier
from summaries.pages.stock import with_proof
from summaries.statements import day
from summaries.verification import Verdict


def summary(held: Held) -> tuple[Claim, ...]:
    """The medium tier of what the reader read at the moment, as far as it is supported; () where
    there was none."""
    readable = held.stock.summaries.readable_by(held.reader).ever_public()
    was = with_proof(readable.filter(published_at__lte=held.at)).order_by("-version").first()
    if was is None:
        return ()
    return tuple(
        _claim(one) for one in was.tier_claims(Tier.MEDIUM) if one.verdict == Verdict.SUPPORTED
    )


def _claim(row: ClaimRow) -> Claim:
    cited = tuple(dict.fromkeys(_citation(one) for one in row.citations.all()))
    return Claim(row.text, Verdict(row.verdict), cited)


def _citation(row: CitationRow) -> Citation:
    filing = row.document.filing
    is_research = row.document.kind == Document.Kind.RESEARCH
    fact = row.fact
    period = f"{day(fact.start)} to {day(fact.end)}" if fact and fact.start else ""
    return Citation(
        source="research" if is_research else "filing" if filing else "summary",
        label=f"{filing.form} filed {day(filing.filed)}"
        if filing and filing.filed
        else row.document.title,
        url=reverse("summaries:citation", args=[row.pk]),
        quote=row.quote,
        dated=period or (f"at {day(fact.end)}" if fact else ""),
        document=row.document_id,
        start=row.start,
        end=row.end,
        fact=row.fact_id,
    )
