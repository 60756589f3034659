from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from costs import price_list
from costs.errors import Unpriced
from costs.models import Price
from costs.price_list import BUNDLED, BadPrices, Loaded, load, price_for
from tests.costs.entries import HAIKU, SONNET, settled
from tests.vendors.prices import PRICES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prices")]
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
COLUMNS = (
    "provider,model,effective_from,above_tokens,input_usd,cache_write_usd,cache_write_1h_usd,"
    "cache_read_usd,output_usd,batch_factor,source\n"
)


def csv(*rows: str) -> io.StringIO:
    return io.StringIO(COLUMNS + "\n".join(rows) + "\n")


@pytest.mark.parametrize(
    ("prompt", "band", "output"),
    [(0, 0, "0.5"), (99_999, 0, "0.5"), (100_000, 0, "0.5"), (100_001, 100_000, "2.5"),
     (10**6, 100_000, "2.5")],
)  # fmt: skip
def test_the_band_jumps_behind_its_limit(prompt: int, band: int, output: str) -> None:
    price = price_for("anthropic", HAIKU, NOW, prompt)
    assert (price.above_tokens, price.output_usd) == (band, Decimal(output))


def test_the_newest_list_that_has_begun_is_in_force() -> None:
    change = datetime(2026, 10, 7, tzinfo=UTC)
    reads = [
        price_for("anthropic", SONNET, at, 1).cache_read_usd
        for at in (change - timedelta(microseconds=1), change, NOW)
    ]
    assert reads == [Decimal("0.2"), Decimal("0.1"), Decimal("0.1")]


def test_a_new_list_without_a_band_has_none() -> None:
    """The bands of an older list are not carried on."""
    load(csv(f"anthropic,{HAIKU},2026-11-01,0,1,1,1,1,1,1,a test"))
    assert price_for("anthropic", HAIKU, NOW, 200_000).above_tokens == 0


@pytest.mark.parametrize(
    ("provider", "model", "at"),
    [
        ("anthropic", "claude-9", NOW),
        ("openai", HAIKU, NOW),
        ("anthropic", HAIKU, datetime(2026, 8, 31, 23, 59, tzinfo=UTC)),
    ],
)
def test_what_has_no_price_is_refused(provider: str, model: str, at: datetime) -> None:
    with pytest.raises(Unpriced, match="Nothing was sent"):
        price_for(provider, model, at, 10)


def test_every_provider_invoices_at_our_prices() -> None:
    """The loopback providers' own price table, row by row, but for what only OpenAI's 12-hour
    cache costs, which they assume."""
    for row in PRICES:
        at = max(datetime(row.since.year, row.since.month, row.since.day, tzinfo=UTC),
                 datetime(2026, 9, 1, tzinfo=UTC))  # fmt: skip
        ours = price_for(row.provider, row.model, at, row.over + 1)
        assert (
            ours.input_usd, ours.cache_write_usd or row.write_5m, ours.cache_read_usd,
            ours.output_usd, ours.batch_factor,
        ) == (row.input, row.write_5m, row.read, row.output, Decimal("0.5"))  # fmt: skip
        if row.provider == "anthropic":
            assert ours.cache_write_1h_usd == row.write_1h


def test_prices_are_read_once_and_again_after_a_change() -> None:
    price_for("anthropic", SONNET, NOW, 1)
    with CaptureQueriesContext(connection) as caught:
        price_for("anthropic", SONNET, NOW, 1)
        price_for("openai", "gpt-6-sol", NOW, 1)
    assert len(caught) == 0
    Price.objects.create(
        provider="anthropic", model=SONNET, effective_from=NOW, input_usd=1, cache_write_usd=1,
        cache_write_1h_usd=1, cache_read_usd=1, output_usd=1,
    )  # fmt: skip
    assert price_for("anthropic", SONNET, NOW, 1).output_usd == 1
    Price.objects.get(effective_from=NOW).delete()
    assert price_for("anthropic", SONNET, NOW, 1).output_usd == 10


def test_loading_again_changes_nothing() -> None:
    with BUNDLED.open() as file:
        again = load(file)
    assert again == Loaded(0, 0, Price.objects.count())
    assert not Price.objects.filter(source="").exists()


def test_a_price_that_no_call_used_is_corrected() -> None:
    done = load(csv("openai,gpt-6-sol,2026-09-01,0,3,2.5,4,0.2,10,0.5,a correction"))
    assert (done.added, done.changed) == (0, 1)
    assert price_for("openai", "gpt-6-sol", NOW, 1).input_usd == 3


def test_a_price_in_use_is_not_changed_and_nothing_else_is_loaded() -> None:
    settled(model="claude-opus-5-5")
    wrong = csv(
        "openai,gpt-7,2026-09-01,0,1,1,1,1,1,0.5,new",
        "anthropic,claude-opus-5-5,2026-09-01,0,4,5,8,0.2,21,0.5,dearer",
    )
    with pytest.raises(BadPrices) as refused:
        load(wrong)
    assert "output_usd 20.000000 → 21" in str(refused.value)
    assert "later effective_from" in str(refused.value)
    assert "manage.py reprice --model claude-opus-5-5" in str(refused.value)
    assert not Price.objects.filter(model="gpt-7").exists()
    load(csv("anthropic,claude-opus-5-5,2026-09-01,0,4,5,8,0.2,20,0.5,a better source"))
    assert price_for("anthropic", "claude-opus-5-5", NOW, 1).source == "a better source"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("openai,m,2026-09-01,0,x,0,0,0,0,1,s", "Line 2 can't be read"),
        ("openai,m,yesterday,0,1,0,0,0,0,1,s", "Line 2 can't be read"),
        ("openai,m,2026-09-01,0,-1,0,0,0,0,1,s", "can't be negative"),
        ("openai,m,2026-09-01,0,1.0000001,0,0,0,0,1,s", "decimal places"),
        ("openai,m,2026-09-01,0,1,0,0,0,0,2,s", "batch_factor must be"),
        ("openai,m,2026-09-01,0,NaN,0,0,0,0,1,s", "Line 2 can't be read"),
        ("openai,,2026-09-01,0,1,0,0,0,0,1,s", "Line 2 can't be read"),
        ("openai,m,2026-09-01", "Line 2 can't be read"),
        ("openai,m,2026-09-01,5000,1,0,0,0,0,1,s", "has no base band"),
        ("openai,m,2026-09-01,0,1,0,0,0,0,1,s\nopenai,m,2026-09-01,0,1,0,0,0,0,1,s", "twice"),
    ],
)
def test_a_line_that_is_no_price_is_named(row: str, told: str) -> None:
    before = Price.objects.count()
    with pytest.raises(BadPrices, match=told):
        load(csv(row))
    assert Price.objects.count() == before


def test_a_file_without_a_column_is_told_which() -> None:
    with pytest.raises(BadPrices, match=r"no column .*above_tokens"):
        load(io.StringIO("provider,model\n"))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_prices")
    assert f"0 added, 0 changed, {Price.objects.count()} as they were" in capsys.readouterr().out
    settled()
    file = tmp_path / "new.csv"
    file.write_text(csv(f"anthropic,{SONNET},2026-11-01,0,1,1,1,1,1,1,new").getvalue())
    call_command("load_prices", str(file))
    told = capsys.readouterr().out
    assert f"manage.py reprice --model {SONNET} --from 2026-11-01" in told
    with pytest.raises(CommandError, match="can't be read: No such file"):
        call_command("load_prices", str(tmp_path / "none.csv"))
    file.write_text("nothing\n")
    with pytest.raises(CommandError, match="has no column"):
        call_command("load_prices", str(file))


def test_kept_prices_grow_old(monkeypatch: pytest.MonkeyPatch) -> None:
    price_for("anthropic", SONNET, NOW, 1)
    Price.objects.filter(model=SONNET).update(output_usd=11)  # as another process would
    assert price_for("anthropic", SONNET, NOW, 1).output_usd == 10
    monkeypatch.setattr(price_list, "KEPT_SECONDS", 0.0)
    assert price_for("anthropic", SONNET, NOW, 1).output_usd == 11
