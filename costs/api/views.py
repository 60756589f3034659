"""/api/v1/costs/: what the cost page shows, for programs."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from costs.api import serializers
from costs.budgets import standings
from costs.models import UsageRecord
from costs.reports.savings import savings
from costs.reports.spending import by, by_period, expenses, total, with_speed
from costs.reports.units import unit_costs
from costs.views import csv_response
from fa_site.answers import ERRORS, INVALID, Readable, Strict, documented

NEEDS = ("costs.view_usagerecord",)


class Told(Readable, APIView):
    """A report: its parameters are checked, unknown ones refused."""

    needs = NEEDS
    parameters: ClassVar[type[serializers.NoParameters]] = serializers.WindowParameters

    def asked(self, request: Request) -> dict[str, Any]:
        shape = self.parameters(data=request.query_params.dict())
        shape.is_valid(raise_exception=True)
        found: dict[str, Any] = shape.validated_data
        return found


@documented(
    serializers.SpendingSerializer, many=False, summary="Spending by model, agent, stock…",
    parameters=[serializers.SpendingParameters],
)  # fmt: skip
class Spending(Told):
    parameters = serializers.SpendingParameters

    def get(self, request: Request) -> Response:
        asked = self.asked(request)
        shown, dimension = asked["window"], asked["by"]
        rows = by(dimension, shown, most=asked["limit"])
        told = {
            "start": shown.start,
            "end": shown.end,
            "label": shown.label,
            "total": total(shown),
            "expenses_usd": expenses(shown),
            "rows": with_speed(dimension, shown, rows),
        }
        return Response(serializers.SpendingSerializer(told).data)


@documented(
    serializers.SpentSerializer, many=True, summary="Spending by day, week or month",
    parameters=[serializers.SeriesParameters],
)  # fmt: skip
class Series(Told):
    parameters = serializers.SeriesParameters

    def get(self, request: Request) -> Response:
        asked = self.asked(request)
        rows = [spent for _, spent in by_period(asked["every"], asked["window"])]
        return Response(serializers.SpentSerializer(rows, many=True).data)


@documented(
    serializers.SavingsSerializer, many=False, summary="What was saved, and what could be",
    parameters=[serializers.WindowParameters],
)  # fmt: skip
class Savings(Told):
    def get(self, request: Request) -> Response:
        told = savings(self.asked(request)["window"])
        return Response(serializers.SavingsSerializer(told).data)


@documented(
    serializers.UnitSerializer, many=True, summary="What a verified summary cost",
    parameters=[serializers.WindowParameters],
)  # fmt: skip
class Units(Told):
    def get(self, request: Request) -> Response:
        found = unit_costs(self.asked(request)["window"])
        return Response(serializers.UnitSerializer(found, many=True).data)


@documented(serializers.BudgetSerializer, many=True, summary="Budgets as they stand")
class Budgets(Told):
    parameters = serializers.NoParameters

    def get(self, request: Request) -> Response:
        self.asked(request)
        return Response(serializers.BudgetSerializer(standings(), many=True).data)


class Export(Told):
    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Who accepts CSV alone gets it; problems are told in JSON all the same."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        summary="All of it as CSV",
        parameters=[serializers.WindowParameters],
        responses={(200, "text/csv"): OpenApiResponse(str, "RFC 4180"), **ERRORS, **INVALID},
    )
    def get(self, request: Request) -> HttpResponse:
        return csv_response(self.asked(request)["window"])


class UsageFilter(Strict):
    sent_since = django_filters.IsoDateTimeFilter(
        field_name="sent_at", lookup_expr="gte", label="Sent at this moment or later."
    )
    sent_before = django_filters.IsoDateTimeFilter(
        field_name="sent_at", lookup_expr="lt", label="Sent before this moment."
    )

    class Meta:
        model = UsageRecord
        fields = (
            "state", "provider", "model", "agent", "category", "stock", "query", "run", "is_batch",
            "sent_since", "sent_before",
        )  # fmt: skip


@documented(serializers.UsageRecordSerializer, many=True, summary="The ledger, the newest first")
class Ledger(Readable, generics.ListAPIView[UsageRecord]):
    needs = NEEDS
    serializer_class = serializers.UsageRecordSerializer
    filterset_class = UsageFilter
    ordering_fields = ("sent_at", "cost_usd")

    def get_queryset(self) -> QuerySet[UsageRecord]:
        return UsageRecord.objects.select_related("user").order_by("-sent_at", "-pk")
