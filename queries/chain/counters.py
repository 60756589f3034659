"""What this process answered, for Prometheus; fa_site/metrics.py tells it with the rest."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

registry = CollectorRegistry()
QUERIES = Counter(
    "fa_queries", "Questions, by what came of them.", ("depth", "outcome", "cached"),
    registry=registry,
)  # fmt: skip
SECONDS = Histogram(
    "fa_query_seconds", "Time until a question's end.", ("depth",), registry=registry,
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80),
)  # fmt: skip
FIRST_SECONDS = Histogram(
    "fa_query_first_text_seconds", "Time until an answer's first text.", ("depth",),
    registry=registry, buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20),
)  # fmt: skip
COST = Counter(
    "fa_query_cost_usd", "What the models' calls for questions cost.", ("depth",), registry=registry
)
