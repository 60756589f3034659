"""From a file of tests to drafts. What was started is never touched: whoever reads its figures must
know that they are all of one test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from pydantic import ValidationError

from experiments.actions.trail import note, note_test
from experiments.loading.lines import BadFile, Marked, read
from experiments.loading.shapes import FileShape, MetricEntry, TestEntry
from experiments.models import ABTest, Goal, Metric, Variant
from experiments.statistics.planning import Unplannable

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_PROBLEMS = 20


@dataclass
class Loaded:
    """Keys of tests by what became of them; ``kept``: their entries differ, and they were started."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@transaction.atomic
def load(*, text: str, by: User | None = None) -> Loaded:
    """The same file again changes nothing. Raises BadFile, having changed nothing."""
    marked = read(text)
    shape = _shape(marked)
    for key, metric in shape.metrics.items():
        _load_metric(key, metric, marked, by)
    loaded = Loaded()
    for key, entry in shape.tests.items():
        _load_test(key, entry, marked, loaded, by)
    return loaded


def _shape(marked: Marked) -> FileShape:
    try:
        return FileShape.model_validate(marked.content)
    except ValidationError as error:
        told = [_told(one, marked) for one in error.errors(include_url=False)[:MOST_PROBLEMS]]
        raise BadFile("\n".join([*told, "Nothing was loaded."])) from error


def _told(problem: object, marked: Marked) -> str:
    one: dict[str, object] = dict(problem)  # type: ignore[call-overload]
    path = tuple(part for part in one["loc"] if part != "[key]")  # type: ignore[attr-defined]
    words = str(one["msg"]).removeprefix("Value error, ").rstrip(".")
    return f"Line {marked.line(path)}, {'.'.join(map(str, path)) or 'the file'}: {words}."


def _load_metric(key: str, entry: MetricEntry, marked: Marked, by: User | None) -> None:
    wanted = {
        "name": entry.name, "kind": entry.kind, "higher_is_better": entry.better == "higher",
    }  # fmt: skip
    metric = Metric.objects.filter(key=key).first()
    if metric is None:
        Metric.objects.create(key=key, **wanted)
        note("make", subject_type="metric", subject=key, by=by, detail=wanted)
        return
    changed = {name: value for name, value in wanted.items() if getattr(metric, name) != value}
    started = ABTest.objects.exclude(state=ABTest.State.DRAFT).filter(goals__metric=metric)
    if set(changed) - {"name"} and (using := started.values_list("key", flat=True).first()):
        raise BadFile(
            f"Line {marked.line(('metrics', key))}, metrics.{key}: {using} was started with another "
            "kind or direction of it. Give the new one a key of its own. Nothing was loaded."
        )
    if changed:
        Metric.objects.filter(pk=metric.pk).update(**changed)
        note("change", subject_type="metric", subject=key, by=by, detail=changed)


def _load_test(key: str, entry: TestEntry, marked: Marked, loaded: Loaded, by: User | None) -> None:
    test = ABTest.objects.select_for_update().filter(key=key).first()
    if test is not None and test.file_hash == entry.digest:
        loaded.unchanged.append(key)
        return
    if test is not None and test.state != ABTest.State.DRAFT:
        loaded.kept.append(key)
        return
    metrics = _metrics(key, entry, marked)
    is_new = test is None
    test = test or ABTest(key=key)
    _fill(test, entry, _units(key, entry, metrics, marked))
    _replace_parts(test, entry, metrics)
    note_test("load", test, by=by, from_state="" if is_new else test.state, file=entry.digest[:12])
    (loaded.made if is_new else loaded.changed).append(key)


def _metrics(key: str, entry: TestEntry, marked: Marked) -> dict[str, Metric]:
    found = {one.key: one for one in Metric.objects.filter(key__in=entry.goals)}
    if unknown := [one for one in entry.goals if one not in found]:
        raise BadFile(
            f"Line {marked.line(('tests', key))}, tests.{key}: there is no metric "
            f"{', '.join(unknown)}. Describe it under metrics. Nothing was loaded."
        )
    return found


def _units(key: str, entry: TestEntry, metrics: dict[str, Metric], marked: Marked) -> int:
    try:
        return entry.units(metrics[entry.primary].kind)
    except Unplannable as error:
        path = ("tests", key, "baseline")
        raise BadFile(
            f"Line {marked.line(path)}, {'.'.join(path)}: {error} Nothing was loaded."
        ) from error


def _fill(test: ABTest, entry: TestEntry, units: int) -> None:
    for name in ("hypothesis", "unit", "group", "traffic", "holdout", "targeting",
                 "minimal_effect", "alpha", "power"):  # fmt: skip
        setattr(test, name, getattr(entry, name))
    test.planned_units, test.file_hash = units, entry.digest
    test.save()


def _replace_parts(test: ABTest, entry: TestEntry, metrics: dict[str, Metric]) -> None:
    """Of a draft, which nobody was exposed to."""
    test.variants.all().delete()
    test.goals.all().delete()
    Variant.objects.bulk_create(
        Variant(test=test, key=key, weight=one.weight, parameters=one.parameters,
                is_control=key == entry.control)
        for key, one in entry.variants.items()
    )  # fmt: skip
    goals = [Goal(test=test, metric=metrics[entry.primary], role=Goal.Role.PRIMARY)]
    goals += [
        Goal(test=test, metric=metrics[key], role=Goal.Role.SECONDARY) for key in entry.secondary
    ]
    goals += [
        Goal(test=test, metric=metrics[key], role=Goal.Role.GUARDRAIL, margin=margin)
        for key, margin in entry.guardrails.items()
    ]
    Goal.objects.bulk_create(goals)
