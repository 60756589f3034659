"""The command on one company: exit codes, what is kept, what is told of an earlier run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from pytest_django import Settings

from llm.errors import NoModel
from summaries import writing
from summaries.evaluation import keeping, report
from summaries.evaluation.cases import Kind, load
from summaries.evaluation.grading import Result
from summaries.evaluation.keeping import Done
from summaries.evaluation.regression import run
from summaries.evaluation.running import by_models, by_writer
from summaries.evaluation.versions import code_version
from summaries.management.commands.run_regression import EXIT
from summaries.models import RegressionResult, RegressionRun, Stock
from summaries.tiers import Tier
from tests.batch.conftest import load as load_companies
from tests.batch.writers import changing, lying, too_short, uncited
from tests.evaluation.conftest import Ran, regression
from tests.evaluation.small import FALSE, NAME, REVENUE, TRUE, fact, false, summary, write_suite

pytestmark = pytest.mark.django_db
Run = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.REGRESSION_SUITES_DIR = tmp_path / "suites"
    write_suite(tmp_path / "suites", summary(), fact(), false())
    return tmp_path / "suites"


@pytest.fixture
def nike(folder: Path) -> Stock:
    return load_companies("NKE")[0]


@pytest.fixture
def command(tmp_path: Path) -> Run:
    return lambda *options: regression(tmp_path, "--suite", NAME, *options)


def done(folder: Path, writer: Any) -> Done:
    """The small suite with another writer."""
    return run(load(folder, NAME), write=by_writer(writer))


def advising(sentences: tuple[writing.Sentence, ...]) -> tuple[writing.Sentence, ...]:
    first, *rest = sentences
    return (replace(first, text=f"Clients should know that {first.text}"), *rest)


def scores(told: Done) -> dict[str, float]:
    return {one.evaluator.value: float(one.mean) for one in told.grades if one.mean is not None}


@pytest.mark.usefixtures("nike")
def test_a_run_is_kept_with_what_was_evaluated(command: Run) -> None:
    told = command()
    assert (told.code, told.err) == (0, "")
    kept = RegressionRun.objects.get()
    assert (kept.suite, kept.writer, kept.result, kept.kinds) == (NAME, "extractive", "passed", [])
    assert (kept.code_version, kept.writer_version) == (code_version(), writing.VERSION)
    assert [one["mean"] for one in kept.grades] == [1.0] * 5
    assert {one.score for one in kept.results.all()} == {1}
    assert sorted(kept.results.values_list("case", "evaluator")) == [
        ("fact-nke", "fact_accuracy"), ("fact-nke", "response_time"),
        ("false-nke", "guardrail_pass"), ("false-nke", "response_time"),
        ("summary-nke", "citation_quality"), ("summary-nke", "fact_accuracy"),
        ("summary-nke", "guardrail_pass"), ("summary-nke", "response_time"),
        ("summary-nke", "word_count"),
    ]  # fmt: skip
    assert "There is no earlier run to compare with." in told.out
    assert told.report["run"] == kept.pk


@pytest.mark.usefixtures("nike")
def test_fact_accuracy_below_its_threshold_exits_1(
    command: Run, folder: Path, settings: Settings
) -> None:
    other = {**REVENUE, "value": "46309000001"}
    write_suite(folder, summary(REVENUE, other), fact())
    assert command().code == 1  # (1/2 + 1) / 2 of 80 %
    settings.REGRESSION_THRESHOLDS = {**settings.REGRESSION_THRESHOLDS, "fact_accuracy": 75}
    assert command().code == 0


@pytest.mark.usefixtures("nike")
def test_a_false_claim_that_is_upheld_exits_1(command: Run, folder: Path) -> None:
    write_suite(folder, summary(), false(claim=TRUE))
    told = command()
    assert told.code == 1
    assert "false-nke, guardrail pass 0.0%: a false claim is upheld (wrong digit)" in told.out


@pytest.mark.usefixtures("nike")
def test_outputs_that_take_too_long_exit_1(command: Run, settings: Settings) -> None:
    settings.REGRESSION_SECONDS = {"summary": 1e-6, "summary_by_models": 1e-6, "claim": 1e-6}
    assert command().code == 1


@pytest.mark.parametrize(
    ("writer", "evaluator", "score"),
    [
        (lying, "fact_accuracy", 0.5),
        (uncited, "citation_quality", None),
        (too_short, "word_count", 2 / 3),
        (changing(Tier.HOOK, advising), "guardrail_pass", 0.5),
    ],
    ids=["lying", "uncited", "too short", "advising"],
)  # fmt: skip
@pytest.mark.usefixtures("nike")
def test_a_writer_that_broke_regresses_where_it_broke(
    folder: Path, writer: Any, evaluator: str, score: float | None
) -> None:
    before = keeping.keep(done(folder, writing.write))
    told = done(folder, writer)
    after = keeping.keep(told)
    change = keeping.since(before, after)
    assert [
        (one.case, one.evaluator) for one in change.regressed if one.evaluator == evaluator
    ] == [("summary-nke", evaluator)]
    assert change.mended == change.lost == ()
    assert scores(told)[evaluator] == (
        score if score is not None else pytest.approx(0.97, abs=0.02)
    )
    assert keeping.since(after, before).mended == tuple(
        replace(one, before=one.after, after=one.before) for one in change.regressed
    )
    if told.result is Result.BELOW:
        assert EXIT[told.result] == 1
    assert f"regressed summary-nke, {evaluator.replace('_', ' ')}" in report.text(
        after, told, before, change
    )


@pytest.mark.usefixtures("nike")
def test_a_writer_that_crashes_scores_nothing(folder: Path) -> None:
    def crashing(*told: object) -> writing.Draft:
        raise KeyError("revenue")

    told = done(folder, crashing)
    assert told.result is Result.BELOW
    assert scores(told)["citation_quality"] == 0
    why = {one.score.why for one in told.scored if one.case.kind is Kind.SUMMARY}
    assert why == {"the product failed with KeyError"}


@pytest.mark.usefixtures("nike")
def test_models_that_do_not_answer_leave_summaries_undetermined(folder: Path) -> None:
    def away(ask: object) -> Any:
        raise NoModel("No model answers.")

    told = run(load(folder, NAME), models=True, write=by_models("run", away))
    assert (told.result, EXIT[told.result]) == (Result.UNDETERMINED, 2)
    unknown = [one for one in told.scored if one.case.kind is Kind.SUMMARY]
    assert {one.score.value for one in unknown} == {None}
    kept = keeping.keep(told)
    assert kept.results.filter(score=None).count() == 5


@pytest.mark.usefixtures("nike")
def test_the_previous_run_or_a_named_one_is_compared(command: Run, folder: Path) -> None:
    first = command().report["run"]
    RegressionRun.objects.filter(pk=first).update(code_version="abc123abc123")
    write_suite(folder, summary(), fact(TRUE.replace("46.3", "46.4")), false())
    second = command()
    assert second.report["compared"]["run"] == first
    assert [one["case"] for one in second.report["compared"]["regressed"]] == ["fact-nke"]
    write_suite(folder, summary(), fact())
    third = command("--compare", "abc123")
    assert third.report["compared"]["run"] == first
    assert third.report["compared"]["dropped"] == ["false-nke"]
    assert third.report["compared"]["regressed"] == []
    fourth = command("--compare", str(second.report["run"]))
    assert [one["case"] for one in fourth.report["compared"]["mended"]] == ["fact-nke"]


@pytest.mark.usefixtures("nike")
def test_only_some_kinds_are_run_and_compared_with_their_like(command: Run) -> None:
    command()
    told = command("--only", "fact", "--only", "false")
    assert {one["id"] for one in told.report["cases"]} == {"fact-nke", "false-nke"}
    assert (told.report["kinds"], told.report["compared"]["dropped"]) == (["fact", "false"], [])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--suite", "other"), "There is no suite other; known: small."),
        (("--compare", "nothing"), "There is no run nothing of small"),
        (("--writer", "models"), "No model is set up to write"),
    ],
)
@pytest.mark.usefixtures("nike")
def test_what_can_not_be_run_exits_2_and_keeps_nothing(
    command: Run, options: tuple[str, ...], words: str
) -> None:
    with pytest.raises(CommandError, match=words) as raised:
        command(*options)
    assert raised.value.returncode == 2
    assert not RegressionRun.objects.exists()


@pytest.mark.usefixtures("folder")
def test_a_company_that_is_not_loaded_exits_2(command: Run) -> None:
    with pytest.raises(CommandError, match="No facts are loaded of NKE") as raised:
        command()
    assert raised.value.returncode == 2
    assert not RegressionResult.objects.exists()


@pytest.mark.usefixtures("nike")
def test_a_mutated_claim_regresses(command: Run, folder: Path) -> None:
    command()
    write_suite(folder, summary(), fact(FALSE), false())
    told = command()
    assert told.code == 1
    assert "regressed fact-nke, fact accuracy 100.0% to 0.0%: contradicted: value" in told.out
