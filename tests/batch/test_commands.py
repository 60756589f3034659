"""The commands' words and exit codes; what they do on workers is in test_chain."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from summaries.actions import summarise
from summaries.batches import start_run
from summaries.batches.progress import Progress
from summaries.batches.runs import finish_if_done
from summaries.batches.screen import Screen
from summaries.models import BatchRun, Citation, Claim, Stock
from tests.batch.test_runs import close_all, stocks

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command(*arguments, stdout=out, stderr=err)
    assert isinstance(end.value.code, int)
    return end.value.code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--tickers", "AAP"], 2, "No stock has the ticker AAP. Did you mean AAPL?"),
        (["--tickers", " , "], 2, "--tickers names no ticker."),
        (["--tickers", "'; DROP TABLE"], 2, "No stock has the ticker '; DROP TABLE."),
        (["--limit", "0"], 2, "--limit must be at least 1."),
        (["--concurrency", "0"], 2, "--concurrency must be between 1 and 256."),
        ([], 1, "No stocks are loaded. Run manage.py load_bundle"),
    ],
)
def test_run_batch_says_what_is_wrong_with_the_request(
    arguments: list[str], code: int, told: str
) -> None:
    stocks("AAPL")
    with pytest.raises(CommandError) as refused:
        call_command("run_batch", *arguments)
    assert refused.value.returncode == code
    assert str(refused.value).startswith(told)
    assert not BatchRun.objects.exists()


def test_status_of_nothing_is_a_problem() -> None:
    code, told, _ = run("check_batch_status")
    assert (code, told.strip()) == (
        1,
        "No batch was ever run. Start one with manage.py run_batch, and see that the schedule runs.",
    )
    assert run("check_batch_status", "--run", "7")[0] == 1


def test_status_of_a_good_batch_in_the_firm_s_time() -> None:
    batch, _ = start_run(stocks=stocks("AAA", "BBB"), trigger=BatchRun.Trigger.COMMAND)
    close_all(batch)
    started = datetime.fromisoformat("2026-11-15T04:30:00+00:00")
    BatchRun.objects.update(started_at=started, finished_at=started + timedelta(minutes=2))
    code, told, _ = run("check_batch_status", "--date", "2026-11-14")
    assert (code, told.splitlines()) == (
        0,
        [
            f"Batch {batch.pk} (command): finished, started 2026-11-14 23:30:00 EST, "
            "ended 2026-11-14 23:32:00 EST",
            "  2 of 2 done: 2 unchanged; USD 0.00",
        ],
    )
    assert run("check_batch_status", "--date", "2026-11-15")[0] == 1


def test_status_names_what_is_to_be_looked_at() -> None:
    batch, _ = start_run(stocks=stocks("AAA", "BBB"), trigger=BatchRun.Trigger.COMMAND)
    now = timezone.now()
    batch.items.filter(stock__ticker="AAA").update(state="unchanged", finished_at=now)
    batch.items.filter(stock__ticker="BBB").update(
        state="failed", message="LookupError: no median.", finished_at=now
    )
    finish_if_done(batch)
    code, told, _ = run("check_batch_status", "--last")
    assert code == 1
    assert "  BBB failed: LookupError: no median." in told.splitlines()
    code, told, _ = run("check_batch_status", "--run", str(batch.pk), "--json")
    held = json.loads(told)
    assert (code, held["well"]) == (1, False)
    assert held["runs"][0]["problems"] == [
        {"ticker": "BBB", "state": "failed", "message": "LookupError: no median."}
    ]


def test_status_of_a_batch_that_nobody_works_on() -> None:
    start_run(stocks=stocks("AAA"), trigger=BatchRun.Trigger.COMMAND)
    assert "Nobody works on it" not in run("check_batch_status")[1]
    BatchRun.objects.update(started_at=timezone.now() - timedelta(minutes=6))
    code, told, _ = run("check_batch_status")
    assert (code, "Nobody works on it" in told) == (1, True)


@pytest.mark.parametrize("word", ["gestern", "2026-13-01", ""])
def test_status_of_a_day_that_is_none(word: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("check_batch_status", "--date", word)
    assert refused.value.returncode == 2


def test_verify_published_of_nothing() -> None:
    with pytest.raises(CommandError, match=r"Nothing is published\. Run manage\.py run_batch"):
        call_command("verify_published")


def test_verify_published_holds_then_names_one_changed_digit(apple: Stock) -> None:
    summarise(stock=apple)
    count = Claim.objects.count()
    assert run("verify_published") == (
        0,
        f"1 summaries, {count} claims read again: all hold.\n",
        "",
    )
    claim = Claim.objects.get(tier="hook", position=0)
    changed = claim.text.replace("6.4%", "6.5%")
    assert changed != claim.text
    Claim.objects.filter(pk=claim.pk).update(text=changed)
    code, told, named = run("verify_published", "--tickers", "aapl")
    assert (code, told) == (1, f"1 summaries, {count} claims read again: 1 do not hold.\n")
    assert named.startswith("AAPL hook sentence 1: ")
    assert changed in named


def test_verify_published_names_a_changed_quote(apple: Stock) -> None:
    summarise(stock=apple)
    citation = Citation.objects.filter(claim__tier="hook").first()
    assert citation
    Citation.objects.filter(pk=citation.pk).update(quote="Revenue 1")
    code, _, named = run("verify_published")
    assert (code, named.count("does not say “Revenue 1”")) == (1, 1)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_screen_rewrites_one_line_on_a_terminal_and_is_silent_if_asked() -> None:
    from decimal import Decimal

    progress = Progress({"pending": 1, "published": 1}, Decimal(0))
    terminal, quiet, log = Terminal(), Terminal(), io.StringIO()
    for stream, silence in ((terminal, False), (quiet, True), (log, False)):
        screen = Screen(stream, quiet=silence)
        screen.show(progress)
        screen.show(progress)
        screen.close()
    assert terminal.getvalue().count("\r") == 2
    assert terminal.getvalue().count("\n") == 1
    assert terminal.getvalue().endswith("1/2 (50%), 0 stocks a minute, USD 0.00\n")
    assert (quiet.getvalue(), log.getvalue()) == ("", "")
