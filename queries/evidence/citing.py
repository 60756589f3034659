"""What sources say, as citations of an answer."""

from __future__ import annotations

from queries.values import Citation
from summaries.marking.library import Found
from summaries.marking.values import Evidence
from summaries.models import Document
from summaries.models.stocks import NEW_YORK
from summaries.statements import day, plain


def of_evidence(evidence: Evidence) -> Citation:
    """Of a fact, a passage, or a row of FactSet."""
    if evidence.fact is not None and evidence.value is not None:
        return Citation(
            "filing", evidence.source, evidence.url, f"{plain(evidence.value)} {evidence.unit}",
            dated=_period(evidence), fact=evidence.fact,
        )  # fmt: skip
    if evidence.document is None or evidence.start is None or evidence.end is None:
        dated = day(evidence.period_end) if evidence.period_end else ""
        return Citation("FactSet", evidence.source, evidence.url, evidence.quote, dated=dated)
    label = ", ".join(filter(None, (evidence.source, evidence.label)))
    return Citation(
        source_of(evidence.source), label, evidence.url, evidence.quote,
        document=evidence.document, start=evidence.start, end=evidence.end,
    )  # fmt: skip


def of_passage(found: Found, start: int, end: int) -> Citation:
    """``start`` and ``end``: in the document, within the passage's window."""
    passage = found.passage
    page = passage.url.partition("?")[0]
    return Citation(
        "research" if passage.kind == Document.Kind.RESEARCH else "filing",
        found.source, f"{page}?start={start}&end={end}#quote", found.window.text((start, end)),
        dated=day(passage.public_at.astimezone(NEW_YORK).date()),
        document=passage.document_id, start=start, end=end,
    )  # fmt: skip


def source_of(said_by: str) -> str:
    """``said_by``: as `summaries.marking` names a source."""
    if said_by.startswith("research of "):
        return "research"
    return "FactSet" if said_by.startswith("FactSet") else "filing"


def _period(evidence: Evidence) -> str:
    if evidence.period_end is None:
        return ""
    end = day(evidence.period_end)
    return f"{day(evidence.period_start)} to {end}" if evidence.period_start else f"at {end}"
