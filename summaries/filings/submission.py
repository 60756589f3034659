"""A whole submission as EDGAR keeps it: the header, and the documents inside.

Reads the full text (`{accession}.txt`), its header page (`-index-headers.html`) and the filing's index
page (`-index.html`). ACCEPTANCE-DATETIME has no zone and is New York's time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from .forms import items
from .reading import UnreadableFiling

NEW_YORK = ZoneInfo("America/New_York")
# A header is a few kilobytes; those of funds with hundreds of series reach a megabyte.
_LONGEST_HEADER = 4 * 1024 * 1024


@dataclass(frozen=True)
class FormerName:
    name: str
    until: date | None


@dataclass(frozen=True)
class Filer:
    """sic: four digits or empty; fiscal_year_end: "MMDD" or empty."""

    cik: int
    name: str
    sic: str
    fiscal_year_end: str
    former_names: tuple[FormerName, ...]


@dataclass(frozen=True)
class SubmissionHeader:
    """items: "2.02" for an 8-K; an item that the header only describes is left in its words."""

    accession: str
    form: str
    period_end: date | None
    filed: date | None
    accepted_at: datetime | None  # aware, New York's time
    items: tuple[str, ...]
    filers: tuple[Filer, ...]


@dataclass(frozen=True)
class SubmissionDocument:
    """content is empty where the submission holds the document encoded (images, PDF, archives)."""

    type: str
    sequence: int
    filename: str
    description: str
    content: bytes
    is_encoded: bool = False


@dataclass(frozen=True)
class IndexDocument:
    """A row of an index page. size in bytes; sequence is None for the submission's own text file."""

    sequence: int | None
    description: str
    href: str
    type: str
    size: int | None

    @property
    def filename(self) -> str:
        return self.href.rpartition("/")[2]


def header(content: bytes) -> SubmissionHeader:
    """The header of a submission's text, header page or index page. Raises UnreadableFiling."""
    head = content[:_LONGEST_HEADER]
    start = head.find(b"<SEC-HEADER>")
    if start < 0:
        start = head.find(b"<IMS-HEADER>")
    if start >= 0:
        end = re.search(rb"</(?:SEC|IMS)-HEADER>", head[start:])
        if end is None:
            raise UnreadableFiling("The submission is truncated: its header doesn't end.")
        return _header(_fields(head[start : start + end.start()].decode("latin-1")))
    if b'id="formHeader"' in head:
        return _from_index(_page(content))
    raise UnreadableFiling("Neither a submission's text nor an index page: no header in it.")


def _fields(text: str) -> list[tuple[str, str]]:
    """Name and value of each line: "CIK: 1" and "<CIK>1" alike, names in capitals with hyphens."""
    found = []
    for line in text.splitlines():
        match = re.match(r"\s*<([A-Z0-9-]+)>(.*)|\s*([A-Z][A-Z0-9 /-]*):(.*)", line)
        if match:
            name = match[1] or match[3].strip().replace(" ", "-")
            found.append((name, html.unescape((match[2] or match[4] or "").strip())))
    return found


_NAMES = {
    "ACCESSION-NUMBER": "accession",
    "CONFORMED-SUBMISSION-TYPE": "form",
    "TYPE": "form",
    "CONFORMED-PERIOD-OF-REPORT": "period",
    "PERIOD": "period",
    "FILED-AS-OF-DATE": "filed",
    "FILING-DATE": "filed",
    "ACCEPTANCE-DATETIME": "accepted",
}
# Parties of a submission; only companies that it is about have these blocks.
_PARTIES = {"FILER", "SUBJECT-COMPANY", "ISSUER", "REPORTING-OWNER", "FILED-BY"}


def _header(fields: list[tuple[str, str]]) -> SubmissionHeader:
    said: dict[str, str] = {}
    stated: list[str] = []
    for name, value in fields:
        if name in _NAMES and value:
            said.setdefault(_NAMES[name], value)
        elif name in {"ITEM-INFORMATION", "ITEMS"} and value:
            stated.append(_item(value))
    if not re.fullmatch(r"\d{10}-\d{2}-\d{6}", said.get("accession", "")):
        raise UnreadableFiling("The submission's header has no accession number.")
    return SubmissionHeader(
        accession=said["accession"],
        form=said.get("form", ""),
        period_end=_day(said.get("period", "")),
        filed=_day(said.get("filed", "")),
        accepted_at=_moment(said.get("accepted", "")),
        items=tuple(stated),
        filers=tuple(_filers(fields)),
    )


def _filers(fields: list[tuple[str, str]]) -> Iterator[Filer]:
    starts = [at for at, (name, value) in enumerate(fields) if name in _PARTIES and not value]
    for start, end in pairwise([*starts, len(fields)]):
        filer = _filer(fields[start:end])
        if filer is not None:
            yield filer


def _filer(fields: list[tuple[str, str]]) -> Filer | None:
    said: dict[str, str] = {}
    former: list[FormerName] = []
    name_then = ""
    for name, value in fields:
        if name == "FORMER-CONFORMED-NAME":
            name_then = value
        elif name in {"DATE-OF-NAME-CHANGE", "DATE-CHANGED"}:
            former.append(FormerName(name_then, _day(value)))
        else:
            said.setdefault(name, value)
    cik = said.get("CENTRAL-INDEX-KEY") or said.get("CIK", "")
    if not cik.isdigit():
        return None
    industry = said.get("STANDARD-INDUSTRIAL-CLASSIFICATION") or said.get("ASSIGNED-SIC", "")
    sic = re.search(r"\d{4}", industry)
    return Filer(
        int(cik),
        said.get("COMPANY-CONFORMED-NAME") or said.get("CONFORMED-NAME", ""),
        sic[0] if sic else "",
        said.get("FISCAL-YEAR-END", ""),
        tuple(former),
    )


def _item(said: str) -> str:
    """An 8-K item's number for its number or its official description."""
    number = re.match(r"(?:item\s+)?(\d\d?(?:\.\d\d)?)(?!\d)", said, re.IGNORECASE)
    if number:
        return number[1]
    matching = [one.item for one in items("8-K") if "." in one.item and one.title.match(said)]
    return matching[0] if matching else said


def _day(text: str) -> date | None:
    digits = re.sub(r"\D", "", text)[:8]
    try:
        return datetime.strptime(digits, "%Y%m%d").date() if len(digits) == 8 else None  # noqa: DTZ007
    except ValueError:
        return None


def _moment(text: str) -> datetime | None:
    digits = re.sub(r"\D", "", text)[:14]
    try:
        naive = datetime.strptime(digits, "%Y%m%d%H%M%S")  # noqa: DTZ007
    except ValueError:
        return None
    # EDGAR kept no times before 2002 and prints midnight for them: unknown is safer than too early.
    return naive.replace(tzinfo=NEW_YORK) if digits[8:] != "000000" else None


# Documents of the full text.

_FIELD = re.compile(rb"<(TYPE|SEQUENCE|FILENAME|DESCRIPTION)>([^\r\n]*)")
_INNER = re.compile(rb"\s*<(XBRL|XML|PDF|JSON|ZIP|EXCEL)>\s*", re.IGNORECASE)
_ENCODED = re.compile(rb"\s*(?:<(?:PDF|ZIP|EXCEL)>\s*)?begin \d{3} \S")


def documents(content: bytes) -> tuple[SubmissionDocument, ...]:
    """The documents of a submission's full text, in order. Raises UnreadableFiling if it is cut off."""
    found = []
    at = content.find(b"<DOCUMENT>")
    while at >= 0:
        end = content.find(b"</DOCUMENT>", at)
        if end < 0:
            raise UnreadableFiling("The submission is truncated: a document in it doesn't end.")
        found.append(_document(content[at:end]))
        at = content.find(b"<DOCUMENT>", end)
    if not found:
        raise UnreadableFiling("The submission's text holds no document.")
    return tuple(found)


def _document(part: bytes) -> SubmissionDocument:
    opened = part.find(b"<TEXT>")
    head = part[: opened if opened >= 0 else 4096]
    said = {name.decode(): value.decode("latin-1").strip() for name, value in _FIELD.findall(head)}
    closed = part.rfind(b"</TEXT>")
    body = part[opened + 6 : closed if closed > opened else len(part)] if opened >= 0 else b""
    is_encoded = bool(_ENCODED.match(body))
    sequence = said.get("SEQUENCE", "")
    return SubmissionDocument(
        said.get("TYPE", ""),
        int(sequence) if sequence.isdigit() else 0,
        said.get("FILENAME", ""),
        html.unescape(said.get("DESCRIPTION", "")),
        b"" if is_encoded else _unwrapped(body),
        is_encoded,
    )


def _unwrapped(body: bytes) -> bytes:
    """The document without the mark of its kind that EDGAR puts around it."""
    inner = _INNER.match(body)
    if inner is None:
        return body.lstrip(b"\r\n")
    return re.sub(rb"\s*</" + inner[1] + rb">\s*\Z", b"\n", body[inner.end() :])


# The index page.


def _page(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")


def _from_index(page: str) -> SubmissionHeader:
    boxes = {
        _printed(name): value
        for name, value in re.findall(
            r'<div class="infoHead">(.*?)</div>\s*<div class="info">(.*?)</div>', page, re.DOTALL
        )
    }
    accession = re.search(r"\d{10}-\d{2}-\d{6}", page)
    if accession is None:
        raise UnreadableFiling("The index page has no accession number.")
    form = re.search(r'id="formName">\s*<strong>\s*Form\s+([^<]+)</strong>', page)
    stated = re.split(r"<br\s*/?>", boxes.get("Items", ""))
    return SubmissionHeader(
        accession=accession[0],
        form=_printed(form[1]) if form else "",
        period_end=_day(boxes.get("Period of Report", "")),
        filed=_day(boxes.get("Filing Date", "")),
        accepted_at=_moment(boxes.get("Accepted", "")),
        items=tuple(_item(_printed(one)) for one in stated if _printed(one)),
        filers=tuple(_index_filers(page)),
    )


def _index_filers(page: str) -> Iterator[Filer]:
    for block in re.split(r'<span class="companyName">', page)[1:]:
        cik = re.search(r"CIK=(\d+)", block)
        if cik is None:
            continue
        name = re.sub(r"\s*\([^()]*\)\s*$", "", _printed(block.partition("<acronym")[0]))
        sic = re.search(r"SIC=(\d{4})", block)
        year_end = re.search(r"Fiscal Year End:\s*<strong>(\d{4})", block)
        yield Filer(int(cik[1]), name, sic[1] if sic else "", year_end[1] if year_end else "", ())


def index_documents(content: bytes) -> tuple[IndexDocument, ...]:
    """The rows of an index page's tables, in order; the inline viewer's links as the files they show.

    Raises UnreadableFiling for what is no index page.
    """
    page = _page(content)
    if "tableFile" not in page:
        raise UnreadableFiling("Not a filing's index page: it has no table of documents.")
    return tuple(_index_rows(page))


def _index_rows(page: str) -> Iterator[IndexDocument]:
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        link = re.search(r'href="([^"]+)"', cells[2]) if len(cells) == 5 else None
        if link is None:
            continue
        sequence, description, _, kind, size = (_printed(cell) for cell in cells)
        yield IndexDocument(
            int(sequence) if sequence.isdigit() else None,
            description,
            re.sub(r"^/ix\?doc=", "", html.unescape(link[1])),
            kind,
            int(size) if size.isdigit() else None,
        )


def _printed(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())
