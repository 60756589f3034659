"""/api/v1/experiments/: the verdict for programs, to whoever may read tests."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from experiments import actions
from experiments.models import ABTest
from tests.experiments.rows import exposed, make_draft, make_running
from tests.experiments.test_analysis import fill, noon
from tests.factories import make_token, make_user

pytestmark = pytest.mark.django_db


def client(group: str = "ops") -> APIClient:
    cache.clear()
    user = make_user(f"one of {group}", group)
    return APIClient(headers={"authorization": f"Token {make_token(user)}"})


@pytest.fixture
def running() -> ABTest:
    test = make_running(planned_units=200)
    fill(test.phases.get(), {"control": 0.3, "warm": 0.6}, units=300)
    return test


def test_tests_are_listed_and_filtered(running: ABTest) -> None:
    make_draft("depth")
    api = client()
    told = api.get("/api/v1/experiments/").json()["results"]
    assert [(one["key"], one["state"], one["shipped"]) for one in told] == [
        ("depth", "draft", None), ("summary_tone", "running", None),
    ]  # fmt: skip
    told = api.get("/api/v1/experiments/?state=running&unit=user").json()["results"]
    assert [one["key"] for one in told] == ["summary_tone"]
    assert api.get("/api/v1/experiments/?stat=running").status_code == 400


def test_one_test_with_its_parts(running: ABTest) -> None:
    told = client().get("/api/v1/experiments/summary_tone/").json()
    assert told["variants"] == [
        {"key": "control", "weight": 1, "parameters": {"tone": "plain"}, "is_control": True},
        {"key": "warm", "weight": 1, "parameters": {"tone": "warm"}, "is_control": False},
    ]
    assert told["goals"] == [{"metric": "verified_share", "role": "primary", "margin": None}]
    assert [(one["number"], one["weights"]) for one in told["phases"]] == [
        (1, {"control": 1, "warm": 1})
    ]


def test_compare_tells_the_verdict_and_what_it_rests_on(running: ABTest) -> None:
    told = client().get("/api/v1/experiments/summary_tone/compare/").json()
    assert (told["verdict"], told["winner"]) == ("better", "warm")
    (found,) = told["comparisons"]
    assert (found["metric"], found["role"], found["sample"]["count"]) == (
        "verified_share", "primary", 300,
    )  # fmt: skip
    assert found["interval"]["low"] > 0
    assert [one["day"] for one in found["points"]][::9] == ["2026-03-01", "2026-03-10"]
    assert found["standing"] is None
    assert found["p_fixed"] < 0.001
    assert told["ratio"]["is_broken"] is False


def test_without_data_there_are_no_bounds() -> None:
    exposed(make_running(), "warm", "1", noon(0))
    told = client().get("/api/v1/experiments/summary_tone/compare/").json()
    assert told["verdict"] == "not enough data"
    assert told["comparisons"][0]["interval"] == {"low": None, "high": None}


def test_phases_are_told_apart(running: ABTest) -> None:
    actions.begin_phase(test=running, weights={"warm": 3}, reason="Faster.")
    api, path = client(), "/api/v1/experiments/summary_tone"
    assert api.get(f"{path}/compare/").json()["phase"]["weights"] == {"control": 1, "warm": 3}
    assert api.get(f"{path}/compare/?phase=1").json()["verdict"] == "better"
    assert api.get(f"{path}/traffic/").json() == []
    traffic = api.get(f"{path}/traffic/?phase=1").json()
    assert traffic[0] == {"day": str(date(2026, 3, 1)), "counts": {"control": 30, "warm": 30}}
    assert "has no such phase" in api.get(f"{path}/traffic/?phase=9").json()["detail"]
    assert api.get(f"{path}/traffic/?phas=1").json()["errors"] == {
        "phas": ["There is no such parameter. There are: phase."]
    }


def test_what_is_not_there() -> None:
    make_draft()
    api = client()
    assert "There is no A/B test depth" in api.get(
        "/api/v1/experiments/depth/compare/").json()["detail"]  # fmt: skip
    assert "was never started" in api.get(
        "/api/v1/experiments/summary_tone/compare/").json()["detail"]  # fmt: skip


def test_nothing_can_be_written(running: ABTest) -> None:
    api = client()
    for rest in ("", "summary_tone/", "summary_tone/compare/", "summary_tone/traffic/"):
        assert api.post(f"/api/v1/experiments/{rest}").status_code == 405
