"""A delivered note may carry its reader's address, in links and as a stamp: it goes before
anything is kept, so that offsets are those of the text without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit, urlunsplit

_MARK = re.compile(r"(?i)EmailDocViewer|bluematrix\.com[:/]")
_WORD = re.compile(r"[^\s\"'<>]+")
# A link printed in a PDF runs over lines; what follows belongs to it while it looks like a query.
_GOES_ON = re.compile(r"@|%40|&\w|=\w")
_READER = re.compile(r"(?i)[?&](?:id|email|e-mail|mail|recipient|user|to)=([^&\s]+)")
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# One reader has a few addresses. A text with more is no note of one: then all addresses go.
_MOST_READERS = 50


def _queries(text: str) -> Iterator[tuple[int, int]]:
    """Where the queries of personal links stand, the question mark included."""
    if not _MARK.search(text):
        return
    start, end = -1, -1
    for word in _WORD.finditer(text):
        if start >= 0:
            if text[end : word.start()].isspace() and _GOES_ON.search(word.group()):
                end = word.end()
                continue
            yield start, end
            start = -1
        mark = _MARK.search(word.group())
        query = word.group().find("?", mark.end()) if mark else -1
        if query >= 0:
            start, end = word.start() + query, word.end()
    if start >= 0:
        yield start, end


def readers(text: str) -> frozenset[str]:
    """The addresses that personal links in the text name, in lower case."""
    found: set[str] = set()
    for start, end in _queries(text):
        query = text[start:end]
        for words in (query, "".join(query.split())):
            for value in _READER.findall(words):
                found.update(_ADDRESS.findall(unquote(unquote(value[:600]))))
    return frozenset(address.lower() for address in found)


def redacted(text: str, known: frozenset[str] = frozenset()) -> str:
    """The text without its personal links' queries, and without their readers' addresses."""
    addresses = known | readers(text)
    kept, place = [], 0
    for start, end in _queries(text):
        kept.append(text[place:start])
        place = end
    text = "".join([*kept, text[place:]])
    if len(addresses) > _MOST_READERS:
        return _ADDRESS.sub("[reader]", text)
    for address in sorted(addresses, key=len, reverse=True):
        text = re.sub(re.escape(address), "[reader]", text, flags=re.IGNORECASE)
    return text


def bare(url: str) -> str:
    """A url without query, fragment and user: those may hold a login or a reader's address."""
    try:
        parts = urlsplit(url.strip())
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    except ValueError:
        return ""
