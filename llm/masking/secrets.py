"""Keys and passwords by their form. Also used where log lines and error reports are cleaned."""

from __future__ import annotations

import re

_FORMS = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    r"\b(?:sk|pk|rk)[-_](?=[\w-]*[0-9_-])[A-Za-z0-9][\w-]{6,}",
    r"\bgh[pousr]_\w{16,}",
    r"\bgithub_pat_\w{16,}",
    r"\bglpat-[\w-]{16,}",
    r"\bxox[abeoprs]-[\w-]{8,}",
    r"\bhf_[A-Za-z0-9]{16,}",
    r"\bls(?:v2)?_(?:pt|sk)_\w{16,}",
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    r"\bAIza[\w-]{30,}",
    r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?",
    r"(?i:\bbearer)[ \t:=]+(?P<bearer>[\w.~+/-]{8,}=*)",
    r"(?i:\bbasic)[ \t]+(?P<basic>[A-Za-z0-9+/]{12,}={0,2})",
    r"(?i:(?<![A-Za-z0-9])(?:x[-_])?(?:api[-_ ]?key|(?:access|auth|refresh|id|session)[-_ ]?token"
    r"|client[-_ ]?secret|secret[-_ ]?key|private[-_ ]?key|authorization|password|passwd|passphrase"
    r"|pwd|secret|token|pin)[\"']?(?:[ \t]*[:=]+[ \t]*|[ \t]+is[ \t]+(?=\S*\d))[\"']?)"
    r"(?P<named>(?!(?i:bearer|basic)\b)[^\s\"',;&)\]}]{4,})",
)
_SECRET = re.compile("|".join(_FORMS), re.DOTALL)
# All forms hold one of these, and most texts hold none.
_MAYBE = re.compile(
    r"[ps]k[-_]|rk[-_]|gh[pousr]_|hub_pat|glpat|xox|hf_|ls(?:v2)?_|AKIA|ASIA|AIza|eyJ|BEGIN"
    r"|bearer|basic|key|token|secret|authorization|pass|pwd|pin",
    re.IGNORECASE,
)


def spans(text: str) -> list[tuple[int, int]]:
    """Where a key, a token or a password stands, in order; of ``name=value`` the value alone."""
    if not _MAYBE.search(text):
        return []
    return [match.span(match.lastgroup or 0) for match in _SECRET.finditer(text)]


def redacted(text: str, instead: str = "[redacted]") -> str:
    """``text`` without them, for a log line."""
    pieces, end = [], 0
    for start, stop in spans(text):
        pieces += [text[end:start], instead]
        end = stop
    return "".join([*pieces, text[end:]]) if pieces else text
