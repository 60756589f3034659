"""What proves a figure: the fact as filed, and the passage of the document it stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib.auth.models import AnonymousUser, User

from summaries.models import Citation, Document, Fact, Filing
from summaries.pages.printed import Printed, printed, shown
from summaries.statements import fact_line

CONTEXT_LINES = 2


@dataclass(frozen=True)
class Passage:
    """A document's text around a span: whole lines before and after, the span itself."""

    document: Document
    before: str
    quote: str
    after: str
    first_line: int  # its number in the document, from 1
    is_cut_before: bool
    is_cut_after: bool


@dataclass(frozen=True)
class Proof:
    """One source of a figure. ``moved``: the quote isn't where the citation says it is.

    ``printed``: where the filing's own text says the same fact.
    """

    fact: Fact | None
    filing: Filing | None
    passage: Passage | None
    formula: str = ""
    citation: Citation | None = None
    moved: bool = False
    printed: Printed | None = None


def passage(document: Document, start: int, end: int, *, lines: int = CONTEXT_LINES) -> Passage:
    """``start`` and ``end``: code points of the document's text, start < end."""
    text = document.text
    line_start = text.rfind("\n", 0, start) + 1
    top = _lines_up(text, line_start, lines)
    bottom = _lines_down(text, end, lines)
    return Passage(
        document=document,
        before=text[top:start],
        quote=text[start:end],
        after=text[end:bottom],
        first_line=text.count("\n", 0, top) + 1,
        is_cut_before=top > 0,
        is_cut_after=bottom < len(text.rstrip("\n")),
    )


def whole(document: Document, start: int, end: int) -> Passage:
    return passage(document, start, end, lines=document.text.count("\n") + 1)


def _lines_up(text: str, line_start: int, lines: int) -> int:
    at = line_start
    for _ in range(lines):
        if at == 0:
            break
        at = text.rfind("\n", 0, at - 1) + 1
    return at


def _lines_down(text: str, end: int, lines: int) -> int:
    at = end
    for step in range(lines + 1):
        found = text.find("\n", at + (1 if step else 0))
        if found < 0:
            return len(text)
        at = found
    return at


def proof_of_citation(citation: Citation) -> Proof:
    document = citation.document
    start, end, moved = citation.start, citation.end, False
    if document.text[start:end] != citation.quote:
        start = document.text.find(citation.quote)
        end, moved = start + len(citation.quote), True
    return Proof(
        fact=citation.fact,
        filing=citation.fact.filing if citation.fact else document.filing,
        passage=passage(document, start, end) if start >= 0 else None,
        formula=citation.formula,
        citation=citation,
        moved=moved,
    )


def proof_of_fact(fact: Fact) -> Proof:
    """The fact's line in the newest version of its filing's document; none if none is written."""
    line = fact_line(fact)
    for document in fact.filing.documents.filter(kind=Document.Kind.STATEMENTS, plan=None):
        start = document.text.find(line)
        if start >= 0:
            return Proof(fact, fact.filing, passage(document, start, start + len(line)))
    return Proof(fact, fact.filing, None)


def with_print(proofs: Sequence[Proof], reader: User | AnonymousUser) -> list[Proof]:
    """The proofs, each with the place where its filing prints the fact, if one is known."""
    places = printed([proof.fact for proof in proofs if proof.fact], reader)
    found = shown(places.values())
    return [
        replace(proof, printed=found[places[proof.fact.pk]])
        if proof.fact and proof.fact.pk in places
        else proof
        for proof in proofs
    ]
