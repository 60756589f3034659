"""/metrics for Prometheus: requests as counted by this process, batches as the tables say.

One process with threads serves the site (docs/architecture.md); several would
each count their own requests, so give each a scrape target.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from fa_site import broker, health
from queries.chain import counters
from summaries.models import BatchItem, Summary
from summaries.tasks import QUEUE

registry = CollectorRegistry()
REQUESTS = Counter(
    "fa_http_requests", "Requests answered.", ("method", "route", "status"), registry=registry
)
SECONDS = Histogram(
    "fa_http_request_seconds",
    "Time to answer a request.",
    ("route",),
    registry=registry,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class Tables(Collector):
    """What the database and Valkey hold at the moment of the scrape."""

    def describe(self) -> list[Metric]:
        return []  # asked at registration, before the database is there

    def collect(self) -> Iterator[Metric]:
        items = BatchItem.objects.order_by().values_list("state")
        yield self._by_state("fa_batch_items", "Batch items.", BatchItem, items)
        # Of what needs no licence: who scrapes holds none.
        free: QuerySet[Any, Any] = Summary.objects.readable_by(AnonymousUser()).order_by()
        free = free.values_list("shown_state")
        yield self._by_state("fa_summaries", "Summaries.", Summary, free)
        try:
            yield self._queues()
            yield GaugeMetricFamily(
                "fa_workers", "Worker processes seen.", len(broker.live_workers())
            )
        except redis.RedisError:
            return  # an absent series is how Prometheus says "unknown"

    @staticmethod
    def _by_state(
        name: str, words: str, model: type[BatchItem] | type[Summary], rows: QuerySet[Any, Any]
    ) -> Metric:
        counts = dict(rows.annotate(n=Count("pk")))
        family = GaugeMetricFamily(name, f"{words} By state.", labels=("state",))
        for state in model.State.values:
            family.add_metric((state,), counts.get(state, 0))
        return family

    @staticmethod
    def _queues() -> Metric:
        family = GaugeMetricFamily("fa_queue_messages", "Messages waiting.", labels=("queue",))
        client = broker.connection()
        options: dict[str, str] = settings.DRAMATIQ_BROKER["OPTIONS"]  # type: ignore[assignment]
        namespace = options["namespace"]
        family.add_metric((QUEUE,), client.llen(f"{namespace}:{QUEUE}"))
        return family


registry.register(Tables())
registry.register(counters.registry)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Open to this machine, and to accounts that may read batch runs."""
    if not health.may_see_inside(request):
        return health.refused(request)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
