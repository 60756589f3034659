"""Where facts stand in the statements' documents.

The line of a fact is found in the stored text: a pack cites most facts of a company, and
rendering its filings anew for that would cost more than all the rest of the pack.
"""

from __future__ import annotations

from collections.abc import Collection

from summaries.models import Document, Fact
from summaries.statements import Passage, fact_line


def places_of(fact_ids: Collection[int]) -> dict[int, Passage]:
    """The line of each fact in its filing's current document; call ensure_documents first.

    Raises LookupError where a document doesn't hold the fact as it now is.
    """
    columns = ("concept", "unit", "start", "end", "value", "filing_id")
    facts = list(Fact.objects.filter(pk__in=fact_ids).only(*columns))
    current = Document.objects.current().filter(
        kind=Document.Kind.STATEMENTS, filing__in={fact.filing_id for fact in facts}
    )
    documents = {one.filing_id: one for one in current.only("filing_id", "text")}
    return {fact.pk: _place(fact, documents[fact.filing_id]) for fact in facts}


def _place(fact: Fact, document: Document) -> Passage:
    line = fact_line(fact)
    start = document.text.find(f"\n{line}\n") + 1
    if not start:
        raise LookupError(f"Document {document.pk} doesn't hold fact {fact.pk} as it now is.")
    return Passage(document.pk, start, start + len(line), line)
