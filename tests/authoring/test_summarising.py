"""Summaries by the models, end to end: the door, its ledger, and both providers' real wire."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from structlog.testing import capture_logs

import llm
from costs.errors import OverBudget
from costs.models import Budget, UsageRecord
from llm.errors import NoModel
from llm.values import Ask, Reply
from summaries import writing
from summaries.actions import reverify, summarise
from summaries.actions.publication import withdraw
from summaries.authoring import models_write
from summaries.authoring.checking import check
from summaries.benchmarking import ensure_snapshots
from summaries.models import AuditEvent, BatchItem, Citation, Claim, Stock, Summary
from summaries.tiers import WORDS, Tier, count_words
from tests.authoring.conftest import load
from tests.summaries.bundled import drafts, sources
from tests.vendors import Fault, ModelSite
from tests.vendors.summariser import Summariser

State = BatchItem.State
FIRST_TIME = ["claims", "hook", "medium", "expanded"]


def written() -> dict[str, Any]:
    """What the audit trail says of the one text that a model wrote."""
    detail: dict[str, Any] = AuditEvent.objects.get(action="write").detail
    return detail


def test_models_write_the_summary(site: ModelSite, apple: Stock, model: Summariser) -> None:
    assert models_write()
    outcome = summarise(stock=apple, run="7")
    summary = Summary.objects.get()
    assert (outcome.state, outcome.summary) == (State.PUBLISHED, summary)
    assert (summary.writer, summary.state) == ("claude-sonnet-5-5", "published")
    assert model.asked == FIRST_TIME
    for tier in Tier:
        least, most = WORDS[tier]
        assert least <= count_words(summary.tier_text(tier.value)) <= most
    assert reverify(summary) == []
    assert not Claim.objects.filter(citations=None).exists()
    for citation in Citation.objects.select_related("document"):
        assert citation.document.text[citation.start : citation.end] == citation.quote
    assert written()["claims_supported"] == written()["claims_offered"] == 22


def test_ledger_says_who_asked_for_what(site: ModelSite, apple: Stock) -> None:
    summarise(stock=apple, run="7")
    rows = UsageRecord.objects.order_by("pk")
    assert [(row.task, row.model) for row in rows] == [
        ("claims", "claude-sonnet-5-5"),
        ("hook", "claude-haiku-5-5"),
        ("medium", "claude-haiku-5-5"),
        ("expanded", "claude-haiku-5-5"),
    ]
    assert {(row.agent, row.category, row.stock, row.run) for row in rows} == {
        ("summariser", "batch", "AAPL", "7")
    }
    assert {row.prompt for row in rows} == {"write-claims", "write-tier"}
    assert sum(row.cost_usd for row in rows) == site.invoice.total() > 0


@pytest.mark.parametrize(("provider", "every"), [("anthropic", 1), ("openai", 3)])
def test_what_the_extractive_writer_publishes_the_models_publish_too(
    site: ModelSite, only_openai: Callable[[], None], provider: str, every: int
) -> None:
    if provider == "openai":
        only_openai()
    load()
    ensure_snapshots()
    by_rules = {
        one.company.ticker for one, draft in drafts() if not check(draft, sources(one)).problems
    }
    stocks = Stock.objects.covered()[::every]
    by_rules &= {stock.ticker for stock in stocks}
    outcomes = {stock.ticker: summarise(stock=stock) for stock in stocks}
    by_models = {ticker for ticker, one in outcomes.items() if one.state == State.PUBLISHED}
    assert len(by_rules) >= 28 // every
    assert len(by_models & by_rules) >= 0.95 * len(by_rules)
    assert {one.writer for one in Summary.objects.published()} == {
        {"anthropic": "claude-sonnet-5-5", "openai": "gpt-6-sol"}[provider]
    }
    assert [reverify(one) for one in Summary.objects.all()] == [[]] * len(by_models)


# -- lies ---------------------------------------------------------------------------


def test_lies_are_rewritten_and_never_published(
    site: ModelSite, model: Summariser, companies: list[Stock]
) -> None:
    model.lie, model.misquote = 0.25, 0.2
    states = Counter(str(summarise(stock=stock).state) for stock in companies)
    assert states["published"] == len(companies), states
    assert any(asked.endswith("again") for asked in model.asked)
    for detail in AuditEvent.objects.filter(action="write").values_list("detail", flat=True):
        assert detail["claims_offered"] > detail["claims_cited"] >= detail["claims_supported"]
        assert detail["findings"]["misquoted"] > 0
        assert detail["rewrites"] > 0
    assert [reverify(one) for one in Summary.objects.published()] == [[]] * len(companies)


def test_a_model_that_lies_again_and_again_is_never_published_with_it(
    site: ModelSite, model: Summariser, companies: list[Stock]
) -> None:
    model.lie, model.is_stubborn = 0.5, True
    for stock in companies:
        summarise(stock=stock)
    assert [reverify(one) for one in Summary.objects.published()] != []
    assert all(reverify(one) == [] for one in Summary.objects.published())
    for held in Summary.objects.held():
        assert reverify(held) != []
        assert held.state_reason


def test_a_text_too_short_is_rewritten_alone(
    site: ModelSite, model: Summariser, apple: Stock
) -> None:
    model.too_short = 1.0
    assert summarise(stock=apple).state == State.PUBLISHED
    assert sorted(model.asked) == sorted(
        [*FIRST_TIME, "hook again", "medium again", "expanded again"]
    )
    assert written()["rewrites"] == 3


def test_a_text_that_stays_too_short_is_held_after_two_rewrites(
    site: ModelSite, model: Summariser, apple: Stock
) -> None:
    model.too_short, model.is_stubborn = 1.0, True
    outcome = summarise(stock=apple)
    assert outcome.state == State.HELD
    assert "text has" in outcome.message
    assert Counter(model.asked)["expanded again"] == 2
    assert written()["rewrites"] == 6


def test_misquotes_alone_leave_no_claim_and_the_extractive_text_stands_in(
    site: ModelSite, model: Summariser, apple: Stock
) -> None:
    model.misquote, model.is_stubborn = 1.0, True
    with capture_logs() as logs:
        outcome = summarise(stock=apple)
    assert outcome.summary is not None
    assert (outcome.state, outcome.summary.writer) == (State.PUBLISHED, "extractive")
    assert model.asked == ["claims", "claims again"]
    (told,) = [line for line in logs if line["event"] == "authoring.fell_back"]
    assert (told["why"], told["claims_offered"], told["claims_cited"]) == ("too_few_claims", 44, 0)


# -- when no model answers ------------------------------------------------------------


def test_refusals_fall_back_to_the_extractive_text(site: ModelSite, apple: Stock) -> None:
    site.script.add(Fault("refusal", endpoint="messages"))
    with capture_logs() as logs:
        outcome = summarise(stock=apple)
    assert outcome.summary is not None
    assert (outcome.state, outcome.summary.writer) == (State.PUBLISHED, "extractive")
    assert [line["why"] for line in logs if line["event"] == "authoring.fell_back"] == ["refused"]


def test_after_an_outage_the_models_write_again_and_meanwhile_nothing_changes(
    site: ModelSite, apple: Stock
) -> None:
    def away(ask: Ask) -> Reply:
        raise NoModel("All are out.")

    first = summarise(stock=apple, ask=away)
    again = summarise(stock=apple, ask=away)
    assert (first.state, again.state) == (State.PUBLISHED, State.UNCHANGED)
    assert (again.summary, Summary.objects.count()) == (first.summary, 1)
    back = summarise(stock=apple)
    assert back.summary is not None
    assert (back.state, back.summary.writer) == (State.PUBLISHED, "claude-sonnet-5-5")
    assert summarise(stock=apple).state == State.UNCHANGED


def test_extractive_setting_and_no_key_ask_no_model(
    site: ModelSite, apple: Stock, settings: Any, model: Summariser
) -> None:
    settings.WRITER = "extractive"
    assert not models_write()
    outcome = summarise(stock=apple)
    assert outcome.summary is not None
    assert outcome.summary.writer == "extractive"
    settings.WRITER, settings.ANTHROPIC_API_KEY = "auto", ""
    assert not models_write()
    assert summarise(stock=apple).state == State.UNCHANGED
    assert model.asked == []


def test_a_prompts_new_version_writes_anew_and_the_same_does_not(
    site: ModelSite, apple: Stock, model: Summariser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert summarise(stock=apple).state == State.PUBLISHED
    assert summarise(stock=apple).state == State.UNCHANGED
    assert model.asked == FIRST_TIME
    monkeypatch.setattr("summaries.actions.summarising.versions", lambda: "others")
    assert summarise(stock=apple).state == State.PUBLISHED
    assert Summary.objects.count() == 2


def test_what_was_withdrawn_is_not_written_again(
    site: ModelSite, apple: Stock, model: Summariser
) -> None:
    summary = summarise(stock=apple).summary
    assert summary is not None
    withdraw(summary=summary, reason="Wrong.")
    assert summarise(stock=apple).state == State.UNCHANGED
    assert model.asked == FIRST_TIME


# -- money ----------------------------------------------------------------------------


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_crash_at_any_step_costs_nothing_twice(
    site: ModelSite, apple: Stock, model: Summariser, step: int
) -> None:
    answered = 0

    def crashing(ask: Ask) -> Reply:
        nonlocal answered
        reply = llm.write(ask)
        answered += 1
        if answered == step:
            raise KeyboardInterrupt
        return reply

    with pytest.raises(KeyboardInterrupt):
        summarise(stock=apple, ask=crashing)
    assert not Summary.objects.exists()
    outcome = summarise(stock=apple)
    assert outcome.state == State.PUBLISHED
    assert model.asked == FIRST_TIME
    assert UsageRecord.objects.count() == 4
    assert _spent() == site.invoice.total()


def test_what_the_last_step_raises_undoes_the_summary_and_not_the_bill(
    site: ModelSite, apple: Stock, model: Summariser
) -> None:
    def close(outcome: object) -> None:
        raise RuntimeError("lost")

    with pytest.raises(RuntimeError):
        summarise(stock=apple, close=close)
    assert (Summary.objects.count(), UsageRecord.objects.count()) == (0, 4)
    assert summarise(stock=apple).state == State.PUBLISHED
    assert (len(model.asked), UsageRecord.objects.count()) == (4, 4)


def _spent() -> Decimal:
    return sum(UsageRecord.objects.values_list("cost_usd", flat=True), Decimal(0))


def test_over_budget_nothing_is_sent_and_nothing_changes(
    site: ModelSite, apple: Stock, model: Summariser
) -> None:
    before = summarise(stock=apple, writer=writing.write).summary
    Budget.objects.update_or_create(scope="batch", every="month", defaults={"amount_usd": 0})
    with pytest.raises(OverBudget, match="starts anew at"):
        summarise(stock=apple)
    assert model.asked == []
    assert list(Summary.objects.values_list("pk", "state")) == [(before and before.pk, "published")]


def test_the_worker_is_told_before_each_question_how_long_it_may_take(
    site: ModelSite, apple: Stock
) -> None:
    told: list[float] = []
    summarise(stock=apple, keep_alive=told.append)
    assert told == [120.0] * 4


# -- what leaves ------------------------------------------------------------------------


def test_no_prompt_and_no_answer_is_in_a_log_line(
    site: ModelSite, apple: Stock, model: Summariser, caplog: pytest.LogCaptureFixture
) -> None:
    model.lie, model.too_short = 0.25, 0.5
    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        summarise(stock=apple)
    told = f"{logs} {caplog.text}"
    assert "authoring.written" in told
    for secret in ("You write about one", "[F1]", "416,161,000,000", "operating margin", "revenue"):
        assert secret not in told


def test_stable_part_is_the_same_for_all_stocks_and_comes_first(
    site: ModelSite, companies: list[Stock]
) -> None:
    for stock in companies:
        summarise(stock=stock)
    rows = UsageRecord.objects.filter(task="claims").order_by("pk")
    assert len({row.prompt_version for row in rows}) == 1
    first, *others = rows
    assert first.cache_write_tokens > 2048
    assert {row.cache_read_tokens for row in others} == {first.cache_write_tokens}
