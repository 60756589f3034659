"""The text of a note: its PDF, else TXT, else HTML, else what the XML says of itself."""

from __future__ import annotations

import hashlib
import io
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree, html

from summaries.sources.bluematrix.bundles import MEGABYTE, MOST_BODY_BYTES, Bundle, Part
from summaries.sources.bluematrix.notes import Body
from summaries.sources.bluematrix.redaction import readers, redacted

# What is wrong with a PDF is said in the body's problems; pypdf would also log parts of the note.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

MOST_PAGES = 1_000
MOST_CHARACTERS = 10_000_000
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "\xad": None, "\xa0": " "}
)
# What no database text and no page can hold, and what a binary file is full of.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff￾￿]")
_BLOCKS = frozenset(
    "address article aside blockquote body br caption dd div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot "
    "thead tr ul".split()
)
_SILENT = frozenset("head script style title template noscript iframe object svg".split())
_HIDDEN = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")


class Unusable(Exception):
    """This body can't be read; the message says why and what is wrong with it."""


@dataclass(frozen=True)
class _Pages:
    pages: tuple[str, ...]
    problems: tuple[str, ...] = ()


def body_of(bundle: Bundle, inline: dict[str, Part], synopsis: str) -> tuple[Body, frozenset[str]]:
    """The body, and the reader's addresses that it or the synopsis carried.

    ``inline``: bodies that the XML itself holds, by kind, used where no file came.
    """
    known = readers(synopsis)
    problems: list[str] = []
    kinds: tuple[tuple[str, Part | None, Callable[[bytes], _Pages]], ...] = (
        ("pdf", bundle.pdf or inline.get("pdf"), _pdf),
        ("txt", bundle.txt or inline.get("txt"), _txt),
        ("html", bundle.html or inline.get("html"), _html),
    )
    for kind, part, read in kinds:
        if part is None:
            continue
        try:
            found = _read(part, read)
        except Unusable as error:
            problems.append(f"{part.name} {error}")
            continue
        problems.extend(f"{part.name}: {one}" for one in found.problems)
        sha256 = hashlib.sha256(part.content).hexdigest()
        known |= readers("\n".join(found.pages))
        text, pages = _joined([redacted(one, known) for one in found.pages])
        spans = pages if kind == "pdf" else ()
        return Body(text, kind, spans, sha256, tuple(problems)), known
    problems.append("no body but the synopsis")
    return Body(redacted(tidy(synopsis), known), "xml", (), "", tuple(problems)), known


def _read(part: Part, read: Callable[[bytes], _Pages]) -> _Pages:
    if len(part.content) > MOST_BODY_BYTES:
        raise Unusable(f"is more than {MOST_BODY_BYTES // MEGABYTE} MB")
    if not part.content.strip():
        raise Unusable("is empty")
    return read(part.content)


def _joined(pages: list[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The pages one after the other, and where each starts and ends."""
    spans, place = [], 0
    for page in pages:
        spans.append((place, place + len(page)))
        place += len(page) + 2
    return "\n\n".join(pages), tuple(spans)


def tidy(text: str) -> str:
    """Line ends as \\n, no controls, ligatures as letters, no blanks at line ends."""
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
    text = "\n".join(line.rstrip() for line in text.translate(_LIGATURES).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _pdf(content: bytes) -> _Pages:
    if b"%PDF-" not in content[:1024]:
        raise Unusable(f"is not a PDF; it begins with {content[:8]!r}")
    import pypdf  # with its cryptography it takes a tenth of every process's start

    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=False)
        # An owner's password alone leaves the text open to every reader.
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unusable("is encrypted and needs a password")
        count = len(reader.pages)
        if not count:
            raise Unusable("is a PDF without pages")
        pages = []
        for page in reader.pages[:MOST_PAGES]:
            pages.append(tidy(page.extract_text()))
            if sum(map(len, pages)) > MOST_CHARACTERS:
                raise Unusable("has too much text to be a note")
    except Unusable:
        raise
    except Exception as error:  # pypdf meets strangers' bytes with errors of every type
        raise Unusable(f"is a damaged PDF ({type(error).__name__})") from error
    return _Pages(tuple(pages), _pdf_problems(pages, count))


def _pdf_problems(pages: list[str], count: int) -> tuple[str, ...]:
    empty = [str(place) for place, page in enumerate(pages, 1) if not page]
    if len(empty) == len(pages):
        raise Unusable("prints no text on any page: it is images")
    problems = []
    if empty:
        problems.append(f"no text on page {', '.join(empty)}")
    if count > len(pages):
        problems.append(f"only {len(pages)} of {count} pages are read")
    return tuple(problems)


def _txt(content: bytes) -> _Pages:
    text, problems = _decoded(content)
    if len(_CONTROLS.findall(text)) > max(8, len(text) / 100):
        raise Unusable("is binary, not text")
    return _Pages((_filled(tidy(text)),), problems)


def _decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace"), ()
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), ("not UTF-8; read as Windows-1252",)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _filled(text: str) -> str:
    if not text:
        raise Unusable("holds no text")
    return text


def _html(content: bytes) -> _Pages:
    if b"<" not in content:
        raise Unusable("is not HTML")
    if b"\0" in content[:1024] and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise Unusable("is binary, not HTML")
    parser = html.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True,
        encoding="utf-8" if _is_utf8(content) else None,
    )  # fmt: skip
    try:
        root = html.document_fromstring(content, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise Unusable(f"is not HTML ({type(error).__name__})") from error
    return _Pages((_filled(tidy(_laid_out(root))),))


def _laid_out(root: etree._Element) -> str:
    """Blocks on lines of their own, cells of a row apart, what a browser hides left out."""
    out: list[str] = []
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        is_silent = tag in _SILENT or bool(_HIDDEN.search(element.get("style") or ""))
        if event == "start":
            silent += is_silent
            if not silent:
                out.append("\n" if tag in _BLOCKS else "")
                out.append(_run(element.text))
            continue
        if not silent:
            out.append("\n" if tag in _BLOCKS else "\t" if tag in {"td", "th"} else "")
        silent -= is_silent
        if not silent and element is not root:
            out.append(_run(element.tail))
    rows = (line.strip() for line in "".join(out).split("\n"))
    return re.sub(r" {2,}", " ", "\n".join(row for row in rows if row))


def _run(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
