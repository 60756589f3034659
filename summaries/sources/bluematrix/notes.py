"""What a research note says, as values. Pure: no rows, no network, no clock.

One identity (``source_id``) over all versions of a note; a revision, a recall and a deletion are
versions too, in the order of ``status_at``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Status(StrEnum):
    """``readable``: whether the note may be used; whatever else withdraws it and what came of it."""

    PUBLISHED = "published"
    REVISED = "revised"
    RECALLED = "recalled"
    DELETED = "deleted"
    NOT_PUBLISHED = "not_published"

    @property
    def readable(self) -> bool:
        return self in (Status.PUBLISHED, Status.REVISED)


@dataclass(frozen=True)
class Analyst:
    name: str
    email: str
    phone: str
    title: str
    is_primary: bool
    sequence: int | None


@dataclass(frozen=True)
class SecurityId:
    """``kind``: Bloomberg, RIC, ISIN, CUSIP…; for a publisher's own, its name: BlueMatrixSymbol."""

    kind: str
    value: str


@dataclass(frozen=True)
class NotedEstimate:
    """``period``: the publisher's label, "FY2026" or "Q3 2026". ``value`` as printed, in ``unit``
    ("M" for millions, "" as it is); no scale is applied."""

    measure: str
    period: str
    fiscal_year: int | None
    period_end: date | None
    value: Decimal | None
    prior: Decimal | None
    currency: str
    unit: str


@dataclass(frozen=True)
class NotedIssuer:
    """What a note says of one company. Words are the enumeration's ("Upgrade"); ``…_words`` the
    broker's own ("Overweight"). Absent: "" or None."""

    is_primary: bool
    name: str
    tickers: tuple[SecurityId, ...]
    ticker: str
    exchange: str
    isin: str
    cusip: str
    rating: str
    rating_words: str
    prior_rating: str
    prior_rating_words: str
    rating_action: str
    target_price: Decimal | None
    prior_target_price: Decimal | None
    currency: str
    target_action: str
    estimate_action: str
    coverage_action: str
    price: Decimal | None
    estimates: tuple[NotedEstimate, ...]


@dataclass(frozen=True)
class Body:
    """``kind``: pdf, html, txt, or xml where only the synopsis is left. ``pages``: (start, end) in
    code points of ``text``, for PDF. ``sha256``: of the file read, "" without one."""

    text: str
    kind: str
    pages: tuple[tuple[int, int], ...]
    sha256: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Resource:
    """A file that the note lists; ``url`` without query. ``size``: bytes as said. ``is_inline``:
    the XML holds the file itself."""

    resource_id: str
    is_primary: bool
    mime_type: str
    name: str
    language: str
    size: int | None
    url: str
    is_inline: bool


@dataclass(frozen=True)
class Note:
    """``also_known_as``: every identity by which either feed may speak of this note, the source's
    own included: a recall may come under another one than the note it recalls.
    ``published_certain``: False where the time came without an offset or is that of the status.
    ``entitlement``: the licence key a reader needs, never "". ``raw_sha256``: of the XML.
    """

    source_id: str
    also_known_as: tuple[str, ...]
    version: str
    status: Status
    published_at: datetime
    published_certain: bool
    status_at: datetime
    title: str
    synopsis: str
    publisher: str
    publisher_id: str
    category: str
    subject: str
    language: str
    analysts: tuple[Analyst, ...]
    issuers: tuple[NotedIssuer, ...]
    disclosures: str
    access: str
    entitlement: str
    body: Body
    resources: tuple[Resource, ...]
    raw_sha256: str
    problems: tuple[str, ...]
