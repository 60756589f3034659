"""What operators see of the runs."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import make_regression, make_user

pytestmark = pytest.mark.django_db
RUNS, RESULTS = "/admin/summaries/regressionrun/", "/admin/summaries/regressionresult/"


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(make_user("otto", "ops", is_staff=True))
    return client


def test_a_run_tells_its_scores_and_leads_to_what_is_not_whole(operator: Client) -> None:
    run = make_regression("summary-acme", "summary-other")
    page = operator.get(RUNS).content.decode()
    assert "word count 50.0% of 90.0%" in page
    assert "below a threshold" in page
    detail = operator.get(f"{RUNS}{run.pk}/change/").content.decode()
    path = f"{RESULTS}?run={run.pk}&amp;standing=part"
    assert f'<a href="{path}">2</a>' in detail


def test_results_are_listed_by_what_became_of_them(operator: Client) -> None:
    run = make_regression("half-acme")
    run.results.create(
        case="whole-acme", kind="fact", ticker="ACME", evaluator="x", score=1, why="w"
    )
    run.results.create(case="unknown-acme", kind="fact", ticker="ACME", evaluator="x", why="u")
    for standing, case in (("whole", "whole"), ("part", "half"), ("undetermined", "unknown")):
        page = operator.get(f"{RESULTS}?run={run.pk}&standing={standing}").content.decode()
        assert {name for name in ("whole", "half", "unknown") if f"{name}-acme" in page} == {case}


def test_runs_are_for_operators(operator: Client) -> None:
    advisor = Client()
    advisor.force_login(make_user("anna", "advisor", is_staff=True))
    for path in (RUNS, RESULTS):
        assert operator.get(path).status_code == 200
        assert advisor.get(path).status_code == 403
