"""Deep depth by models: planned, searched, answered part by part, held together, concluded."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from costs.errors import OverBudget
from costs.models import Budget, UsageRecord
from llm import retrying
from queries import deep
from queries.values import Depth, Kind, Marked, Step
from summaries.models import Document, Stock
from summaries.verification import Verdict
from tests.factories import make_note, make_plan
from tests.queries.engines.asking import Told, an_asked, ask
from tests.queries.engines.conftest import RISK, Model, with_figures
from tests.vendors import Fault, ModelSite, Seen

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]
QUESTION = "How does revenue stand, and which risks does the harbour bring?"
PLAN = [
    {"question": "What was Acme's revenue?", "stocks": ["ACME"], "only": "any"},
    {"question": "What does the filing say of the harbour?", "stocks": ["acme"], "only": "filings"},
]
REVENUE = "Acme's revenue was $130.0bn in 2024, up 13.0% from $115.0bn in 2023 [1]."
HARBOUR = "Acme's supply chain depends on a single harbour in the north of the country [3]."
END = "Acme's revenue was $130.0bn in 2024 [1]. Acme's revenue doubled in 2024 [1]."


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "FIRST_SECONDS", 0.01)


def author(
    plan: Any = PLAN, revenue: str = REVENUE, harbour: str = HARBOUR, end: str = END
) -> Callable[[Seen], str]:
    def says(seen: Seen) -> str:
        if seen.schema is not None:
            return json.dumps({"parts": plan})
        text = "\n".join(seen.texts)
        if "<claims>" in text:
            return end
        return harbour if "harbour" in text.rpartition("<question>")[2] else revenue

    return says


def tasks() -> list[str]:
    return list(UsageRecord.objects.order_by("pk").values_list("task", flat=True))


def go(reader: User, **more: Any) -> Told:
    return ask(QUESTION, reader, "ACME", depth=Depth.DEEP, **more)


def test_parts_are_told_as_they_are_verified(
    site: ModelSite, model: Model, filed: Document, reader: User
) -> None:
    model.says = author()
    told = go(reader)
    assert [(one.text, one.verdict) for one in told.answer.claims] == [
        ("Acme's revenue was $130.0bn in 2024, up 13.0% from $115.0bn in 2023.", Verdict.SUPPORTED),
        ("Acme's supply chain depends on a single harbour in the north of the country.",
         Verdict.SUPPORTED),
        ("Acme's revenue was $130.0bn in 2024.", Verdict.SUPPORTED),
    ]  # fmt: skip
    assert told.answer.claims[1].citations[0].quote == RISK[:-1]
    names = [one.name for one in told.steps if one.is_done]
    assert names == ["plan", "part 1", "part 2", "compare", "conclude"]
    first = next(at for at, one in enumerate(told.events) if isinstance(one, Marked))
    second = next(at for at, one in enumerate(told.events)
                  if isinstance(one, Step) and one.name == "part 2")  # fmt: skip
    assert first < second
    assert tasks() == ["plan", "part", "part", "conclude"]
    assert told.voids == []


def test_what_does_not_follow_is_not_concluded(
    site: ModelSite, model: Model, filed: Document, reader: User
) -> None:
    model.says = author(end="Acme will be the best company of all. Revenue doubled in 2024 [1].")
    assert len(go(reader).answer.claims) == 2


@pytest.mark.parametrize(
    "plan",
    [[], [{"question": " ", "stocks": [], "only": "any"}],
     [{"question": "What of Beta?", "stocks": ["BETA"], "only": "any"}]],
)  # fmt: skip
def test_a_plan_of_nothing_or_of_others_does_no_harm(
    site: ModelSite, model: Model, filed: Document, reader: User, plan: Any
) -> None:
    model.says = author(plan)
    told = go(reader)
    assert told.answer.kind is Kind.ANSWERED
    assert told.answer.stocks == ("ACME",)


def test_figures_alone_need_no_plan(
    site: ModelSite, model: Model, acme: Stock, reader: User
) -> None:
    with_figures("BETA", "Beta Inc", (2023, 90, 30), (2024, 95, 31))
    model.says = lambda seen: "The sources don't say."
    told = ask("Compare revenue", reader, "ACME", "BETA", depth=Depth.DEEP)
    assert tasks() == ["part", "part"]
    assert told.answer.kind is Kind.UNSAID
    assert [one.text[:6] for one in told.answer.close] == ["Acme's", "Beta's"]


def test_a_part_that_nobody_answers_is_named(
    site: ModelSite, model: Model, filed: Document, reader: User
) -> None:
    model.says = author(harbour="The sources don't say.")
    told = go(reader)
    assert told.answer.kind is Kind.ANSWERED
    assert told.answer.claims[1].text == (
        "On “ACME: What does the filing say of the harbour? (in filings)” the sources don’t say."
    )


def test_sources_that_disagree_are_told_though_no_sentence_says_it(
    site: ModelSite, model: Model, filed: Document, acme: Stock, reader: User
) -> None:
    make_note(acme, make_plan(reader), text="Revenue was $96.0 billion in 2024, by our count.")
    model.says = author()
    loud = [one for one in go(reader).answer.claims if one.text.startswith("The sources disagree")]
    assert [[each.source for each in one.citations] for one in loud] == [["filing", "research"]]


def test_providers_that_die_leave_the_sources(
    site: ModelSite, model: Model, filed: Document, reader: User
) -> None:
    site.script.add(Fault("outage"))
    told = go(reader)
    assert told.answer.kind is Kind.ANSWERED
    assert [one.verdict for one in told.answer.claims] == [Verdict.SUPPORTED] * len(
        told.answer.claims
    )
    assert RISK in told.text


def test_a_part_that_breaks_off_is_told_from_the_sources(
    site: ModelSite, model: Model, filed: Document, reader: User
) -> None:
    site.script.add(Fault("cut", events=12, marker="say of the harbour"))
    model.says = author(harbour=f"{HARBOUR} " + "So it went on. " * 40)
    told = go(reader)
    assert (told.voids, told.answer.kind) == ([], Kind.ANSWERED)
    assert f"“{RISK}”" in told.text
    assert "So it went on" not in told.text


def test_who_leaves_between_two_sentences_stops_the_provider(
    site: ModelSite, model: Model, filed: Document, reader: User
) -> None:
    site.change(pace=0.01)
    model.says = author(revenue=f"{REVENUE} " + "So it went on and on. " * 60)
    events = deep.answer(an_asked(QUESTION, reader, "ACME"), reader)
    for one in events:
        if isinstance(one, Step) and "sentences verified: 1" in one.text:
            break
    events.close()  # type: ignore[attr-defined]
    rows = UsageRecord.objects.order_by("pk").values_list("task", "state", "was_stopped")
    assert list(rows) == [("plan", "settled", False), ("part", "settled", True)]


def test_asked_again_nothing_is_paid_twice(
    site: ModelSite, model: Model, filed: Document, reader: User
) -> None:
    model.says = author()
    number = "7c0e7f5e-6f53-4b3c-9b55-0d3d0a3b1f11"
    assert go(reader, id=number).answer == go(reader, id=number).answer
    assert len(tasks()) == len(site.invoice.lines) == 4


def test_without_money_nothing_is_told(
    site: ModelSite, model: Model, filed: Document, reader: User
) -> None:
    Budget.objects.create(scope="queries", amount_usd=Decimal("0.00"), every="month")
    with pytest.raises(OverBudget):
        go(reader)
    assert site.asked == []


def test_a_budget_that_ends_midway_leaves_what_was_told(
    site: ModelSite, model: Model, filed: Document, reader: User
) -> None:
    budget = Budget.objects.create(scope="queries", amount_usd=Decimal("9.00"), every="month")
    model.says = author()
    events = []
    for one in deep.answer(an_asked(QUESTION, reader, "ACME"), reader):
        events.append(one)
        if isinstance(one, Marked):
            Budget.objects.filter(pk=budget.pk).update(amount_usd=Decimal("0.00"))
    told = Told(tuple(events))
    assert tasks() == ["plan", "part"]
    assert [one.verdict for one in told.answer.claims] == [Verdict.SUPPORTED] * 2
    assert f"“{RISK}”" in told.text
