"""Search as of a moment: nothing that was not public then, and what was current then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from summaries.models import Document, Plan, Stock
from summaries.passages import drop_passages, index_document
from summaries.passages.frequencies import refresh
from summaries.search import Query, search
from tests.factories import make_stock
from tests.search.corpus import HASHING, active_model, day, make_note, make_plan

WORDS = ("revenue", "margin", "lawsuit", "dividend")


@dataclass(frozen=True)
class Arrival:
    """A version of a note as it reaches us; ``recalls``: the publisher takes the note back."""

    note: int
    public: int
    words: tuple[str, ...]
    recalls: bool


ARRIVALS = st.lists(
    st.builds(
        Arrival,
        note=st.integers(0, 2),
        public=st.integers(0, 8),
        words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(tuple),
        recalls=st.integers(0, 9).map(lambda number: number == 0),
    ),
    min_size=1,
    max_size=8,
)


@dataclass
class Kept:
    """What the world knows of a note: its versions in order of arrival."""

    versions: list[Document] = field(default_factory=list)
    recalled: bool = False

    def current(self, at: int) -> Document | None:
        """By definition: the newest to arrive if it was public, else the newest public one."""
        public = [one for one in self.versions if one.public_at <= day(at)]
        if self.recalled or not public:
            return None
        if self.versions[-1] in public:
            return self.versions[-1]
        return max(public, key=lambda one: (one.public_at, one.pk))


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ingest(arrivals: list[Arrival], plan: Plan, stocks: list[Stock]) -> dict[int, Kept]:
    """As an ingester does it: the newest to arrive is current; a recall withdraws all."""
    notes: dict[int, Kept] = {}
    for number, one in enumerate(arrivals):
        kept = notes.setdefault(one.note, Kept())
        if one.recalls:
            kept.recalled = True
            for document in kept.versions:
                Document.objects.filter(pk=document.pk).update(withdrawn_at=day(20))
                drop_passages(document)
            continue
        kept.recalled = False
        for document in kept.versions:
            Document.objects.filter(pk=document.pk).update(is_current=False)
        text = f"Note {one.note} version {number} on {' and '.join(one.words)}."
        document = make_note(
            text, plan, stocks[one.note % 2], source_id=f"n{one.note}", public=one.public,
            version=number,
        )  # fmt: skip
        index_document(document)
        kept.versions.append(document)
    return notes


# The second comes late and takes the first one's place, which the third gives back to it.
LATE = [Arrival(0, public, ("revenue",), recalls=False) for public in (1, 0, 2)]


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(LATE, 1, "revenue", False, False)
@given(ARRIVALS, st.integers(0, 9), st.sampled_from(WORDS), st.booleans(), st.booleans())
def test_finds_what_was_current_then_and_nothing_else(
    arrivals: list[Arrival], at: int, word: str, by_stock: bool, with_vectors: bool
) -> None:
    arrivals = [one for one in arrivals if not any_withdrawn_before(arrivals, one)]
    with undone():
        stocks, plan = [make_stock("ACME"), make_stock("BETA")], make_plan()
        notes = ingest(arrivals, plan, stocks)
        refresh()
        if with_vectors:
            active_model()
        asked = (stocks[0],) if by_stock else ()
        query = Query(
            f"note version {word}", asked, as_of=day(at), reader=[plan.pk], k=100, embedder=HASHING
        )
        found = {passage.document_id for passage in search(query)}
        expected = {
            kept.current(at) for number, kept in notes.items() if not (by_stock and number % 2 != 0)
        } - {None}
        assert found == {one.pk for one in expected if one}


def any_withdrawn_before(arrivals: list[Arrival], one: Arrival) -> bool:
    """A note that was taken back doesn't come again."""
    earlier = arrivals[: arrivals.index(one)]
    return any(other.note == one.note and other.recalls for other in earlier)


@pytest.mark.django_db
def test_without_a_moment_it_is_now(stock: Stock) -> None:
    plan = make_plan()
    past = make_note("Revenue then.", plan, stock, source_id="past")
    future = make_note("Revenue to come.", plan, stock, source_id="future", public=100_000)
    for document in (past, future):
        index_document(document)
    assert [one.document_id for one in search(Query("revenue", reader=[plan.pk]))] == [past.pk]


@pytest.mark.django_db
def test_withdrawal_counts_before_anybody_indexes_it(stock: Stock) -> None:
    plan = make_plan()
    document = make_note("Revenue.", plan, stock)
    index_document(document)
    Document.objects.update(withdrawn_at=day(1))
    for query in (Query("revenue", reader=[plan.pk]), Query("revenue", (stock,), as_of=day(0))):
        assert search(query) == ()


def test_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="as_of has no time zone"):
        Query("revenue", as_of=day(0).replace(tzinfo=None))
