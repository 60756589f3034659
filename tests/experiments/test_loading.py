"""config/ab_tests.yaml: what comes with the product, and what a wrong file is told."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from experiments import actions
from experiments.loading import BadFile, load
from experiments.models import ABTest, Change, Goal, Metric, Variant
from experiments.statistics.planning import sample_for_proportions

pytestmark = pytest.mark.django_db
BUNDLED = Path(settings.BASE_DIR) / "config" / "ab_tests.yaml"
METRICS = """\
metrics:
  useful: {name: Useful, kind: proportion, better: higher}
  cost: {name: Cost, kind: mean, better: lower}
"""
TEST = """\
tests:
  tone:
    hypothesis: Warmer is better.
    unit: user
    minimal_effect: 0.1
    baseline: {mean: 0.5}
    variants:
      control: {parameters: {tone: plain}}
      warm: {weight: 2, parameters: {tone: warm}}
    primary: useful
    guardrails: {cost: 0.1}
"""
FILE = METRICS + TEST


def test_the_five_tests_of_the_product_come_as_drafts() -> None:
    out = io.StringIO()
    call_command("load_ab_tests", stdout=out)
    assert out.getvalue() == "A/B tests: 5 made, 0 changed, 0 as they were.\n"
    tests = ABTest.objects.all()
    assert {one.key: one.state for one in tests} == dict.fromkeys(
        ("citation_density", "hallucination_threshold", "hook_model", "response_tier",
         "summary_tone"), "draft",
    )  # fmt: skip
    assert [actions.missing(one) for one in tests] == [[]] * 5
    assert all(30 <= one.planned_units < 800 for one in tests)
    out = io.StringIO()
    call_command("load_ab_tests", stdout=out)
    assert out.getvalue() == "A/B tests: 0 made, 0 changed, 5 as they were.\n"


def test_a_test_as_it_is_written() -> None:
    load(text=FILE)
    test = ABTest.objects.get()
    assert test.planned_units == sample_for_proportions(0.5, 0.05, 0.03)
    assert list(Variant.objects.values_list("key", "weight", "parameters", "is_control")) == [
        ("control", 1, {"tone": "plain"}, True), ("warm", 2, {"tone": "warm"}, False),
    ]  # fmt: skip
    assert list(Goal.objects.values_list("metric__key", "role", "margin")) == [
        ("useful", "primary", None), ("cost", "guardrail", Decimal("0.1")),
    ]  # fmt: skip
    assert Metric.objects.get(key="cost").higher_is_better is False
    assert list(Change.objects.order_by("pk").values_list("action", "subject")) == [
        ("make", "useful"), ("make", "cost"), ("load", "tone"),
    ]  # fmt: skip


def test_a_draft_follows_its_file_and_a_started_test_does_not(tmp_path: Path) -> None:
    load(text=FILE)
    done = load(text=FILE.replace("weight: 2", "weight: 3"))
    assert (done.changed, Variant.objects.get(key="warm").weight) == (["tone"], 3)
    actions.start(test=ABTest.objects.get())
    path = tmp_path / "tests.yaml"
    path.write_text(FILE.replace("weight: 2", "weight: 9"))
    out = io.StringIO()
    call_command("load_ab_tests", "--file", str(path), stdout=out)
    assert "tone was started and stays as it is" in out.getvalue()
    assert Variant.objects.get(key="warm").weight == 3
    assert ABTest.objects.get().state == "running"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("unit: user", "unit: planet", "Line 7, tests.tone.unit: Input should be 'user', 'firm'"),
        ("    unit: user\n", "", "Line 5, tests.tone.unit: Field required."),
        ("unit: user", "unti: user", "Line 7, tests.tone.unti: Extra inputs are not permitted."),
        ("weight: 2", "weight: 0", "Line 12, tests.tone.variants.warm.weight: Input should be"),
        ("primary: useful", "primary: mood", "Line 5, tests.tone: there is no metric mood."),
        ("baseline: {mean: 0.5}", "alpha: 0.05", "say either planned_units, or the baseline"),
        ("mean: 0.5", "mean: 0.99", "Line 9, tests.tone.baseline: A proportion is between 0 and 1"),
        ("primary: useful", "control: hot\n    primary: useful", "control is hot, which is none"),
        ("guardrails: {cost: 0.1}", "guardrails: {useful: 0.1}", "useful has two roles"),
        ("primary: useful", "primary: cost", "cost has two roles"),
        (
            "primary: useful",
            "targeting: [{is: in}]\n    primary: useful",
            "must have attribute, is",
        ),
        ("unit: user", "unit: user\n    unit: firm", "Line 8: unit stands twice here"),
        ("unit: user", "unit: [user", "isn't YAML"),
        ("  tone:", "  Tone!:", "tests.Tone!: String should match pattern"),
        (FILE, "- a\n- b\n", "Line 1, the file: Input should be"),
        (FILE, "", "Line 1, tests: Field required."),
    ],
)
def test_a_wrong_file_is_told_where_and_what(old: str, new: str, told: str) -> None:
    assert old in FILE
    with pytest.raises(BadFile) as refused:
        load(text=FILE.replace(old, new))
    assert told in str(refused.value)
    assert (ABTest.objects.count(), Metric.objects.count()) == (0, 0)


def test_a_metric_in_use_keeps_its_meaning() -> None:
    load(text=FILE)
    load(text=FILE.replace("better: lower", "better: higher"))
    actions.start(test=ABTest.objects.get())
    with pytest.raises(BadFile, match=r"Line 3, metrics\.cost: tone was started with another kind"):
        load(text=FILE)
    load(text=FILE.replace("better: lower", "better: higher").replace("name: Cost", "name: USD"))
    assert Metric.objects.get(key="cost").name == "USD"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be read: No such file"):
        call_command("load_ab_tests", "--file", str(tmp_path / "none.yaml"))
