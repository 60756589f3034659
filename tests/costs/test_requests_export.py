"""Exports with a line a request."""

from __future__ import annotations

import csv
import io
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from costs import ledger
from costs.models import Budget, CostAdjustment, ExportLine, UsageExport, UsageRecord
from costs.reconciling import AlreadyImported, Malformed, import_export
from costs.tokens import Tokens
from tests.costs.entries import HAIKU, SONNET, counters, lost, opened, settled
from tests.vendors.invoice import EXPORTED, Invoice, Line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prices", "default_budgets")]
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
USED = Tokens(input=1000, output=100)
State = UsageRecord.State


def line(request_id: str, at: datetime = NOON, **given: Any) -> Line:
    plain: dict[str, Any] = {
        "provider": "anthropic", "model": SONNET, "response_id": "", "batch": False,
        "service_tier": "standard", "input_tokens": 1000, "output_tokens": 100,
    }  # fmt: skip
    return Line(request_id=request_id, time=at, **{**plain, **given})


def export(*lines: Line) -> bytes:
    invoice = Invoice()
    for one in lines:
        invoice.add(one)
    return invoice.csv().encode()


def matches() -> list[str]:
    return list(ExportLine.objects.order_by("number").values_list("match", flat=True))


def firm_spent() -> Decimal:
    return counters(Budget.objects.get(scope="firm"))[1]


def test_an_export_like_the_ledger_is_the_same_to_the_last_place() -> None:
    cached = Tokens(input=3, cache_write=7, cache_write_1h=11, cache_read=13, output=17)
    settled(USED, NOON, request_id="req_1")
    settled(USED, NOON, response_id="msg_2", is_batch=True)
    settled(cached, NOON, request_id="req_3", model=HAIKU, estimated_tokens=30)
    outcome = import_export(
        export(
            line("req_1"),
            line("", response_id="msg_2", batch=True),
            line(
                "req_3", model=HAIKU, input_tokens=3, cache_write_5m_tokens=7,
                cache_write_1h_tokens=11, cache_read_tokens=13, output_tokens=17,
            ),
        ),
        name="november.csv",
    )  # fmt: skip
    assert matches() == ["same", "same", "same"]
    assert outcome.is_same
    assert outcome.differences == ()
    assert outcome.export.billed_usd == outcome.export.ledger_usd
    assert outcome.export.billed_usd == sum(r.cost_usd for r in UsageRecord.objects.all())
    assert UsageRecord.objects.filter(reconciled_at__isnull=False).count() == 3


def test_an_unknown_call_with_a_known_id_is_settled_by_its_line() -> None:
    record = lost(NOON, Tokens(input=900))
    UsageRecord.objects.filter(pk=record.pk).update(request_id="req_1")
    outcome = import_export(export(line("req_1", NOON + MINUTE)), name="a.csv")
    record.refresh_from_db()
    assert (record.state, record.tokens, record.is_estimate) == (State.SETTLED, USED, False)
    assert record.reconciled_at is not None
    assert matches() == ["reconciled"]
    assert outcome.is_same
    assert firm_spent() == record.cost_usd == Decimal("0.003")
    adjustment = CostAdjustment.objects.get()
    assert (adjustment.from_usd, adjustment.to_usd) == (Decimal("0.0018"), Decimal("0.003"))
    assert adjustment.reason == "the provider's export has it, line 2"


def test_wrong_usage_is_put_right() -> None:
    record = ledger.settle(opened(NOON).pk, Tokens(input=10**9), request_id="req_1")
    import_export(export(line("req_1")), name="a.csv")
    record.refresh_from_db()
    assert (record.tokens, record.error, record.is_estimate) == (USED, "", False)
    assert matches() == ["reconciled"]


def test_other_amounts_and_calls_that_only_one_side_has_are_told() -> None:
    settled(Tokens(input=1000, output=90), NOON, request_id="req_1")
    only_here = settled(USED, NOON + MINUTE, request_id="req_9")
    failed = ledger.fail(opened(NOON).pk, "server", request_id="req_3")
    outcome = import_export(
        export(line("req_1"), line("req_2"), line("req_3"), line("req_4", NOON + 15 * MINUTE)),
        name="a.csv",
    )
    assert matches() == ["different", "missing", "different", "missing"]
    told = [(one.number, one.billed_usd, one.ledger_usd) for one in outcome.differences]
    assert told == [
        (2, Decimal("0.003"), Decimal("0.0029")),
        (3, Decimal("0.003"), Decimal(0)),
        (4, Decimal("0.003"), Decimal(0)),
        (5, Decimal("0.003"), Decimal(0)),
        (None, Decimal(0), Decimal("0.003")),
    ]
    assert f"record {only_here.pk} (settled) isn't in the export" in outcome.differences[-1].what
    failed.refresh_from_db()
    assert failed.state == State.FAILED
    assert outcome.apart_usd == Decimal("0.0121")
    assert not outcome.is_same
    assert outcome.export.ledger_usd == Decimal("0.0059")


def test_less_than_a_cent_is_the_same() -> None:
    settled(Tokens(input=1000, output=90), NOON, request_id="req_1")
    outcome = import_export(export(line("req_1")), name="a.csv")
    assert outcome.is_same
    assert len(outcome.differences) == 1


def test_an_unknown_call_that_the_export_does_not_have_was_not_billed() -> None:
    covered, at_the_edge = lost(NOON + MINUTE), lost(NOON + 25 * MINUTE)
    settled(USED, NOON, request_id="req_1")
    settled(USED, NOON + 30 * MINUTE, request_id="req_2")
    outcome = import_export(export(line("req_1"), line("req_2", NOON + 30 * MINUTE)), name="a.csv")
    covered.refresh_from_db()
    at_the_edge.refresh_from_db()
    assert (covered.state, covered.error) == (State.FAILED, "not_billed")
    assert covered.cost_usd == 0
    assert at_the_edge.state == State.UNKNOWN  # its line may be dated behind the last one
    assert outcome.written_off == 1
    assert CostAdjustment.objects.get().record == covered
    assert firm_spent() == Decimal("0.006") + at_the_edge.cost_usd


def test_who_says_what_time_the_export_covers_is_believed() -> None:
    record = lost(NOON + 25 * MINUTE)
    import_export(
        export(line("req_1")), name="a.csv", from_at=NOON, until_at=NOON + timedelta(hours=1)
    )
    record.refresh_from_db()
    assert record.state == State.FAILED


def test_a_call_written_off_by_mistake_is_settled_when_it_is_billed_after_all() -> None:
    record = lost(NOON)
    UsageRecord.objects.filter(pk=record.pk).update(request_id="req_1")
    ledger.write_off(record.pk, error="not_billed", reason="an export")
    import_export(export(line("req_1")), name="b.csv")
    record.refresh_from_db()
    assert (record.state, record.error) == (State.SETTLED, "")
    assert firm_spent() == Decimal("0.003")


def test_calls_without_an_id_are_found_by_their_likeness() -> None:
    """Two died alike; each gets the line nearest in length. A third is of another model, a fourth
    much longer, a fifth was sent after the line, a sixth went in a batch."""
    short = lost(NOON, estimated_tokens=1100)
    long = lost(NOON, estimated_tokens=2400)
    others = [
        lost(NOON, model=HAIKU),
        lost(NOON, estimated_tokens=9000),
        lost(NOON + 5 * MINUTE),
        lost(NOON, is_batch=True),
    ]
    lines = (
        line("req_1", NOON + 2 * MINUTE, input_tokens=2000),
        line("req_2", NOON + 2 * MINUTE, input_tokens=1000),
        line("req_3", NOON + 40 * MINUTE),
    )
    outcome = import_export(export(*lines), name="a.csv", from_at=NOON)
    short.refresh_from_db()
    long.refresh_from_db()
    assert matches() == ["likely", "likely", "missing"]
    assert (short.tokens.input, short.request_id) == (1000, "req_2")
    assert (long.tokens.input, long.request_id) == (2000, "req_1")
    states = [UsageRecord.objects.get(pk=one.pk).state for one in others]
    assert states == ["failed", "failed", "failed", "unknown"]  # a batch's line comes in a day
    assert outcome.written_off == 3


def test_a_call_still_sending_is_found_when_it_is_old_enough() -> None:
    record = opened(NOON)
    import_export(export(line("req_1", NOON + MINUTE)), name="a.csv")
    record.refresh_from_db()
    assert record.state == State.SETTLED
    young = opened()
    soon = young.sent_at + timedelta(seconds=2)
    import_export(export(line("req_2", soon)), name="b.csv")
    young.refresh_from_db()
    assert young.state == State.SENDING


def test_the_same_call_stands_on_two_exports_but_the_same_file_is_read_once() -> None:
    settled(USED, NOON, request_id="req_1")
    day, month = export(line("req_1")), export(line("req_1"), line("req_2"))
    import_export(day, name="day.csv")
    import_export(month, name="month.csv")
    with pytest.raises(AlreadyImported, match=r"as day\.csv\. Nothing was done"):
        import_export(day, name="again.csv")
    assert matches() == ["same", "same", "missing"]


def test_a_request_billed_twice_is_told() -> None:
    settled(USED, NOON, request_id="req_1")
    import_export(export(line("req_1"), line("req_1")), name="a.csv")
    assert matches() == ["same", "missing"]


def test_without_amounts_our_own_prices_are_taken() -> None:
    settled(USED, NOON, request_id="req_1")
    invoice = Invoice(lines=[line("req_1"), line("req_2", output_tokens=1000)])
    outcome = import_export(invoice.csv(amounts=False).encode(), name="a.csv")
    assert matches() == ["same", "missing"]
    assert outcome.export.billed_usd == Decimal("0.015")


def test_both_providers_may_stand_in_one_file() -> None:
    settled(USED, NOON, request_id="req_1")
    settled(USED, NOON, request_id="req_1", provider="openai", model="gpt-6-sol")
    import_export(
        export(line("req_1"), line("req_1", provider="openai", model="gpt-6-sol")), name="a.csv"
    )
    assert matches() == ["same", "same"]
    assert UsageExport.objects.get().provider == "several"


GOOD = {
    "request_id": "req_1", "response_id": "msg_1", "time": "2026-11-02T12:00:00Z",
    "provider": "anthropic", "model": SONNET, "batch": "false", "input_tokens": "1000",
    "cache_write_5m_tokens": "0", "cache_write_1h_tokens": "0", "cache_read_tokens": "0",
    "output_tokens": "100", "amount_usd": "0.003",
}  # fmt: skip


def table(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, EXPORTED)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("time", "noon", "time is 'noon', not a moment"),
        ("batch", "maybe", "batch is 'maybe'"),
        ("input_tokens", "-1", "input_tokens is '-1', not a number of tokens"),
        ("input_tokens", "1e3", "input_tokens is '1e3'"),
        ("output_tokens", "9" * 5000, "not a number of tokens"),
        ("output_tokens", "2147483648", "not a number of tokens"),
        ("output_tokens", "٣", "not a number of tokens"),
        ("amount_usd", "NaN", "not an amount in USD"),
        ("amount_usd", "-1", "not an amount in USD"),
        ("amount_usd", "1e99", "not an amount in USD"),
        ("amount_usd", "", "not an amount in USD"),
        ("amount_usd", "0.0000000000000001", "more than 15 decimal places"),
        ("model", "", "model must have 1 to 80 characters"),
        ("provider", "p" * 21, "provider must have 1 to 20 characters"),
    ],
)
def test_a_malformed_line_is_named_and_the_whole_import_undone(
    field: str, value: str, told: str
) -> None:
    record = lost(NOON)
    UsageRecord.objects.filter(pk=record.pk).update(request_id="req_1")
    with pytest.raises(Malformed, match=told) as refused:
        import_export(table(GOOD, {**GOOD, field: value}), name="bad.csv")
    assert refused.value.number == 3
    record.refresh_from_db()
    assert record.state == State.UNKNOWN
    assert not UsageExport.objects.exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "its first line must name request_id"),
        (b"a,b\n1,2\n", "its first line must name request_id"),
        (b"\xff\xfe\x00", "isn't UTF-8"),
        (table(), "it has no lines"),
        (table(GOOD) + b"one,two\n", "Line 3 .* another number of fields"),
        (table(GOOD) + b'"open', "unexpected end of data"),
        (table({**GOOD, "request_id": "", "response_id": ""}), "neither a request_id nor"),
        (b"{", "begins like JSON and isn't"),
        (b"[1]", "no list `data`"),
        (b'{"data": [{}]}', "no list `results`"),
        (b'{"data": [{"results": [7]}]}', "isn't an object"),
        (b"[" * 100_000, "begins like JSON and isn't"),
    ],
)
def test_what_is_no_export_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(Malformed, match=told):
        import_export(content, name="bad")
    assert not UsageExport.objects.exists()


def test_the_command_tells_and_exits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settled(USED, NOON, request_id="req_1")
    same, apart = tmp_path / "same.csv", tmp_path / "apart.csv"
    same.write_bytes(export(line("req_1")))
    apart.write_bytes(export(line("req_1"), line("req_2", input_tokens=10_000)))
    with pytest.raises(SystemExit) as ended:
        call_command("import_usage_export", str(same))
    assert ended.value.code == 0
    assert "1 same" in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        call_command("import_usage_export", str(apart))
    assert ended.value.code == 1
    told = capsys.readouterr().out
    assert "0.021" in told
    assert f"not on the ledger: {SONNET}" in told
    assert "difference           0.02 USD, exactly 0.021" in told
    call_command("import_usage_export", str(same))
    assert "Nothing was done" in capsys.readouterr().out
    (tmp_path / "bad.csv").write_bytes(table())
    with pytest.raises(CommandError, match="no lines") as refused:
        call_command("import_usage_export", str(tmp_path / "bad.csv"))
    assert refused.value.returncode == 2


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_quicker_than_the_import_wins() -> None:
    """Its answer and the line say the same; between them the call is settled once."""
    record = lost(NOON)
    UsageRecord.objects.filter(pk=record.pk).update(request_id="req_1")
    ready = threading.Barrier(2)
    done: list[str] = []

    def worker() -> None:
        try:
            ready.wait()
            done.append(ledger.settle(record.pk, USED).state)
        finally:
            connection.close()

    thread = threading.Thread(target=worker)
    thread.start()
    ready.wait()
    outcome = import_export(export(line("req_1")), name="a.csv")
    thread.join()
    assert done == ["settled"]
    assert outcome.is_same
    assert matches() in (["reconciled"], ["same"])
    assert firm_spent() == Decimal("0.003")


@pytest.mark.django_db(transaction=True)
def test_workers_and_the_import_do_not_wait_for_each_other_in_a_ring() -> None:
    """Workers come from the other end, so that both hold what the other wants."""
    records = [lost(NOON) for _ in range(60)]
    for number, record in enumerate(records):
        UsageRecord.objects.filter(pk=record.pk).update(request_id=f"req_{number}")
    ready = threading.Barrier(4)
    failures: list[Exception] = []

    def worker(mine: list[UsageRecord]) -> None:
        try:
            ready.wait()
            for record in mine:
                ledger.settle(record.pk, USED)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=worker, args=(records[::-1][start::3],)) for start in range(3)
    ]
    for thread in threads:
        thread.start()
    ready.wait()
    outcome = import_export(export(*(line(f"req_{n}") for n in range(60))), name="a.csv")
    for thread in threads:
        thread.join()
    assert failures == []
    assert outcome.is_same
    assert firm_spent() == Decimal("0.003") * 60
