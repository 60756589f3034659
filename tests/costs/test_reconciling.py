"""Unknown calls and their age; estimates; likeness as a pure function."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from costs.models import Budget, CostAdjustment
from costs.reconciling import EstimateError, estimate_error, unresolved
from costs.reconciling.lines import BilledRequest
from costs.reconciling.matching import Waiting, alike
from costs.tokens import Tokens
from tests.costs.entries import HAIKU, SONNET, counters, lost, opened, settled

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
needs_rows = pytest.mark.usefixtures("prices", "default_budgets")


@pytest.mark.django_db
@needs_rows
def test_unknown_calls_are_listed_by_age_and_closed_by_hand(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = timezone.now()
    old, young = lost(now - timedelta(hours=50)), lost(now - timedelta(hours=5))
    dead = opened(now - timedelta(minutes=40))
    assert [one.record.pk for one in unresolved()] == [old.pk, young.pk]
    call_command("reconcile_usage")
    told = capsys.readouterr().out
    assert "1 calls had lost their worker" in told
    assert "3 unknown, taken for 0.0060 USD" in told
    assert "2d 2h" in told
    assert "5h 00m" in told
    assert told.index(f"{old.pk:>8}") < told.index(f"{young.pk:>8}") < told.index(f"{dead.pk:>8}")

    call_command("reconcile_usage", "--assume-billed", "--older-than", "24h")
    old.refresh_from_db()
    assert (old.state, old.is_estimate, old.cost_usd) == ("settled", True, Decimal("0.002"))
    assert not CostAdjustment.objects.exists()

    call_command("reconcile_usage", "--assume-not-billed", "--older-than", "1h")
    young.refresh_from_db()
    dead.refresh_from_db()
    assert (young.state, young.error) == ("failed", "assumed_not_billed")
    assert dead.state == "unknown"
    firm = Budget.objects.get(scope="firm")
    assert counters(firm) == (Decimal(0), old.cost_usd + dead.cost_usd)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--assume-billed"], "Say from what age on"),
        (["--older-than", "24h"], "goes with --assume"),
        (["--assume-billed", "--older-than", "soon"], "write 30m, 24h or 7d"),
        (["--assume-billed", "--assume-not-billed"], "not allowed with"),
    ],
)
def test_what_is_not_meant_is_refused(arguments: list[str], told: str) -> None:
    with pytest.raises(CommandError, match=told):
        call_command("reconcile_usage", *arguments)


@pytest.mark.django_db
@needs_rows
def test_the_estimates_error_by_model() -> None:
    """10 % too few for one, then exact, then twice too many."""
    for estimated, actual in ((900, 1000), (1000, 1000), (3000, 1000)):
        settled(
            Tokens(input=actual - 10, cache_write=1, cache_write_1h=2, cache_read=7), NOON,
            estimated_tokens=estimated,
        )  # fmt: skip
    settled(Tokens(input=500), NOON, model=HAIKU, estimated_tokens=600)
    settled(Tokens(input=500), NOON, model=HAIKU, estimated_tokens=0)
    lost(NOON, model=HAIKU)
    told = estimate_error(NOON, NOON + timedelta(hours=1))
    rounded = [replace(one, median=round(one.median, 9), p95=round(one.p95, 9)) for one in told]
    assert rounded == [
        EstimateError("anthropic", HAIKU, 1, 0.2, 0.2),
        EstimateError("anthropic", SONNET, 3, 0.0, 1.81),
    ]
    assert estimate_error(NOON + timedelta(hours=1)) == []
    assert len(estimate_error()) == 2


def line(number: int, after: int, prompt: int, **given: str) -> BilledRequest:
    return BilledRequest(
        number, "anthropic", SONNET, False, NOON + timedelta(seconds=after),
        Tokens(input=prompt), Decimal(0), **given,
    )  # fmt: skip


def call(pk: int, prompt: int, **given: str) -> Waiting:
    return Waiting(pk, "anthropic", SONNET, False, NOON, prompt, **given)


@pytest.mark.parametrize(
    ("lines", "calls", "found"),
    [
        ([line(1, 600, 100)], [call(7, 100)], {1: 7}),
        ([line(1, 601, 100)], [call(7, 100)], {}),
        ([line(1, -1, 100)], [call(7, 100)], {1: 7}),  # dated by whole seconds
        ([line(1, -2, 100)], [call(7, 100)], {}),
        ([line(1, 5, 300)], [call(7, 100)], {1: 7}),
        ([line(1, 5, 301)], [call(7, 100)], {}),
        ([line(1, 5, 300_000)], [call(7, 0)], {1: 7}),  # nobody counted
        ([line(1, 5, 100), line(2, 4, 100)], [call(7, 100)], {2: 7}),  # the sooner one
        ([line(1, 5, 100)], [call(8, 100), call(7, 100)], {1: 7}),  # the earlier row
        ([line(1, 5, 100), line(2, 5, 120)], [call(7, 130), call(8, 105)], {1: 8, 2: 7}),
        ([line(1, 5, 100, request_id="a")], [call(7, 100, request_id="b")], {}),
        ([line(1, 5, 100, response_id="a")], [call(7, 100, response_id="b")], {}),
        ([line(1, 5, 100, request_id="a")], [call(7, 100, response_id="b")], {1: 7}),
    ],
)
def test_likeness(lines: list[BilledRequest], calls: list[Waiting], found: dict[int, int]) -> None:
    assert alike(lines, calls) == found


LINES = st.lists(st.tuples(st.integers(-5, 700), st.integers(0, 500)), max_size=12)
CALLS = st.lists(st.integers(0, 500), max_size=12)


@given(LINES, CALLS, st.randoms())
def test_likeness_is_one_to_one_and_knows_no_order(
    told: list[tuple[int, int]], prompts: list[int], chance: object
) -> None:
    lines = [line(number, after, prompt) for number, (after, prompt) in enumerate(told)]
    calls = [call(pk, prompt) for pk, prompt in enumerate(prompts)]
    found = alike(lines, calls)
    assert len(set(found.values())) == len(found)
    chance.shuffle(lines)  # type: ignore[attr-defined]
    chance.shuffle(calls)  # type: ignore[attr-defined]
    assert alike(lines, calls) == found
