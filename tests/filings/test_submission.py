"""Headers, documents and index pages of recorded submissions."""

from datetime import UTC, date, datetime

import pytest

from summaries.filings import UnreadableFiling, read
from summaries.filings.submission import (
    Filer,
    FormerName,
    SubmissionHeader,
    documents,
    header,
    index_documents,
)
from tests.filings.corpus import EDGAR, needs_corpus, unzipped

FOLDER = EDGAR / "sgml"
NVDA = "Archives_edgar_data_1045810_"


@needs_corpus
def test_header_of_the_full_text_and_of_the_index_page_agree() -> None:
    text = header(unzipped(FOLDER / f"{NVDA}000104581026000024_0001045810-26-000024.txt.gz"))
    page = header(unzipped(FOLDER / f"{NVDA}0001045810-26-000024-index.html.gz"))
    former = (
        FormerName("NVIDIA CORP/DE", date(2002, 6, 12)),
        FormerName("NVIDIA CORP/CA", date(1998, 3, 3)),
    )
    accepted = datetime(2026, 3, 6, 21, 11, 25, tzinfo=UTC)  # 16:11:25 in New York's winter
    assert text == SubmissionHeader(
        "0001045810-26-000024", "8-K", date(2026, 3, 2), date(2026, 3, 6), text.accepted_at,
        ("5.02", "9.01"), (Filer(1045810, "NVIDIA CORP", "3674", "0131", former),),
    )  # fmt: skip
    assert text.accepted_at == page.accepted_at == accepted
    assert (page.form, page.items, page.filers[0].cik) == ("8-K", ("5.02", "9.01"), 1045810)


@needs_corpus
def test_every_recorded_header_is_read() -> None:
    files = sorted(FOLDER.iterdir())
    headers = [header(unzipped(path)) for path in files]
    assert len(headers) >= 15
    for path, one in zip(files, headers, strict=True):
        assert one.accession in path.name
        assert one.filed
        assert one.form
        assert all(filer.cik and filer.name for filer in one.filers)


@needs_corpus
def test_documents_agree_with_the_index_page() -> None:
    name = "0001045810-26-000024"
    inside = documents(unzipped(FOLDER / f"{NVDA}000104581026000024_{name}.txt.gz"))
    listed = index_documents(unzipped(FOLDER / f"{NVDA}{name}-index.html.gz"))
    by_name = {document.filename: document for document in inside}
    for row in listed:
        if row.sequence is not None:
            document = by_name[row.filename]
            assert (document.sequence, document.type) == (row.sequence, row.type)
    main = by_name["nvda-20260302.htm"]
    assert len(main.content) == next(row.size for row in listed if row.sequence == 1)
    reading = read(main.content, form=main.type)
    assert [one.item for one in reading.sections] == ["", "5.02", "9.01", ""]
    assert reading.cover["dei:EntityCentralIndexKey"] == "0001045810"
    archive = by_name["0001045810-26-000024-xbrl.zip"]
    assert (archive.is_encoded, archive.content) == (True, b"")


def test_midnight_is_no_acceptance_time() -> None:
    text = (
        b"<SEC-HEADER>\n<ACCEPTANCE-DATETIME>20000511000000\nACCESSION NUMBER:\t0000912057-00-023442\n"
        b"ITEM INFORMATION:\t\tChanges in Control of Registrant\nITEM INFORMATION:\t\tOf a new kind\n"
        b"</SEC-HEADER>"
    )
    found = header(text)
    assert found.accepted_at is None
    assert found.items == ("5.01", "Of a new kind")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html></html>", "no header"),
        (b"<SEC-HEADER>\nACCESSION NUMBER: 1", "truncated"),
        (b"<SEC-HEADER>\nACCESSION NUMBER: 1\n</SEC-HEADER>", "no accession number"),
    ],
)
def test_no_header(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFiling, match=reason):
        header(content)


def test_no_documents() -> None:
    with pytest.raises(UnreadableFiling, match="no document"):
        documents(b"x")
    with pytest.raises(UnreadableFiling, match="truncated"):
        documents(b"<DOCUMENT>\n<TYPE>8-K\n<TEXT>\nx")
    with pytest.raises(UnreadableFiling, match="no table of documents"):
        index_documents(b"<html></html>")
