"""Standard depth by a model: a loopback server behind the official SDKs, a real ledger."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from costs.errors import OverBudget
from costs.models import Budget, UsageRecord
from llm import retrying
from queries import standard
from queries.standard.asking import answer_prompt
from queries.values import Exchange, Kind, Marked, Text, Voided
from summaries.models import Document, Stock
from summaries.verification import Verdict
from tests.factories import make_note, make_plan
from tests.queries.engines.asking import an_asked, ask
from tests.queries.engines.conftest import RISK, Model, with_figures
from tests.vendors import Fault, ModelSite

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]
TRUE = "Acme's revenue was $130.0bn in 2024 [1]."
WRONG = "Acme's net income was $26.0bn in 2024 [2]."
LOOSE = "Acme opened a zoo on the moon in 2024 [3]."
HARBOUR = "Acme's supply chain depends on a single harbour in the north of the country [3]."
QUESTION = "How do revenue and net income stand, and what of the harbour?"
SUPPORTED, CONTRADICTED, NOT_FOUND = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.NOT_FOUND


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "FIRST_SECONDS", 0.01)


def ledger(*names: str) -> list[tuple[Any, ...]]:
    return list(UsageRecord.objects.order_by("pk").values_list(*(names or ("provider", "state"))))


def test_each_sentence_is_told_and_marked(
    site: ModelSite, model: Model, filed: Document, reader: User
) -> None:
    model.says = lambda seen: " ".join((TRUE, WRONG, LOOSE, HARBOUR))
    told = ask(QUESTION, reader, "ACME")
    assert told.answer.kind is Kind.ANSWERED
    assert [one.verdict for one in told.answer.claims] == [
        SUPPORTED, CONTRADICTED, NOT_FOUND, SUPPORTED,
    ]  # fmt: skip
    right, wrong, loose, harbour = told.answer.claims
    assert right.text == "Acme's revenue was $130.0bn in 2024."
    assert (right.citations[0].quote, right.reason) == ("130,000,000,000 USD", "")
    assert wrong.correction == "Net income for fiscal 2024 was $25.00bn."
    assert loose.reason
    assert not loose.citations
    assert (harbour.citations[0].document, harbour.citations[0].quote) == (filed.pk, RISK[:-1])
    kinds = [type(one) for one in told.events if isinstance(one, Text | Marked)]
    assert kinds == [Text, Marked] * 4
    assert ledger("provider", "state", "category", "query", "operation") == [
        ("anthropic", "settled", "queries", ledger("query")[0][0], "stream")
    ]


def test_text_comes_before_the_model_is_done(
    site: ModelSite, model: Model, acme: Stock, reader: User
) -> None:
    site.change(pace=0.02)
    model.says = lambda seen: TRUE + " And so on and on" * 40
    events = standard.answer(an_asked("revenue", reader, "ACME"), reader)
    first = next(one for one in events if isinstance(one, Text))
    assert first.text == "Acme's revenue was $130.0bn in 2024."
    assert ledger("state") == [("sending",)]
    events.close()  # type: ignore[attr-defined]
    assert ledger("state", "was_stopped") == [("settled", True)]
    _until(lambda: [one.status for one in site.invoice.lines] == ["client_gone"])


def _until(is_so: Any) -> None:
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_the_prompt_is_stable_and_what_people_typed_is_masked(
    site: ModelSite, model: Model, filed: Document, reader: User
) -> None:
    model.says = lambda seen: TRUE
    before = (Exchange("And what about the mail of jane@client.example?", "A <b>long</b> story."),)
    ask("Revenue for jane@client.example?", reader, "ACME", before=before)
    (seen,) = model.seen
    assert seen.system == answer_prompt().text
    whole = "\n".join(seen.texts)
    assert "jane@client.example" not in whole
    assert "A ‹b›long‹/b› story." in whole
    assert whole.index("<evidence>") < whole.index("<conversation>") < whole.index("<question>")
    assert "[1] fact | ACME, revenue, 2024: $130.0bn" in whole


def test_asked_again_after_a_crash_it_is_not_paid_for_again(
    site: ModelSite, model: Model, acme: Stock, reader: User
) -> None:
    model.says = lambda seen: f"{TRUE} {WRONG}"
    number = "7c0e7f5e-6f53-4b3c-9b55-0d3d0a3b1f10"
    first = ask("revenue and net income", reader, "ACME", id=number)
    again = ask("revenue and net income", reader, "ACME", id=number)
    assert again.answer == first.answer
    assert len(model.seen) == len(ledger()) == len(site.invoice.lines) == 1


def test_what_the_model_cant_say_has_what_is_close(
    site: ModelSite, model: Model, filed: Document, reader: User
) -> None:
    told = ask("Who owns the harbour?", reader, "ACME")
    assert (told.answer.kind, told.text) == (Kind.UNSAID, "The sources don’t say.")
    assert RISK in told.answer.close[0].text
    assert told.voids == []


def test_if_all_falls_the_sources_speak(
    site: ModelSite, model: Model, acme: Stock, reader: User
) -> None:
    model.says = lambda seen: LOOSE
    told = ask("What was revenue?", reader, "ACME")
    assert told.voids == ["unverified"]
    assert told.text == "Acme's revenue was $130.0bn in 2024, up 13.0% from $115.0bn in 2023."
    told = ask("Who owns the zoo?", reader, "ACME")
    assert (told.answer.kind, told.voids) == (Kind.UNSAID, ["unverified"])
    assert told.text == "The sources don’t say."


def test_sources_that_disagree_are_told(
    site: ModelSite, model: Model, acme: Stock, reader: User
) -> None:
    make_note(acme, make_plan(reader), text="Revenue was $96.0 billion in 2024, by our count.")
    model.says = lambda seen: TRUE
    told = ask("What was revenue?", reader, "ACME")
    assert [one.verdict for one in told.answer.claims] == [SUPPORTED, SUPPORTED]
    assert told.answer.claims[1].text.startswith(
        "The sources disagree: 10-K filed 14 February 2025"
    )
    assert [one.source for one in told.answer.claims[1].citations] == ["filing", "research"]


def test_two_companies_are_held_each_against_its_own(
    site: ModelSite, model: Model, acme: Stock, reader: User
) -> None:
    with_figures("BETA", "Beta Inc", (2023, 90, 30), (2024, 95, 31))
    model.says = lambda seen: (
        f"{TRUE} Beta's revenue was $95.0bn in 2024 [2]. Beta's revenue was $130.0bn in 2024 [1]. "
        "Acme's revenue of $130.0bn beat Beta's revenue of $95.0bn in 2024."
    )
    told = ask("Compare revenue", reader, "ACME", "BETA")
    assert [one.verdict for one in told.answer.claims] == [
        SUPPORTED, SUPPORTED, CONTRADICTED, NOT_FOUND,
    ]  # fmt: skip
    assert "several companies" in told.answer.claims[3].reason


# Faults


def test_who_breaks_off_is_void_and_another_goes_on(
    site: ModelSite, model: Model, acme: Stock, reader: User
) -> None:
    site.script.add(Fault("cut", provider="anthropic", events=25))
    model.says = lambda seen: f"{TRUE} {WRONG} " + "So it went on for years. " * 40
    told = ask("revenue", reader, "ACME")
    assert set(told.voids) == {"broken"}
    assert told.answer.claims[0].verdict is SUPPORTED
    assert ledger()[-1] == ("openai", "settled")
    assert len(ledger()) == len(site.invoice.lines)


def test_all_break_off_and_the_sources_speak(
    site: ModelSite, model: Model, acme: Stock, reader: User
) -> None:
    site.script.add(Fault("cut", events=25))
    model.says = lambda seen: f"{TRUE} " + "So it went on for years. " * 40
    told = ask("revenue", reader, "ACME")
    assert told.voids
    assert told.text == "Acme's revenue was $130.0bn in 2024, up 13.0% from $115.0bn in 2023."
    assert ledger("provider")[-1] == ("extractive",)


@pytest.mark.parametrize("fault", [Fault("outage"), Fault("refusal"), Fault("malformed")])
def test_nobody_answers_and_the_sources_speak(
    site: ModelSite, model: Model, acme: Stock, reader: User, fault: Fault
) -> None:
    site.script.add(fault)
    told = ask("revenue", reader, "ACME")
    assert told.answer.kind is Kind.ANSWERED
    assert not [one for one in told.events if isinstance(one, Voided)]
    assert told.text.startswith("Acme's revenue was $130.0bn")


def test_an_answer_that_is_cut_has_no_half_sentence(
    site: ModelSite, model: Model, acme: Stock, reader: User
) -> None:
    site.script.add(Fault("truncated"))
    model.says = lambda seen: " ".join([TRUE, *[WRONG] * 3])
    assert all(one.text.endswith(".") for one in ask("revenue", reader, "ACME").answer.claims)


def test_without_money_nothing_is_sent(
    site: ModelSite, model: Model, acme: Stock, reader: User
) -> None:
    Budget.objects.create(scope="queries", amount_usd=Decimal("0.00"), every="month")
    with pytest.raises(OverBudget):
        ask("revenue", reader, "ACME")
    assert (ledger(), site.asked) == ([], [])
