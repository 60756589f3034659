"""EDGAR on loopback: recorded replies by the real addresses, with SEC's rules and its faults.

Works without pytest: ``with edgar_site(Path(data)) as site: Edgar(www=site.url, data=site.url…)``.
What isn't recorded is derived as ``edgar_holdings`` says; what EDGAR wouldn't have is answered
as EDGAR does. www and data stand on one address here.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from tests.loopback import Answer, Asked, serving
from tests.sources.edgar_holdings import HeldFiling, Holdings
from tests.sources.edgar_lists import Lists

Kind = Literal[
    "away", "block", "block with 200", "cut", "drip", "garbage", "hang", "mislabelled", "missing",
    "other page", "other type", "short", "too many", "undeclared with 200", "unavailable", "shuffled",
]  # fmt: skip
SLOW_SECONDS = 0.05  # before each hundred bytes


@dataclass
class Fault:
    """What goes wrong with requests whose path matches. ``times``: how often, then all is well
    again; ``after``: how many such requests go well first."""

    kind: Kind
    path: str = ""
    times: int | None = None
    after: int = 0

    def strikes(self, path: str) -> bool:
        if not re.search(self.path, path):
            return False
        if self.after:
            self.after -= 1
            return False
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0


@dataclass
class EdgarSite:
    """``url`` is both www and data. ``asked``: every request, in order, on the server's clock.
    ``faults`` may be changed while it runs; ``said``: the status of each answer."""

    holdings: Holdings
    faults: list[Fault]
    most_per_second: float | None
    block_seconds: float
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    said: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lists = Lists(self.holdings)
        self._errors = self.holdings.data / "errors"
        self._recent: deque[float] = deque()
        self._blocked_until = 0.0
        self._lock = threading.Lock()

    @property
    def filings(self) -> list[HeldFiling]:
        return list(self.holdings.filings.values())

    def address(self, file: str) -> tuple[int, str, str]:
        """CIK, accession and document's name under which a recorded file is served."""
        return _addresses(self.holdings.data)[file]

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            answer = self._ruled(asked)
            self.said.append(answer.status)
        return answer

    def _ruled(self, asked: Asked) -> Answer:
        agent = asked.headers.get("user-agent", "")
        if not re.search(r"\S+ .*\S+@\S+\.\S+", agent):
            return self._page("SEC.AutomatedTool.html", 403)
        if self._too_fast(asked.at):
            return self._page("rate-exceeded.html", 403)
        fault = next((one for one in self.faults if one.strikes(asked.path)), None)
        if fault and fault.kind in _INSTEAD:
            return _INSTEAD[fault.kind](self)
        answer = self._found(asked) or self._absent(asked.path)
        if answer.status == 200:
            answer = _conditional(asked, answer)
        return _spoiled(fault.kind, answer) if fault and answer.status == 200 else answer

    def _too_fast(self, now: float) -> bool:
        """More than ten requests within a second; to go on asking keeps the block up."""
        if self.most_per_second is None:
            return False
        self._recent.append(now)
        while self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) > self.most_per_second:
            self._blocked_until = now + self.block_seconds
        return now < self._blocked_until

    def _found(self, asked: Asked) -> Answer | None:
        for pattern, serve in _ROUTES:
            if found := pattern.fullmatch(asked.path):
                return serve(self, asked, *found.groups())
        return None

    def _tickers(self, _: Asked, name: str) -> Answer | None:
        return _json(self._lists.tickers(name))

    def _submissions(self, _: Asked, cik: str) -> Answer | None:
        raw = self._lists.submissions(int(cik))
        return _json(json.dumps(raw).encode()) if raw else None

    def _older_page(self, _: Asked, name: str) -> Answer | None:
        return _json(self._lists.older_page(name))

    def _facts(self, _: Asked, cik: str) -> Answer | None:
        return _json(self._lists.facts(int(cik)))

    def _index(self, _: Asked, cik: str, accession: str) -> Answer | None:
        page = self._lists.index_page(int(cik), accession)
        headers = {"Cache-Control": "no-cache"}
        return Answer(200, page, "text/html", headers) if page else None

    def _document(self, asked: Asked, cik: str, folder: str, name: str) -> Answer | None:
        accession = f"{folder[:10]}-{folder[10:12]}-{folder[12:]}"
        body, filed = self._document_of(int(cik), accession, name)
        if body is None:
            return None
        kind = _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
        answer = Answer(200, body, kind, _validators(body, filed))
        wanted = re.fullmatch(r"bytes=0-(\d+)", asked.headers.get("range", ""))
        return replace(answer, status=206, body=body[: int(wanted[1]) + 1]) if wanted else answer

    def _document_of(
        self, cik: int, accession: str, name: str
    ) -> tuple[bytes | None, HeldFiling | None]:
        filing = self.holdings.filings.get((cik, accession))
        for document in filing.documents if filing else ():
            if document.name == name:
                return document.read(), filing
        for suffix in (".txt", "-index-headers.html"):
            if name == f"{accession}{suffix}":
                return self._lists.submission(cik, accession, suffix), filing
        whole = self._lists.submission(cik, accession, ".txt")
        return _part(whole, name) if whole else None, filing

    def _feed(self, asked: Asked) -> Answer | None:
        form, start = (asked.query.get(name, [""])[0] for name in ("type", "start"))
        feed = self._lists.feed(form, int(start or 0))
        if feed is None:
            return _INSTEAD["unavailable"](self)
        return Answer(200, feed, "application/atom+xml", {"Cache-Control": "no-cache"})

    def _absent(self, path: str) -> Answer:
        """data.sec.gov's store says NoSuchKey with 404, an index AccessDenied with 403."""
        if "-index/" in path:
            recorded, status = "Archives_edgar_full-index_2099_QTR1_form.gz.403", 403
        else:
            recorded, status = "data.sec.gov_submissions_CIK-000000001.json.404", 404
        body = (self._errors / recorded).read_bytes()
        key = re.sub(rb"<Key>.*</Key>", b"<Key>" + path.strip("/").encode() + b"</Key>", body)
        return Answer(status, key, "application/xml")

    def _page(self, name: str, status: int) -> Answer:
        return Answer(status, (self._errors / name).read_bytes(), "text/html")


@contextmanager
def edgar_site(
    data: Path,
    *,
    faults: Sequence[Fault] = (),
    most_per_second: float | None = 10,
    block_seconds: float = 600,
) -> Iterator[EdgarSite]:
    """``data``: the recorded EDGAR data's folder. ``most_per_second``: None to measure speed."""
    site = EdgarSite(_holdings(data), list(faults), most_per_second, block_seconds)
    with serving(site.answer) as loopback:
        site.url, site.asked = loopback.url, loopback.asked
        yield site


@lru_cache(maxsize=2)
def _holdings(data: Path) -> Holdings:
    return Holdings(data)


@lru_cache(maxsize=2)
def _addresses(data: Path) -> dict[str, tuple[int, str, str]]:
    found = {}
    for filing in _holdings(data).filings.values():
        same_bytes = len(filing.files) != len(filing.documents)
        for place, file in enumerate(filing.files):
            document = filing.documents[0 if same_bytes else place]
            found[file] = (filing.cik, filing.accession, document.name)
    return found


_ROUTES: tuple[tuple[re.Pattern[str], Callable[..., Answer | None]], ...] = (
    (re.compile(r"/files/(company_tickers\w*\.json)"), EdgarSite._tickers),
    (re.compile(r"/submissions/CIK(\d{10})\.json"), EdgarSite._submissions),
    (re.compile(r"/submissions/(CIK\d{10}-submissions-\d{3}\.json)"), EdgarSite._older_page),
    (re.compile(r"/api/xbrl/companyfacts/CIK(\d{10})\.json"), EdgarSite._facts),
    (re.compile(r"/Archives/edgar/data/(\d+)/(?:\d{18}/)?([\d-]{20})-index\.html?"), EdgarSite._index),
    (re.compile(r"/Archives/edgar/data/(\d+)/(\d{18})/([\w.-]+)"), EdgarSite._document),
    (re.compile(r"/cgi-bin/browse-edgar"), EdgarSite._feed),
)  # fmt: skip

_TYPES = {
    "htm": "text/html", "html": "text/html", "txt": "text/plain", "xml": "text/xml",
    "xsd": "text/xml", "jpg": "image/jpeg", "gif": "image/gif",
}  # fmt: skip

_INSTEAD: dict[str, Callable[[EdgarSite], Answer]] = {
    "away": lambda _: Answer(500, b"", "text/html"),
    "block": lambda site: site._page("rate-exceeded.html", 403),
    "block with 200": lambda site: site._page("rate-exceeded.html", 200),
    "garbage": lambda _: Answer(200, bytes(range(256)) * 40, "application/json"),
    "hang": lambda _: Answer(hang=30),
    "other page": lambda _: Answer(200, b"<!DOCTYPE html><title>Sign in</title>", "text/html"),
    "missing": lambda site: site._absent("/gone"),
    "too many": lambda _: Answer(429, b"", "text/html", {"Retry-After": "45"}),
    "undeclared with 200": lambda site: site._page("SEC.AutomatedTool.html", 200),
    "unavailable": lambda site: site._page(_MAINTENANCE, 503),
}
_MAINTENANCE = "cgi-bin_browse-edgar_action=getcurrent_count=100_start=5100_type=4_owner=include_output=atom.503"


def _spoiled(kind: str, answer: Answer) -> Answer:
    if kind == "cut":
        return replace(answer, cut=1000)
    if kind == "short":
        return replace(answer, body=answer.body[: len(answer.body) // 2])
    if kind == "drip":
        return replace(answer, pause=SLOW_SECONDS)
    if kind == "mislabelled":
        return replace(answer, content_type="application/octet-stream")
    if kind == "other type":
        return replace(
            answer, content_type="image/png", body=b"\x89PNG\r\n\x1a\n\0\0" + answer.body
        )
    if kind == "shuffled":
        return replace(answer, body=json.dumps(_shuffled(json.loads(answer.body))).encode())
    return answer


def _shuffled(raw: dict[str, Any]) -> dict[str, Any]:
    """Every third filing twice, the whole back to front."""
    recent = raw["filings"]["recent"] if "filings" in raw else raw
    for name, column in recent.items():
        recent[name] = [*column, *column[::3]][::-1]
    return raw


def _conditional(asked: Asked, answer: Answer) -> Answer:
    wanted = (asked.headers.get("if-none-match"), asked.headers.get("if-modified-since"))
    held = (answer.headers.get("ETag"), answer.headers.get("Last-Modified"))
    if any(want and want == have for want, have in zip(wanted, held, strict=True)):
        return replace(answer, status=304, body=b"")
    accepts = asked.headers.get("accept-encoding", "")
    return replace(answer, zipped="gzip" in accepts)


def _validators(body: bytes, filing: HeldFiling | None) -> dict[str, str]:
    found = {"ETag": f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}-gzip"'}
    if filing:
        found["Last-Modified"] = format_datetime(
            datetime.combine(filing.filed, time(21, 30), UTC), usegmt=True
        )
    return found


def _json(body: bytes | None) -> Answer | None:
    headers = {"Cache-Control": "max-age=0, no-cache, no-store"}
    return Answer(200, body, "application/json", headers) if body is not None else None


def _part(submission: bytes, name: str) -> bytes | None:
    """A document out of a whole submission, as its own file has it."""
    for part in re.findall(rb"<DOCUMENT>(.*?)</DOCUMENT>", submission, re.S):
        if re.search(rb"<FILENAME>" + re.escape(name.encode()) + rb"\s", part):
            text = re.search(rb"<TEXT>\s*(?:<XBRL>\s*)?(.*?)\s*(?:</XBRL>\s*)?</TEXT>", part, re.S)
            return text[1] if text else None
    return None
