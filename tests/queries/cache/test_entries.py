"""Events go into bytes and come out the same; what can't be read is nothing."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from queries.cache.entries import Entry, entry_bytes, entry_of, event_bytes, event_of, replayed
from queries.values import (
    Answer,
    Chart,
    Citation,
    Claim,
    Depth,
    Event,
    Finished,
    Kind,
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
from summaries.verification.verdicts import Verdict

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.decimals(allow_nan=False, allow_infinity=False)
citations = st.builds(
    Citation, words, words, words, words, words, st.none() | st.integers(), st.integers(-1), st.integers(-1),
    st.none() | st.integers(),
)  # fmt: skip
claims = st.builds(
    Claim, words, st.sampled_from(Verdict), st.lists(citations, max_size=2).map(tuple), words, words
)
points = st.builds(Point, words, st.none() | numbers, st.none() | citations)
series = st.builds(Series, words, st.lists(points, max_size=2).map(tuple))
charts = st.builds(Chart, words, words, st.lists(series, max_size=2).map(tuple))
answers = st.builds(
    Answer, st.sampled_from(Kind), st.sampled_from(Depth), st.lists(claims, max_size=2).map(tuple),
    st.lists(charts, max_size=1).map(tuple), st.lists(claims, max_size=1).map(tuple), st.lists(words, max_size=2).map(tuple),
    st.lists(words, max_size=2).map(tuple),
)  # fmt: skip
spent = st.builds(
    Spent,
    st.decimals(0, 10, places=6),
    st.integers(0),
    st.none() | st.integers(0),
    st.booleans(),
)
finished = st.builds(Finished, answers, st.none() | spent)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Step, words, words, st.booleans()), st.builds(Text, words), st.builds(Voided, words),
    st.builds(Marked, st.integers(0), claims, st.integers(0), st.integers(0)),
    st.builds(Shown, charts), finished, st.builds(Refused, words, words, st.none() | st.integers()),
)  # fmt: skip


@settings(max_examples=150)
@given(events)
def test_an_event_comes_back_as_it_was(event: Event) -> None:
    told = event_bytes(event)
    assert b"\n" not in told
    assert event_of(told) == event


@settings(max_examples=60)
@given(st.lists(events, max_size=3), finished, st.binary(max_size=30), st.integers(0))
def test_an_entry_comes_back_and_damaged_bytes_never_raise(
    before: list[Event], last: Finished, noise: bytes, at: int
) -> None:
    entry = Entry((*before, last), ("ACME",), "3.1.1.0", 12.5)
    kept = entry_bytes(entry)
    assert entry_of(kept) == entry
    at %= len(kept)
    for damaged in (noise, kept[:at], kept[:at] + noise, b"\xff" + kept, kept + b"\n" + noise):
        read = entry_of(damaged)
        assert read is None or isinstance(read.events[-1], Finished)
    assert entry_of(None) is None


def test_what_json_cannot_hold_is_not_kept_and_breaks_nothing() -> None:
    half = Text("\ud800")
    assert event_bytes(half) == b""
    last = Finished(Answer(Kind.ANSWERED, Depth.QUICK))
    assert entry_of(entry_bytes(Entry((half, last), (), "", 0))) is None
    assert event_of(b"Text {}") is event_of(b"Elsewhere {}") is event_of(b"") is None


def test_what_is_told_again_has_no_steps_no_void_text_and_whole_pieces() -> None:
    last = Finished(Answer(Kind.ANSWERED, Depth.QUICK))
    shown = Shown(Chart("Revenue", "USD", (Series("ACME", (Point("2024", Decimal("1.50")),)),)))
    told: list[Event] = [
        Text("Wrong"), Step("a", "b"), Voided("again"), Text("Reve"), Step("a", "b", True), Text("nue"), shown, Text("."), last,
    ]  # fmt: skip
    assert list(replayed(told)) == [Text("Revenue"), shown, Text("."), last]
