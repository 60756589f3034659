"""A kept run to LangSmith, by its official SDK: a dataset, an experiment, feedback by evaluator.

What is sent: our own cases, with public figures of filings, and the scores with their reasons. No
text of a document, a note, a summary or a model, and nothing of a person. The same cases are the
same examples each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from llm.langsmith import pushing
from summaries.evaluation.cases import Case, Expected, Suite
from summaries.models import RegressionResult, RegressionRun

if TYPE_CHECKING:
    from langsmith import Client

AT_ONCE = 4
_PORTION = 100


def push(run: RegressionRun, suite: Suite) -> str:
    """The experiment's name. Raises NotPushed."""
    with pushing() as (client, check):
        dataset = _dataset(client, suite)
        name, project = _experiment(client, run, dataset)
        cases = {case.id: case for case in suite.cases}
        for portion in _portions(run, cases, project, dataset):
            client.batch_ingest_runs(create=portion)
        check()
        _feedback(client, run, project)
        return name


def _dataset(client: Client, suite: Suite) -> UUID:
    """The suite's dataset, with its cases as they are now; examples that the suite has no longer
    stay for the experiments that used them."""
    from langsmith.utils import LangSmithNotFoundError

    try:
        dataset: UUID = client.read_dataset(dataset_name=suite.name).id
    except LangSmithNotFoundError:
        dataset = client.create_dataset(suite.name, description="Cases whose truth is known.").id
    held = {example.id for example in client.list_examples(dataset_id=dataset)}
    examples = [_example(dataset, case) for case in suite.cases]
    new = [_created(one) for one in examples if one["id"] not in held]
    _in_portions(client.create_examples, dataset, "examples", new)
    known = [one for one in examples if one["id"] in held]
    _in_portions(client.update_examples, dataset, "updates", known)
    return dataset


def _created(example: dict[str, Any]) -> dict[str, Any]:
    """As the SDK names it where an example is new."""
    told = dict(example)
    return {"reference_outputs": told.pop("outputs"), **told}


def _in_portions(send: Any, dataset: UUID, name: str, examples: list[dict[str, Any]]) -> None:
    for at in range(0, len(examples), _PORTION):
        send(dataset_id=dataset, **{name: examples[at : at + _PORTION]})


def _example(dataset: UUID, case: Case) -> dict[str, Any]:
    return {
        "id": example_id(dataset, case.id),
        "inputs": _inputs(case),
        "outputs": {
            "upheld": case.kind.value not in {"false", "too_little"},
            "facts": [_fact(one) for one in case.expected],
        },
        "metadata": {"case": case.id, "kind": case.kind.value},
    }


def _inputs(case: Case) -> dict[str, Any]:
    told = {"ticker": case.ticker, "question": case.question, "claim": case.claim}
    return {name: value for name, value in told.items() if value}


def _fact(one: Expected) -> dict[str, Any]:
    return {
        "concept": one.figure.concept,
        "start": one.figure.start and one.figure.start.isoformat(),
        "end": one.figure.end.isoformat(),
        "value": f"{one.figure.value:f}",
        "unit": one.figure.unit,
        "form": one.form,
        "accession": one.accession,
    }


def example_id(dataset: UUID, case: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"{dataset}/{case}")


def _experiment(client: Client, run: RegressionRun, dataset: UUID) -> tuple[str, UUID]:
    """Its name and id."""
    name = f"{run.suite} {run.pk} {run.code_version} {run.started_at:%Y%m%dT%H%M%SZ}"
    made = client.create_project(
        name,
        reference_dataset_id=dataset,
        metadata={
            "code_version": run.code_version, "suite_version": run.suite_version,
            "writer": run.writer, "writer_version": run.writer_version,
            "prompt_versions": run.prompt_versions, "verifier_version": run.verifier_version,
            "result": run.result,
        },
    )  # fmt: skip
    return name, made.id


def _portions(
    run: RegressionRun, cases: Mapping[str, Case], project: UUID, dataset: UUID
) -> Iterator[list[dict[str, Any]]]:
    """The run's cases as traces of the experiment."""
    by_case: dict[str, dict[str, float | None]] = defaultdict(dict)
    for one in run.results.order_by("case", "evaluator"):
        by_case[one.case][one.evaluator] = _score(one)
    traces = [
        _trace(run, cases[case], scores, project, dataset) for case, scores in by_case.items()
    ]
    return (traces[at : at + _PORTION] for at in range(0, len(traces), _PORTION))


def _trace(
    run: RegressionRun,
    case: Case,
    scores: Mapping[str, float | None],
    project: UUID,
    dataset: UUID,
) -> dict[str, Any]:
    trace, at = uuid5(project, case.id), run.started_at
    return {
        "id": trace, "trace_id": trace, "dotted_order": f"{at:%Y%m%dT%H%M%S%fZ}{trace}",
        "session_id": project, "reference_example_id": example_id(dataset, case.id),
        "name": "regression case", "run_type": "chain",
        "start_time": at, "end_time": run.finished_at,
        "inputs": _inputs(case), "outputs": scores,
        "extra": {"metadata": {"case": case.id, "kind": case.kind.value}},
    }  # fmt: skip


def _feedback(client: Client, run: RegressionRun, project: UUID) -> None:
    """A feedback a score, a few at a time. What could not be determined has no score, and says
    why."""

    def send(one: RegressionResult) -> None:
        trace = uuid5(project, one.case)
        client.create_feedback(
            run_id=trace, key=one.evaluator, score=_score(one), comment=one.why,
            session_id=project, feedback_id=uuid5(trace, one.evaluator), stop_after_attempt=4,
        )  # fmt: skip

    with ThreadPoolExecutor(AT_ONCE) as pool:
        # All results are asked for, so that the first failure is raised.
        list(pool.map(send, list(run.results.all())))


def _score(result: RegressionResult) -> float | None:
    return None if result.score is None else float(result.score)
