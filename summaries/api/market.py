"""/api/v1/: a stock's prices, estimates and fundamentals as they were known at a moment."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import generics
from rest_framework.filters import BaseFilterBackend

from summaries.api import filters
from summaries.api import market_serializers as shapes
from summaries.api.answers import Readable, documented, stock_of
from summaries.models import DailyPrice, Estimate, Fundamental, Stock
from summaries.pages import known
from summaries.pages.moments import NotAMoment, moment

Row = TypeVar("Row", bound=Model)
# The order says which version of a row is the one: nobody may choose another.
BACKENDS: tuple[type[BaseFilterBackend], ...] = (DjangoFilterBackend,)


class _OfStock(Readable, generics.ListAPIView[Row]):
    filter_backends = BACKENDS

    @property
    def stock(self) -> Stock:
        return stock_of(Stock.objects.all(), self.kwargs["ticker"])

    @property
    def at(self) -> datetime:
        """Now where nothing usable is asked for: what isn't, the filter says."""
        try:
            return moment(self.request.query_params.get("as_of", ""))
        except NotAMoment:
            return timezone.now()


@documented(shapes.PriceSerializer, many=True, summary="A stock's daily prices, the newest first")
class StockPrices(_OfStock[DailyPrice]):
    needs = ("summaries.view_dailyprice",)
    serializer_class = shapes.PriceSerializer
    filterset_class = filters.PriceFilter

    def get_queryset(self) -> QuerySet[DailyPrice]:
        if getattr(self, "swagger_fake_view", False):
            return DailyPrice.objects.none()
        return known.prices(self.stock, self.at)


@documented(shapes.EstimateSerializer, many=True, summary="Analysts' consensus on a stock")
class StockEstimates(_OfStock[Estimate]):
    needs = ("summaries.view_estimate",)
    serializer_class = shapes.EstimateSerializer
    filterset_class = filters.MeasureFilter

    def get_queryset(self) -> QuerySet[Estimate]:
        if getattr(self, "swagger_fake_view", False):
            return Estimate.objects.none()
        return known.estimates(self.stock, self.at)


@documented(shapes.FundamentalSerializer, many=True, summary="A stock's line items by FactSet")
class StockFundamentals(_OfStock[Fundamental]):
    needs = ("summaries.view_fundamental",)
    serializer_class = shapes.FundamentalSerializer
    filterset_class = filters.MeasureFilter

    def get_queryset(self) -> QuerySet[Fundamental]:
        if getattr(self, "swagger_fake_view", False):
            return Fundamental.objects.none()
        return known.fundamentals(self.stock, self.at)
