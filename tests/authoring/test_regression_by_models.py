"""A run by models: asked anew through the door, metered, scored as any other text."""

from __future__ import annotations

import pytest

from costs.models import UsageRecord
from summaries.evaluation import keeping
from summaries.evaluation.cases import Case, Kind, Suite
from summaries.evaluation.grading import Result
from summaries.evaluation.keeping import Done
from summaries.evaluation.regression import run
from summaries.models import Summary
from tests.authoring.conftest import load
from tests.vendors import Fault, ModelSite

pytestmark = pytest.mark.django_db
SUITE = Suite("small", (Case("summary-v", Kind.SUMMARY, "V"),))


def scores(told: Done) -> dict[str, float | None]:
    return {
        one.evaluator.value: None if one.score.value is None else float(one.score.value)
        for one in told.scored
    }


def test_models_are_asked_anew_each_time_and_the_cost_is_kept(site: ModelSite) -> None:
    load("V")
    first, second = (run(SUITE, models=True) for _ in range(2))
    for told in (first, second):
        assert scores(told) == {
            "fact_accuracy": None, "citation_quality": 1, "word_count": 1, "response_time": 1,
            "guardrail_pass": 1,
        }  # fmt: skip
        assert told.cost_usd > 0
    assert first.cost_usd + second.cost_usd == sum(
        UsageRecord.objects.values_list("cost_usd", flat=True)
    )
    kept = keeping.keep(second)
    assert (kept.writer, kept.cost_usd) == ("models", second.cost_usd)
    assert kept.writer_version in {one.model for one in UsageRecord.objects.all()}
    assert kept.prompt_versions
    assert not Summary.objects.exists()


def test_models_that_refuse_have_written_nothing(site: ModelSite) -> None:
    load("V")
    site.script.add(Fault("refusal", endpoint="messages"))
    told = run(SUITE, models=True)
    assert told.result is Result.BELOW
    assert scores(told)["word_count"] == 0
