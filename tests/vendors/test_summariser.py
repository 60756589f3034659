"""The summary-writing author itself: it reads what it is shown, errs by its knobs, and corrects."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.vendors.author import Seen
from tests.vendors.summariser import Summariser

EVIDENCE = """\
Company: Acme Tools, Inc. (ACMT). Call it Acme Tools or the company.
Main period: the fiscal year ended 31 December 2025, called 2025.
Reports in USD.

## Reported for 2025 (the fiscal year ended 31 December 2025), and for 2024
[F1] revenue, 2025: $8.4bn | 8,400,000,000 USD
[F2] revenue, 2024: $8.0bn | 8,000,000,000 USD
[F3] net loss, 2025: $36.4m | -36,400,000 USD
[F4] net income, 2024: $12.0m | 12,000,000 USD
[F5] cash and equivalents, at the end of 2025: $1.5bn | 1,500,000,000 USD
[F6] cash and equivalents, at the end of 2024: $1.4bn | 1,400,000,000 USD

## Derived from these
[D1] change of revenue, 2025: up 5.0% | $8.4bn / $8.0bn - 1
[D2] operating margin, 2025: 15.0%; 2024: 14.0%, up 1.0 percentage point | $1.3bn / $8.4bn
[D3] compound change of revenue since 2021: grown 7.0% a year | from 2021: $6.4bn, $8.4bn
"""
CLAIMS = """\
Company: Acme Tools, Inc. (ACMT). Call it Acme Tools or the company.

Claims:
1. Acme Tools reported revenue of $8.4bn for the fiscal year ended 31 December 2025, up 5.0% from a year earlier.
2. The net loss was $36.4m in 2025.
3. Cash and equivalents were $1.5bn at the end of 2025, compared with $1.4bn at the end of 2024.
4. Since 2021 revenue has grown at a compound rate of 7.0% a year.

Write the hook text: 25 to 50 words."""


def ask(model: Summariser, *texts: str) -> Any:
    return json.loads(model(Seen("anthropic", "claude-haiku-5-5", texts=list(texts))))


def claims(model: Summariser, *texts: str) -> dict[str, list[tuple[str, str]]]:
    told = ask(model, EVIDENCE, *texts)["claims"]
    return {
        one["text"]: [(each["source"], each["quote"]) for each in one["evidence"]] for one in told
    }


def test_claims_say_what_the_lines_say_and_quote_them() -> None:
    told = claims(Summariser())
    assert told == {
        "Acme Tools reported revenue of $8.4bn for the fiscal year ended 31 December 2025, up 5.0%"
        " from a year earlier.": [("F1", "8,400,000,000 USD"), ("D1", "$8.4bn / $8.0bn - 1")],
        "Net loss was $36.4m in 2025.": [("F3", "-36,400,000 USD")],
        "Net income was $12.0m in 2024.": [("F4", "12,000,000 USD")],
        "Operating margin was 15.0% in 2025, up from 14.0% in 2024.": [("D2", "$1.3bn / $8.4bn")],
        "Cash and equivalents were $1.5bn at the end of 2025, against $1.4bn at the end of 2024.": [
            ("F5", "1,500,000,000 USD"),
            ("F6", "1,400,000,000 USD"),
        ],
        "Since 2021 revenue has grown at a compound rate of 7.0% a year.": [
            ("D3", "from 2021: $6.4bn, $8.4bn")
        ],
    }


def test_knobs_make_it_lie_and_misquote_and_the_same_way_each_time() -> None:
    honest, lying = claims(Summariser()), claims(Summariser(lie=1.0))
    assert not honest.keys() & lying.keys()
    assert lying == claims(Summariser(lie=1.0))
    quotes = {quote for each in honest.values() for quote in each}
    wrong = {quote for each in claims(Summariser(misquote=1.0)).values() for quote in each}
    assert len(wrong) == len(quotes)
    assert not wrong & quotes


BACK = (
    "\n\nOf your claims these stand:\n1. Net loss was $36.4m in 2025.\n\nThese were refused:\n- x"
)


def test_told_which_claims_stand_it_offers_others_and_is_honest() -> None:
    told = claims(Summariser(lie=1.0, misquote=1.0), BACK)
    expected = claims(Summariser())
    expected.pop("Net loss was $36.4m in 2025.")
    assert told == expected
    assert told != claims(Summariser(lie=1.0, is_stubborn=True), BACK)


def test_a_text_is_made_of_the_claims_in_range_and_names_them() -> None:
    sentences = ask(Summariser(), CLAIMS)["sentences"]
    assert 25 <= sum(len(one["text"].split()) for one in sentences) <= 50
    assert sentences[0]["claims"] == [1]
    for one in sentences:
        (number,) = one["claims"]
        assert f"{number}. " in CLAIMS


@pytest.mark.parametrize("knob", [{"lie": 1.0}, {"too_short": 1.0}])
def test_told_what_is_wrong_it_writes_the_text_right(knob: dict[str, float]) -> None:
    model = Summariser(**knob)  # type: ignore[arg-type]
    right = ask(Summariser(), CLAIMS)
    assert ask(model, CLAIMS) != right
    told = "\n\nYour text of 12 words was:\n1. x\n\nWrong with it:\n- Sentence 1: no.\n\nWrite it again, whole."
    assert ask(model, CLAIMS, told) == right
    assert model.asked == ["hook", "hook again"]


def test_what_it_does_not_know_it_answers_as_any_model() -> None:
    schema = {
        "type": "object", "properties": {"score": {"type": "integer"}}, "required": ["score"],
    }  # fmt: skip
    assert json.loads(Summariser()(Seen("openai", "gpt-6-luna", texts=["Judge."], schema=schema)))
