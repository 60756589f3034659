"""The parts of a question: by a model where one is set up and the question is more than figures,
else by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

import llm
from llm import prompts
from llm.values import Ask, Complexity, Purpose, Turn
from llm.values import Part as Said
from queries.deep.parts import LONGEST_PART, MOST_PARTS, Part, is_plain, taken_apart
from queries.standard.asking import AGENT, CATEGORY, asked_parts
from queries.values import Asked

_PROMPT = Path(__file__).parents[1] / "prompts" / "plan.md"
PLAN_TOKENS = 1_000
# A plan that takes longer costs more than it brings.
SECONDS = 6.0


class PlannedPart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    stocks: list[str]
    only: Literal["filings", "research", "any"]


class Plan(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    parts: list[PlannedPart]


def planned(asked: Asked, names: Mapping[str, Sequence[str]]) -> tuple[Part, ...]:
    """``names``: of each stock by its ticker. Raises OverBudget."""
    by_code = taken_apart(asked.question, names)
    if is_plain(asked.question, names) or not names or not llm.is_set_up():
        return by_code
    reply = llm.write(_ask(asked, names, by_code))
    plan = reply.data
    return (_checked(plan, names) if isinstance(plan, Plan) else ()) or by_code


def _ask(asked: Asked, names: Mapping[str, Sequence[str]], by_code: tuple[Part, ...]) -> Ask:
    listed = "\n".join(f"{ticker}: {own[0]}" for ticker, own in names.items())
    return Ask(
        purpose=Purpose(
            AGENT, CATEGORY, task="plan", stock=next(iter(names), ""), query=asked.id,
            user=asked.user, team=asked.team,
        ),
        prompt=prompts.load(_PROMPT),
        turns=(
            Turn("user", (Said(f"<stocks>\n{listed}\n</stocks>\n"), *asked_parts(asked, asked.question))),
        ),
        complexity=Complexity.SIMPLE,
        max_output_tokens=PLAN_TOKENS,
        schema=Plan,
        extractive=lambda: _as_plan(by_code).model_dump_json(),
        seconds=SECONDS,
        replay=f"{asked.id}:plan",
    )  # fmt: skip


def _as_plan(parts: tuple[Part, ...]) -> Plan:
    return Plan(
        parts=[
            PlannedPart(
                question=one.question,
                stocks=list(one.tickers),
                only="filings" if one.only == "filings" else "research" if one.only else "any",
            )
            for one in parts
        ]
    )


def _checked(plan: Plan, names: Mapping[str, Sequence[str]]) -> tuple[Part, ...]:
    """Its parts as far as they ask something, of the stocks that were asked about alone."""
    found = []
    for one in plan.parts:
        question = " ".join(one.question.split())[:LONGEST_PART]
        tickers = tuple(
            t for t in dict.fromkeys(s.strip().upper() for s in one.stocks) if t in names
        )
        if question:
            found.append(
                Part(question, tickers or tuple(names), "" if one.only == "any" else one.only)
            )
    return tuple(dict.fromkeys(found))[:MOST_PARTS]
