"""SEC EDGAR: lists of filings, reported facts and documents, at SEC's pace and by its rules.

SEC's rules: at most 10 requests a second over all machines (we keep to 8), a User-Agent that
names a company and a contact, and ten minutes of silence after a block page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Self
from urllib.parse import quote, urlsplit

from django.conf import settings

from fa_site.pace import Pace
from summaries.filings import UnreadableFiling, submission
from summaries.filings.submission import IndexDocument, SubmissionHeader
from summaries.sources.edgar import listings
from summaries.sources.edgar.listings import (
    CurrentFiling,
    FormerName,
    ListedFiling,
    Ticker,
)
from summaries.sources.edgar.replies import SOURCE, judge, parsed_json
from summaries.sources.errors import Malformed, Missing, Refused
from summaries.sources.web import Reply, Web

__all__ = [
    "CurrentFiling", "Download", "Edgar", "FormerName", "IndexDocument", "ListedFiling",
    "NotChanged", "SubmissionHeader", "Submissions", "Ticker", "Validator", "edgar",
    "wanted_documents",
]  # fmt: skip

WWW, DATA = "https://www.sec.gov", "https://data.sec.gov"
MOST_PER_SECOND = 8
PACE = Pace(SOURCE, per_second=MOST_PER_SECOND)

# "Sample Company Name AdminContact@example.com", as SEC asks for it.
_USER_AGENT = re.compile(r"[ -~]*[A-Za-z]{2}[ -~]*\s[<(]?[\w.+-]+@[\w-]+(\.[\w-]+)+[)>]?", re.ASCII)
_NAME = re.compile(r"[\w][\w.+-]*", re.ASCII)
_FEED_PAGE, _FEED_PAGES = 100, 20
_HEADER_BYTES = 1_048_576  # of funds with hundreds of series; ours are a few kilobytes


@dataclass(frozen=True)
class Validator:
    """What a later request is compared by. ``sha256``: of the body, in hex."""

    etag: str
    last_modified: str
    sha256: str


@dataclass(frozen=True)
class NotChanged:
    """It is what the given Validator was made of."""

    url: str
    validator: Validator


@dataclass(frozen=True)
class Download:
    content: bytes
    content_type: str
    validator: Validator
    url: str


@dataclass(frozen=True)
class Submissions(listings.Filer):
    """A registrant and its filings, newest first.

    ``pages_missing``: older pages that EDGAR names and doesn't have, or that are malformed.
    """

    validator: Validator
    pages_missing: tuple[str, ...] = ()


class Edgar:
    """One a process: it keeps connections open and may be used by threads.

    Every method raises a SourceError: Unavailable and Blocked may pass, Missing, Refused and
    Malformed won't.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        www: str = WWW,
        data: str = DATA,
        pace: Pace | None = PACE,
        seconds: float = 60.0,
        attempts: int = 3,
    ) -> None:
        """``seconds``: for a whole reply. Raises Refused for a User-Agent SEC wouldn't take,
        ValueError for bad addresses or a pace that SEC forbids."""
        if not _USER_AGENT.fullmatch(user_agent):
            raise Refused(
                "EDGAR wants to know who asks: set FA_EDGAR_USER_AGENT to your company's name "
                "and a contact address, for example 'Sample Company admin@example.com'",
                source=SOURCE,
            )
        self._www, self._data = _base(www), _base(data)
        if pace is not None and pace.per_second > MOST_PER_SECOND:
            raise ValueError(f"EDGAR is asked at most {MOST_PER_SECOND} times a second.")
        if pace is None and any("sec.gov" in base for base in (self._www, self._data)):
            raise ValueError("EDGAR itself is asked at a pace only; give one.")
        headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"}
        self._web = Web(
            SOURCE, judge, pace=pace, headers=headers, seconds=seconds, attempts=attempts
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._web.client.close()

    def tickers(self) -> tuple[Ticker, ...]:
        """All listed tickers; without exchanges where EDGAR's fuller list is missing or broken."""
        try:
            reply = self._web.get(f"{self._www}/files/company_tickers_exchange.json")
            return listings.exchange_tickers(parsed_json(reply))
        except (Missing, Malformed):
            reply = self._web.get(f"{self._www}/files/company_tickers.json")
            return listings.plain_tickers(parsed_json(reply))

    def submissions(
        self, cik: int, *, since: date | None = None, known: Validator | None = None
    ) -> Submissions | NotChanged:
        """The filings from ``since`` on, all without it; each older page costs a request.

        ``known`` speaks of the newest page: give it only where ``since`` isn't before the one
        of the reading that it comes from.
        """
        found = self._download(f"{self._data}/submissions/CIK{_cik(cik):010d}.json", known)
        if isinstance(found, NotChanged):
            return found
        reply, validator = found
        newest = listings.registrant(parsed_json(reply))
        if newest.cik != cik:
            raise Malformed(
                f"EDGAR sent the submissions of CIK {newest.cik} for CIK {cik}", source=SOURCE
            )
        names = [name for name, to in newest.older_pages if since is None or to >= since]
        older = {name: self._older(name) for name in names}
        lists = [newest.filings, *(page for page in older.values() if page is not None)]
        return Submissions(
            cik=cik,
            name=newest.name,
            sic=newest.sic,
            sic_description=newest.sic_description,
            tickers=newest.tickers,
            exchanges=newest.exchanges,
            fiscal_year_end=newest.fiscal_year_end,
            former_names=newest.former_names,
            category=newest.category,
            filings=tuple(
                filing
                for filing in listings.newest_first(lists)
                if since is None or filing.filed >= since
            ),
            validator=validator,
            pages_missing=tuple(name for name, page in older.items() if page is None),
        )

    def company_facts(self, cik: int, *, known: Validator | None = None) -> Download | NotChanged:
        """Reported facts, as ``summaries.sources.companyfacts.parse`` reads them."""
        url = f"{self._data}/api/xbrl/companyfacts/CIK{_cik(cik):010d}.json"
        return _as_download(self._download(url, known))

    def filing_index(self, cik: int, accession: str) -> tuple[IndexDocument, ...]:
        """A filing's documents, in its order."""
        url = f"{self._archive(cik)}/{_accession(accession)}-index.html"
        try:
            return submission.index_documents(self._web.get(url).content)
        except UnreadableFiling as error:
            raise _unreadable(accession, error) from error

    def document(
        self, cik: int, accession: str, name: str, *, known: Validator | None = None
    ) -> Download | NotChanged:
        if not _NAME.fullmatch(name):
            raise Malformed(f"{name[:60]!r} is no name of a document on EDGAR", source=SOURCE)
        return _as_download(self._download(f"{self._folder(cik, accession)}/{quote(name)}", known))

    def submission_header(self, cik: int, accession: str) -> SubmissionHeader:
        """The SGML header. Its acceptance time is New York's and true, None where not known."""
        folder = self._folder(cik, accession)
        try:
            reply = self._web.get(f"{folder}/{accession}-index-headers.html")
        except Missing:
            # The whole submission may have hundreds of megabytes; its head is enough.
            head = {"Range": f"bytes=0-{_HEADER_BYTES - 1}", "Accept-Encoding": "identity"}
            reply = self._web.get(f"{folder}/{accession}.txt", headers=head)
        try:
            header = submission.header(reply.content)
        except UnreadableFiling as error:
            raise _unreadable(accession, error) from error
        at = header.accepted_at
        # Midnight is how EDGAR says that it knows the day alone.
        return replace(header, accepted_at=None) if at and at.time() == time(0) else header

    def current(
        self, form: str = "", *, since: datetime | None = None
    ) -> tuple[CurrentFiling, ...]:
        """The latest filings, newest first: a hundred entries, or all accepted from ``since`` on."""
        found: dict[tuple[str, int, str], CurrentFiling] = {}
        for page in range(_FEED_PAGES):
            entries = self._feed(form, page * _FEED_PAGE)
            for entry in entries:
                found.setdefault((entry.accession, entry.cik, entry.role), entry)
            if since is None or not entries or entries[-1].accepted_at < since:
                break
        return tuple(
            entry
            for entry in found.values()
            if (not form or entry.form.removesuffix("/A") == form.removesuffix("/A"))
            and (since is None or entry.accepted_at >= since)
        )

    def _feed(self, form: str, start: int) -> Sequence[CurrentFiling]:
        params = {
            "action": "getcurrent", "type": form, "count": str(_FEED_PAGE),
            "start": str(start), "owner": "include", "output": "atom",
        }  # fmt: skip
        reply = self._web.get(f"{self._www}/cgi-bin/browse-edgar", params=params)
        return listings.current_filings(reply.content)

    def _older(self, name: str) -> tuple[ListedFiling, ...] | None:
        try:
            return listings.filings(parsed_json(self._web.get(f"{self._data}/submissions/{name}")))
        except (Missing, Malformed):
            return None

    def _download(self, url: str, known: Validator | None) -> tuple[Reply, Validator] | NotChanged:
        headers: dict[str, str] = {}
        if known and known.etag:
            headers["If-None-Match"] = known.etag
        if known and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        reply = self._web.get(url, headers=headers)
        if reply.status == 304:
            if not headers or known is None:
                raise Malformed("EDGAR says 'not changed' to what wasn't asked", source=SOURCE)
            return NotChanged(reply.url, known)
        digest = hashlib.sha256(reply.content).hexdigest()
        validator = Validator(reply.etag, reply.last_modified, digest)
        if known and known.sha256 == digest:
            return NotChanged(reply.url, validator)
        return reply, validator

    def _archive(self, cik: int) -> str:
        return f"{self._www}/Archives/edgar/data/{_cik(cik)}"

    def _folder(self, cik: int, accession: str) -> str:
        return f"{self._archive(cik)}/{_accession(accession).replace('-', '')}"


def edgar() -> Edgar:
    """EDGAR as the settings name it. Raises Refused where they don't say who asks."""
    return Edgar(
        user_agent=settings.EDGAR_USER_AGENT,
        www=settings.EDGAR_WWW,
        data=settings.EDGAR_DATA,
        pace=Pace(SOURCE, per_second=settings.EDGAR_RATE),
    )


def wanted_documents(form: str, entries: Sequence[IndexDocument]) -> tuple[IndexDocument, ...]:
    """The primary document, and the exhibits in which a filing of this form tells its story.

    The submission's whole text stands in where EDGAR keeps no document by itself, as in the
    nineties.
    """
    texts = [one for one in entries if one.filename.lower().endswith((".htm", ".html", ".txt"))]
    documents = [one for one in texts if one.sequence is not None]
    exhibits = _EXHIBITS.get(form.removesuffix("/A"))
    first = next(iter(documents or texts), None)
    primary = next((one for one in documents if one.type == form), first)
    return tuple(one for one in texts if one is primary or (exhibits and exhibits.match(one.type)))


_NEWS = re.compile(r"EX-99(?!\d)")  # press releases; a 6-K's and 40-F's reports
_ANNUAL_REPORT = re.compile(r"EX-13(?!\d)")  # where a bank's 10-K has its statements
_EXHIBITS = {
    "8-K": _NEWS, "6-K": _NEWS, "40-F": _NEWS, "10-K": _ANNUAL_REPORT, "10-KT": _ANNUAL_REPORT,
}  # fmt: skip


def _unreadable(accession: str, error: UnreadableFiling) -> Malformed:
    return Malformed(f"EDGAR's page about {accession}: {error}", source=SOURCE)


def _as_download(found: tuple[Reply, Validator] | NotChanged) -> Download | NotChanged:
    if isinstance(found, NotChanged):
        return found
    reply, validator = found
    return Download(reply.content, reply.content_type, validator, reply.url)


def _base(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise ValueError("EDGAR's address must be like https://www.sec.gov, without a password.")
    return address.rstrip("/")


def _cik(cik: int) -> int:
    if not 0 < cik < 10**10:
        raise ValueError(f"A CIK has 1 to 10 digits, not {cik}.")
    return cik


def _accession(accession: str) -> str:
    if not listings.ACCESSION.fullmatch(accession):
        raise ValueError(
            f"An accession number is like 0000320193-24-000123, not {accession[:40]!r}."
        )
    return accession
