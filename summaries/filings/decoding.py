"""A document's bytes to text, or the reason why they are none."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from enum import Enum
from html.entities import name2codepoint

from .reading import UnreadableFiling

MAX_BYTES = 64 * 1024 * 1024

_FOREIGN = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data: decompress it first"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
)
# Titles and codes of what sec.gov and its storage answer instead of a document.
_ERROR_PAGE = re.compile(
    rb"<title>\s*(?:SEC\.gov\s*\|\s*)?(?:Request Rate Threshold Exceeded"
    rb"|Your Request Originates from an Undeclared Automated Tool"
    rb"|File Unavailable|Page Not Found|[^<]{0,40}Maintenance|[^<]{0,20}Service Unavailable)"
    rb"|<Error><Code>(?P<code>\w+)</Code>"
    rb"|Undeclared Automated Tool|<title>\s*SEC\.gov\s*\|\s*(?!EDGAR)[^<]*<",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?:html|body|div|p|font|title|head|br)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_WRAPPED = re.compile(r"<TEXT>[ \t]*\r?\n?", re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_KEPT_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}
# What XML 1.0 forbids; expat and libxml2 stop at it.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


class Markup(Enum):
    XHTML = "xhtml"
    HTML = "html"
    PREFORMATTED = "preformatted"  # HTML around text that is laid out by spaces and line ends
    PLAIN = "plain"


@dataclass(frozen=True)
class Source:
    text: str
    markup: Markup


def decode(content: bytes, *, max_bytes: int = MAX_BYTES) -> Source:
    """The document's text and how it is marked up. Raises UnreadableFiling."""
    if not content.strip():
        raise UnreadableFiling("The document is empty.")
    if len(content) > max_bytes:
        raise UnreadableFiling(
            f"The document is too large: {len(content):,} bytes, and the limit is {max_bytes:,}."
        )
    _refuse_foreign(content)
    text = _unwrapped(_decoded(content))
    if not text.strip():
        raise UnreadableFiling("The document is empty inside its wrapper.")
    if _FORBIDDEN.search(text):
        text = _FORBIDDEN.sub(" ", text)
    if not _TAG.search(text, 0, 200_000) and "<html" not in text[:5_000_000].lower():
        _refuse_garbage(text)
        return Source(text, Markup.PLAIN)
    opened, closed = _last_tag(text, "<html"), _last_tag(text, "</html")
    if opened >= 0 and closed < opened:
        raise UnreadableFiling("The document is truncated: it ends before </html>.")
    is_xhtml = "http://www.w3.org/1999/xhtml" in text[:200_000] or text.startswith("<?xml")
    # An internal subset could define entities that grow without bound: the HTML parser ignores it.
    if is_xhtml and "<!ENTITY" not in text[:200_000]:
        return Source(_ENTITY.sub(_character, text), Markup.XHTML)
    if text.count("<") * 10 < text.count("\n"):
        return Source(text, Markup.PREFORMATTED)
    return Source(text, Markup.HTML)


def _last_tag(text: str, tag: str) -> int:
    return max(text.rfind(tag), text.rfind(tag.upper()))


def _refuse_foreign(content: bytes) -> None:
    head = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, name in _FOREIGN:
        if head.startswith(magic):
            raise UnreadableFiling(f"The document is {name}, not HTML or text.")
    if re.match(rb'\{\s*"|\[\s*[\[{"]|\{\s*\}\s*$', head):
        raise UnreadableFiling("The document is JSON, not HTML or text.")
    error = _ERROR_PAGE.search(content[:20_000]) if len(content) < 200_000 else None
    if error:
        said = (error["code"] or error[0]).decode("latin-1").strip("<> ")
        raise UnreadableFiling(f"The document is an error page of sec.gov: {said[:100]}.")
    if re.match(rb"begin \d{3} \S", head):
        raise UnreadableFiling("The document is a uuencoded file, not HTML or text.")


def _refuse_garbage(text: str) -> None:
    """Text has letters and few controls; random bytes read as Windows' characters haven't."""
    sample = text[:100_000]
    odd = sum(char == "\ufffd" or (char < " " and char not in "\t\n\r\f") for char in sample)
    plain = sum(char.isascii() and (char.isalnum() or char in " \t\n\r.,-=_|/") for char in sample)
    if odd * 20 > len(sample) or plain * 2 < len(sample) or not re.search(r"[A-Za-z]{3}", sample):
        raise UnreadableFiling("The document is neither HTML nor text: its bytes spell no words.")


def _decoded(content: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    if content[:200].count(b"\0") * 3 > len(content[:200]):
        big_endian = content[:200:2].count(b"\0") > content[1:200:2].count(b"\0")
        return content.decode("utf-16-be" if big_endian else "utf-16-le", errors="replace")
    declared = _CHARSET.search(content[:2000])
    for encoding in (*([declared[1].decode("ascii")] if declared else []), "utf-8"):
        try:
            return content.decode(_codec(encoding))
        except (LookupError, UnicodeError):
            continue
    return content.decode("cp1252", errors="replace")


def _codec(name: str) -> str:
    """The codec of a charset label; what calls itself Latin-1 is Windows' (as browsers read it)."""
    codec = codecs.lookup(name)
    if codec.name == "iso8859-1":
        return "cp1252"
    if codec.name.startswith("utf-16") or not getattr(codec, "_is_text_encoding", True):
        raise LookupError(name)  # 8-bit text can't call itself that
    return codec.name


def _unwrapped(text: str) -> str:
    """The document inside EDGAR's <DOCUMENT>…<TEXT> wrapper, the first where there are many."""
    if not re.match(r"\s*(?:<DOCUMENT>|<SEC-DOCUMENT>|-----BEGIN PRIVACY)", text[:1000], re.I):
        return text.lstrip()
    opened = _WRAPPED.search(text)
    if not opened:
        raise UnreadableFiling("The document is an EDGAR wrapper without <TEXT>.")
    closed = text.find("</TEXT>", opened.end())
    if closed < 0 and "</text>" in text:
        closed = text.find("</text>", opened.end())
    inside = text[opened.end() : closed if closed >= 0 else len(text)].lstrip()
    inner = re.match(r"<(XBRL|PDF|XML)>\s*", inside, re.IGNORECASE)
    if inner is None:
        return inside
    if inner[1].upper() == "PDF":
        raise UnreadableFiling("The document is a PDF file, not HTML or text.")
    return inside[inner.end() :].removesuffix(f"</{inner[1]}>\n").lstrip()


def _character(entity: re.Match[str]) -> str:
    """HTML's named characters, which XML doesn't know; the five that it does stay."""
    if entity[1] in _KEPT_ENTITIES or entity[1] not in name2codepoint:
        return entity[0]
    return chr(name2codepoint[entity[1]])
