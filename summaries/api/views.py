"""/api/v1/: read-only lists and rows. Each view says which permissions it needs."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404
from drf_spectacular.views import SpectacularAPIView
from rest_framework import generics
from rest_framework.views import APIView

from summaries.api import filters, serializers
from summaries.api.answers import Readable, documented, stock_of
from summaries.models import BatchItem, BatchRun, Citation, Claim, Stock, Summary
from summaries.models.texts import SummaryQuerySet
from summaries.pages.batches import as_read_by
from summaries.pages.rights import REVIEW_SUMMARIES


def _stocks(user: User | AnonymousUser) -> QuerySet[Stock]:
    published = Summary.objects.readable_by(user).shown().filter(stock=OuterRef("pk"))
    return Stock.objects.annotate(published_summary_id=Subquery(published.values("pk")[:1]))


def _summaries(user: User | AnonymousUser) -> SummaryQuerySet:
    """What is published, as far as the licences reach; who reviews may ask for the rest by state."""
    citations = Prefetch("citations", queryset=Citation.objects.only("pk", "claim_id", "position"))
    claims = Claim.objects.prefetch_related(citations)
    summaries = (
        Summary.objects.readable_by(user)
        .select_related("stock")
        .prefetch_related(Prefetch("claims", queryset=claims))
    )
    return summaries if user.has_perm(REVIEW_SUMMARIES) else summaries.shown()


def _citations(user: User | AnonymousUser) -> QuerySet[Citation]:
    citations = (
        Citation.objects.readable_by(user)
        .select_related("claim", "document", "fact__filing__stock")
        .defer("document__text")
    )
    if user.has_perm(REVIEW_SUMMARIES):
        return citations
    return citations.filter(claim__summary__in=Summary.objects.readable_by(user).shown())


def _runs() -> QuerySet[BatchRun]:
    counts = {
        f"n_{state}": Count("items", filter=Q(items__state=state))
        for state in BatchItem.State.values
    }
    # Said anew: counting drops the order of the model.
    return BatchRun.objects.annotate(**counts).order_by("-started_at", "-pk")


@documented(serializers.StockSerializer, many=True, summary="Stocks, by ticker")
class StockList(Readable, generics.ListAPIView[Stock]):
    needs = ("summaries.view_stock",)
    serializer_class = serializers.StockSerializer
    filterset_class = filters.StockFilter
    ordering_fields = ("ticker", "name", "sector")

    def get_queryset(self) -> QuerySet[Stock]:
        return _stocks(self.request.user)


@documented(serializers.StockSerializer, many=False, summary="One stock")
class StockDetail(Readable, generics.RetrieveAPIView[Stock]):
    needs = ("summaries.view_stock",)
    serializer_class = serializers.StockSerializer

    def get_object(self) -> Stock:
        return stock_of(_stocks(self.request.user), self.kwargs["ticker"])


@documented(serializers.SummarySerializer, many=False, summary="A stock's published summary")
class StockSummary(Readable, generics.RetrieveAPIView[Summary]):
    needs = ("summaries.view_summary",)
    serializer_class = serializers.SummarySerializer

    def get_object(self) -> Summary:
        stock = stock_of(Stock.objects.all(), self.kwargs["ticker"])
        summary = _summaries(self.request.user).shown().filter(stock=stock).first()
        if summary is None:
            reason = (
                stock.coverage_reason or "It is written with the next batch run that covers it."
            )
            raise Http404(f"{stock.ticker} has no published summary. {reason}")
        return summary


@documented(
    serializers.SummarySerializer, many=True, summary="Published summaries, the newest first"
)
class SummaryList(Readable, generics.ListAPIView[Summary]):
    needs = ("summaries.view_summary",)
    serializer_class = serializers.SummarySerializer
    filterset_class = filters.SummaryFilter
    ordering_fields = ("published_at", "data_through", "stock__ticker")
    ordering = ("-published_at", "-pk")

    def get_queryset(self) -> QuerySet[Summary]:
        if getattr(self, "swagger_fake_view", False):
            return Summary.objects.none()
        summaries = _summaries(self.request.user)
        if "state" in self.request.query_params:
            return summaries
        return summaries.shown()


@documented(serializers.SummarySerializer, many=False, summary="One summary")
class SummaryDetail(Readable, generics.RetrieveAPIView[Summary]):
    needs = ("summaries.view_summary",)
    serializer_class = serializers.SummarySerializer

    def get_queryset(self) -> QuerySet[Summary]:
        if getattr(self, "swagger_fake_view", False):
            return Summary.objects.none()
        return _summaries(self.request.user)


@documented(serializers.CitationSerializer, many=True, summary="Citations of a summary or claim")
class CitationList(Readable, generics.ListAPIView[Citation]):
    needs = ("summaries.view_citation",)
    serializer_class = serializers.CitationSerializer
    filterset_class = filters.CitationFilter

    def get_queryset(self) -> QuerySet[Citation]:
        if getattr(self, "swagger_fake_view", False):
            return Citation.objects.none()
        return _citations(self.request.user)


@documented(serializers.CitationSerializer, many=False, summary="One citation")
class CitationDetail(Readable, generics.RetrieveAPIView[Citation]):
    needs = ("summaries.view_citation",)
    serializer_class = serializers.CitationSerializer

    def get_queryset(self) -> QuerySet[Citation]:
        if getattr(self, "swagger_fake_view", False):
            return Citation.objects.none()
        return _citations(self.request.user)


@documented(serializers.BatchRunSerializer, many=True, summary="Batch runs, the newest first")
class BatchRunList(Readable, generics.ListAPIView[BatchRun]):
    needs = ("summaries.view_batchrun",)
    serializer_class = serializers.BatchRunSerializer
    filterset_class = filters.BatchRunFilter
    ordering_fields = ("started_at", "finished_at")

    def get_queryset(self) -> QuerySet[BatchRun]:
        return _runs()


@documented(serializers.BatchRunSerializer, many=False, summary="One batch run")
class BatchRunDetail(Readable, generics.RetrieveAPIView[BatchRun]):
    needs = ("summaries.view_batchrun",)
    serializer_class = serializers.BatchRunSerializer

    def get_queryset(self) -> QuerySet[BatchRun]:
        return _runs()


@documented(serializers.BatchItemSerializer, many=True, summary="The items of a batch run")
class BatchItemList(Readable, generics.ListAPIView[BatchItem]):
    needs = ("summaries.view_batchrun", "summaries.view_batchitem")
    serializer_class = serializers.BatchItemSerializer
    filterset_class = filters.BatchItemFilter
    ordering_fields = ("stock__ticker", "seconds", "finished_at")

    def get_queryset(self) -> QuerySet[BatchItem]:
        if getattr(self, "swagger_fake_view", False):
            return BatchItem.objects.none()
        run = generics.get_object_or_404(BatchRun, pk=self.kwargs["pk"])
        items = run.items.select_related("stock").order_by("stock__ticker")
        return as_read_by(items, self.request.user)


class Schema(SpectacularAPIView):
    """The OpenAPI schema; closed like the rest."""

    needs: ClassVar[tuple[str, ...]] = ()
    permission_classes = APIView.permission_classes
