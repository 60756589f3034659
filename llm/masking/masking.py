"""Personal data out of a text.

A question about a company goes through unchanged; where it isn't sure that a name is nobody's,
it hides it: a hidden word costs the answer a little, one that leaves can't be had back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from llm.masking.addresses import addresses
from llm.masking.contacts import contacts
from llm.masking.found import Found, Kind, merged
from llm.masking.identifiers import identifiers
from llm.masking.people import people
from llm.masking.plain import plain
from llm.masking.presidio import checked_numbers
from llm.masking.secrets import spans
from llm.masking.tokens import as_phrases
from llm.masking.vault import PLACEHOLDER, Vault


def mask(
    text: str,
    vault: Vault,
    *,
    known_names: Collection[str] = (),
    allow: Collection[str] = (),
    least: float = 0.0,
) -> str:
    """``text`` with placeholders for personal data; ``unmask`` with the same vault undoes it.

    ``known_names``: clients by name, hidden wherever they stand, also a part of one by itself.
    ``allow``: names that may leave (companies, public executives). Against a known name it loses.
    ``least``: what is found with less confidence stays, 0 to 1; what leaves the house takes 0.
    Give it original texts: what looks like a placeholder is hidden as a text of its own.
    """
    pieces: list[str] = []
    end = 0
    found = _found(text, vault, known_names, allow)
    for one in merged(each for each in found if each.confidence >= least):
        original = text[one.start : one.end]
        pieces += text[end : one.start], vault.placeholder(one.kind, original, text)
        end = one.end
    return "".join([*pieces, text[end:]])


def _found(
    text: str, vault: Vault, known_names: Collection[str], allow: Collection[str]
) -> Iterator[Found]:
    for match in PLACEHOLDER.finditer(text):
        yield Found(*match.span(), Kind.LITERAL)
    read = plain(text)
    known = as_phrases((*known_names, *vault.originals(Kind.PERSON)) if len(vault) else known_names)
    for one in (*_formed(read.text), *people(read, text, known, as_phrases(allow))):
        start, end = read.original(one.start, one.end)
        if text[start:end] not in allow or one.certain:
            yield Found(start, end, one.kind, one.certain, one.confidence)


def _formed(text: str) -> Iterator[Found]:
    yield from (Found(start, end, Kind.SECRET) for start, end in spans(text))
    yield from contacts(text)
    yield from identifiers(text)
    yield from checked_numbers(text)
    yield from addresses(text)
