"""BlueMatrix's ChangeFeed over HTTPS: what changed since a moment, then each document.

The credentials travel in the query string, so nothing that an error, a log line or a repr shows is
ever taken from an address, and an error that came from below is made anew without what caused it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from lxml import etree

from fa_site.pace import Pace
from summaries.sources.bluematrix.bundles import (
    MOST_BODY_BYTES,
    SOURCE,
    Bundle,
    Conventions,
    Cursor,
    Listed,
    Part,
    malformed,
)  # fmt: skip
from summaries.sources.bluematrix.statuses import status_of
from summaries.sources.bluematrix.xmltree import (
    Element,
    attribute,
    children,
    descendants,
    is_cut_off,
    local,
    moment,
    parse,
    text,
)  # fmt: skip
from summaries.sources.errors import (
    Blocked,
    Malformed,
    Missing,
    Refused,
    SourceError,
    Unavailable,
)  # fmt: skip
from summaries.sources.web import Reply, Web

PER_SECOND = 2.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_BODIES = {"pdf": "pdf", "html": "html", "htm": "html", "txt": "txt", "text": "txt"}


def judge(reply: Reply) -> None:
    """What a status means; whether a body is an answer depends on what was asked."""
    status, wait = reply.status, reply.retry_after
    if status == 429:
        raise Blocked("BlueMatrix asks us to stop", source=SOURCE, retry_after=wait or 60.0)
    if status >= 500 or status == 408:
        raise Unavailable(f"BlueMatrix answered {status}", source=SOURCE, retry_after=wait)
    if status in (404, 410):
        raise Missing("BlueMatrix has no such document", source=SOURCE)
    if status in (401, 403):
        raise Refused(
            "BlueMatrix refused the login; check FA_BLUEMATRIX_LOGIN and FA_BLUEMATRIX_PASSWORD",
            source=SOURCE,
        )
    if status != 200:
        raise Refused(f"BlueMatrix answered {status}", source=SOURCE)


@dataclass(frozen=True)
class ListedDocument:
    """A document that changed. ``cursor``: to be kept once this one is handled; it moves on with
    the last of a listing only, so that a pass that was cut off begins again."""

    listed: Listed
    urls: tuple[tuple[str, str], ...] = field(repr=False)  # (XML, PDF…; address)
    cursor: Cursor
    feed: ChangeFeed = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        return f"document {self.listed.document_id}"

    def read(self) -> Bundle:
        """Fetches the document. Raises the errors of ``ChangeFeed``."""
        return self.feed.bundle(self)


@dataclass(frozen=True)
class ChangeFeed:
    """``url``: https://<firm>.bluematrix.com/sellside/ChangeFeed.action. One a process.

    Raises Refused for another address than https, or where the source doesn't know us or what we
    ask; Missing, Malformed, Blocked, Unavailable as the source's answers mean.
    """

    url: str
    firm: str
    login: str = field(repr=False)
    password: str = field(repr=False)
    conventions: Conventions = field(default_factory=Conventions)
    pace: Pace | None = field(default_factory=lambda: Pace(SOURCE, PER_SECOND), repr=False)
    seconds: float = 60.0
    attempts: int = 3
    first_pause: float = 0.5
    web: Web = field(init=False, repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        is_loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if parts.query or parts.username or not (parts.scheme == "https" or is_loopback):
            raise Refused(
                "FA_BLUEMATRIX_URL must be an https address without query or login in it",
                source=SOURCE,
            )
        web = Web(
            SOURCE, judge, pace=self.pace, seconds=self.seconds, attempts=self.attempts,
            first_pause=self.first_pause, most_bytes=MOST_BODY_BYTES,
        )  # fmt: skip
        object.__setattr__(self, "web", web)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.web.client.close()

    def changes(self, since: Cursor | None = None) -> Iterator[ListedDocument]:
        """Documents that changed since, in the listing's order; without a cursor, of 30 days."""
        asked = {"mode": "content", "param": "full", **({"timeframe": since} if since else {})}
        reply = self._get(self.url, self._login | asked)
        root = self._listing(reply)
        now = next((text(one) for one in descendants(root, "now")), "")
        is_time = moment(now, self.conventions.time_zone) is not None
        found = _documents(root, now if is_time else _clock(reply))
        for place, (listed, urls) in enumerate(found, 1):
            is_last = place == len(found)
            cursor = _timeframe(now) if is_last and is_time else since or ""
            yield ListedDocument(listed, urls, cursor, self)

    def bundle(self, document: ListedDocument) -> Bundle:
        """See ``ListedDocument.read``. What is withdrawn is not fetched: its body is gone."""
        listed, name = document.listed, document.name
        status = status_of(listed.status)
        if status is None:
            raise malformed(f"{name} is listed with the unknown status {listed.status!r}")
        base = Bundle(
            name=name, xml=None, firm_id=self.firm, document_id=listed.document_id, listed=listed,
            conventions=self.conventions,
        )  # fmt: skip
        if not status.readable or not listed.is_released:
            return base
        addresses = dict(reversed(document.urls))
        if "xml" not in addresses:
            raise malformed(f"{name} is listed as {listed.status!r} without the address of an XML")
        content = self._document(addresses["xml"]).content
        self._check_xml(content, name)
        return self._with_bodies(base, Part(f"{name}.xml", content), addresses)

    def _with_bodies(self, base: Bundle, xml: Part, addresses: dict[str, str]) -> Bundle:
        """The best body that can be had; one that is away makes the whole note wait."""
        problems: list[str] = []
        for kind in ("pdf", "txt", "html"):
            if kind not in addresses:
                continue
            try:
                reply = self._document(addresses[kind])
            except (Missing, Malformed, Refused) as error:
                problems.append(f"the {kind.upper()} can't be had: {error}")
                continue
            if kind == "pdf" and b"%PDF-" not in reply.content[:1024]:
                said = reply.content_type or "something else"
                problems.append(f"{said} came where the PDF should be")
                continue
            part = Part(f"{base.name}.{kind}", reply.content)
            body: dict[str, Any] = {kind: part}
            return replace(base, xml=xml, problems=tuple(problems), **body)
        return replace(base, xml=xml, problems=tuple(problems))

    def _listing(self, reply: Reply) -> Element:
        name = "BlueMatrix's listing"
        if _is_page(reply.content):
            raise Refused(_page_says(reply.content), source=SOURCE)
        root = self._check_xml(reply.content, name)
        if next(descendants(root, "Content"), None) is None:
            raise Refused(
                f"BlueMatrix answered with {local(root)} and no Content: it didn't understand the "
                "request, or the login has no right to the content",
                source=SOURCE,
            )
        return root

    def _check_xml(self, content: bytes, name: str) -> Element:
        """A body that ends in the middle was cut off on the way, and may come whole next time."""
        if _is_page(content):
            raise Malformed(f"{name} is a web page, not XML", source=SOURCE)
        try:
            return parse(content, name)
        except Malformed as error:
            failure = error
        if is_cut_off(content):
            raise Unavailable(f"{name} was cut off in the middle", source=SOURCE)
        raise failure

    def _document(self, address: str) -> Reply:
        """An address of the listing, on the feed's own host or a sister of it; an address of our
        host that has no query of its own gets the login."""
        whole = urljoin(self.url, address)
        if not self._is_theirs(whole):
            raise Refused("the listing names an address outside BlueMatrix", source=SOURCE)
        parts = urlsplit(whole)
        is_bare = not parts.query and parts.netloc == urlsplit(self.url).netloc
        return self._get(whole, self._login if is_bare else None)

    def _is_theirs(self, address: str) -> bool:
        ours, theirs = urlsplit(self.url), urlsplit(address)
        both = all((one.hostname or "").endswith(".bluematrix.com") for one in (ours, theirs))
        return theirs.scheme == ours.scheme and (theirs.netloc == ours.netloc or both)

    @property
    def _login(self) -> dict[str, str]:
        return {"firmId": self.firm, "login": self.login, "password": self.password}

    def _get(self, url: str, params: dict[str, str] | None) -> Reply:
        try:
            # No params at all, because empty ones would take an address's own query away.
            reply = self.web.get(url, **({"params": params} if params else {}))
        except SourceError as error:
            message = self._without_login(str(error))
            failure = type(error)(message, source=SOURCE, retry_after=error.retry_after)
        else:
            if self._is_theirs(reply.url):
                return reply
            failure = Refused("BlueMatrix sent us on to an address outside", source=SOURCE)
        # Raised outside, so that it doesn't hold the one that knows the address.
        raise failure

    def _without_login(self, message: str) -> str:
        for secret in (self.password, self.login):
            message = message.replace(secret, "***") if secret else message
        return message


def _documents(root: Element, now: str) -> list[tuple[Listed, tuple[tuple[str, str], ...]]]:
    """Each document of the listing; the same thing said twice counts once."""
    found: dict[Listed, tuple[tuple[str, str], ...]] = {}
    for one in descendants(root, "ContentData"):
        number = attribute(one, "bluematrixDocId")
        if not number:
            raise malformed(
                f"the listing, line {one.sourceline}: ContentData has no bluematrixDocId"
            )
        listed = Listed(
            document_id=number,
            status=attribute(one, "extendedStatus", "statusType"),
            is_released=attribute(one, "isReleased").lower() not in {"false", "no", "n", "0"},
            now=now,
            raw_sha256=hashlib.sha256(_said(one)).hexdigest(),
        )
        found.setdefault(listed, _urls(one))
    return list(found.items())


def _said(document: Element) -> bytes:
    """What the listing says of a document, without its addresses: they may hold a login."""
    attributes = sorted((str(etree.QName(key).localname), value) for key, value in document.items())
    return repr(attributes).encode()


def _urls(document: Element) -> tuple[tuple[str, str], ...]:
    """(kind, address) of the newest version: the one with the highest number, else the last."""
    versions = children(document, "ContentVersion")
    if not versions:
        return ()
    newest = max(enumerate(versions), key=lambda pair: (_number(pair[1]), pair[0]))[1]
    found = ((attribute(one, "type").lower(), text(one)) for one in children(newest, "Url"))
    return tuple((_BODIES.get(kind, kind), address) for kind, address in found if address)


def _number(version: Element) -> int:
    said = attribute(version, "version", "versionNumber", "number")
    return int(said) if said.isdecimal() else 0


def _clock(reply: Reply) -> str:
    """When the reply was made, for a listing that doesn't say: a recall must not wait for that."""
    try:
        return parsedate_to_datetime(reply.headers.get("date", "")).isoformat()
    except ValueError:
        return datetime.now(UTC).isoformat()


def _timeframe(now: str) -> str:
    """The source's own clock, as it takes it back: without an offset."""
    date, letter, clock = now.partition("T")
    for sign in "Z+-":
        clock = clock.partition(sign)[0]
    return f"{date}{letter}{clock}"


def _is_page(content: bytes) -> bool:
    begin = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return begin.startswith((b"<!doctype html", b"<html")) or b"<html" in begin[:512]


def _page_says(content: bytes) -> str:
    if b'type="password"' in content.lower() or b"type='password'" in content.lower():
        return (
            "BlueMatrix answered with its sign-in page; check FA_BLUEMATRIX_FIRM, "
            "FA_BLUEMATRIX_LOGIN and FA_BLUEMATRIX_PASSWORD"
        )
    return (
        "BlueMatrix answered with its help page: it didn't understand the request; check "
        "FA_BLUEMATRIX_URL and FA_BLUEMATRIX_FIRM"
    )
