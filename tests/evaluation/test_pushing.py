"""The push, by the real SDK, to a server on loopback that speaks as LangSmith does."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from llm.langsmith import NotPushed
from summaries.evaluation.cases import load
from summaries.evaluation.pushing import example_id, push
from summaries.models import RegressionResult, RegressionRun
from tests.batch.conftest import load as load_companies
from tests.evaluation.conftest import regression
from tests.evaluation.langsmith_site import KEY, LangSmith, langsmith_site
from tests.evaluation.small import NAME, fact, false, summary, write_suite

pytestmark = pytest.mark.django_db
NAMES = (UUID(int=1), UUID(int=2))


@pytest.fixture
def site(settings: Settings) -> Iterator[LangSmith]:
    with langsmith_site() as site:
        settings.LANGSMITH_ENDPOINT, settings.LANGSMITH_API_KEY = site.url, KEY
        yield site


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.REGRESSION_SUITES_DIR = tmp_path
    write_suite(tmp_path, summary(), fact(), false())
    load_companies("NKE")
    return tmp_path


def test_a_run_is_pushed_whole(site: LangSmith, folder: Path) -> None:
    told = regression(folder, "--suite", NAME, "--push")
    assert told.code == 0
    kept = RegressionRun.objects.get()
    (dataset,) = site.datasets.values()
    assert dataset["name"] == NAME
    assert {one["metadata"]["case"] for one in site.examples.values()} == {
        "summary-nke", "fact-nke", "false-nke",
    }  # fmt: skip
    (session,) = site.sessions.values()
    assert session["reference_dataset_id"] == dataset["id"]
    assert session["extra"]["metadata"]["code_version"] == kept.code_version
    assert f"Pushed to LangSmith as the experiment “{session['name']}”." in told.err
    assert {run["reference_example_id"] for run in site.runs.values()} == set(site.examples)
    by_run = {
        (site.runs[one["run_id"]]["extra"]["metadata"]["case"], one["key"]): one["score"]
        for one in site.feedback.values()
    }
    assert by_run == {
        (one.case, one.evaluator): float(one.score or 0) for one in kept.results.all()
    }
    assert {one["session_id"] for one in site.feedback.values()} == {session["id"]}


def test_an_example_says_what_is_true_and_where_from(site: LangSmith, folder: Path) -> None:
    regression(folder, "--suite", NAME, "--push")
    by_case = {one["metadata"]["case"]: one for one in site.examples.values()}
    told = by_case["fact-nke"]
    assert told["inputs"] == {"ticker": "NKE", "claim": fact()["claim"]}
    assert told["outputs"]["upheld"] is True
    assert told["outputs"]["facts"][0]["value"] == "46309000000"
    assert by_case["false-nke"]["outputs"]["upheld"] is False


def test_the_same_cases_are_the_same_examples(site: LangSmith, folder: Path) -> None:
    said = [regression(folder, "--suite", NAME, "--push").err for _ in range(2)]
    assert all(one.startswith("Pushed to LangSmith") for one in said), said
    assert (len(site.datasets), len(site.examples), len(site.sessions)) == (1, 3, 2)
    assert site.updated == 3
    assert len(site.runs) == 6


def test_what_is_undetermined_has_no_score(site: LangSmith, folder: Path) -> None:
    regression(folder, "--suite", NAME)
    RegressionResult.objects.filter(case="fact-nke").update(score=None, why="no model")
    push(RegressionRun.objects.get(), load(folder, NAME))
    unknown = [one for one in site.feedback.values() if one["comment"] == "no model"]
    assert len(unknown) == 2
    assert all("score" not in one for one in unknown)


def test_no_text_of_a_document_or_a_summary_leaves(site: LangSmith, folder: Path) -> None:
    regression(folder, "--suite", NAME, "--push")
    sent = b"".join(site.bodies)
    assert b"Nike's revenue was $46.3bn in fiscal 2025." in sent
    assert b"more than in fiscal" not in sent
    assert b"31 May" not in sent
    assert KEY.encode() not in sent


@pytest.mark.parametrize(
    ("path", "status"),
    [("/datasets", 403), ("/sessions", 403), ("/runs/batch", 403), ("/feedback", 422)],
)
def test_a_push_that_fails_keeps_the_run_and_says_so(
    site: LangSmith, folder: Path, path: str, status: int
) -> None:
    site.broken[path] = status
    told = regression(folder, "--suite", NAME, "--push")
    assert told.code == 0
    kept = RegressionRun.objects.get()
    assert f"Run {kept.pk} is kept but was not pushed to LangSmith: {site.url} answered" in told.err
    assert kept.results.count() == 9


def test_without_a_key_nothing_is_asked(site: LangSmith, folder: Path, settings: Settings) -> None:
    settings.LANGSMITH_API_KEY = ""
    told = regression(folder, "--suite", NAME, "--push")
    assert (told.code, site.bodies) == (0, [])
    assert "LANGSMITH_API_KEY is not set" in told.err


def test_no_machine_and_nobody_is_told_of(site: LangSmith, folder: Path) -> None:
    regression(folder, "--suite", NAME, "--push")
    sent = b"".join(site.bodies)
    assert [
        word
        for word in (socket.gethostname(), str(Path.cwd()), str(folder))
        if word.encode() in sent
    ] == []


def test_nobody_there_is_told(folder: Path, settings: Settings) -> None:
    settings.LANGSMITH_ENDPOINT, settings.LANGSMITH_API_KEY = "http://127.0.0.1:9", KEY
    regression(folder, "--suite", NAME)
    with pytest.raises(NotPushed, match=r"127\.0\.0\.1:9 answered with"):
        push(RegressionRun.objects.get(), load(folder, NAME))


def test_an_example_is_known_by_dataset_and_case() -> None:
    first, second = example_id(NAMES[0], "a"), example_id(NAMES[0], "b")
    assert len({first, second, example_id(NAMES[1], "a")}) == 3
    assert first == example_id(NAMES[0], "a")
