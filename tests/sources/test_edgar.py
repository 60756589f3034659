"""The EDGAR adapter over the recorded data, served as EDGAR does."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from summaries.filings.submission import IndexDocument
from summaries.sources import companyfacts
from summaries.sources.edgar import (
    Download,
    Edgar,
    NotChanged,
    Submissions,
    Ticker,
    Validator,
    wanted_documents,
)
from summaries.sources.edgar.clock import NEW_YORK, wanted
from summaries.sources.edgar.listings import FormerName
from summaries.sources.errors import Missing, SourceError
from tests.sources.conftest import RECORDED, needs_recordings
from tests.sources.edgar_recorded import read
from tests.sources.edgar_site import EdgarSite, Fault

pytestmark = needs_recordings


def test_every_recorded_filing_is_listed_indexed_and_given_byte_for_byte(
    site: EdgarSite, client: Edgar
) -> None:
    reports = [filing for filing in site.filings if filing.files[0].startswith("filings/")]
    files = [file for filing in reports for file in filing.files]
    assert sorted(files) == sorted(
        {row["file"] for row in site.holdings.manifest if row["kind"] == "filing_html"}
    )
    lists = {cik: _whole(client.submissions(cik)) for cik in {one.cik for one in reports}}
    for filing in reports:
        [listed] = [f for f in lists[filing.cik].filings if f.accession == filing.accession]
        assert (listed.form, listed.filed, listed.report_date, listed.is_inline_xbrl) == (
            filing.form, filing.filed, filing.report_date, True,
        )  # fmt: skip
        entries = client.filing_index(filing.cik, filing.accession)
        [primary] = wanted_documents(listed.form, entries)
        assert primary.filename == listed.primary_document
    for file in files:
        found = client.document(*site.address(file))
        assert isinstance(found, Download)
        assert found.content == read(RECORDED / file), file


def test_eight_ks_of_the_nineties_and_of_today_are_reachable(
    site: EdgarSite, client: Edgar
) -> None:
    eight_ks = [filing for filing in site.filings if filing.files[0].startswith("eight_k/")]
    assert len(eight_ks) > 560
    for filing in eight_ks[::40]:
        listed = {f.accession: f for f in _whole(client.submissions(filing.cik)).filings}
        one = listed[filing.accession]
        assert one.items == filing.items
        wants = wanted_documents(one.form, client.filing_index(filing.cik, filing.accession))
        assert [entry.filename for entry in wants] == [doc.name for doc in filing.documents]
        for entry, document in zip(wants, filing.documents, strict=True):
            found = client.document(filing.cik, filing.accession, entry.filename)
            assert isinstance(found, Download)
            assert found.content == document.read()


def test_tickers_name_their_exchange(client: Edgar) -> None:
    tickers = client.tickers()
    assert len(tickers) == 10_089
    assert tickers[0] == Ticker(1045810, "NVDA", "NVIDIA CORP", "Nasdaq")
    assert [t.exchange for t in tickers if t.ticker == "BRK-B"] == ["NYSE"]


@pytest.mark.parametrize("kind", ["missing", "garbage", "other page"])
def test_tickers_fall_back_to_the_plainer_list(site: EdgarSite, client: Edgar, kind: str) -> None:
    site.faults.append(Fault(kind, "company_tickers_exchange"))  # type: ignore[arg-type]
    tickers = client.tickers()
    assert len(tickers) == 10_391
    assert tickers[0] == Ticker(1045810, "NVDA", "NVIDIA CORP", "")


@pytest.mark.parametrize(
    ("cik", "filings"), [(749647, 1395), (1009672, 1205), (1318605, 1722), (1324424, 1978)]
)
def test_older_pages_are_merged_newest_first(client: Edgar, cik: int, filings: int) -> None:
    found = _whole(client.submissions(cik))
    accessions = [filing.accession for filing in found.filings]
    assert len(set(accessions)) == len(accessions)
    # Tesla has a few reports recorded that are newer than its list.
    assert filings <= len(accessions) <= filings + 5
    days = [filing.filed for filing in found.filings]
    assert days == sorted(days, reverse=True)
    assert found.pages_missing == ()


def test_older_page_is_read_only_where_the_date_needs_it(site: EdgarSite, client: Edgar) -> None:
    near = _whole(client.submissions(749647, since=date(2015, 1, 1)))
    assert [asked.path for asked in site.asked] == ["/submissions/CIK0000749647.json"]
    assert min(filing.filed for filing in near.filings) >= date(2015, 1, 1)
    far = _whole(client.submissions(749647, since=date(2009, 1, 1)))
    assert site.asked[-1].path == "/submissions/CIK0000749647-submissions-001.json"
    assert min(filing.filed for filing in far.filings) < date(2010, 1, 1)
    assert len(far.filings) > len(near.filings)


def test_duplicates_and_disorder_change_nothing(site: EdgarSite, client: Edgar) -> None:
    plain = _whole(client.submissions(1324424))
    site.faults.append(Fault("shuffled", "submissions"))
    mixed = _whole(client.submissions(1324424))
    assert mixed.filings == plain.filings


def test_missing_page_is_named_and_the_rest_is_given(site: EdgarSite, client: Edgar) -> None:
    site.faults.append(Fault("missing", "submissions-001"))
    found = _whole(client.submissions(1009672))
    assert found.pages_missing == ("CIK0001009672-submissions-001.json",)
    assert len(found.filings) == 1000


def test_registrant_is_described(client: Edgar) -> None:
    found = _whole(client.submissions(1318605, since=date(2026, 1, 1)))
    assert (found.name, found.sic, found.tickers, found.exchanges) == (
        "Tesla, Inc.", "3711", ("TSLA",), ("Nasdaq",),
    )  # fmt: skip
    assert (found.fiscal_year_end, found.category) == ("1231", "Large accelerated filer")
    assert found.former_names == (FormerName("TESLA MOTORS INC", date(2017, 1, 27)),)
    report = next(filing for filing in found.filings if filing.form == "10-K")
    assert (report.accession, report.report_date) == ("0001628280-26-003952", date(2025, 12, 31))
    assert report.accepted_at == datetime(2026, 1, 28, 20, 55, 3, tzinfo=NEW_YORK)


def test_ownership_forms_name_the_file_without_its_rendering(client: Edgar) -> None:
    found = _whole(client.submissions(1324424))
    assert any(filing.form == "4" for filing in found.filings)
    assert all("/" not in filing.primary_document for filing in found.filings)


def test_wanted_forms_are_all_there(client: Edgar) -> None:
    forms = {f.form for f in _whole(client.submissions(749647)).filings if wanted(f.form)}
    assert {"10-K", "10-K/A", "10-Q", "8-K", "8-K/A"} <= forms


def test_company_facts_are_read_as_they_come(client: Edgar) -> None:
    found = client.company_facts(320193)
    assert isinstance(found, Download)
    assert found.content_type == "application/json"
    cik, name, reported = companyfacts.parse(found.content)
    assert (cik, name, len(reported) > 50) == (320193, "Apple Inc.", True)


def test_derived_facts_name_the_filings_that_are_listed(client: Edgar) -> None:
    found = client.company_facts(2488)
    assert isinstance(found, Download)
    _, _, reported = companyfacts.parse(found.content)
    listed = {f.accession: f for f in _whole(client.submissions(2488)).filings}
    for one in reported:
        assert one.filing.filed == listed[one.filing.accession].filed
    assert len(reported) == 20


def test_conditional_request_saves_the_body(site: EdgarSite, client: Edgar) -> None:
    address = (320193, "0000320193-24-000123", "aapl-20240928.htm")
    first = client.document(*address)
    assert isinstance(first, Download)
    again = client.document(*address, known=first.validator)
    assert again == NotChanged(first.url, first.validator)
    assert site.said[-1] == 304
    changed = client.document(*address, known=Validator('"other"', "", "0"))
    assert isinstance(changed, Download)


def test_unchanged_list_is_known_by_its_hash(site: EdgarSite, client: Edgar) -> None:
    first = _whole(client.submissions(320193, since=date(2024, 1, 1)))
    again = client.submissions(320193, since=date(2024, 1, 1), known=first.validator)
    assert isinstance(again, NotChanged)
    assert site.said == [200, 200]
    other = client.submissions(1318605, since=date(2024, 1, 1), known=first.validator)
    assert isinstance(other, Submissions)


def test_header_gives_new_yorks_time(client: Edgar) -> None:
    header = client.submission_header(749647, "0001493152-25-029712")
    assert header.accepted_at == datetime(2025, 12, 31, 8, 15, 19, tzinfo=NEW_YORK)
    whole = client.submission_header(320193, "0000320193-24-000061")  # its .txt alone is recorded
    assert whole.accepted_at == datetime(2024, 4, 29, 9, 0, 18, tzinfo=NEW_YORK)
    unknown = client.submission_header(72971, _only_accession(client, 72971))
    assert (unknown.form, unknown.accepted_at) == ("10-K", None)


def test_header_of_a_huge_submission_costs_its_head_alone(site: EdgarSite, client: Edgar) -> None:
    client.submission_header(320193, "0000320193-24-000061")
    assert site.asked[-1].path.endswith("/0000320193-24-000061.txt")
    assert site.asked[-1].headers["range"] == "bytes=0-1048575"
    assert site.said[-1] == 206


def test_feed_keeps_names_and_times(site: EdgarSite, client: Edgar) -> None:
    latest = client.current()
    assert len(latest) == 100
    assert (latest[0].form, latest[0].accession) == ("13F-HR", "0002074440-26-000002")
    assert latest[0].accepted_at == datetime(2026, 1, 12, 11, 27, 39, tzinfo=NEW_YORK)
    assert latest == tuple(sorted(latest, key=lambda one: one.accepted_at, reverse=True))
    eight_ks = client.current("8-K")
    assert {one.form for one in eight_ks} == {"8-K"}
    assert all(one.items for one in eight_ks)


def test_feed_is_read_on_until_the_time_asked_for(site: EdgarSite, client: Edgar) -> None:
    since = datetime(2025, 12, 12, 17, 25, tzinfo=NEW_YORK)
    found = client.current("4", since=since)
    assert [asked.query["start"] for asked in site.asked] == [["0"], ["100"]]
    assert all(one.accepted_at >= since and one.form in {"4", "4/A"} for one in found)
    assert len({(one.accession, one.cik, one.role) for one in found}) == len(found) > 100


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ("8-K", ["main.htm", "ex991.htm", "ex992.htm"]),
        ("10-K", ["main.htm", "ex13.htm"]),
        ("10-Q", ["main.htm"]),
        ("6-K/A", ["main.htm", "ex991.htm", "ex992.htm"]),
    ],
)
def test_wanted_documents_of_a_form(form: str, names: list[str]) -> None:
    rows = [
        ("main.htm", form), ("ex101.htm", "EX-10.1"), ("ex13.htm", "EX-13"), ("ex130.htm", "EX-130"),
        ("ex991.htm", "EX-99.1"), ("ex992.htm", "EX-99.2"), ("photo.jpg", "EX-99.3"),
        ("a.xsd", "EX-101.SCH"),
    ]  # fmt: skip
    entries = [
        IndexDocument(place, "", f"/Archives/{name}", kind, 1)
        for place, (name, kind) in enumerate(rows, 1)
    ]
    whole = IndexDocument(None, "", "/Archives/0000000000-00-000000.txt", "", 1)
    assert [one.filename for one in wanted_documents(form, [*entries, whole])] == names
    assert wanted_documents(form, [whole]) == (whole,)


def test_unknown_registrant_and_document_are_missing(client: Edgar) -> None:
    with pytest.raises(Missing, match="CIK0000000001"):
        client.submissions(1)
    with pytest.raises(Missing, match=r"nothing\.htm"):
        client.document(320193, "0000320193-24-000123", "nothing.htm")


@pytest.mark.parametrize("name", ["../../secret.htm", "a/b.htm", "", ".htaccess"])
def test_name_that_leads_elsewhere_is_not_asked(site: EdgarSite, client: Edgar, name: str) -> None:
    with pytest.raises(SourceError, match="no name of a document"):
        client.document(320193, "0000320193-24-000123", name)
    with pytest.raises(ValueError, match="accession"):
        client.document(320193, "../0000320193", "a.htm")
    assert site.asked == []


def _whole(found: Submissions | NotChanged) -> Submissions:
    assert isinstance(found, Submissions)
    return found


def _only_accession(client: Edgar, cik: int) -> str:
    [filing] = _whole(client.submissions(cik)).filings
    return filing.accession
