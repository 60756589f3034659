"""Tests are written, started and decided in the admin, each step with its reason on the trail."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from experiments.models import ABTest, Change, Exposure, Metric, Outcome, Phase
from tests.experiments.rows import exposed, make_draft, make_metric, make_running, measured
from tests.experiments.test_analysis import fill, noon
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/experiments/abtest/"


@pytest.fixture
def ops() -> Client:
    client = Client()
    client.force_login(make_user("olga", "ops", is_staff=True))
    return client


def page(test: ABTest) -> str:
    return f"{LIST}{test.pk}/change/"


def decide(client: Client, test: ABTest, **form: Any) -> str:
    answer = client.post(f"{LIST}{test.pk}/decide/", form, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_test_is_started_shipped_and_taken_back(ops: Client) -> None:
    test = make_draft()
    assert "summary_tone is running." in decide(ops, test, decision="start")
    assert "say why, in a few words" in decide(ops, test, decision="stop", reason=" ")
    assert "summary_tone is stopped." in decide(ops, test, decision="stop", reason="Enough.")
    assert "choose the variant" in decide(ops, test, decision="ship", reason="It won.")
    told = decide(ops, test, decision="ship", variant="warm", reason="It won.")
    assert "Everybody gets warm now." in told
    assert "summary_tone is killed." in decide(ops, test, decision="kill", reason="Complaints.")
    assert "from there it can become nothing else" in decide(ops, test, decision="start")
    assert "didn&#x27;t say what to do" in decide(ops, test)
    told_of = Change.objects.order_by("pk").values_list("action", "actor__username")
    assert list(told_of) == [(one, "olga") for one in ("start", "stop", "ship", "kill")]


def test_another_allocation_begins_a_phase(ops: Client) -> None:
    test = make_running()
    form = {"decision": "phase", "weight-control": "1", "weight-warm": "4", "traffic": "0.5"}
    assert "Phase 2 has begun" in decide(ops, test, reason="Careful.", **form)
    assert Phase.objects.get(number=2).weights == {"control": 1, "warm": 4}
    assert "weights are whole numbers" in decide(
        ops, test, reason="x", **{**form, "weight-warm": "x"}
    )
    assert "it is a share above 0" in decide(ops, test, reason="x", **{**form, "traffic": "7"})


def test_the_page_shows_what_a_decision_rests_on(ops: Client) -> None:
    test = make_running(planned_units=200)
    fill(test.phases.get(), {"control": 0.3, "warm": 0.6}, units=300)
    shown = ops.get(page(test)).content.decode()
    assert "Verdict: better (warm)" in shown
    assert "Sample ratio as configured: control 300 of 300 expected" in shown
    assert '<td class="n">30</td><td class="n">30</td>' in shown
    assert '<option value="warm" selected>' in shown
    assert "1 Mar" in shown


def test_a_draft_says_what_it_lacks_and_is_edited(ops: Client) -> None:
    test = make_draft()
    test.goals.all().delete()
    assert "Give it the one primary metric" in ops.get(page(test)).content.decode()
    form = {
        "key": "summary_tone", "hypothesis": "Else.", "unit": "user", "group": "",
        "traffic": "1", "holdout": "0", "targeting": "[]", "minimal_effect": "0.1",
        "alpha": "0.05", "power": "0.8", "planned_units": "500",
        "variants-TOTAL_FORMS": "0", "variants-INITIAL_FORMS": "0",
        "goals-TOTAL_FORMS": "1", "goals-INITIAL_FORMS": "0",
        "goals-0-metric": make_metric().pk, "goals-0-role": "primary", "goals-0-margin": "",
    }  # fmt: skip
    answer = ops.post(page(test), form)
    assert answer.status_code == 302
    test.refresh_from_db()
    assert (test.planned_units, test.goals.get().role) == (500, "primary")
    assert Change.objects.get().action == "edit"
    running = make_running("depth")
    assert ops.post(page(running), form).status_code == 403
    assert ops.post(f"{LIST}{test.pk}/delete/", {"post": "yes"}).status_code == 403


def test_drafts_are_started_from_the_list(ops: Client) -> None:
    whole, partial = make_draft("tone"), make_draft("depth")
    partial.variants.filter(key="warm").delete()
    form = {"action": "start_selected", "_selected_action": [whole.pk, partial.pk]}
    told = ops.post(LIST, form, follow=True).content.decode()
    assert "tone is running." in told
    assert "depth can&#x27;t start yet: Give it a control and another" in told


def test_who_may_only_look_decides_nothing() -> None:
    test = make_running()
    client = Client()
    client.force_login(make_user("anna", "advisor", is_staff=True))
    assert client.post(f"{LIST}{test.pk}/decide/", {"decision": "kill"}).status_code == 403
    assert client.get(page(test)).status_code == 403
    assert ABTest.objects.get().state == "running"


def test_a_metric_in_use_keeps_its_meaning(ops: Client) -> None:
    make_running()
    metric = Metric.objects.get()
    path = f"/admin/experiments/metric/{metric.pk}/change/"
    assert ops.post(path, {"name": "Verified", "kind": "mean", "key": "x"}).status_code == 302
    metric.refresh_from_db()
    assert (metric.name, metric.kind, metric.key) == ("Verified", "proportion", "verified_share")
    assert Change.objects.get(subject_type="metric").detail == {"name": "Verified"}


@pytest.mark.parametrize("name", ["exposure", "outcome", "change"])
def test_what_happened_is_read_only(ops: Client, name: str) -> None:
    test = make_running()
    exposed(test, "warm", "1", noon(0))
    measured("verified_share", "1", 1, noon(0))
    row = {"exposure": Exposure, "outcome": Outcome, "change": Change}[name].objects.all()[0]  # type: ignore[attr-defined]
    path = f"/admin/experiments/{name}/"
    assert ops.get(f"{path}?q=1").status_code == 200
    assert ops.get(f"{path}{row.pk}/change/").status_code == 200
    assert ops.post(f"{path}{row.pk}/change/", {}).status_code == 403
    assert ops.post(f"{path}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert ops.get(f"{path}add/").status_code == 403


@pytest.mark.parametrize("name", ["abtest", "metric", "exposure", "outcome", "change"])
def test_lists_ask_no_more_for_more_rows(ops: Client, name: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert ops.get(f"/admin/experiments/{name}/").status_code == 200
        return len(caught)

    def more(key: str) -> None:
        make_metric(f"{key}_metric")
        test = make_running(key, metric=f"{key}_metric")
        exposed(test, "warm", key, noon(0))
        measured(f"{key}_metric", key, 1, noon(0))

    more("tone")
    queries()
    one = queries()
    for key in ("depth", "length", "model"):
        more(key)
    assert queries() == one
