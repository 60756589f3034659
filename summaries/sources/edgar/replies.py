"""What a reply of EDGAR means, read from its body first: block pages come as 403 and as 200,
an absent file as 404 and as 403. An answer passes; for the rest ``judge`` raises."""

from __future__ import annotations

import json
import re
from typing import Any

from summaries.sources.errors import Blocked, Malformed, Missing, Refused, Unavailable
from summaries.sources.web import Reply

SOURCE = "edgar"
# "Once the rate of requests has dropped below the threshold for 10 minutes", SEC's block page.
BLOCK_SECONDS = 600.0

_TITLE = re.compile(rb"<title>\s*(.*?)\s*</title>", re.IGNORECASE | re.DOTALL)
_XML_ERROR = re.compile(rb"\A\s*(?:<\?xml[^>]*\?>\s*)?<Error>\s*<Code>\s*(\w+)")
_ABSENT = frozenset({b"NoSuchKey", b"AccessDenied", b"NoSuchBucket"})
_TEXT_SUFFIXES = (".htm", ".html", ".txt")


def judge(reply: Reply) -> None:
    """Raises Blocked, Refused, Missing, Unavailable or Malformed for what isn't an answer."""
    _block_page(reply)
    _xml_error(reply)
    _status(reply)
    if reply.status != 304:
        _body(reply)


def _block_page(reply: Reply) -> None:
    found = _TITLE.search(reply.content[:4096])
    title = found[1].decode("ascii", "replace").lower() if found else ""
    if reply.status == 429 or "request rate threshold exceeded" in title:
        wait = reply.retry_after or BLOCK_SECONDS
        raise Blocked(
            f"EDGAR says that we asked too fast; nobody asks it for {wait:.0f} s",
            source=SOURCE, retry_after=wait,
        )  # fmt: skip
    if "undeclared automated tool" in title:
        raise Refused(
            "EDGAR doesn't accept how we declare ourselves; set FA_EDGAR_USER_AGENT to your "
            "company's name and a contact address",
            source=SOURCE,
        )
    if not title.startswith("sec.gov |"):
        return
    if "unavailable" in title or "maintenance" in title:
        raise Unavailable(
            "EDGAR is under maintenance", source=SOURCE, retry_after=reply.retry_after
        )
    if "not found" in title:
        raise _missing(reply)


def _xml_error(reply: Reply) -> None:
    found = _XML_ERROR.match(reply.content[:1024])
    if not found:
        return
    if found[1] in _ABSENT:
        raise _missing(reply)
    raise Unavailable(f"EDGAR's store says {found[1].decode()}", source=SOURCE)


def _status(reply: Reply) -> None:
    status = reply.status
    if status in {200, 206, 304}:
        return
    if status in {404, 410}:
        raise _missing(reply)
    if status == 403:
        # A page we don't know. To go on asking could extend a block; to stop costs minutes.
        raise Blocked(
            f"EDGAR refuses us with a page of an unknown kind; nobody asks it for "
            f"{BLOCK_SECONDS:.0f} s",
            source=SOURCE, retry_after=BLOCK_SECONDS,
        )  # fmt: skip
    if status >= 500 or status == 408:
        raise Unavailable(
            f"EDGAR answers with status {status}", source=SOURCE, retry_after=reply.retry_after
        )
    raise Refused(f"EDGAR answers {path_of(reply)} with status {status}", source=SOURCE)


def _body(reply: Reply) -> None:
    path = path_of(reply)
    if path.endswith(".json"):
        _json_whole(reply)
    elif path.endswith(_TEXT_SUFFIXES):
        _text_whole(reply)


def _json_whole(reply: Reply) -> None:
    body = reply.content.strip()
    if not body:
        raise Unavailable(f"EDGAR sent nothing for {path_of(reply)}", source=SOURCE)
    if not body.startswith((b"{", b"[")):
        raise _not_json(reply)
    if not body.endswith((b"}", b"]")):
        raise Unavailable(f"EDGAR's JSON for {path_of(reply)} is cut off", source=SOURCE)


def _text_whole(reply: Reply) -> None:
    """Text, whatever its content type says; XHTML that doesn't end was cut off on the way."""
    body = reply.content
    if not body:
        raise Unavailable(f"EDGAR sent nothing for {path_of(reply)}", source=SOURCE)
    kind = reply.content_type
    if b"\0" in body[:4096] or (kind == "application/json" and body[:1] in b"{["):
        raise Malformed(
            f"EDGAR sent {kind or 'something unnamed'} where {path_of(reply)} is a text",
            source=SOURCE,
        )
    is_xhtml = b"http://www.xbrl.org/2013/inlineXBRL" in body[:65536]
    if is_xhtml and reply.status == 200 and b"</html>" not in body[-4096:].lower():
        raise Unavailable(f"EDGAR's {path_of(reply)} is cut off", source=SOURCE)


def parsed_json(reply: Reply) -> Any:
    """Raises Malformed; Unavailable where the text ends too early."""
    try:
        return json.loads(reply.content)
    except json.JSONDecodeError as error:
        if not error.doc[error.pos :].strip() or error.msg.startswith("Unterminated"):
            raise Unavailable(
                f"EDGAR's JSON for {path_of(reply)} is cut off", source=SOURCE
            ) from error
        raise Malformed(
            f"EDGAR's JSON for {path_of(reply)} breaks at character {error.pos}", source=SOURCE
        ) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise _not_json(reply) from error


def path_of(reply: Reply) -> str:
    """The address without the host, which may be a firm's own gateway."""
    path = re.sub(r"\A\w+://[^/]*", "", reply.url)
    return path.partition("?")[0]


def _missing(reply: Reply) -> Missing:
    return Missing(f"EDGAR has no {path_of(reply)}", source=SOURCE)


def _not_json(reply: Reply) -> Malformed:
    kind = reply.content_type or "something unnamed"
    return Malformed(
        f"EDGAR sent {kind} that isn't JSON where {path_of(reply)} should be", source=SOURCE
    )
