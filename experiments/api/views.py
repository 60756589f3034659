"""/api/v1/experiments/: A/B tests and what they show, for programs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from experiments.analysis import analyse
from experiments.analysis.sums import exposed_by_day
from experiments.api import serializers
from experiments.models import ABTest, Phase
from fa_site.answers import Readable, Strict, documented

NEEDS = ("experiments.view_abtest",)


class ABTestFilter(Strict):
    class Meta:
        model = ABTest
        fields = ("state", "unit", "group")


@documented(serializers.ABTestSerializer, many=True, summary="A/B tests")
class ABTests(Readable, generics.ListAPIView[ABTest]):
    needs = NEEDS
    serializer_class = serializers.ABTestSerializer
    filterset_class = ABTestFilter
    ordering_fields = ("key", "started_at")
    queryset = ABTest.objects.select_related("shipped")


@documented(serializers.ABTestDetailSerializer, many=False, summary="One A/B test")
class ABTestDetail(Readable, generics.RetrieveAPIView[ABTest]):
    needs = NEEDS
    serializer_class = serializers.ABTestDetailSerializer
    filterset_class = None
    lookup_field = "key"

    def get_queryset(self) -> QuerySet[ABTest]:
        return ABTest.objects.select_related("shipped").prefetch_related(
            "variants", "goals__metric", "phases"
        )


class OfPhase(Readable, APIView):
    """Figures of one phase of a test."""

    needs = NEEDS

    def phase(self, request: Request, key: str) -> tuple[ABTest, Phase]:
        shape = serializers.PhaseParameters(data=request.query_params.dict())
        shape.is_valid(raise_exception=True)
        test = ABTest.objects.filter(key=key).first()
        if test is None:
            raise Http404(f"There is no A/B test {key}. See /api/v1/experiments/.")
        asked: dict[str, Any] = shape.validated_data
        phases = test.phases.order_by("-number")
        if "phase" in asked:
            phases = phases.filter(number=asked["phase"])
        if (phase := phases.first()) is None:
            raise Http404(
                f"{key} has no such phase; see its phases at /api/v1/experiments/{key}/."
                if test.phases.exists()
                else f"{key} was never started: there is nothing to tell yet."
            )
        return test, phase


@documented(
    serializers.CompareSerializer, many=False, summary="The verdict, and what it rests on",
    parameters=[serializers.PhaseParameters],
)  # fmt: skip
class Compare(OfPhase):
    def get(self, request: Request, key: str) -> Response:
        return Response(serializers.CompareSerializer(analyse(*self.phase(request, key))).data)


@documented(
    serializers.TrafficSerializer, many=True, summary="New units by day and variant",
    parameters=[serializers.PhaseParameters],
)  # fmt: skip
class Traffic(OfPhase):
    def get(self, request: Request, key: str) -> Response:
        _, phase = self.phase(request, key)
        rows = [{"day": day, "counts": counts} for day, counts in exposed_by_day(phase)]
        return Response(serializers.TrafficSerializer(rows, many=True).data)
