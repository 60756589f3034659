"""What the API tells of experiments. Null where a figure isn't known, or has no bound yet."""

from __future__ import annotations

import math
from typing import Any

from rest_framework import serializers

from experiments.models import ABTest, Goal, Phase, Variant


class Finite(serializers.FloatField):
    """Null for what is infinite."""

    def to_representation(self, value: Any) -> Any:
        number = float(super().to_representation(value))
        return number if math.isfinite(number) else None


class VariantSerializer(serializers.ModelSerializer[Variant]):
    class Meta:
        model = Variant
        fields = ("key", "weight", "parameters", "is_control")


class GoalSerializer(serializers.ModelSerializer[Goal]):
    metric = serializers.CharField(source="metric.key")

    class Meta:
        model = Goal
        fields = ("metric", "role", "margin")


class PhaseSerializer(serializers.ModelSerializer[Phase]):
    weights = serializers.DictField(child=serializers.IntegerField())

    class Meta:
        model = Phase
        fields = ("number", "weights", "started_at", "ended_at")


class ABTestSerializer(serializers.ModelSerializer[ABTest]):
    shipped = serializers.CharField(source="shipped.key", default=None, allow_null=True)

    class Meta:
        model = ABTest
        fields = (
            "key", "hypothesis", "unit", "state", "group", "traffic", "holdout", "planned_units",
            "minimal_effect", "alpha", "power", "started_at", "ended_at", "shipped", "reason",
        )  # fmt: skip


class ABTestDetailSerializer(ABTestSerializer):
    variants = VariantSerializer(many=True)
    goals = GoalSerializer(many=True)
    phases = PhaseSerializer(many=True)
    targeting = serializers.JSONField()

    class Meta(ABTestSerializer.Meta):
        fields = (*ABTestSerializer.Meta.fields, "targeting", "variants", "goals", "phases")  # type: ignore[assignment]


class PhaseParameters(serializers.Serializer[object]):
    phase = serializers.IntegerField(
        required=False, min_value=1, help_text="Which phase; the newest by default."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A misspelt parameter must not widen the answer."""
        if unknown := sorted(set(self.initial_data) - set(self.fields)):
            raise serializers.ValidationError(
                {name: ["There is no such parameter. There are: phase."] for name in unknown}
            )
        return attrs


class IntervalSerializer(serializers.Serializer[object]):
    low = Finite(allow_null=True)
    high = Finite(allow_null=True)


class GroupSerializer(serializers.Serializer[object]):
    count = serializers.IntegerField(help_text="Units with a measured outcome.")
    mean = Finite()
    variance = Finite(help_text="Of one unit.")


class DaySerializer(serializers.Serializer[object]):
    day = serializers.DateField()
    effect = Finite()
    interval = IntervalSerializer()
    p = Finite()


class ComparisonSerializer(serializers.Serializer[object]):
    metric = serializers.CharField(source="goal.metric")
    role = serializers.CharField(source="goal.role")
    variant = serializers.CharField()
    sample = GroupSerializer()
    control = GroupSerializer()
    effect = Finite(help_text="Absolute: the variant's mean less the control's.")
    interval = IntervalSerializer(help_text="Of the effect; holds however often one looks.")
    p = Finite(help_text="Of no effect; of a guardrail, of its margin. Holds likewise.")
    p_adjusted = Finite(help_text="For the variants of a role, and secondary metrics, together.")
    p_fixed = Finite(
        allow_null=True, help_text="Of a test that looks once (z or Welch): decides nothing here."
    )
    relative = Finite(allow_null=True, help_text="The effect as a share of the control's mean.")
    relative_interval = IntervalSerializer(allow_null=True)
    standing = serializers.CharField(
        allow_null=True, help_text="Of a guardrail: held, broken or open."
    )
    points = DaySerializer(
        many=True, help_text="By day; of a guardrail the distance from its margin."
    )


class RatioSerializer(serializers.Serializer[object]):
    counts = serializers.DictField(child=serializers.IntegerField())
    expected = serializers.DictField(child=serializers.FloatField())
    p = Finite(help_text="Holds however often one looks.")
    p_fixed = Finite(help_text="The chi-square test's, for this look alone.")
    deviation = Finite(help_text="The largest difference of a share from its weight.")
    is_broken = serializers.BooleanField()


class JudgedSerializer(serializers.Serializer[object]):
    variant = serializers.CharField()
    verdict = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())


class CompareSerializer(serializers.Serializer[object]):
    phase = PhaseSerializer()
    verdict = serializers.CharField(source="assessment.verdict")
    reasons = serializers.ListField(child=serializers.CharField(), source="assessment.reasons")
    winner = serializers.CharField(source="assessment.winner", allow_null=True)
    variants = JudgedSerializer(source="assessment.variants", many=True)
    comparisons = ComparisonSerializer(source="assessment.comparisons", many=True)
    ratio = RatioSerializer(source="assessment.ratio")


class TrafficSerializer(serializers.Serializer[object]):
    day = serializers.DateField()
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="New units, by variant."
    )
