"""A document's versions: the text decides whether one is new, and the newest is current."""

from __future__ import annotations

import hashlib
from typing import Any

from summaries.models import Document


def store_version(*, identity: dict[str, Any], text: str, **told: Any) -> tuple[Document, bool]:
    """The version with this text, made current, and whether it is new.

    ``identity``: kind, stock, filing, name. Call it in a transaction that holds a lock on what
    the document belongs to: two at once would both find no version.
    """
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    versions = Document.objects.filter(**identity)
    versions.filter(is_current=True).exclude(sha256=sha256).update(is_current=False)
    held = versions.filter(sha256=sha256).first()
    if held is None:
        return Document.objects.create(**identity, text=text, sha256=sha256, **told), True
    # The same text from other bytes: what we would fetch again is what is compared next time.
    held.is_current = True
    held.origin_sha256 = told.get("origin_sha256", held.origin_sha256)
    held.reader = told.get("reader", held.reader)
    held.save(update_fields=["is_current", "origin_sha256", "reader"])
    return held, False
