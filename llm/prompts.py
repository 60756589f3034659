"""Prompts are versioned files: Markdown with a header that names them.

    ---
    name: write-claims
    ---
    You write about a listed company …

The text is the stable part of a request, the same for all calls, so that a provider's cache
keeps it. Nothing is ever filled into it (what differs between calls goes into the turns), so
that braces in it, or in what people write, mean nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from llm.errors import DoorError
from llm.values import Prompt

NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
VERSION_LENGTH = 16
HEADER = "---\nname: <lower-case-name>\n---"


class BadPrompt(DoorError):
    """A prompt's file is not as it must be; the message says what to change."""


def load(path: Path) -> Prompt:
    """The prompt of a file; read again only when the file changes. Raises BadPrompt.

    ``version`` is the start of the SHA-256 of the text as it is sent: line ends, blanks at the
    ends of lines and the header make no difference.
    """
    try:
        stat = path.stat()
    except OSError:
        raise BadPrompt(f"There is no prompt {path.name}: add the file.") from None
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int, _size: int) -> Prompt:
    try:
        whole = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadPrompt(f"{path.name} is not UTF-8: save it as UTF-8.") from None
    name, body = _parted(_normalised(whole), path.name)
    if not body:
        raise BadPrompt(f"{path.name} has no text after its header: write the instructions.")
    return Prompt(name, sha256(body.encode()).hexdigest()[:VERSION_LENGTH], body)


def _normalised(text: str) -> str:
    lines = unicodedata.normalize("NFC", text.removeprefix("\ufeff")).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip()


def _parted(text: str, file: str) -> tuple[str, str]:
    """The header's name and the text after it."""
    found = re.match(r"---\n(.*?)\n---(?:\n|$)", text, re.DOTALL)
    if found is None:
        raise BadPrompt(f"{file} has no header: begin it with\n{HEADER}")
    header: dict[str, str] = {}
    for line in found[1].splitlines():
        key, colon, value = line.partition(":")
        if not colon or key.strip() != "name" or header:
            raise BadPrompt(f"{file}: the header holds the name alone:\n{HEADER}")
        header[key.strip()] = value.strip()
    if not NAME.fullmatch(header["name"]):
        raise BadPrompt(f"{file}: a name is lower-case words joined by hyphens.")
    return header["name"], text[found.end() :].strip()
