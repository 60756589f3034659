"""The feed folder: bundles come in pieces, in any order, twice, broken; we change nothing there."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from summaries.sources.bluematrix import FolderFeed, Note, Status, Waiting, folder_feed, note
from summaries.sources.errors import Malformed, Refused, Unavailable
from tests.sources.rixml_notes import RixmlNote, deliver

FIRST = RixmlNote()
OTHER = RixmlNote(stem="25203.79911", product="8d1b7a90-0000-4c4b-9d57-6a0f1b7c2e11", title="Other")


def stems(feed: FolderFeed, since: str | None = None) -> list[str]:
    return [found.stem for found in feed.changes(since)]


def read(feed: FolderFeed, since: str | None = None) -> list[Note]:
    return [note(found.read()) for found in feed.changes(since)]


def last_cursor(feed: FolderFeed, since: str | None = None) -> str:
    return list(feed.changes(since))[-1].cursor


def test_delivery_is_found_once_and_the_folder_is_left_as_it_was(tmp_path: Path) -> None:
    paths = deliver(FIRST, tmp_path)
    before = {path: path.read_bytes() for path in paths}
    feed = FolderFeed(tmp_path)
    (found,) = feed.changes()
    assert found.paths == tuple(sorted(p for p in paths))
    assert note(found.read()).title == FIRST.title
    assert stems(feed, found.cursor) == []
    assert (feed.waiting, feed.refused) == ([], [])
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_comes_later_is_found_from_the_cursor_on(tmp_path: Path) -> None:
    feed = FolderFeed(tmp_path)
    deliver(FIRST, tmp_path)
    cursor = last_cursor(feed)
    deliver(OTHER, tmp_path)
    assert stems(feed, cursor) == ["25203.79911"]
    deliver(FIRST.revised(title="Apple: revised"), tmp_path)
    cursor = last_cursor(feed, cursor)
    assert stems(feed, cursor) == []
    assert {one.title for one in read(feed)} == {"Apple: revised", "Other"}


def test_same_delivery_again_is_the_same(tmp_path: Path) -> None:
    feed = FolderFeed(tmp_path)
    deliver(FIRST, tmp_path)
    (first,) = feed.changes()
    was = note(first.read())
    deliver(FIRST, tmp_path)
    (second,) = feed.changes(first.cursor)
    assert (second.sha256, note(second.read())) == (first.sha256, was)


def test_cut_off_pass_goes_on_where_it_stood(tmp_path: Path) -> None:
    notes = [replace(FIRST, stem=f"1.{place}") for place in range(6)]
    for one in notes:
        deliver(one, tmp_path)
    feed = FolderFeed(tmp_path)
    cursor, seen = None, []
    while True:
        found = next(feed.changes(cursor), None)
        if found is None:
            break
        seen.append(found.stem)
        cursor = found.cursor
    assert sorted(seen) == [one.stem for one in notes]


@pytest.mark.parametrize("kind", ["xml", "pdf", "json"])
def test_empty_file_waits_for_its_content(tmp_path: Path, kind: str) -> None:
    deliver(OTHER, tmp_path)
    deliver(FIRST, tmp_path)
    path = tmp_path / f"{FIRST.stem}.{kind}"
    whole = path.read_bytes()
    path.write_bytes(b"")
    feed = FolderFeed(tmp_path)
    (found,) = feed.changes()
    assert found.stem == OTHER.stem
    assert feed.waiting == [Waiting(FIRST.stem, f"{path.name} is empty so far")]
    path.write_bytes(whole)
    assert stems(feed, found.cursor) == [FIRST.stem]
    assert feed.waiting == []


def test_pdf_that_the_xml_names_is_waited_for(tmp_path: Path) -> None:
    deliver(FIRST, tmp_path, only=".xml")
    feed = FolderFeed(tmp_path)
    assert stems(feed) == []
    assert feed.waiting == [Waiting(FIRST.stem, "the PDF that the XML names isn't there yet")]
    deliver(FIRST, tmp_path, only=".pdf")
    (one,) = read(feed)
    assert one.body.kind == "pdf"


def test_files_may_come_in_any_order(tmp_path: Path) -> None:
    feed = FolderFeed(tmp_path)
    for kind in (".pdf", ".json"):
        deliver(FIRST, tmp_path, only=kind)
        assert stems(feed) == []
        assert feed.waiting == [Waiting(FIRST.stem, "no XML yet")]
    deliver(FIRST, tmp_path, only=".xml")
    assert stems(feed) == [FIRST.stem]


@pytest.mark.parametrize("kind", ["xml", "pdf"])
def test_file_that_is_still_growing_is_waited_for(tmp_path: Path, kind: str) -> None:
    deliver(FIRST, tmp_path)
    path = tmp_path / f"{FIRST.stem}.{kind}"
    whole = path.read_bytes()
    feed = FolderFeed(tmp_path)
    for part in (len(whole) // 4, len(whole) // 2, len(whole) - 20):
        path.write_bytes(whole[:part])
        assert stems(feed) == []
        assert [one.stem for one in feed.waiting] == [FIRST.stem]
    path.write_bytes(whole)
    assert stems(feed) == [FIRST.stem]


def test_smaller_than_the_xml_says_is_waited_for(tmp_path: Path) -> None:
    paths = deliver(FIRST, tmp_path)
    xml = (
        paths[0]
        .read_bytes()
        .replace(b'<Resource resourceID="0"', b'<Resource resourceID="0" sizeInBytes="99999"')
    )
    paths[0].write_bytes(xml)
    feed = FolderFeed(tmp_path)
    assert stems(feed) == []
    assert "of 99999 bytes so far" in feed.waiting[0].why


def test_text_just_written_may_still_grow(tmp_path: Path) -> None:
    made = replace(FIRST, listed=("txt",))
    deliver(made, tmp_path)
    path = tmp_path / f"{FIRST.stem}.txt"
    path.write_text("half")
    feed = FolderFeed(tmp_path)
    assert stems(feed) == []
    assert feed.waiting == [Waiting(FIRST.stem, f"{path.name} may still be growing")]
    feed.settle = 0
    assert stems(feed) == [FIRST.stem]


def test_nothing_waits_for_ever(tmp_path: Path) -> None:
    deliver(FIRST, tmp_path, only=".xml")
    broken = tmp_path / "25203.1.xml"
    broken.write_bytes(FIRST.xml()[:900])
    feed = FolderFeed(tmp_path)
    assert stems(feed) == []
    deliver(OTHER, tmp_path)
    cursor = last_cursor(feed)
    feed.patience = 0
    found = {one.stem: one for one in feed.changes(cursor)}
    assert set(found) == {FIRST.stem, "25203.1"}
    assert note(found[FIRST.stem].read()).body.problems == ("no body but the synopsis",)
    with pytest.raises(Malformed, match=r"25203\.1\.xml is not well-formed XML: line"):
        note(found["25203.1"].read())
    assert stems(feed, max(one.cursor for one in found.values())) == []


def test_recall_waits_for_no_body(tmp_path: Path) -> None:
    deliver(FIRST.revised(status="Recalled"), tmp_path, only=".xml")
    (one,) = read(FolderFeed(tmp_path))
    assert (one.status, one.body.text) == (Status.RECALLED, "")


def test_out_of_order_deliveries_are_ordered_by_their_status(tmp_path: Path) -> None:
    feed = FolderFeed(tmp_path)
    recalled = FIRST.revised(status="Recalled", status_at="2026-03-03T09:00:00Z")
    heard = []
    for one in (recalled, FIRST.revised(), FIRST):
        deliver(one, tmp_path)
        heard += read(feed)
    ordered = sorted(heard, key=lambda one: one.status_at)
    assert [one.status for one in ordered] == [Status.PUBLISHED, Status.REVISED, Status.RECALLED]
    assert len({one.source_id for one in heard}) == 1
    assert len({one.version for one in heard}) == 3


def test_file_of_another_name_that_the_xml_names_is_its_body(tmp_path: Path) -> None:
    paths = deliver(FIRST, tmp_path)
    paths[0].write_bytes(paths[0].read_bytes().replace(b"25203.79910.pdf", b"final_report.pdf"))
    (tmp_path / "25203.79910.pdf").rename(tmp_path / "final_report.pdf")
    feed = FolderFeed(tmp_path)
    (one,) = read(feed)
    assert one.body.kind == "pdf"
    assert feed.waiting == []


def test_links_and_paths_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    folder = tmp_path / "feed"
    outside.mkdir()
    folder.mkdir()
    deliver(OTHER, outside)
    (folder / "25203.79911.xml").symlink_to(outside / "25203.79911.xml")
    (folder / "more").symlink_to(outside)
    paths = deliver(FIRST, folder)
    xml = paths[0].read_bytes().replace(b"25203.79910.pdf", b"../outside/25203.79911.pdf")
    paths[0].write_bytes(xml)
    (folder / "25203.79910.pdf").unlink()
    feed = FolderFeed(folder)
    (one,) = read(feed)
    assert (one.title, one.body.kind) == (FIRST.title, "xml")
    assert sorted(feed.refused) == [
        "25203.79910.xml names '../outside/25203.79911.pdf', a path out of the folder",
        "25203.79911.xml is a link; only files in the folder are read",
        "more is a link; only files in the folder are read",
    ]


def test_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "1.1.xml")
    feed = FolderFeed(tmp_path)
    assert stems(feed) == []
    assert feed.refused == ["1.1.xml is no ordinary file"]


def test_folders_in_the_folder_are_read(tmp_path: Path) -> None:
    (tmp_path / "2026-03-02").mkdir()
    deliver(FIRST, tmp_path / "2026-03-02")
    (found,) = FolderFeed(tmp_path).changes()
    assert found.stem == "2026-03-02/25203.79910"
    assert found.read().document_id == "79910"


def test_file_that_changes_while_it_is_read_is_asked_again(tmp_path: Path) -> None:
    deliver(FIRST, tmp_path)
    (found,) = FolderFeed(tmp_path).changes()
    deliver(FIRST.revised(), tmp_path)
    with pytest.raises(Unavailable, match="changed while it was read"):
        found.read()


def test_one_broken_bundle_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "1.1.xml").write_bytes(b"\x00\xffgarbage")
    (tmp_path / "1.2.xml").write_bytes(b"<html></html>")
    deliver(FIRST, tmp_path)
    good, bad = [], []
    for found in FolderFeed(tmp_path).changes():
        try:
            good.append(note(found.read()).title)
        except Malformed as error:
            bad.append(str(error).partition(".xml")[0])
    assert (good, sorted(bad)) == ([FIRST.title], ["1.1", "1.2"])


def test_folder_that_is_not_there_and_cursor_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="FA_BLUEMATRIX_FOLDER"):
        FolderFeed(tmp_path / "nowhere").changes()
    with pytest.raises(Refused, match="not a cursor"):
        FolderFeed(tmp_path).changes("2026-03-02T16:00:00")


def test_feed_by_settings(tmp_path: Path, settings: object) -> None:
    assert folder_feed() is None
    settings.BLUEMATRIX_FOLDER = str(tmp_path)  # type: ignore[attr-defined]
    settings.BLUEMATRIX_NUMBERS = ["target=127"]  # type: ignore[attr-defined]
    feed = folder_feed()
    assert feed is not None
    assert (feed.folder, feed.conventions.target) == (tmp_path, "127")
