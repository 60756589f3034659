"""What a query leaves: a checkpoint after each step, and at the end its answer with all that
proves it, in one transaction; one that is answered at once leaves all of it in that one."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from costs.models import UsageRecord
from queries.claims import Claimed
from queries.eventlog.codec import answer_data, claim_data, cleaned
from queries.models import Checkpoint, Conversation, Query
from queries.values import (
    Answer,
    Citation,
    Claim,
    Depth,
    Event,
    Finished,
    Kind,
    Marked,
    Refused,
    Spent,
    Step,
    Text,
    Voided,
)
from summaries.actions.drafting import RULES
from summaries.models import Document, Plan

STOPPED = Refused("stopped", "It was stopped. What had been told by then is kept.")
FAILED = Refused("failed", "The answer broke off on our side, and that is recorded. Ask again.")

MOST_CHECKPOINTS = 200
MOST_STOCKS = 50
_STATES = {"stopped": Query.State.STOPPED, "failed": Query.State.FAILED}


@dataclass
class Told:
    """What was told so far, for who stops or dies on the way. ``as_stored``: the end with what it
    cost, where the handler didn't say."""

    began: float = field(default_factory=time.monotonic)
    first_ms: int | None = None
    claims: dict[int, Claim] = field(default_factory=dict)
    steps: int = 0
    as_stored: Event | None = None

    @property
    def total_ms(self) -> int:
        return int((time.monotonic() - self.began) * 1000)

    def take(self, event: Event) -> None:
        match event:
            case Text() if self.first_ms is None and event.text:
                self.first_ms = self.total_ms
            case Marked():
                self.claims[event.at] = event.claim
            case Voided():
                self.claims.clear()

    @property
    def marked(self) -> tuple[Claim, ...]:
        return tuple(self.claims[at] for at in sorted(self.claims))


def note_step(claimed: Claimed, told: Told, step: Step) -> None:
    """A checkpoint of this attempt. One whose lease ran out writes of its own attempt alone."""
    told.steps += 1
    if told.steps > MOST_CHECKPOINTS:
        return
    Checkpoint.objects.create(
        query_id=claimed.query.pk,
        attempt=claimed.query.attempts,
        number=told.steps,
        step=cleaned(step.name)[:80],
        text=cleaned(step.text)[:300],
        claims=[claim_data(one) for one in told.marked],
    )


def end(claimed: Claimed, told: Told, ending: Event) -> None:
    """Store how it ended. Raises ClaimLost, and then nothing is stored."""
    query = claimed.query
    left = Left.by(query, told, ending)
    with transaction.atomic():
        claimed.end(**left.values)
        left.prove(query)
        _touch(query, left.answer)
    left.tell(told, ending)


def write(query: Query, told: Told, ending: Event) -> None:
    """Store a query that has no row yet, with its conversation, as it ended.

    Raises IntegrityError where its key was sent before, and then nothing is stored."""
    left = Left.by(query, told, ending)
    for name, value in left.values.items():
        setattr(query, name, value)
    query.finished_at = timezone.now()
    talk = query.conversation
    talk.stocks = _named(talk.stocks, query, left.answer)
    with transaction.atomic(savepoint=False):
        talk.save(force_insert=True)
        query.save(force_insert=True)
        left.prove(query)
    left.tell(told, ending)


@dataclass(frozen=True)
class Left:
    """What an ending leaves: the ``values`` of the query's row, and the answer with its sources."""

    values: dict[str, Any]
    answer: Answer | None
    spent: Spent
    cited: Cited

    @classmethod
    def by(cls, query: Query, told: Told, ending: Event) -> Self:
        answer = ending.answer if isinstance(ending, Finished) else _partial(query, told)
        spent = _spent(query, told, ending)
        cited = Cited.by(answer)
        values = {
            **_outcome(ending),
            "answer": None if answer is None else answer_data(answer),
            "depth": answer.depth if answer else query.depth_asked,
            "cost_usd": spent.cost_usd,
            "first_ms": spent.first_ms,
            "total_ms": spent.total_ms,
            "is_cached": spent.is_cached,
            "corpus": cited.corpus,
            "rules": RULES,
        }
        return cls(values, answer, spent, cited)

    def prove(self, query: Query) -> None:
        """Of a row that stands. In its transaction."""
        if self.answer is None:
            return
        _store_citations(query, (*self.answer.claims, *self.answer.close))
        if plans := _plans(query, self.answer, self.cited):
            query.plans.add(*plans)

    def tell(self, told: Told, ending: Event) -> None:
        if isinstance(ending, Finished):
            told.as_stored = Finished(ending.answer, self.spent)


def _outcome(ending: Event) -> dict[str, Any]:
    if isinstance(ending, Finished):
        declined = ending.answer.kind is Kind.DECLINED
        return {"state": Query.State.DECLINED if declined else Query.State.ANSWERED}
    assert isinstance(ending, Refused)  # noqa: S101 - nothing else ends a query
    return {
        "state": _STATES.get(ending.code, Query.State.REFUSED),
        "code": ending.code[:16] or "failed",
        "message": cleaned(ending.text)[:500] or "No reason was given.",
        "retry_after": ending.retry_after,
    }


def _partial(query: Query, told: Told) -> Answer | None:
    """The claims that were marked before it broke off."""
    if not told.claims:
        return None
    depth = Depth(query.depth_asked) if query.depth_asked else Depth.QUICK
    return Answer(Kind.ANSWERED, depth, claims=told.marked)


def _spent(query: Query, told: Told, ending: Event) -> Spent:
    """The cost by the ledger: of all attempts, also where nothing came of them."""
    said = ending.spent if isinstance(ending, Finished) else None
    if said is not None and query.attempts == 1:  # the metering has read the ledger just now
        return said
    rows = UsageRecord.objects.billed().filter(query=str(query.pk))
    cost = rows.aggregate(cost=Sum("cost_usd"))["cost"] or Decimal(0)
    if said is None:
        return Spent(cost, told.total_ms, told.first_ms)
    return Spent(cost, said.total_ms, said.first_ms, said.is_cached)


@dataclass(frozen=True)
class Cited:
    """The documents that an answer cites. ``plans``: under which they are. ``corpus``: a digest
    of the very versions."""

    plans: frozenset[int] = frozenset()
    corpus: str = ""

    @classmethod
    def by(cls, answer: Answer | None) -> Self:
        cited = citations_of(answer) if answer else ()
        documents = {one.document for one in cited if one.document is not None}
        if not documents:
            return cls()
        rows = list(
            Document.objects.filter(pk__in=documents)
            .order_by("sha256")
            .values_list("sha256", "plan_id")
        )
        told = " ".join(sha256 for sha256, _ in rows)
        return cls(
            plans=frozenset(plan for _, plan in rows if plan is not None),
            corpus=hashlib.sha256(told.encode()).hexdigest() if rows else "",
        )


# A document or fact may have gone while the answer was written.
_CITE = """
INSERT INTO queries_answercitation
    (query_id, claim, position, source, label, document_id, fact_id, start, "end", quote, url)
SELECT %s, cited.claim, cited.position, cited.source, cited.label, document.id, fact.id,
       cited.start, cited."end", cited.quote, cited.url
FROM unnest(%s::int[], %s::int[], %s::text[], %s::text[], %s::bigint[], %s::bigint[], %s::int[],
            %s::int[], %s::text[], %s::text[])
    AS cited(claim, position, source, label, document, fact, start, "end", quote, url)
LEFT JOIN summaries_document document ON document.id = cited.document
LEFT JOIN summaries_fact fact ON fact.id = cited.fact
"""


def _store_citations(query: Query, claims: Sequence[Claim]) -> None:
    rows = [
        (number, position, *_columns(one))
        for number, claim in enumerate(claims)
        for position, one in enumerate(claim.citations)
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(_CITE, [query.pk, *map(list, zip(*rows, strict=True))])


def _columns(one: Citation) -> tuple[Any, ...]:
    has_span = 0 <= one.start <= one.end
    span = (one.start, one.end) if has_span else (None, None)
    return (
        cleaned(one.source)[:40], cleaned(one.label)[:300], one.document, one.fact, *span,
        cleaned(one.quote), cleaned(one.url),
    )  # fmt: skip


def citations_of(answer: Answer) -> tuple[Citation, ...]:
    """All that it stands on, charts included."""
    of_claims = (one for claim in (*answer.claims, *answer.close) for one in claim.citations)
    points = (point for chart in answer.charts for line in chart.series for point in line.points)
    return (*of_claims, *(one.citation for one in points if one.citation is not None))


def _plans(query: Query, answer: Answer, cited: Cited) -> frozenset[int]:
    """The licences that the answer stands on: of what it cites; and where a model or several
    sources had a part in it, all that its asker holds, for what it was shown leaves no trace."""
    if answer.depth is Depth.QUICK:
        return cited.plans
    held = Plan.objects.held_by(query.user).values_list("pk", flat=True)
    return cited.plans | frozenset(held)


def _touch(query: Query, answer: Answer | None) -> None:
    """The conversation has moved; the stocks that it came to speak of."""
    rows = Conversation.objects.filter(pk=query.conversation_id)
    known = query.conversation.stocks
    if _named(known, query, answer) == known:
        rows.update(updated_at=timezone.now())
        return
    row = rows.select_for_update().get()
    row.stocks = _named(row.stocks, query, answer)
    row.updated_at = timezone.now()
    row.save(update_fields=["stocks", "updated_at"])


def _named(known: Iterable[str], query: Query, answer: Answer | None) -> list[str]:
    named = (*query.stocks, *(answer.stocks if answer else ()))
    return list(dict.fromkeys((*known, *named)))[:MOST_STOCKS]
