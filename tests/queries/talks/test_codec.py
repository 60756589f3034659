"""Every event comes back as it was; what isn't one of ours is told apart from a fault."""

from __future__ import annotations

import json
from dataclasses import fields
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from queries.eventlog import codec
from queries.streaming.frames import frame
from queries.values import (
    Answer,
    Chart,
    Citation,
    Claim,
    Event,
    Finished,
    Marked,
    Point,
    Refused,
    Series,
    Shown,
    Spent,
    Step,
    Text,
    Voided,
)

# What PostgreSQL takes in JSON: no NUL, no halves of characters.
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
money = st.decimals(allow_nan=False, allow_infinity=False, places=9)
own: dict[Any, Any] = {str: texts, Decimal: money}
for kind in (Citation, Claim, Point, Series, Chart, Answer, Spent):
    own[kind] = st.builds(
        kind,
        **{
            name: st.lists(own[inner], max_size=2).map(tuple)
            for name, inner in {
                "citations": Citation,
                "points": Point,
                "series": Series,
                "claims": Claim,
                "charts": Chart,
                "close": Claim,
                "suggestions": str,
                "stocks": str,
            }.items()
            if name in {one.name for one in fields(kind)}
        },
        **{
            name: texts
            for name, one in ((one.name, one) for one in fields(kind))
            if one.type == "str"
        },
        **({"value": st.none() | money} if kind is Point else {}),
        **({"citation": st.none() | own[Citation]} if kind is Point else {}),
        **({"cost_usd": money} if kind is Spent else {}),
    )
events = st.one_of(
    st.builds(Step, texts, texts, st.booleans()),
    st.builds(Text, texts),
    st.builds(Voided, texts),
    st.builds(Marked, st.integers(0, 99), own[Claim], st.integers(0, 999), st.integers(0, 999)),
    st.builds(Shown, own[Chart]),
    st.builds(Finished, own[Answer], st.none() | own[Spent]),
    st.builds(Refused, texts, texts, st.none() | st.integers(0, 99)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(events)
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    assert codec.loaded(codec.dumped(event)) == event
    lines = frame("5-1", event).decode().split("\n")
    assert lines[:2] == ["id: 5-1", f"event: {codec.name(event)}"]
    assert (
        codec.loaded(json.dumps({"event": codec.name(event), "data": json.loads(lines[2][6:])}))
        == event
    )
    assert lines[3:] == ["", ""]


@settings(max_examples=25, deadline=None)
@given(own[Answer])
def test_an_answer_comes_back_as_it_was(answer: Answer) -> None:
    assert codec.answer_of(json.loads(json.dumps(codec.answer_data(answer)))) == answer


def test_every_event_has_a_name() -> None:
    assert {kind.__name__.lower() for kind in get_args(Event)} == set(codec.KINDS)


def test_what_no_database_takes_is_marked_as_unreadable_text() -> None:
    assert codec.loaded(codec.dumped(Text("a\0b\ud800c"))) == Text("a\ufffdb\ufffdc")


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"event": "gossip", "data": {}}', '{"event": "text", "data": {"words": 1}}'],
)
def test_what_is_no_event_is_unreadable(text: str) -> None:
    with pytest.raises(codec.Unreadable):
        codec.loaded(text)
