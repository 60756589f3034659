"""Structured answers: schemas that both providers take, and checks that tell no value."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator

from llm.structured import BadResult, json_schema, parse, repair_turns, strict
from llm.values import Part, Turn
from tests.vendors import anthropic_requests, instance, openai_requests

SECRET = "Quillfeather"


class Mood(StrEnum):
    GOOD = "good"
    BAD = "bad"


class Quote(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=3, max_length=20)]
    start: Annotated[int, Field(ge=0)] = 0


class Number(BaseModel):
    kind: Literal["number"]
    value: Decimal


class Day(BaseModel):
    kind: Literal["day"]
    value: date


class Claim(BaseModel):
    """A sentence and what proves it."""

    sentence: str
    mood: Mood = Mood.GOOD
    score: Annotated[float, Field(gt=0, le=1, multiple_of=0.1)] | None = None
    quotes: Annotated[list[Quote], Field(min_length=1, max_length=3)]
    best: Quote | None = Field(None, description="The quote that says most.")
    value: Annotated[Number | Day, Field(discriminator="kind")]
    ticker: Annotated[str, Field(pattern="^[A-Z]+$")] = "ACME"

    @field_validator("sentence")
    @classmethod
    def _ends(cls, sentence: str) -> str:
        if not sentence.endswith("."):
            raise ValueError(f"{sentence} has no full stop")
        return sentence


class Tree(BaseModel):
    name: str
    branches: list[Tree]


GOOD: dict[str, Any] = {
    "sentence": "Sales rose.",
    "mood": "good",
    "score": None,
    "quotes": [{"text": "rose", "start": 4}],
    "best": None,
    "value": {"kind": "number", "value": "4.2"},
    "ticker": "ACME",
}


def problems(changes: Any) -> tuple[str, ...]:
    text = json.dumps(GOOD | changes) if isinstance(changes, dict) else changes
    with pytest.raises(BadResult) as raised:
        parse(text, Claim)
    assert raised.value.__context__ is None
    assert SECRET not in f"{raised.value}{vars(raised.value)}"
    return raised.value.problems


def test_a_schema_in_the_providers_dialect() -> None:
    quote = {
        "type": "object",
        "properties": {"text": {"type": "string"}, "start": {"type": "integer"}},
        "required": ["text", "start"],
        "additionalProperties": False,
    }
    schema = json_schema(Claim)
    defs = schema.pop("$defs")
    assert schema == {
        "type": "object",
        "description": "A sentence and what proves it.",
        "properties": {
            "sentence": {"type": "string"},
            "mood": {"$ref": "#/$defs/Mood"},
            "score": {"anyOf": [{"type": "number"}, {"type": "null"}]},
            "quotes": {"type": "array", "items": {"$ref": "#/$defs/Quote"}},
            "best": {
                "anyOf": [{"$ref": "#/$defs/Quote"}, {"type": "null"}],
                "description": "The quote that says most.",
            },
            "value": {"anyOf": [{"$ref": "#/$defs/Number"}, {"$ref": "#/$defs/Day"}]},
            "ticker": {"type": "string"},
        },
        "required": ["sentence", "mood", "score", "quotes", "best", "value", "ticker"],
        "additionalProperties": False,
    }
    assert defs["Quote"] == quote
    assert defs["Mood"] == {"type": "string", "enum": ["good", "bad"]}
    assert defs["Day"]["properties"]["value"] == {"type": "string"}
    assert defs["Day"]["properties"]["kind"]["const"] == "day"


@pytest.mark.parametrize("model", [Claim, Tree, Quote])
def test_both_vendors_take_it(model: type[BaseModel]) -> None:
    schema = json_schema(model)
    wanted = {"type": "json_schema", "schema": schema}
    turns = [{"role": "user", "content": "x"}]
    anthropic_requests.check(
        {
            "model": "claude-sonnet-5-5",
            "max_tokens": 9,
            "messages": turns,
            "output_config": {"format": wanted},
        }
    )
    openai_requests.check(
        {"model": "gpt-6-luna", "input": turns, "text": {"format": {**wanted, "name": "x"}}},
        openai_requests.RESPONSES_FIELDS,
        "input",
    )


def test_what_satisfies_the_schema_has_the_shape() -> None:
    assert parse(json.dumps(instance(json_schema(Tree))), Tree).branches is not None


def test_a_strict_schema_stays_as_it_is() -> None:
    for model in (Claim, Tree):
        assert strict(json_schema(model)) == json_schema(model)


def test_a_schema_is_the_callers_own() -> None:
    json_schema(Quote)["properties"].clear()
    assert json_schema(Quote)["properties"]


def test_a_described_reference_is_written_out() -> None:
    class Said(BaseModel):
        quote: Quote = Field(description="Word for word.")

    quote = json_schema(Said)["properties"]["quote"]
    assert quote["description"] == "Word for word."
    assert set(quote["properties"]) == {"text", "start"}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (dict[str, int], "open keys"),
        (tuple[int, str], "tuple"),
        (list, "anything|untyped list"),
        (Any, "can be anything"),
    ],
)
def test_what_the_dialect_cant_say_is_refused(kind: Any, told: str) -> None:
    class Odd(BaseModel):
        thing: kind

    with pytest.raises(TypeError, match=told) as raised:
        json_schema(Odd)
    assert "Odd.thing" in str(raised.value)


def test_a_root_value_is_refused() -> None:
    with pytest.raises(TypeError, match="an object with fields"):
        json_schema(RootModel[list[int]])


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "```json\n{}\n```",
        "```\n{}\n```",
        "\n ```JSON \n{}\n``` \n",
        "  {}\n",
    ],
)
def test_a_fence_is_forgiven(text: str) -> None:
    claim = parse(text.replace("{}", json.dumps(GOOD)), Claim)
    assert claim.sentence == "Sales rose."
    assert claim.quotes == [Quote(text="rose", start=4)]
    assert claim.value == Number(kind="number", value=Decimal("4.2"))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"quotes": []}, "$.quotes: List should have at least 1 item after validation, not 0"),
        (
            {"quotes": [{"text": SECRET * 3, "start": 0}]},
            "$.quotes[0].text: String should have at most 20 characters",
        ),
        (
            {"quotes": [{"text": "rose", "start": -1}]},
            "$.quotes[0].start: Input should be greater than or equal to 0",
        ),
        (
            {"quotes": [{"text": "rose", SECRET: 1}]},
            "$.quotes[0]: has a key that is not in the schema",
        ),
        ({"mood": SECRET}, "$.mood: Input should be 'good' or 'bad'"),
        ({"sentence": SECRET}, "$.sentence: value error"),
        ({"ticker": SECRET}, "$.ticker: String should match pattern '^[A-Z]+$'"),
        ({"value": {"kind": SECRET}}, "$.value: union tag invalid"),
        ({"value": {"kind": "day", "value": SECRET}}, "$.value.day.value: Input should be a valid"),
        ({"score": 0.05}, "$.score: Input should be a multiple of 0.1"),
        ({"score": SECRET}, "$.score: Input should be a valid number"),
        (f'{{"sentence": "{SECRET}', "$: Invalid JSON: EOF while parsing"),
        (f"Here it is: {SECRET}", "$: Invalid JSON: expected value at line 1 column 1"),
        ("", "$: Invalid JSON"),
        ("[]", "$: Input should be an object"),
    ],
)
def test_problems_tell_place_and_rule_but_no_value(changes: Any, told: str) -> None:
    assert [each for each in problems(changes) if each.startswith(told)]


def test_what_is_missing_is_told() -> None:
    assert problems("{}")[0] == "$.sentence: Field required"


def test_a_message_isnt_without_end() -> None:
    many = {"quotes": [{"text": 1}] * 3, "sentence": 1, "mood": 1, "ticker": 1}
    error = BadResult(tuple(f"$[{place}]: wrong" for place in range(500)))
    assert len(str(error)) < 500
    assert len(problems(many)) == 6


def test_a_repair_asks_once_more_with_the_problems() -> None:
    turns = (Turn("user", (Part("Facts.", is_stable=True), Part("Write."))),)
    repaired = repair_turns(turns, '{"a": 1}', ("$.b: Field required", "$.c: Field required"))
    assert repaired[:1] == turns
    assert repaired[1] == Turn("assistant", (Part('{"a": 1}'),))
    (question,) = repaired[2].parts
    assert repaired[2].role == "user"
    assert "- $.b: Field required\n- $.c: Field required\n" in question.text
    assert not question.is_stable


def test_an_empty_answer_is_no_turn() -> None:
    asked, question = repair_turns((Turn("user", (Part("Write."),)),), " \n", ("$: Invalid JSON",))
    assert (asked.role, question.role) == ("user", "user")
