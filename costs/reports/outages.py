"""What failures cost: attempts that were billed and thrown away, and calls another model answered.

Attempts of one call share its id. One is lost that failed, whose outcome nobody knows, or that
was billed for an answer of no use; the last attempt that wasn't lost answered the call.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Sum

from costs.models import UsageRecord
from costs.reports.spending import ZERO, records
from costs.reports.window import Window

# Answered well, though the provider's count of tokens couldn't be believed.
ANSWERED = ("", "wrong_usage")


@dataclass(frozen=True)
class Outage:
    """Of one provider: ``failed`` of its ``attempts`` were lost; ``wasted_usd``: what of them was
    billed, or may be. Of the calls that lost an attempt there, another provider answered
    ``answered_elsewhere``, for ``elsewhere_usd``, and none ``unanswered``; the rest it answered
    itself when asked again. ``kinds``: how the attempts failed, the commonest first."""

    provider: str
    attempts: int
    failed: int
    wasted_usd: Decimal
    answered_elsewhere: int
    elsewhere_usd: Decimal
    unanswered: int
    kinds: tuple[tuple[str, int], ...]


def outages(window: Window) -> list[Outage]:
    """Per provider that lost an attempt in the window, the worst first."""
    attempts: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {}
    wasted: dict[str, Decimal] = {}
    rows = records(window).values_list("provider", "state", "error")
    for provider, state, error, n, usd in rows.annotate(n=Count("pk"), usd=Sum("cost_usd")):
        attempts[provider] += n
        if _is_lost(state, error):
            kinds.setdefault(provider, Counter())[error or "unknown"] += n
            wasted[provider] = wasted.get(provider, ZERO) + usd
    answers = _answers(window) if kinds else {}
    found = [
        Outage(
            provider, attempts[provider], of.total(), wasted[provider], *answers[provider],
            tuple(sorted(of.items(), key=lambda one: (-one[1], one[0]))),
        )
        for provider, of in kinds.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.failed, one.provider))


def _is_lost(state: str, error: str) -> bool:
    if state == UsageRecord.State.SETTLED:
        return error not in ANSWERED
    return state != UsageRecord.State.SENDING


def _answers(window: Window) -> dict[str, tuple[int, Decimal, int]]:
    """By provider that lost a call: how many others answered, for how much, and how many none."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"start": window.start, "end": window.end, "answered": list(ANSWERED)})
        return {provider: (n, usd, none) for provider, n, usd, none in cursor.fetchall()}


_SQL = """
WITH lost AS (
    SELECT DISTINCT call, provider FROM costs_usagerecord
    WHERE sent_at >= %(start)s AND sent_at < %(end)s AND (
        state IN ('failed', 'unknown') OR state = 'settled' AND NOT error = ANY(%(answered)s)
    )
)
SELECT lost.provider,
    count(answer.provider) FILTER (WHERE answer.provider <> lost.provider),
    coalesce(sum(answer.cost_usd) FILTER (WHERE answer.provider <> lost.provider), 0),
    count(*) FILTER (WHERE answer.provider IS NULL)
FROM lost LEFT JOIN LATERAL (
    SELECT provider, cost_usd FROM costs_usagerecord answers
    WHERE answers.call = lost.call AND state = 'settled' AND error = ANY(%(answered)s)
    ORDER BY attempt DESC LIMIT 1
) answer ON true
GROUP BY lost.provider
"""
