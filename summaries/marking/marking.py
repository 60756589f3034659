"""A text that somebody pasted, marked for one reader: what the sources say of each claim in it.

Nothing of the text is kept: the audit row has its length and hash. It says nothing of what was
found either, which might tell others of research that only this reader may read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.models import User

from summaries.marking import deciding
from summaries.marking.deciding import Said, as_result, by_facts, names_a_period
from summaries.marking.kinds import kind_of
from summaries.marking.library import RESEARCH, Family, Found, Library, of_passage
from summaries.marking.values import Evidence, Kind, Marked, Reason
from summaries.models import AuditEvent, Stock
from summaries.scales import document_weights, scale
from summaries.verification import ClaimCheck, Verdict
from summaries.verification.documents.judging import Told, told
from summaries.verification.documents.uncertainty import doubt
from summaries.verification.temporal import verify_dated
from summaries.verification.verifier import LONGEST

# Claims of one text that are looked up in documents: each costs searches.
MOST_LOOKED_UP = 60
_LIKELY = "A passage bears it out without proving it: read it there."


class TooLong(ValueError):
    """The text is longer than FA_CHECK_CHARACTERS allows."""


def mark(text: str, *, stock: Stock, reader: User, as_of: datetime | None = None) -> Marked:
    """Every sentence of ``text`` with its verdict. ``as_of``: as could be known at that moment.

    Not in a transaction: the search's embedder may be a call away. Raises TooLong.
    """
    if len(text) > settings.CHECK_CHARACTERS:
        raise TooLong(
            f"The text has {len(text):,} characters; send at most {settings.CHECK_CHARACTERS:,}."
        )
    library = Library(stock, reader, as_of)
    sources = library.sources()
    checks = verify_dated(text, sources, library.summary_text())
    families = library.families()
    left = MOST_LOOKED_UP
    claims = []
    for check in checks:
        kind = kind_of(check)
        said = said_by_facts(check, library, sources.other_names)
        is_told = kind is not Kind.NONE and len(check.text) <= LONGEST
        asked = _asked(said, families) if is_told and left else ()
        left -= bool(asked)
        others = [one for family in asked if (one := _by_documents(check, family, library))]
        beside = said_by_fundamentals(check, said, library)
        told_by = _told(kind, said, others, beside)
        claims.append(deciding.decided(check, kind, told_by, scale(), looked_up=bool(asked)))
    _leave_audit(text, len(checks), stock, reader)
    return deciding.together(stock.ticker, claims, scale())


def _asked(facts: Said, families: tuple[Family, ...]) -> tuple[Family, ...]:
    """What the facts support is held against research alone, which may say otherwise; anything
    else is looked up wherever it may stand."""
    if facts.verdict is Verdict.SUPPORTED:
        return tuple(one for one in families if one is RESEARCH)
    return families


def _told(kind: Kind, facts: Said, others: list[Said], beside: list[Said]) -> list[Said]:
    """By authority: facts, filings, research, market data. The first that decides prevails."""
    told = [facts, *others, *beside]
    if facts.verdict is Verdict.NOT_CHECKABLE:
        open_ones = [*others, *beside]
        is_claim = kind in (Kind.FIGURE, Kind.QUALITATIVE, Kind.FORWARD)
        return open_ones or ([Said(Verdict.NOT_FOUND)] if is_claim else [])
    return told


# -- facts ---------------------------------------------------------------------


def said_by_facts(check: ClaimCheck, library: Library, others: frozenset[str]) -> Said:
    """``others``: names of other companies, as `Sources.other_names`."""
    is_refuted = any(one.verdict is Verdict.CONTRADICTED for one in check.proofs)
    verdict = Verdict.CONTRADICTED if is_refuted else Verdict.SUPPORTED
    proofs = [one for one in check.proofs if one.verdict is verdict]
    facts = (fact for proof in proofs for fact in proof.fact_ids)
    return by_facts(check, library.facts(facts, verdict), others)


def said_by_fundamentals(check: ClaimCheck, facts: Said, library: Library) -> list[Said]:
    """Where FactSet has another value than the facts that support the claim."""
    if facts.verdict is not Verdict.SUPPORTED:
        return []
    measures = {
        proof.fact_ids[0]: proof.measure for proof in check.proofs if len(proof.fact_ids) == 1
    }
    filed = {one.fact: one.value for one in facts.evidence}
    return [
        Said(Verdict.CONTRADICTED, (one.evidence,))
        for one in library.fundamentals(measures)
        if _differ(one.value, filed.get(one.fact))
    ]


def _differ(one: Decimal, other: Decimal | None) -> bool:
    """By more than rounding to the million, or to the cent of a figure a share, makes."""
    if other is None:
        return False
    return abs(one - other) > max(abs(other) * Decimal("0.002"), Decimal("0.005"))


# -- documents -----------------------------------------------------------------


def _by_documents(check: ClaimCheck, family: Family, library: Library) -> Said | None:
    """The first passage that proves the claim; else the first that refutes it, where it says of
    when it speaks; else one that bears it out; None where there is none."""
    refuted = unsure = None
    for said in _read(check, family, library):
        if said.verdict is Verdict.SUPPORTED:
            return said
        if said.verdict is Verdict.CONTRADICTED and names_a_period(check.text):
            refuted = refuted or said
        elif any(one.code in ("guidance", "likely") for one in said.reasons):
            unsure = unsure or said
    return refuted or unsure


def _read(check: ClaimCheck, family: Family, library: Library) -> Iterator[Said]:
    for found in library.passages(check.text, family):
        judged = told(check.text, found.window.source, document_weights())
        if judged.evidence:
            yield as_result(said_by_passage(check, found, judged), check)


def said_by_passage(check: ClaimCheck, found: Found, judged: Told) -> Said:
    """``judged``: the claim held against ``found.window.source``."""
    verdict = Verdict.NOT_FOUND if judged.is_likely else judged.verdict
    evidence = tuple(dict.fromkeys(of_passage(found, one, verdict) for one in judged.evidence))
    reasons = tuple(
        Reason(
            one.code, one.text, check.start + one.start, check.start + (one.end or len(check.text))
        )
        for one in judged.reasons
    )
    if judged.is_likely:
        return of_likelihood(check, evidence, reasons)
    how_sure = doubt(check.text, " ".join(one.quote for one in evidence))
    is_supported = judged.verdict is Verdict.SUPPORTED
    return Said(
        judged.verdict,
        evidence,
        reasons,
        doubt=Decimal(str(round(1 - judged.score, 4))) if is_supported else Decimal(1),
        history=check.history,
        certainty=Decimal(str(how_sure.score)) if is_supported else Decimal(0),
    )


def of_likelihood(
    check: ClaimCheck, evidence: tuple[Evidence, ...], reasons: tuple[Reason, ...]
) -> Said:
    """Of a passage that makes the claim likely and doesn't prove it: somebody must read it."""
    near = Reason("likely", _LIKELY, check.start, check.end)
    return Said(Verdict.NOT_FOUND, evidence, (near, *reasons), history=check.history)


def _leave_audit(text: str, sentences: int, stock: Stock, reader: User) -> None:
    AuditEvent.objects.create(
        actor=reader,
        action="check a text",
        subject_type="stock",
        subject_id=str(stock.pk),
        detail={
            "stock": stock.ticker,
            "characters": len(text),
            "sentences": sentences,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
        },
    )
