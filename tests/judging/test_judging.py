"""Judges through the door, on the real wire; what they may decide and what not."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from costs.models import Budget, UsageRecord
from llm.values import Purpose
from summaries.judging import Undecided, opinions
from summaries.judging.excerpts import excerpts
from summaries.verification.documents.judging import Told, told
from summaries.verification.documents.sources import Source, source_of
from summaries.verification.verdicts import Verdict
from tests.doors import new_door
from tests.vendors import Fault, ModelSite, Seen, serving_models

pytestmark = pytest.mark.django_db(transaction=True)

FILLER = " ".join(f"Unrelated matter number {at} was dealt with by the board." for at in range(60))
TEXT = (
    f"{FILLER} Harrow closed its plant in Leeds because orders for kilns dried up. {FILLER} "
    "Revenue of the kiln business came to $14.2 million in 2024. It may sell the business."
)
SOURCE = source_of(TEXT)
CLOSED = "Weak demand for kilns led Harrow to shut the Leeds factory."
QUOTE = "Harrow closed its plant in Leeds because orders for kilns dried up."
WHY = Purpose("judge", "infrastructure", task="claims")


class Judge:
    """A model that answers what a test tells it to; ``seen``: what it was shown."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.says: dict[int, dict[str, Any]] = {}

    def __call__(self, seen: Seen) -> str:
        self.seen.append(seen)
        said = [{"claim": number} | given for number, given in self.says.items()]
        return json.dumps({"opinions": said})

    def answer(self, number: int, verdict: str, quote: str = "", sureness: str = "certain") -> None:
        self.says[number] = {
            "verdict": verdict, "quote": quote, "why": "So it is.", "sureness": sureness,
        }  # fmt: skip


@pytest.fixture
def judge() -> Judge:
    return Judge()


@pytest.fixture
def site(settings: Any, judge: Judge) -> Iterator[ModelSite]:
    with new_door(), serving_models(author=judge) as serving:
        settings.ANTHROPIC_API_KEY, settings.OPENAI_API_KEY = "sk-test-key", ""
        settings.ANTHROPIC_BASE_URL = serving.anthropic_url
        yield serving


def decide(*claims: str, source: Source = SOURCE) -> list[Told]:
    return opinions([Undecided(one, told(one, source)) for one in claims], source, WHY)


def test_a_judge_with_an_exact_quote_decides(site: ModelSite, judge: Judge) -> None:
    judge.answer(1, "supported", QUOTE)
    judge.answer(2, "contradicted", "It may sell the business.")

    first, second = decide(CLOSED, "Harrow has sold the whole kiln business.")

    assert told(CLOSED, SOURCE).verdict is Verdict.NOT_FOUND
    assert (first.verdict, second.verdict) == (Verdict.SUPPORTED, Verdict.CONTRADICTED)
    assert TEXT[first.evidence[0].start : first.evidence[0].end] == QUOTE
    assert 0.4 <= first.risk < 0.6 < second.risk
    assert [one.text for one in second.reasons] == ["So it is."]
    record = UsageRecord.objects.get()
    assert (record.agent, record.task, record.operation) == ("judge", "claims", "judge")
    assert record.cost_usd


@pytest.mark.parametrize(
    ("claim", "quote", "sureness"),
    [
        (CLOSED, "Harrow shut its plant in Leeds because orders dried up.", "certain"),
        (CLOSED, "", "certain"),
        (CLOSED, "Harrow", "certain"),
        (CLOSED, QUOTE, "unsure"),
        ("Orders worth $9 million for kilns dried up, so Leeds was shut.", QUOTE, "certain"),
        ("Orders for kilns dried up in 2023, so Leeds was shut.", QUOTE, "certain"),
        (
            "The kilns brought in some $15.2 million of sales.",
            "Revenue of the kiln business came to $14.2 million in 2024.",
            "certain",
        ),
    ],
)
def test_without_exact_words_for_all_of_it_code_has_the_last_word(
    site: ModelSite, judge: Judge, claim: str, quote: str, sureness: str
) -> None:
    judge.answer(1, "supported", quote, sureness)
    before = told(claim, SOURCE)

    (after,) = decide(claim)

    assert after.verdict is before.verdict
    assert after.verdict is not Verdict.SUPPORTED
    assert (after.score, after.risk) == (before.score, before.risk)


def test_claims_go_in_small_batches_with_what_is_nearest(site: ModelSite, judge: Judge) -> None:
    decide(*(f"{CLOSED[:-1]} in step {at}." for at in range(10)))

    assert len(judge.seen) == 2
    shown = "\n".join(judge.seen[0].texts)
    assert QUOTE in shown
    assert len(shown) < len(TEXT) / 2
    assert "8. Weak demand" in shown
    assert "9. Weak demand" not in shown


def test_a_judge_that_answers_nothing_or_twice_changes_nothing(
    site: ModelSite, judge: Judge
) -> None:
    assert decide(CLOSED) == [told(CLOSED, SOURCE)]
    judge.answer(7, "supported", QUOTE)
    assert decide(CLOSED) == [told(CLOSED, SOURCE)]


@pytest.mark.parametrize("kind", ["status", "refusal"])
def test_a_judge_that_is_away_or_declines_changes_nothing(site: ModelSite, kind: str) -> None:
    site.script.add(Fault(kind, endpoint="messages", status=400 if kind == "status" else None))
    assert decide(CLOSED) == [told(CLOSED, SOURCE)]


def test_rows_of_tables_are_shown() -> None:
    source = source_of("", [["", "2024"], ["Kiln revenue", "$14.2"], ["Glaze revenue", "$3"]])
    (row,) = excerpts(["Kilns brought in $14.2."], source)
    assert row.endswith("Kiln revenue | 2024: $14.2")
    assert excerpts(["Nothing of it."], source) == ()


def run(folder: Path, *rows: dict[str, Any]) -> tuple[list[dict[str, Any]], str]:
    claims, verdicts = folder / "claims.jsonl", folder / "verdicts.jsonl"
    claims.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    said = io.StringIO()
    call_command(
        "verify_claims", input=str(claims), output=str(verdicts), judge="models", stderr=said
    )
    return [json.loads(line) for line in verdicts.read_text().splitlines()], said.getvalue()


def test_the_command_asks_judges_for_what_code_leaves_open(
    site: ModelSite, judge: Judge, tmp_path: Path
) -> None:
    judge.answer(1, "supported", QUOTE)
    rows = [
        {"id": name, "claim": claim, "source_text": TEXT}
        for name, claim in (("open", CLOSED), ("proven", QUOTE), ("other", "Leeds is lovely."))
    ]
    verdicts, said = run(tmp_path, *rows)

    assert [one["verdict"] for one in verdicts] == ["supported", "supported", "not_found"]
    assert "3 claims: 2 supported, 1 not_found." in said
    assert QUOTE not in judge.seen[0].texts[-1].partition("Claims:")[2]


def test_the_command_says_when_nobody_can_judge(settings: Any, tmp_path: Path) -> None:
    settings.ANTHROPIC_API_KEY = settings.OPENAI_API_KEY = ""
    with pytest.raises(CommandError, match="Set ANTHROPIC_API_KEY or OPENAI_API_KEY"):
        run(tmp_path, {"id": "a", "claim": CLOSED, "source_text": TEXT})


def test_the_command_writes_nothing_when_the_money_is_spent(
    site: ModelSite, tmp_path: Path
) -> None:
    from costs.budgets import ensure_budgets

    ensure_budgets()
    Budget.objects.update(amount_usd=0)
    with pytest.raises(CommandError, match="--judge none is free"):
        run(tmp_path, {"id": "a", "claim": CLOSED, "source_text": TEXT})
    assert not (tmp_path / "verdicts.jsonl").exists()
