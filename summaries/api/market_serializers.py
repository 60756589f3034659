"""The shapes of prices, estimates and fundamentals, each with when it was known."""

from __future__ import annotations

from rest_framework import serializers

from summaries.models import DailyPrice, Estimate, Fundamental


class PriceSerializer(serializers.ModelSerializer[DailyPrice]):
    class Meta:
        model = DailyPrice
        fields = ("on", "currency", "close", "open", "high", "low", "volume", "known_at")


class EstimateSerializer(serializers.ModelSerializer[Estimate]):
    class Meta:
        model = Estimate
        fields = (
            "metric", "periodicity", "fiscal_year", "fiscal_period", "fiscal_end", "estimate_date",
            "currency", "mean", "median", "high", "low", "standard_deviation", "estimate_count",
            "up", "down", "known_at",
        )  # fmt: skip


class FundamentalSerializer(serializers.ModelSerializer[Fundamental]):
    class Meta:
        model = Fundamental
        fields = (
            "metric", "periodicity", "fiscal_year", "fiscal_period", "fiscal_end", "report_date",
            "update_type", "currency", "value", "known_at",
        )  # fmt: skip
