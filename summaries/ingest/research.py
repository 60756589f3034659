"""Research notes: each delivery of a feed read once, each version of a note stored once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from django.utils import timezone

from summaries.corpus import store_note
from summaries.ingest.work import Work
from summaries.models import Source, SourceItem
from summaries.sources.bluematrix import Bundle, Cursor, note

NOTE, FEED = "note", "feed"
State = SourceItem.State


class Delivery(Protocol):
    """Something that a feed has. ``cursor``: to be kept once it is handled.

    One that has a ``sha256`` of all its bytes isn't read again while that is the same; a mere
    listing can't know.
    """

    @property
    def name(self) -> str: ...
    @property
    def cursor(self) -> Cursor: ...
    def read(self) -> Bundle: ...


class Waits(Protocol):
    @property
    def stem(self) -> str: ...
    @property
    def why(self) -> str: ...


class Feed(Protocol):
    """``changes`` gives what came or changed since a cursor, in order of arrival."""

    def changes(self, since: Cursor | None = None) -> Iterator[Any]: ...


def ingest_notes(name: str, feed: Feed, work: Work) -> None:
    """All that the feed has and we don't. Raises what the feed raises where it can't even list.

    The cursor is kept after each delivery, so that a killed ingest goes on where it was; what
    was handled twice is found to be held.
    """
    place, _ = SourceItem.objects.get_or_create(
        source=Source.BLUEMATRIX, stock=None, key=name, defaults={"kind": FEED}
    )
    all_taken = True
    for found in feed.changes(place.about.get("cursor")):
        work.keep()
        # What may be had later is asked for again: the cursor stays before it.
        all_taken = _take(name, found, work) and all_taken
        if all_taken:
            place.about = {**place.about, "cursor": found.cursor}
            place.save(update_fields=["about"])
    _note_waiting(name, getattr(feed, "waiting", ()))
    # The feed itself is no note: it is confirmed without being counted.
    place.state, place.error, place.checked_at = State.STORED, "", timezone.now()
    place.about = {**place.about, "refused": list(getattr(feed, "refused", ()))[:50]}
    place.save(update_fields=["state", "error", "checked_at", "about"])


def _take(name: str, found: Delivery, work: Work) -> bool:
    """Whether the delivery is handled: stored, or of no use for good."""
    item, _ = SourceItem.objects.get_or_create(
        source=Source.BLUEMATRIX, stock=None, key=f"{name}:{found.name}"[:200],
        defaults={"kind": NOTE},
    )  # fmt: skip
    digest = getattr(found, "sha256", "")
    if digest and item.sha256 == digest and item.state != State.FAILED:
        work.mark_stored(item, is_new=False)
        return True
    with work.noting(item):
        read = note(found.read())
        stored = store_note(read)
        primary = next((one.stock_id for one in stored.note.issuers.all() if one.stock_id), None)
        work.mark_stored(
            item,
            is_new=stored.is_new,
            sha256=digest,
            public_at=read.status_at,
            about={"note": stored.note.pk, "status": read.status.value, "stock": primary},
        )
        if not read.status.readable:
            SourceItem.objects.filter(pk=item.pk).update(state=State.WITHDRAWN)
    return not item.error or item.is_permanent


def _note_waiting(name: str, waiting: Iterable[Waits]) -> None:
    """Deliveries that aren't whole yet, by name, so that somebody can see why a note is late."""
    for one in waiting:
        item, _ = SourceItem.objects.get_or_create(
            source=Source.BLUEMATRIX, stock=None, key=f"{name}:{one.stem}"[:200],
            defaults={"kind": NOTE},
        )  # fmt: skip
        if item.state == State.FOUND:
            SourceItem.objects.filter(pk=item.pk).update(error=f"Waiting: {one.why}"[:400])
