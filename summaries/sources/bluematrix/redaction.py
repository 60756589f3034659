"""A delivered note may carry its reader's address, in links and as a stamp: it goes before
anything is kept, so that offsets are those of the text without it."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit, urlunsplit

# A link printed in a PDF runs over lines; what follows belongs to it while it looks like a query.
_PERSONAL = re.compile(
    r"(EmailDocViewer|bluematrix\.com(?::\d+)?/[^\s?\"'<>]*)\?[^\s\"'<>]*"
    r"(?:\s+(?=[^\s\"'<>]*(?:@|%40|&\w|=\w))[^\s\"'<>]+)*"
)
_BROKEN = re.compile(r"\s+")
_READER = re.compile(r"(?i)[?&](?:id|email|e-mail|mail|recipient|user|to)=([^&\s]+)")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def readers(text: str) -> frozenset[str]:
    """The addresses that personal links in the text name."""
    found: set[str] = set()
    for link in _PERSONAL.finditer(text):
        for words in (link.group(), _BROKEN.sub("", link.group())):
            for value in _READER.findall(words):
                found.update(_ADDRESS.findall(unquote(unquote(value[:600]))))
    return frozenset(address.lower() for address in found)


def redacted(text: str, known: frozenset[str] = frozenset()) -> str:
    """The text without its personal links' queries, and without their readers' addresses."""
    addresses = known | readers(text)
    text = _PERSONAL.sub(lambda link: link.group(1), text)
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
