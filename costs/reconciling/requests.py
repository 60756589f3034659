"""An export with a line a request: found on the ledger by its ids, or by its likeness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import islice

from django.db.models import Q, QuerySet
from django.utils import timezone

from costs import ledger
from costs.ledger import AlreadyEnded
from costs.models import ExportLine, UsageRecord
from costs.reconciling.compared import Compared, stored, value
from costs.reconciling.lines import LATEST, BilledRequest, Cover, Export
from costs.reconciling.matching import Waiting, alike
from costs.reconciling.outcome import Difference
from costs.tokens import Tokens

State = UsageRecord.State
Match = ExportLine.Match
# Providers round what they export; this much a line isn't a difference of prices.
ROUNDED = Decimal("0.000001")
CHUNK = 5_000
BY_ID = "the provider's export has it"
BY_LIKENESS = "the provider's export has one like it"


def compare_requests(told: Export, cover: Cover, older_than: timedelta) -> Compared:
    """Raises Malformed where the export has no amounts and we have no price."""
    by_id = _found_by_ids(told.requests)
    left = [line for line in told.requests if line.number not in by_id]
    taken = {record.pk for record in by_id.values()}
    waiting = {one.pk: one for one in _waiting(told, cover, older_than) if one.pk not in taken}
    by_likeness = {
        number: waiting[pk]
        for number, pk in alike(left, map(_as_waiting, waiting.values())).items()
    }
    taken |= {record.pk for record in by_likeness.values()}
    unbilled = [r.pk for r in _covered(told, cover, taken) if r.state == State.UNKNOWN]
    _lock({*taken, *unbilled})
    lines = [
        _compare(line, by_id.get(line.number), by_likeness.get(line.number))
        for line in told.requests
    ]
    _mark_seen(line.record_id for line in lines if line.match == Match.SAME)
    written_off = sum(_write_off(pk) for pk in unbilled)
    return Compared(lines, _extra(told, cover, taken), written_off)


def _lock(records: Iterable[int]) -> None:
    """All rows before any counter of a budget: a worker that settles holds its row and waits for
    the counter, and must not find us waiting for its row with the counter in our hands."""
    rows = UsageRecord.objects.select_for_update().filter(pk__in=list(records)).order_by("pk")
    list(rows.values_list("pk"))


def _found_by_ids(lines: Sequence[BilledRequest]) -> dict[int, UsageRecord]:
    """By a line's number. A record answers for one line: the same id again is another bill."""
    found: dict[int, UsageRecord] = {}
    taken: set[int] = set()
    for name in ("request_id", "response_id"):
        asked = [line for line in lines if line.number not in found and getattr(line, name)]
        records = {
            (record.provider, getattr(record, name)): record
            for chunk in _chunks(asked)
            for record in UsageRecord.objects.filter(
                provider__in={line.provider for line in chunk},
                **{f"{name}__in": {getattr(line, name)[:80] for line in chunk}},
            )
        }
        for line in asked:
            record = records.get((line.provider, getattr(line, name)[:80]))
            if record is not None and record.pk not in taken:
                found[line.number] = record
                taken.add(record.pk)
    return found


def _chunks(lines: Sequence[BilledRequest]) -> Iterator[list[BilledRequest]]:
    rest = iter(lines)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _waiting(told: Export, cover: Cover, older_than: timedelta) -> QuerySet[UsageRecord]:
    """Calls that may be billed without our knowing: sent in the time of the lines, or before."""
    now = timezone.now()
    gone = Q(is_batch=False, sent_at__lt=now - older_than) | Q(
        is_batch=True, sent_at__lt=now - max(older_than, LATEST[True])
    )
    return UsageRecord.objects.filter(
        Q(state=State.UNKNOWN)
        | Q(state=State.SENDING) & gone
        | Q(state=State.SETTLED, is_estimate=True)
        | Q(state=State.FAILED, error__in=ledger.ASSUMED_FREE),
        provider__in=told.providers,
        sent_at__gte=cover.from_at - LATEST[True],
        sent_at__lte=max(line.at for line in told.requests) + timedelta(minutes=1),
    ).order_by("pk")


def _as_waiting(record: UsageRecord) -> Waiting:
    return Waiting(
        record.pk, record.provider, record.model, record.is_batch, record.sent_at,
        record.estimated_tokens or record.tokens.prompt, record.request_id, record.response_id,
    )  # fmt: skip


def _compare(
    line: BilledRequest, by_id: UsageRecord | None, by_likeness: UsageRecord | None
) -> ExportLine:
    billed = line.billed_usd if line.billed_usd is not None else _priced(line)
    known = line.request_id or line.response_id
    record = by_id or by_likeness
    if record is None:
        return stored(
            line, match=Match.MISSING, billed_usd=billed, ledger_usd=Decimal(0), request_id=known
        )
    match = Match.SAME
    if ledger.is_belief(record):
        record, was_settled = _settled_by(line, record, BY_ID if by_id else BY_LIKENESS)
        if was_settled:
            match = Match.RECONCILED if by_id else Match.LIKELY
    if abs(record.cost_usd - billed) >= ROUNDED:
        match = Match.DIFFERENT
    return stored(
        line, match=match, billed_usd=billed, ledger_usd=record.cost_usd, record=record,
        request_id=known,
    )  # fmt: skip


def _settled_by(line: BilledRequest, record: UsageRecord, reason: str) -> tuple[UsageRecord, bool]:
    """The record by the line's tokens, and whether it was the line that settled it."""
    tokens = line.tokens
    used = Tokens(
        tokens.input, tokens.cache_write, tokens.cache_write_1h, tokens.cache_read, tokens.output,
        thinking=min(record.thinking_tokens, tokens.output),
    )  # fmt: skip
    try:
        done = ledger.bill(
            record.pk, used, reason=f"{reason}, line {line.number}", request_id=line.request_id,
            response_id=line.response_id,
        )  # fmt: skip
    except AlreadyEnded as ended:  # a worker was quicker
        return ended.record, False
    return done, True


def _priced(line: BilledRequest) -> Decimal:
    return value(line, line.tokens, prompt=line.tokens.prompt)


def _mark_seen(records: Iterable[int | None]) -> None:
    seen = UsageRecord.objects.filter(pk__in=list(records), reconciled_at__isnull=True)
    seen.update(reconciled_at=timezone.now())


def _covered(told: Export, cover: Cover, taken: set[int]) -> Iterator[UsageRecord]:
    rows = UsageRecord.objects.billed().filter(
        provider__in=told.providers, sent_at__gte=cover.from_at, sent_at__lt=cover.until_at
    )
    for record in rows.order_by("pk").iterator():
        if record.pk not in taken and cover.holds(record.sent_at, is_batch=record.is_batch):
            yield record


def _write_off(pk: int) -> bool:
    try:
        ledger.write_off(
            pk, error=ledger.NOT_BILLED, reason="the provider's export doesn't have it"
        )
    except AlreadyEnded:  # a worker was quicker
        return False
    return True


def _extra(told: Export, cover: Cover, taken: set[int]) -> list[Difference]:
    return [
        Difference(
            None, f"record {record.pk} ({record.state}) isn't in the export", record.model,
            record.is_batch, record.sent_at, Decimal(0), record.cost_usd,
        )
        for record in _covered(told, cover, taken)
        if record.cost_usd
    ]  # fmt: skip
