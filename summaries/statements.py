"""A filing's reported facts as a readable document, one line a fact.

The text follows from the facts alone, so that the line of a fact can be found
again by rendering; a changed fact makes a new version, and citations of the old
one keep pointing at what was cited.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from summaries.digests import facts_digest
from summaries.measures import ITEM_OF_CONCEPT, Statement
from summaries.models import Document, Fact, Filing, Stock


@dataclass(frozen=True)
class Passage:
    """A span of a document, in code points, and what stands there."""

    document_id: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Rendered:
    title: str
    text: str
    lines: dict[int, tuple[int, int]]  # fact id -> (start, end) in the text

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def day(value: date) -> str:
    """27 September 2025"""
    return f"{value.day} {value:%B %Y}"


def render(stock: Stock, filing: Filing, facts: Iterable[Fact]) -> Rendered:
    """The statement document of a filing."""
    title = f"{stock.name} ({stock.ticker}): {filing.form} for the period ended {day(filing.period_end)}"
    origin = [f"Accession number {filing.accession}." if filing.accession else ""]
    origin.append(
        f"Filed {day(filing.filed)}." if filing.filed else "Filing date not in the source."
    )
    text = f"{title}\n{' '.join(filter(None, origin))}\n"
    lines: dict[int, tuple[int, int]] = {}
    for statement, held in _by_statement(facts):
        text += f"\n{statement.value}\n"
        for fact in held:
            line = fact_line(fact)
            lines[fact.pk] = (len(text), len(text) + len(line))
            text += f"{line}\n"
    return Rendered(title, text, lines)


def _by_statement(facts: Iterable[Fact]) -> list[tuple[Statement, list[Fact]]]:
    order = {concept: place for place, concept in enumerate(ITEM_OF_CONCEPT)}
    groups: dict[Statement, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[ITEM_OF_CONCEPT[fact.concept].statement].append(fact)
    for held in groups.values():
        held.sort(key=lambda f: (order[f.concept], f.unit, f.end, f.start or date.min))
    return [(statement, groups[statement]) for statement in Statement if groups[statement]]


def fact_line(fact: Fact) -> str:
    """ "Revenue [us-gaap:Revenues], 1 January 2024 to 31 December 2024: 1,234,000 USD" """
    name = ITEM_OF_CONCEPT[fact.concept].name
    period = f"{day(fact.start)} to {day(fact.end)}" if fact.start else f"at {day(fact.end)}"
    return (
        f"{name[:1].upper()}{name[1:]} [{fact.concept}], {period}: {plain(fact.value)} {fact.unit}"
    )


def plain(value: Decimal) -> str:
    """-1234.50 -> "-1,234.5": every digit, no exponent."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# Raised when a rendered text changes though its facts don't.
RENDERING = "statements-1"


def ensure_documents(stock: Stock) -> int:
    """Render the filings whose facts changed; returns how many versions are new."""
    parts = (RENDERING, stock.name, stock.ticker, facts_digest(stock))
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    if Stock.objects.filter(pk=stock.pk, rendered_hash=digest).exists():
        return 0
    new = _render_changed(stock)
    Stock.objects.filter(pk=stock.pk).update(rendered_hash=digest)
    return new


def _render_changed(stock: Stock) -> int:
    rendered = [(filing, render(stock, filing, facts)) for filing, facts in _filings(stock)]
    held = Document.objects.filter(stock=stock, kind=Document.Kind.STATEMENTS)
    have = {
        (filing, sha256): is_current
        for filing, sha256, is_current in held.values_list("filing_id", "sha256", "is_current")
    }
    new = [
        Document(
            kind=Document.Kind.STATEMENTS, stock=stock, filing=filing,
            title=one.title, text=one.text, sha256=one.sha256,
            public_at=filing.public_at or timezone.now(),
        )
        for filing, one in rendered
        if (filing.pk, one.sha256) not in have
    ]  # fmt: skip
    # Another worker may have written the same version meanwhile: then it is there.
    Document.objects.bulk_create(new, ignore_conflicts=True)
    if new or not all(have.values()):
        _mark_current(held, {(filing.pk, one.sha256) for filing, one in rendered})
    return len(new)


def _mark_current(held: QuerySet[Document], rendered: set[tuple[int, str]]) -> None:
    """Of each filing the version just rendered is the current one, whether new or old."""
    current = [
        pk
        for pk, filing, sha256 in held.values_list("pk", "filing_id", "sha256")
        if (filing, sha256) in rendered
    ]
    held.filter(is_current=True).exclude(pk__in=current).update(is_current=False)
    held.filter(is_current=False, pk__in=current).update(is_current=True)


def passages(stock: Stock, fact_ids: Iterable[int]) -> dict[int, Passage]:
    """The line of each fact in its filing's current document; call ensure_documents first."""
    wanted = set(fact_ids)
    filing_ids = set(Fact.objects.filter(pk__in=wanted).values_list("filing_id", flat=True))
    documents = {
        (filing, sha256): pk
        for filing, sha256, pk in Document.objects.filter(
            filing__in=filing_ids, kind=Document.Kind.STATEMENTS
        ).values_list("filing_id", "sha256", "pk")
    }
    found: dict[int, Passage] = {}
    for filing, facts in _filings(stock, filing_ids):
        one = render(stock, filing, facts)
        document_id = documents[filing.pk, one.sha256]
        for fact_id in wanted & one.lines.keys():
            start, end = one.lines[fact_id]
            found[fact_id] = Passage(document_id, start, end, one.text[start:end])
    return found


def _filings(stock: Stock, only: set[int] | None = None) -> Sequence[tuple[Filing, list[Fact]]]:
    facts = Fact.objects.filter(stock=stock, concept__in=ITEM_OF_CONCEPT)
    filings = Filing.objects.filter(stock=stock)
    if only is not None:
        facts, filings = facts.filter(filing__in=only), filings.filter(pk__in=only)
    groups: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[fact.filing_id].append(fact)
    return [(filing, groups[filing.pk]) for filing in filings if groups[filing.pk]]
