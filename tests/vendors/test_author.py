"""JSON for any schema, honest counts for any text."""

from __future__ import annotations

import json
from datetime import date
from enum import Enum
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from llm.embedding import weights
from tests.vendors import instance
from tests.vendors.generation import deltas
from tests.vendors.tokens import Pieces, counter, scaled

pieces = Pieces()
whole = pieces._tokenizer


class Tone(Enum):
    warm = "warm"
    cold = "cold"


class Quote(BaseModel):
    document: int = Field(ge=0, le=3)
    text: str = Field(min_length=5, max_length=300)


class Claim(BaseModel):
    sentence: str
    quotes: list[Quote] = Field(min_length=1)
    about: Claim | None = None


class Summary(BaseModel):
    tone: Tone
    kind: Literal["hook"]
    day: date
    sure: bool
    share: float = Field(gt=0, lt=1)
    count: int | None
    claims: list[Claim] = Field(min_length=2, max_length=4)


def test_instance_satisfies_what_pydantic_asks_for() -> None:
    summary = Summary.model_validate(instance(Summary.model_json_schema()))
    assert len(summary.claims) == 2


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": ["null", "integer"]}, 1),
        ({"const": 3}, 3),
        ({"allOf": [{"type": "object"}, {"properties": {"a": {"type": "null"}}}]}, {"a": None}),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 3}, [True, True, True]),
        ({"type": "integer", "maximum": 7}, 6),
    ],
)
def test_instance_of(schema: dict[str, Any], value: Any) -> None:
    assert instance(schema) == value


def test_endless_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="nests without end"):
        instance({"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]})


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_counts_are_the_tokenizers(text: str) -> None:
    if "[" in text:  # its own marks, "[SEP]", aren't read out of prompts
        return
    assert pieces(text) == len(whole.encode(text, add_special_tokens=False).ids)


def test_counts_are_of_the_tokenizer_that_the_project_pins() -> None:
    proven = weights.proven("tokenizer.json", weights.folder())
    assert json.loads(proven.read_text())["model"]["type"] == "WordPiece"
    assert pieces("Net sales rose 12,345.6 %, unaudited.") == 14


def test_claude_counts_a_third_more() -> None:
    assert [scaled(1000, model) for model in ("claude-haiku-5-5", "gpt-6-luna")] == [1300, 1000]
    assert scaled(1, "claude-haiku-5-5") == 2  # never fewer than the share


def test_unknown_counter_is_refused() -> None:
    with pytest.raises(ValueError, match="'pieces' or 'approximate'"):
        counter("exact")


@given(st.text(max_size=80), st.integers(1, 5))
def test_deltas_are_the_text(text: str, words: int) -> None:
    assert "".join(deltas(text, words)) == text
