"""What a delivery of one note consists of, whichever way it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from summaries.sources.errors import Malformed, Refused

SOURCE = "bluematrix"
MEGABYTE = 1_000_000
MOST_XML_BYTES = 32 * MEGABYTE
MOST_BODY_BYTES = 64 * MEGABYTE

# Where a feed was left: opaque to others, to be kept and given back.
Cursor = str


@dataclass(frozen=True)
class Conventions:
    """What the formats leave to the firm. ``zone``: of times without an offset. The numbers are
    BM_ID of a rating and of a target price, attributeId of main subject and rating change."""

    zone: str = "America/New_York"
    rating: str = "16"
    target: str = "27"
    subject: str = "20"
    rating_change: str = "9"

    @property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


def conventions(zone: str, numbers: list[str]) -> Conventions:
    """``numbers``: words like ``rating=16``; those not said keep their default. Raises Refused."""
    known = ("rating", "target", "subject", "rating_change")
    given: dict[str, str] = {}
    for word in numbers:
        name, _, value = (part.strip() for part in word.partition("="))
        if name not in known or not value.isdecimal():
            raise Refused(
                f"FA_BLUEMATRIX_NUMBERS has {word!r}; it must be words like rating=16,target=27 "
                f"of {', '.join(known)}",
                source=SOURCE,
            )
        given[name] = value
    return Conventions(zone, **given)


@dataclass(frozen=True)
class Part:
    """A file of the delivery."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Listed:
    """What the ChangeFeed's listing says of a document; ``now``: the source's clock, as said."""

    document_id: str
    status: str
    is_released: bool
    now: str
    raw_sha256: str


@dataclass(frozen=True)
class Bundle:
    """``name``: what messages call it. ``xml`` is absent only where a listing alone withdraws the
    note. ``firm_id`` and ``document_id``: BlueMatrix's own numbers, "" where unknown."""

    name: str
    xml: Part | None
    pdf: Part | None = None
    html: Part | None = None
    txt: Part | None = None
    firm_id: str = ""
    document_id: str = ""
    listed: Listed | None = None
    problems: tuple[str, ...] = ()
    conventions: Conventions = field(default_factory=Conventions)


def malformed(message: str) -> Malformed:
    return Malformed(message, source=SOURCE)
