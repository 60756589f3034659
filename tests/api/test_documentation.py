"""The committed schema is the code's, and docs/api.md tells of every route."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from rest_framework.serializers import Serializer

from costs.api import serializers as costs
from costs.api.urls import urlpatterns as cost_routes
from costs.api.views import UsageFilter
from costs.reports.spending import DIMENSIONS
from experiments.api import serializers as experiments
from experiments.api.urls import urlpatterns as experiment_routes
from experiments.api.views import ABTestFilter
from fa_site.answers import Strict
from queries.api import serializers as questions
from queries.api.urls import urlpatterns as question_routes
from summaries.api import filters, parameters
from summaries.api.urls import urlpatterns
from tests.factories import make_user

DOCS = Path(__file__).parents[2] / "docs"
REBUILD = "manage.py spectacular --validate --fail-on-warn --file docs/api/openapi.yaml"


def test_committed_schema_is_the_codes(tmp_path: Path) -> None:
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(made))
    committed = yaml.safe_load((DOCS / "api" / "openapi.yaml").read_text())
    assert yaml.safe_load(made.read_text()) == committed, f"Run: {REBUILD}"


def test_schema_tells_problems() -> None:
    paths = yaml.safe_load((DOCS / "api" / "openapi.yaml").read_text())["paths"]
    for path, operations in paths.items():
        if not path.endswith("/schema/"):
            for way, operation in operations.items():
                _tells_problems(way, operation["responses"], f"{way} {path}")


def _tells_problems(way: str, responses: dict[str, Any], where: str) -> None:
    # What a body names is an error of that field, not of the address.
    missing = {"400", "413", "415"} if way in {"post", "patch"} else {"404"}
    assert {"200", "204"} & set(responses), where
    assert {"401", "403", "429"} | missing <= set(responses), where
    assert set(responses["401"]["content"]) == {"application/problem+json"}


@pytest.mark.django_db
def test_schema_is_served(client: Client) -> None:
    client.force_login(make_user("anna", "advisor"))
    assert b"FA AI System API" in client.get("/api/v1/schema/").content


def _headings() -> list[str]:
    return re.findall(
        r"^### `(?:GET|POST|PATCH|DELETE) (/api/v1/\S*)`$",
        (DOCS / "api.md").read_text(),
        re.MULTILINE,
    )


def test_every_route_is_documented() -> None:
    routes = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/api/v1/{one.pattern}")
        for one in (*urlpatterns, *cost_routes, *question_routes, *experiment_routes)
    }
    assert set(_headings()) == routes


@pytest.mark.parametrize(
    "declared",
    [
        filters.StockFilter, filters.SummaryFilter, filters.CitationFilter, filters.BatchRunFilter,
        filters.BatchItemFilter, filters.DocumentFilter, filters.ResearchFilter,
        filters.FilingFilter, filters.PriceFilter, filters.MeasureFilter, UsageFilter,
        ABTestFilter,
    ],
)  # fmt: skip
def test_every_filter_is_documented(declared: type[Strict]) -> None:
    text = (DOCS / "api.md").read_text()
    assert [name for name in declared.base_filters if f"`{name}`" not in text] == []


@pytest.mark.parametrize(
    "shape",
    [
        parameters.SearchParameters, parameters.RangeParameters, costs.WindowParameters,
        costs.SpendingParameters, costs.SeriesParameters, questions.QuestionSerializer,
        questions.GivenSerializer, questions.TitleSerializer, questions.TeamSerializer,
        questions.HoldSerializer, experiments.PhaseParameters,
    ],
)  # fmt: skip
def test_every_parameter_is_documented(shape: type[Serializer[object]]) -> None:
    text = (DOCS / "api.md").read_text()
    assert [name for name in shape().fields if f"`{name}`" not in text] == []


def test_all_that_spending_can_be_told_by_is_documented() -> None:
    text = (DOCS / "api.md").read_text()
    assert [name for name in DIMENSIONS if f"`{name}`" not in text] == []


def test_every_route_has_an_example() -> None:
    text = (DOCS / "api.md").read_text()
    sections = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
    assert [one.splitlines()[0] for one in sections if "curl" not in one] == []
