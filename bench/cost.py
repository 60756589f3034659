"""What 1,000 stocks cost with models, live and by Message Batches, and one standard question.

The real batch over 1,000 companies (the bundled ones, again under other names) through the SDKs
to loopback models that count tokens by word pieces (times 1.3 for Claude) and bill by the price
list. What the model writes is as long as the schema's answers are: claims with quotes, three tiers.
"""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from typing import Any

from bench.companies import load_companies
from bench.figures import figure
from bench.scratch import scratch
from tests.vendors import ModelProcess, model_process

STOCKS = 1_000
CONCURRENCY = 24
DESIGN = 0.40
LIVE, BATCH, QUERY = 0.05, 0.02, 0.01
QUESTION = "How did revenue, operating margin and free cash flow develop over the last three years?"
ANSWER_TOKENS = 600


def main() -> None:
    with (
        model_process(author="bench.authors:summariser") as models,
        scratch(
            ANTHROPIC_API_KEY="fake-key-for-bench",
            FA_ANTHROPIC_BASE_URL=models.anthropic_url,
            FA_LLM_REQUESTS_A_MINUTE="1000000",
            FA_LLM_TOKENS_A_MINUTE="1000000000",
            FA_LOG_LEVEL="WARNING",
            FA_EMBEDDER="hashing-384",
        ),
    ):
        stocks = _prepared()
        live = _batch(models, "live", "--concurrency", str(CONCURRENCY))
        _forget()
        batch = _batch(models, "batch", "--concurrency", str(CONCURRENCY), "--half-price")
        query = _question(models)
        difference = abs(_ledger() - models.invoice.total())
        figure("cost", "usd_per_stock_live", float(live / stocks), "USD", LIVE)
        figure("cost", "usd_per_stock_live_of_design", float(live / stocks), "USD", DESIGN)
        figure("cost", "usd_per_stock_batch", float(batch / stocks), "USD", BATCH)
        figure("cost", "usd_per_query_standard", float(query), "USD", QUERY)
        figure("cost", "ledger_minus_invoice_usd", float(difference), "USD", 0.005)


def _prepared() -> int:
    from django.core.management import call_command

    from costs.budgets import ensure_budgets
    from costs.models import Budget

    call_command("load_prices", verbosity=0)
    ensure_budgets()
    Budget.objects.update(amount_usd=1_000_000)
    return load_companies(STOCKS)


def _batch(models: ModelProcess, name: str, *options: str) -> Decimal:
    """Run it, show the arithmetic, and give what it cost in all."""
    before = _ledger()
    command = [sys.executable, "manage.py", "run_batch", "--quiet", *options]
    subprocess.run(command, check=False, stderr=subprocess.DEVNULL)
    _show(name)
    return _ledger() - before


def _show(name: str) -> None:
    """A line for each task and model: calls, mean tokens of each class, USD a stock."""
    from django.db.models import Avg, Count, Sum

    from costs.models import UsageRecord
    from summaries.models import BatchItem, BatchRun

    run = BatchRun.objects.latest()
    states = dict(run.items.values_list("state").annotate(n=Count("pk")).order_by())
    done = BatchItem.objects.filter(run=run).count()
    print(json.dumps({"bench": "cost", "mode": name, "stocks": done, "states": states}))
    rows: Any = UsageRecord.objects.filter(run=str(run.pk)).order_by()
    means = {
        field: Avg(field)
        for field in ("input_tokens", "cache_write_tokens", "cache_write_1h_tokens",
                      "cache_read_tokens", "output_tokens")
    }  # fmt: skip
    told = rows.values("task", "model").annotate(n=Count("pk"), usd=Sum("cost_usd"), **means)
    for row in told.order_by("-usd"):
        mean = {field: round(row[field] or 0) for field in means}
        usd = round(float(row["usd"]) / max(done, 1), 6)
        print(json.dumps({"mode": name, "task": row["task"], "model": row["model"],
                          "calls": row["n"], **mean, "usd_per_stock": usd}))  # fmt: skip


def _forget() -> None:
    """As if the stocks had never been written: no texts, no kept answers."""
    from llm.models import KeptReply
    from summaries.models import BatchRun, Citation, Finding, Stock, Summary

    for model in (BatchRun, Citation, Finding, Summary, KeptReply):
        model.objects.all().delete()
    Stock.objects.update(coverage_inputs="")


def _ledger() -> Decimal:
    from django.db.models import Sum

    from costs.models import UsageRecord

    return UsageRecord.objects.aggregate(usd=Sum("cost_usd"))["usd"] or Decimal(0)


def _question(models: ModelProcess) -> Decimal:
    """The evidence that search finds for a question, and one call of the large model."""

    import llm
    from llm.values import Ask, Complexity, Part, Prompt, Purpose, Turn
    from summaries.models import Summary
    from summaries.search import Query, search

    before = _ledger()
    stock = Summary.objects.published().order_by("pk").first().stock  # type: ignore[union-attr]
    found = search(Query(QUESTION, stocks=(stock,), k=12))
    evidence = "\n\n".join(passage.quote for passage in found)
    llm.write(
        Ask(
            purpose=Purpose(agent="answerer", category="queries", task="standard", query="bench"),
            prompt=Prompt("bench", "0" * 16, "Answer from the evidence alone, citing each claim."),
            turns=(Turn("user", (Part(evidence), Part(QUESTION))),),
            complexity=Complexity.MODERATE,
            max_output_tokens=ANSWER_TOKENS,
        )
    )
    return _ledger() - before


if __name__ == "__main__":
    main()
