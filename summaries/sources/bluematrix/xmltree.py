"""XML that strangers wrote, parsed so that it can't reach out, blow up or lie about itself.

No DTD, no entities, no network, no huge nodes. Names are matched without namespace, attributes
without case: publishers differ in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from summaries.sources.bluematrix.bundles import MEGABYTE, MOST_XML_BYTES, malformed
from summaries.sources.errors import Malformed

Element = Any

# Possessive throughout: a long prologue must not be tried in all the ways it could be cut up.
_DOCTYPE = re.compile(
    rb"\A(?:[\s\xef\xbb\xbf\xff\xfe]++|(?><\?.*?\?>)|(?><!--.*?-->))*+<!DOCTYPE", re.S
)
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", re.S)
_SINGLE_BYTE = re.compile(r"(?i)(iso-8859|latin|windows-12|cp12|us-ascii|ascii)")


def parse(content: bytes, name: str) -> Element:
    """The root element. Raises Malformed, with the line where there is one."""
    if len(content) > MOST_XML_BYTES:
        raise malformed(
            f"{name} is {len(content) // MEGABYTE} MB; XML of more than "
            f"{MOST_XML_BYTES // MEGABYTE} MB is not read"
        )
    if not content.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise malformed(f"{name} is empty; deliver the file again")
    if _DOCTYPE.match(content.replace(b"\0", b"")[: 64 * 1024]):
        raise malformed(f"{name} has a DOCTYPE; RIXML has none, and entities are not read")
    _check_encoding(content, name)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise malformed(f"{name} is not well-formed XML: {_place(error)}") from None
    except (ValueError, LookupError) as error:
        raise malformed(f"{name} is not XML: {error}") from None
    if root is None or root.getroottree().docinfo.doctype:
        raise malformed(f"{name} has a DOCTYPE; RIXML has none, and entities are not read")
    return root


def _place(error: etree.XMLSyntaxError) -> str:
    return f"line {error.lineno}: {error.msg or 'cut off'}"


def _check_encoding(content: bytes, name: str) -> None:
    """A single-byte encoding fits any bytes: only this shows that UTF-8 was sent under its name."""
    declared = _DECLARED.match(content[:512])
    if not declared or content.isascii():
        return
    word = declared.group(1).decode()
    if not _SINGLE_BYTE.match(word):
        return
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return
    raise malformed(f"{name}, line 1 declares encoding {word}, but its bytes are UTF-8")


def is_cut_off(content: bytes) -> bool:
    """Whether this begins as XML and goes well until it ends before its root does."""
    begun = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not begun.startswith(b"<") or b"\0" in begun or len(begun) > MOST_XML_BYTES:
        return False
    parser = etree.XMLPullParser(events=(), resolve_entities=False, no_network=True)
    try:
        parser.feed(begun)
    except etree.XMLSyntaxError:
        return False
    try:
        parser.close()
    except etree.XMLSyntaxError:
        return True
    return False


def wrong(element: Element, name: str, message: str) -> Malformed:
    """A Malformed that names the file, the line and the element."""
    return malformed(f"{name}, line {element.sourceline}, {local(element)}: {message}")


def local(element: Element) -> str:
    return str(etree.QName(element).localname)


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down this path of local names."""
    for step in path:
        if element is None:
            return None
        element = element.find(f"{{*}}{step}")
    return element


def children(element: Element | None, *path: str) -> list[Element]:
    """All elements down this path of local names."""
    if element is None:
        return []
    return list(element.iterfind("/".join(f"{{*}}{step}" for step in path)))


def descendants(element: Element | None, name: str) -> Iterator[Element]:
    return iter(()) if element is None else element.iter(f"{{*}}{name}")


def text(element: Element | None, *path: str) -> str:
    """All text inside, blanks run together; "" where the element isn't there."""
    found = child(element, *path)
    return "" if found is None else " ".join("".join(found.itertext()).split())


def lines(element: Element | None, *path: str) -> str:
    """Like ``text``, with the paragraphs kept that blank lines make."""
    found = child(element, *path)
    if found is None:
        return ""
    paragraphs = re.split(r"\n\s*\n", "".join(found.itertext()).replace("\r", ""))
    return "\n\n".join(kept for one in paragraphs if (kept := " ".join(one.split())))


def attribute(element: Element | None, *names: str) -> str:
    """The first of these attributes that says something; "" without one."""
    if element is None:
        return ""
    said = {str(etree.QName(key).localname).lower(): value for key, value in element.items()}
    return next((value for name in names if (value := said.get(name.lower(), "").strip())), "")


def yes(element: Element, name: str = "primaryIndicator") -> bool:
    return attribute(element, name).lower() in {"yes", "true", "1", "y"}


def moment(said: str, zone: ZoneInfo) -> tuple[datetime, bool] | None:
    """A time in UTC, and whether it came with an offset; None where it isn't one.

    Without an offset it is read on the publisher's clock.
    """
    try:
        read = datetime.fromisoformat(said.strip())
        is_certain = read.tzinfo is not None
        return (read if is_certain else read.replace(tzinfo=zone)).astimezone(UTC), is_certain
    except (ValueError, OverflowError):
        return None
