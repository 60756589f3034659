"""What the API tells of money. Amounts are USD, as strings, exact: they add up to the ledger."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from costs.models import UsageRecord
from costs.reports.spending import DIMENSIONS, EVERY
from costs.reports.window import HINT, NotAWindow, Window, window


def _usd(**about: Any) -> Any:
    """All the places that a cost has, without zeros at the end."""
    return serializers.DecimalField(
        max_digits=40, decimal_places=15, normalize_output=True, **about
    )


class NoParameters(serializers.Serializer[object]):
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A misspelt parameter must not widen the answer."""
        if unknown := sorted(set(self.initial_data) - set(self.fields)):
            known = ", ".join(sorted(self.fields))
            there = f"There are: {known}." if known else "There are none here."
            raise serializers.ValidationError(
                {name: [f"There is no such parameter. {there}"] for name in unknown}
            )
        return attrs


class WindowParameters(NoParameters):
    window = serializers.CharField(required=False, default="this", help_text=f"Time: {HINT}.")

    def validate_window(self, words: str) -> Window:
        try:
            return window(words)
        except NotAWindow as error:
            raise serializers.ValidationError(str(error)) from error


class SpendingParameters(WindowParameters):
    by = serializers.ChoiceField(
        choices=tuple(DIMENSIONS), required=False, default="model", help_text="What to tell it by."
    )
    limit = serializers.IntegerField(
        required=False, default=100, min_value=1, max_value=1000, help_text="How many rows."
    )


class SeriesParameters(WindowParameters):
    every = serializers.ChoiceField(choices=EVERY, required=False, default="day")


class SpentSerializer(serializers.Serializer[object]):
    key = serializers.CharField(help_text="Empty: what has none of it.")
    calls = serializers.IntegerField(help_text="Attempts.")
    failed = serializers.IntegerField(help_text="Of them, not billed.")
    usd = _usd()
    unknown_usd = _usd(help_text="Our own count until an export settles it.")
    input_tokens = serializers.IntegerField()
    cache_write_tokens = serializers.IntegerField()
    cache_read_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    thinking_tokens = serializers.IntegerField()
    hit_ratio = serializers.FloatField(allow_null=True)
    mean_ms = serializers.FloatField(allow_null=True)
    p95_ms = serializers.FloatField(allow_null=True)


class SpendingSerializer(serializers.Serializer[object]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    label = serializers.CharField()  # type: ignore[assignment]
    total = SpentSerializer()
    expenses_usd = serializers.DecimalField(max_digits=14, decimal_places=2)
    rows = SpentSerializer(many=True)


class SavingSerializer(serializers.Serializer[object]):
    name = serializers.CharField()
    usd = _usd()
    rule = serializers.CharField()
    is_bound = serializers.BooleanField(help_text="An upper bound, not arithmetic on the ledger.")


class SavingsSerializer(serializers.Serializer[object]):
    saved = SavingSerializer(many=True)
    could_save = SavingSerializer(many=True)


class UnitSerializer(serializers.Serializer[object]):
    name = serializers.CharField()
    count = serializers.IntegerField()
    usd = _usd()
    each_usd = _usd(allow_null=True)


class BudgetSerializer(serializers.Serializer[object]):
    name = serializers.CharField()
    scope = serializers.CharField()
    starts_at = serializers.DateTimeField()
    resets_at = serializers.DateTimeField()
    amount_usd = serializers.DecimalField(max_digits=14, decimal_places=2)
    spent_usd = _usd()
    reserved_usd = _usd()
    left_usd = _usd(help_text="What another call may hold back.")
    share = serializers.DecimalField(max_digits=12, decimal_places=4, help_text="Spent of it.")
    forecast_usd = serializers.DecimalField(
        max_digits=30, decimal_places=2, allow_null=True, help_text="Null: too early to tell."
    )


class UsageRecordSerializer(serializers.ModelSerializer[UsageRecord]):
    user = serializers.CharField(source="user.username", default=None, allow_null=True)

    class Meta:
        model = UsageRecord
        fields = (
            "id", "call", "attempt", "state", "provider", "model", "operation", "is_batch", "batch",
            "request_id", "category", "agent", "task", "stock", "summary", "query", "run", "user",
            "variant", "prompt", "prompt_version", "estimated_tokens", "input_tokens",
            "cache_write_tokens", "cache_write_1h_tokens", "cache_read_tokens", "output_tokens",
            "thinking_tokens", "is_estimate", "cost_usd", "error", "was_stopped", "was_partial",
            "sent_at", "ended_at", "first_token_ms", "latency_ms", "reconciled_at",
        )  # fmt: skip
