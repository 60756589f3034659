"""What the two feeds call the states of a note."""

from __future__ import annotations

import re

from summaries.sources.bluematrix.notes import Status

_STATUSES = {
    "published": Status.PUBLISHED,
    "released": Status.PUBLISHED,
    "rebroadcast": Status.PUBLISHED,
    "republished": Status.REVISED,
    "revised": Status.REVISED,
    "recalled": Status.RECALLED,
    "deleted": Status.DELETED,
    "pending": Status.NOT_PUBLISHED,
    "notpublished": Status.NOT_PUBLISHED,
    "unpublished": Status.NOT_PUBLISHED,
    "created": Status.NOT_PUBLISHED,
    "draft": Status.NOT_PUBLISHED,
}
# RIXML 2.5 has a value for a change of tags alone; publishers write it in several ways.
_TAGS_ALONE = re.compile(
    r"(revised|updated?)?(metadata|tags?|tagging)(only)?(revised|updated?|changed?)?"
)
# A refinement of a withdrawal ("RecalledForCompliance") withdraws; one of a publication is unknown.
_WITHDRAWN = ("recalled", "deleted", "notpublished", "pending")


def status_of(said: str) -> Status | None:
    """The status that this word means; None for a word we don't know."""
    word = re.sub(r"[^a-z]", "", said.lower())
    if word in _STATUSES:
        return _STATUSES[word]
    if _TAGS_ALONE.fullmatch(word):
        return Status.REVISED
    return next((_STATUSES[known] for known in _WITHDRAWN if word.startswith(known)), None)
