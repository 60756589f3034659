"""Whatever goes wrong at EDGAR is told for what it is, by the body before the status."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from fa_site.broker import connection
from fa_site.pace import Pace
from summaries.sources.edgar import Download, Edgar, Submissions
from summaries.sources.edgar.replies import judge
from summaries.sources.errors import (
    Blocked,
    Malformed,
    Missing,
    Refused,
    SourceError,
    Unavailable,
)
from summaries.sources.web import Reply
from tests.sources.conftest import AGENT, RECORDED, needs_recordings
from tests.sources.edgar_site import EdgarSite, Fault, Kind

pytestmark = needs_recordings
REPORT = (320193, "0000320193-24-000123", "aapl-20240928.htm")


@pytest.fixture
def client(site: EdgarSite) -> Iterator[Edgar]:
    with _edgar(site) as client:
        yield client


def _edgar(site: EdgarSite, pace: Pace | None = None) -> Edgar:
    return Edgar(user_agent=AGENT, www=site.url, data=site.url, pace=pace, seconds=0.8, attempts=2)


@pytest.mark.parametrize(
    ("kind", "error", "requests"),
    [
        ("cut", Unavailable, 2),
        ("short", Unavailable, 2),
        ("away", Unavailable, 2),
        ("unavailable", Unavailable, 2),
        ("drip", Unavailable, 2),
        ("hang", Unavailable, 2),
        ("garbage", Malformed, 1),
        ("other type", Malformed, 1),
        ("missing", Missing, 1),
        ("block", Blocked, 1),
        ("block with 200", Blocked, 1),
        ("too many", Blocked, 1),
        ("undeclared with 200", Refused, 1),
    ],
)
@pytest.mark.parametrize("what", ["submissions", "companyfacts", "document"])
def test_fault_is_told_for_what_it_is(
    site: EdgarSite, client: Edgar, kind: Kind, error: type[SourceError], requests: int, what: str
) -> None:
    site.holdings.filings  # noqa: B018 - read before the clock runs
    site.faults.append(Fault(kind))
    begun = time.monotonic()
    with pytest.raises(error) as caught:
        _fetch(client, what)
    assert type(caught.value) is error
    assert caught.value.source == "edgar"
    assert len(site.asked) == requests
    assert time.monotonic() - begun < 8


@pytest.mark.parametrize("kind", ["away", "unavailable", "cut", "short"])
@pytest.mark.parametrize("what", ["submissions", "companyfacts", "document"])
def test_fault_that_passes_is_not_noticed(
    site: EdgarSite, client: Edgar, kind: Kind, what: str
) -> None:
    site.faults.append(Fault(kind, times=1))
    assert isinstance(_fetch(client, what), Download | Submissions)
    assert len(site.asked) == 2


@pytest.mark.parametrize("what", ["submissions", "companyfacts"])
def test_page_where_json_should_be_is_malformed(site: EdgarSite, client: Edgar, what: str) -> None:
    site.faults.append(Fault("other page"))
    with pytest.raises(Malformed, match="text/html that isn't JSON"):
        _fetch(client, what)


@pytest.mark.parametrize("what", ["submissions", "companyfacts", "document"])
def test_body_decides_where_the_content_type_is_wrong(
    site: EdgarSite, client: Edgar, what: str
) -> None:
    site.faults.append(Fault("mislabelled"))
    assert isinstance(_fetch(client, what), Download | Submissions)


def test_block_in_the_middle_stops_everyone_for_ten_minutes(site: EdgarSite) -> None:
    connection().delete("fa:pace:edgar-test:turn", "fa:pace:edgar-test:hold")
    pace = Pace("edgar-test", per_second=8, longest_wait=5)
    site.faults.append(Fault("block", after=2))
    with _edgar(site, pace) as one, _edgar(site, pace) as other:
        one.company_facts(1997711)
        other.company_facts(1997711)
        for client in (one, other, one):
            with pytest.raises(Blocked) as caught:
                client.company_facts(1997711)
            assert 595 < (caught.value.retry_after or 0) <= 600
    assert len(site.asked) == 3
    connection().delete("fa:pace:edgar-test:hold")


def test_too_many_requests_wait_as_long_as_they_say(site: EdgarSite, client: Edgar) -> None:
    site.faults.append(Fault("too many"))
    with pytest.raises(Blocked) as caught:
        client.tickers()
    assert caught.value.retry_after == 45


def test_undeclared_says_which_setting(site: EdgarSite, client: Edgar) -> None:
    site.faults.append(Fault("undeclared with 200"))
    with pytest.raises(Refused, match="set FA_EDGAR_USER_AGENT"):
        client.tickers()


def test_feed_under_maintenance_and_garbled(site: EdgarSite, client: Edgar) -> None:
    site.faults.append(Fault("unavailable", "browse-edgar", times=2))
    with pytest.raises(Unavailable, match="maintenance"):
        client.current()
    site.faults.append(Fault("garbage", "browse-edgar", times=1))
    with pytest.raises(Malformed, match="feed of latest filings"):
        client.current()
    assert client.current()


def test_index_page_that_is_none_is_malformed(site: EdgarSite, client: Edgar) -> None:
    site.faults.append(Fault("other page", "-index"))
    with pytest.raises(Malformed, match="0000320193-24-000123"):
        client.filing_index(*REPORT[:2])
    with pytest.raises(Malformed, match="0000320193-24-000123"):
        client.submission_header(*REPORT[:2])


_PAGES = {
    "rate-exceeded.html": Blocked,
    "SEC.AutomatedTool.html": Refused,
    "data.sec.gov_submissions_CIK-000000001.json.404": Missing,
    "Archives_edgar_full-index_2099_QTR1_form.gz.403": Missing,
    "cgi-bin_browse-edgar_action=getcurrent_count=100_start=5100_type=4_owner=include_output=atom.503": Unavailable,
}


@pytest.mark.parametrize("status", [200, 403, 404, 503])
@pytest.mark.parametrize("name", list(_PAGES), ids=lambda name: str(name)[:20])
@pytest.mark.parametrize(
    "path", ["/submissions/CIK0000320193.json", "/Archives/edgar/data/1/a.htm"]
)
def test_recorded_error_pages_mean_the_same_whatever_their_status(
    name: str, status: int, path: str
) -> None:
    body = (RECORDED / "errors" / name).read_bytes()
    kind = "application/xml" if b"<Error>" in body else "text/html"
    with pytest.raises(_PAGES[name]) as caught:
        judge(Reply(f"https://www.sec.gov{path}", status, {"content-type": kind}, body))
    if isinstance(caught.value, Blocked):
        assert caught.value.retry_after == 600


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (403, b"<html><title>Access Denied</title></html>", Blocked),
        (429, b"", Blocked),
        (404, b"<html></html>", Missing),
        (500, b"", Unavailable),
        (503, b"<?xml version='1.0'?><Error><Code>SlowDown</Code></Error>", Unavailable),
        (408, b"", Unavailable),
        (400, b"", Refused),
        (200, b"", Unavailable),
    ],
)
def test_other_replies(status: int, body: bytes, error: type[SourceError]) -> None:
    url = "https://data.sec.gov/submissions/CIK0000320193.json"
    with pytest.raises(error):
        judge(Reply(url, status, {"content-type": "text/html"}, body))


def test_filing_that_speaks_of_limits_is_a_filing() -> None:
    body = b"<html><title>10-K</title><p>Request Rate Threshold Exceeded</p></html>"
    judge(Reply("https://www.sec.gov/a.htm", 200, {"content-type": "text/html"}, body))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"cik": "320193"}', "usual shape"),
        (b'{"cik": "1", "name": "A", "filings": {"recent": {"accessionNumber": []}}}', "CIK 1 for"),
        (b"[]", "usual shape"),
        (b'{"cik": ,}', "breaks at character"),
    ],
)
def test_json_of_another_shape_says_where(body: bytes, words: str) -> None:
    from tests.loopback import Answer, serving

    with (
        serving(lambda _: Answer(body=body)) as other,
        Edgar(user_agent=AGENT, www=other.url, data=other.url, pace=None) as client,
        pytest.raises(Malformed, match=words),
    ):
        client.submissions(320193)


def _fetch(client: Edgar, what: str) -> object:
    if what == "submissions":
        return client.submissions(1835632)
    if what == "companyfacts":
        return client.company_facts(1997711)
    return client.document(*REPORT)
