"""Research notes from the feed to the rows: versions, recalls, and what was written from them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from summaries.ingest import connections
from summaries.models import (
    Chunk,
    Citation,
    Document,
    Plan,
    ResearchIssuer,
    ResearchNote,
    SourceItem,
    Stock,
    Summary,
)
from tests.factories import make_claim, make_stock, make_summary
from tests.ingest.conftest import ingest
from tests.loopback import Answer
from tests.sources.bluematrix_site import FIRM, LOGIN, PASSWORD, bluematrix
from tests.sources.bluematrix_site import Document as Listed
from tests.sources.rixml_notes import Company, RixmlNote, deliver, target

pytestmark = pytest.mark.django_db

TRIES = 3  # of one request, before it is given up for now


@pytest.fixture
def folder(sources: object, tmp_path: Path) -> Path:
    sources.BLUEMATRIX_FOLDER = str(tmp_path)  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture
def apple() -> Stock:
    return make_stock("AAPL", cik=320193)


NOTE = RixmlNote(
    companies=(
        Company(
            words="Overweight",
            prior=("NeutralSentiment", "Equal-weight"),
            action="Upgrade",
            figures=(target("245.00"), target("220.00", "Prior")),
        ),
    )
)
REVISED = NOTE.revised(stem="25203.79911", pages=(("We now think otherwise.",),))
RECALLED = NOTE.revised(
    stem="25203.79912", status="Recalled", status_at="2026-03-02T16:31:07Z", version="3"
)


def rows() -> list[tuple[object, ...]]:
    notes = ResearchNote.objects.order_by("status_at").values_list(
        "status", "is_current", "document__is_current", "document__withdrawn_at"
    )
    return [(status, now, current, bool(gone)) for status, now, current, gone in notes]


def test_note_is_stored_under_its_licence_with_what_it_says(folder: Path, apple: Stock) -> None:
    deliver(NOTE, folder)
    progress = ingest("bluematrix")
    assert (progress.stored, progress.failed) == (1, 0)
    note = ResearchNote.objects.get()
    assert note.document is not None
    assert note.document.plan == note.plan == Plan.objects.get()
    assert (note.document.stock, note.document.kind) == (apple, "research")
    assert note.publisher == "Harbor Lane Securities"
    said = ResearchIssuer.objects.values_list(
        "stock__ticker", "rating", "rating_words", "prior_rating_words", "rating_action",
        "target_price", "prior_target_price", "currency",
    ).get()  # fmt: skip
    assert said[:5] == ("AAPL", "PositiveSentiment", "Overweight", "Equal-weight", "Upgrade")
    assert [str(one) for one in said[5:]] == ["245.000000", "220.000000", "USD"]
    assert Chunk.objects.filter(document=note.document, plan=note.plan).exists()


def test_same_delivery_twice_is_one_note(folder: Path, apple: Stock) -> None:
    deliver(NOTE, folder)
    ingest("bluematrix")
    deliver(replace(NOTE, stem="25203.80000"), folder)
    for path in folder.glob("25203.79910.*"):
        path.touch()
    progress = ingest("bluematrix")
    assert progress.failed == 0
    assert Document.objects.filter(kind="research").count() <= 2
    assert ResearchNote.objects.filter(is_current=True).count() == 1
    assert ResearchNote.objects.values("source_id").distinct().count() == 1


@pytest.mark.parametrize("order", list(itertools.permutations((NOTE, REVISED, RECALLED))))
def test_versions_end_the_same_in_whatever_order_they_come(
    folder: Path, apple: Stock, order: tuple[RixmlNote, ...]
) -> None:
    for note in order:
        deliver(note, folder)
        assert ingest("bluematrix").failed == 0
    assert [row[:2] for row in rows()] == [
        ("published", False), ("revised", False), ("recalled", True),
    ]  # fmt: skip
    assert not Document.objects.current().filter(kind="research").exists()
    assert not Document.objects.filter(kind="research", withdrawn_at=None).exists()
    assert not Chunk.objects.filter(kind="research").exists()


@pytest.mark.parametrize("order", list(itertools.permutations((NOTE, REVISED))))
def test_revision_speaks_and_the_first_version_stays(
    folder: Path, apple: Stock, order: tuple[RixmlNote, ...]
) -> None:
    for note in order:
        deliver(note, folder)
        ingest("bluematrix")
    assert rows() == [("published", False, False, False), ("revised", True, True, False)]
    document = Document.objects.current().get(kind="research")
    assert "otherwise" in document.text
    assert set(Chunk.objects.values_list("document", flat=True)) >= {document.pk}


def test_recall_withdraws_what_was_written_from_the_note(folder: Path, apple: Stock) -> None:
    deliver(NOTE, folder)
    ingest("bluematrix")
    document = Document.objects.get(kind="research")
    summary = make_summary(apple)
    Citation.objects.create(
        claim=make_claim(summary, "Services carry the year."), position=0, document=document,
        start=0, end=8, quote=document.text[:8], claim_start=0, claim_end=8,
    )  # fmt: skip
    other = make_summary(make_stock("MSFT", cik=789019))
    deliver(RECALLED, folder)
    ingest("bluematrix")
    summary.refresh_from_db()
    other.refresh_from_db()
    assert (summary.state, other.state) == (Summary.State.WITHDRAWN, Summary.State.PUBLISHED)
    assert "recalled" in summary.state_reason


def test_note_on_many_companies_names_each(folder: Path, apple: Stock) -> None:
    microsoft = make_stock("MSFT", cik=789019)
    others = tuple(
        Company(name=f"Other {place}", identifiers=(("Bloomberg", f"XX{place} US"),),
                is_primary=False)
        for place in range(20)
    )  # fmt: skip
    second = Company(name="Microsoft", identifiers=(("Bloomberg", "MSFT US"),), is_primary=False)
    deliver(replace(NOTE, companies=(NOTE.companies[0], second, *others)), folder)
    ingest("bluematrix")
    issuers = ResearchIssuer.objects.all()
    assert issuers.count() == 22
    assert set(issuers.exclude(stock=None).values_list("stock", flat=True)) == {
        apple.pk, microsoft.pk,
    }  # fmt: skip


def test_garbage_is_named_and_stops_no_other(folder: Path, apple: Stock) -> None:
    (folder / "25203.1.xml").write_bytes(b"<Research><not closed")
    (folder / "25203.2.xml").write_bytes(b"\x00\x01\x02 no note")
    deliver(NOTE, folder)
    progress = ingest("bluematrix")
    assert progress.stored == 1
    failed = SourceItem.objects.exclude(error="")
    assert {item.key for item in failed} <= {"folder:25203.1", "folder:25203.2"}
    assert failed.exists()
    assert ResearchNote.objects.count() == 1


def test_bundle_that_is_not_whole_waits_and_is_named(folder: Path, apple: Stock) -> None:
    deliver(NOTE, folder, only=".xml")
    assert ingest("bluematrix").stored == 0
    waiting = SourceItem.objects.get(kind="note")
    assert (waiting.state, "Waiting" in waiting.error) == ("found", True)
    deliver(NOTE, folder)
    assert ingest("bluematrix").stored == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.error) == ("stored", "")


def test_folder_that_is_away_takes_nothing_away(
    folder: Path, sources: object, apple: Stock
) -> None:
    deliver(NOTE, folder)
    ingest("bluematrix")
    sources.BLUEMATRIX_FOLDER = str(folder / "gone")  # type: ignore[attr-defined]
    ingest("bluematrix")
    assert ResearchNote.objects.filter(is_current=True).count() == 1
    assert Document.objects.current().filter(kind="research").count() == 1


def test_killed_between_two_notes_goes_on_with_the_second(
    folder: Path, apple: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(NOTE, folder)
    deliver(
        replace(NOTE, stem="25203.80001", product="11111111-8f1e-4c4b-9d57-6a0f1b7c2e11"), folder
    )

    class Killed(BaseException):
        pass

    from summaries.ingest import research

    store, calls = research.store_note, []  # type: ignore[attr-defined]

    def dying(*given: object, **told: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        return store(*given, **told)  # type: ignore[arg-type]

    monkeypatch.setattr(research, "store_note", dying)
    with pytest.raises(Killed):
        ingest("bluematrix")
    monkeypatch.undo()
    assert ResearchNote.objects.count() == 1
    from summaries.batches.runs import expire_claims
    from summaries.models import IngestRun

    expire_claims(IngestRun.objects.get())
    ingest("bluematrix")
    assert ResearchNote.objects.count() == 2
    assert SourceItem.objects.filter(kind="note", state="stored").count() == 2


def test_changefeed_brings_notes_and_withdrawals(sources: object, apple: Stock) -> None:
    with bluematrix(Listed.of(NOTE)) as site:
        sources.BLUEMATRIX_URL, sources.BLUEMATRIX_FIRM = site.url, FIRM  # type: ignore[attr-defined]
        sources.BLUEMATRIX_LOGIN, sources.BLUEMATRIX_PASSWORD = LOGIN, PASSWORD  # type: ignore[attr-defined]
        assert ingest("bluematrix").stored == 1
        assert ingest("bluematrix").stored == 0
        site.documents[0].status = "Recalled"
        ingest("bluematrix")
        assert not Document.objects.current().filter(kind="research").exists()
        assert PASSWORD not in str(list(SourceItem.objects.values()))


def test_recall_by_another_name_withdraws_the_note(
    folder: Path, sources: object, apple: Stock
) -> None:
    """The folder knows a note by its product, the ChangeFeed by the firm's number for it."""
    deliver(replace(NOTE, stem=f"{FIRM}.79910"), folder)
    ingest("bluematrix")
    connections.forget()
    with bluematrix(Listed(number="79910", status="Recalled")) as site:
        sources.BLUEMATRIX_URL, sources.BLUEMATRIX_FIRM = site.url, FIRM  # type: ignore[attr-defined]
        sources.BLUEMATRIX_LOGIN, sources.BLUEMATRIX_PASSWORD = LOGIN, PASSWORD  # type: ignore[attr-defined]
        ingest("bluematrix")
        ingest("bluematrix")
    assert ResearchNote.objects.values("source_id").distinct().count() == 1
    assert [row[:2] for row in rows()] == [("published", False), ("recalled", True)]
    assert not Document.objects.current().filter(kind="research").exists()


def test_note_that_could_not_be_had_for_now_is_asked_for_again(
    sources: object, apple: Stock
) -> None:
    second = replace(NOTE, stem="25203.79911", product="22222222-8f1e-4c4b-9d57-6a0f1b7c2e11")
    with bluematrix(Listed.of(NOTE), Listed.of(second)) as site:
        sources.BLUEMATRIX_URL, sources.BLUEMATRIX_FIRM = site.url, FIRM  # type: ignore[attr-defined]
        sources.BLUEMATRIX_LOGIN, sources.BLUEMATRIX_PASSWORD = LOGIN, PASSWORD  # type: ignore[attr-defined]
        tries = itertools.count()
        site.spoil = lambda place, answer: (
            Answer(503) if place == "xml" and next(tries) < TRIES else answer
        )
        progress = ingest("bluematrix")
        assert (progress.stored, progress.failed) == (1, 1)
        place = SourceItem.objects.get(key="changefeed")
        assert "cursor" not in place.about
        site.spoil = lambda place, answer: answer
        assert ingest("bluematrix").stored == 1
    assert ResearchNote.objects.count() == 2
