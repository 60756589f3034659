"""The review queue, and one text as a reviewer reads it: what fails, why, and what proves it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from summaries.actions import approvals_needed, fingerprint, reverify, rewrites
from summaries.actions.rereading import FailingClaim
from summaries.models import (
    Approval,
    AuditEvent,
    Citation,
    Claim,
    Finding,
    LabelledCase,
    Rewrite,
    Summary,
)
from summaries.models.texts import Tier, Verdict
from summaries.pages.highlights import Stretch, stretches
from summaries.pages.printed import Place, printed
from summaries.tiers import WORDS, count_words
from summaries.tiers import Tier as TierName

A_PAGE = 25
MOST_OPEN = 8  # sources that a failing sentence shows unasked
ORDERS = {"oldest": ("created_at", "pk"), "riskiest": ("-risk", "created_at", "pk")}
Reader = User | AnonymousUser


# The queue


@dataclass(frozen=True)
class Row:
    """A held text. ``approvals``: who has approved it; ``sent_back``: the rewrite it came of."""

    summary: Summary
    findings: int
    approvals: list[Approval]
    sent_back: Rewrite | None


def queue(reader: Reader, order: str, number: str) -> tuple[Page[Summary], list[Row]]:
    """A page of the held texts that the reader's licences cover."""
    counts = Finding.objects.filter(claim__summary=OuterRef("pk")).order_by()
    counted = counts.values("claim__summary").annotate(n=Count("pk")).values("n")
    held = Summary.objects.readable_by(reader).held().select_related("stock")
    held = held.annotate(n_findings=Coalesce(Subquery(counted), 0)).prefetch_related(
        Prefetch("approvals", queryset=Approval.objects.select_related("by"))
    )
    page = Paginator(held.order_by(*ORDERS[order]), A_PAGE).get_page(number)
    texts: list[Any] = list(page)
    asked = _sent_back(texts, reader)
    return page, [
        Row(one, one.n_findings, list(one.approvals.all()), asked.get(one.pk)) for one in texts
    ]


def _sent_back(texts: Iterable[Summary], reader: Reader) -> dict[int, Rewrite]:
    """By text, the newest rewrite that it came of, in one query."""
    held = {one.pk: one for one in texts}
    readable = Summary.objects.readable_by(reader).values("pk")
    asked = Rewrite.objects.filter(
        summary__in=readable, summary__stock__in={one.stock_id for one in held.values()}
    ).select_related("by", "summary")
    found: dict[int, Rewrite] = {}
    for rewrite in asked.order_by("summary__version"):
        before = rewrite.summary
        for text in held.values():
            same = (text.stock_id, text.inputs_hash) == (before.stock_id, before.inputs_hash)
            if same and before.version < text.version:
                found[text.pk] = rewrite
    return found


# One text


@dataclass(frozen=True)
class Reason:
    """A finding, numbered through the whole text. ``case``: it was marked as a false alarm."""

    number: int
    finding: Finding
    case: LabelledCase | None


@dataclass(frozen=True)
class Piece:
    """``numbers``: of the findings that point here; ``ends``: of those that end here."""

    text: str
    numbers: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True)
class Source:
    """``place``: where the filing prints the fact."""

    citation: Citation
    place: Place | None


@dataclass(frozen=True)
class Proof:
    """A part of the sentence, how it was computed, and what it rests on."""

    words: str
    formula: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Sentence:
    claim: Claim
    pieces: tuple[Piece, ...]
    reasons: tuple[Reason, ...]
    proofs: tuple[Proof, ...]

    @property
    def fails(self) -> bool:
        return self.claim.verdict != Verdict.SUPPORTED or bool(self.reasons)

    @property
    def n_sources(self) -> int:
        return sum(len(proof.sources) for proof in self.proofs)

    @property
    def is_open(self) -> bool:
        """Whether its proof is shown at once: what fails is read beside it, unless it is long."""
        return self.fails and self.n_sources <= MOST_OPEN


@dataclass(frozen=True)
class TierOfText:
    tier: Tier
    sentences: tuple[Sentence, ...]
    words: int
    least: int
    most: int

    @property
    def is_in_range(self) -> bool:
        return self.least <= self.words <= self.most


@dataclass(frozen=True)
class Decision:
    """What may be done with a held text, and what stands in the way.

    ``failing``: what nobody may publish; ``more``: how many people must still approve it;
    ``rewrites_left``: how often it may be sent back.
    """

    failing: list[FailingClaim]
    approvals: list[Approval]
    needed: int
    has_approved: bool
    rewrites: int
    rewrites_left: int

    @property
    def more(self) -> int:
        return max(self.needed - len(self.approvals), 0)


@dataclass(frozen=True)
class TextUnderReview:
    """``sent_back``: the rewrite that it came of. ``decision``: None where it isn't held."""

    summary: Summary
    tiers: tuple[TierOfText, ...]
    seen: str
    events: list[AuditEvent]
    approvals: list[Approval]
    sent_back: Rewrite | None
    decision: Decision | None

    @property
    def state(self) -> Summary.State:
        """As the reader's licences have it."""
        return Summary.State(self.summary.shown_state)  # type: ignore[attr-defined]


def text(summary: Summary, reader: User) -> TextUnderReview:
    """``summary``: of readable_by."""
    approvals = list(summary.approvals.select_related("by"))
    is_held = summary.state == Summary.State.HELD
    about = AuditEvent.objects.readable_by(reader).filter(
        subject_type="summary", subject_id=str(summary.pk)
    )
    return TextUnderReview(
        summary=summary,
        tiers=_tiers(summary, reader),
        seen=fingerprint(summary),
        events=list(about.select_related("actor").order_by("at", "pk")),
        approvals=approvals,
        sent_back=_sent_back([summary], reader).get(summary.pk),
        decision=_decision(summary, approvals, reader) if is_held else None,
    )


def _decision(summary: Summary, approvals: list[Approval], reader: User) -> Decision:
    readable = Summary.objects.readable_by(reader).values("pk")
    asked = rewrites(summary.stock, summary.inputs_hash).filter(summary__in=readable).count()
    return Decision(
        failing=[one for one in reverify(summary) if one.veto],
        approvals=approvals,
        needed=approvals_needed(),
        has_approved=any(one.by_id == reader.pk for one in approvals),
        rewrites=asked,
        rewrites_left=max(settings.REWRITES_AT_MOST - asked, 0),
    )


def _tiers(summary: Summary, reader: User) -> tuple[TierOfText, ...]:
    claims = list(_with_proof(summary.claims.all()))
    facts = {one.fact.pk: one.fact for claim in claims for one in claim.citations.all() if one.fact}
    places = printed(facts.values(), reader)
    number, tiers = 0, []
    for tier in Tier:
        sentences = []
        for claim in sorted((c for c in claims if c.tier == tier), key=lambda c: c.position):
            sentences.append(_sentence(claim, number, places))
            number += len(sentences[-1].reasons)
        words = count_words(" ".join(one.claim.text for one in sentences))
        tiers.append(TierOfText(tier, tuple(sentences), words, *WORDS[TierName(tier.value)]))
    return tuple(tiers)


def _with_proof(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    citations = (
        Citation.objects.select_related("document", "fact__filing")
        .defer("document__text")
        .order_by("position")
    )
    findings = Finding.objects.select_related("case__by").order_by(F("start"), "pk")
    return claims.prefetch_related(
        Prefetch("citations", queryset=citations), Prefetch("findings", queryset=findings)
    )


def _sentence(claim: Claim, before: int, places: dict[int, Place]) -> Sentence:
    findings = list(claim.findings.all())
    reasons = [
        Reason(before + n, finding, getattr(finding, "case", None))
        for n, finding in enumerate(findings, 1)
    ]
    cut = stretches(claim.text, [(one.start, one.end) for one in findings])
    return Sentence(
        claim,
        tuple(_piece(one, before) for one in cut),
        tuple(reasons),
        _proofs(claim, places),
    )


def _proofs(claim: Claim, places: dict[int, Place]) -> tuple[Proof, ...]:
    """By the part of the sentence; a source that is cited twice for it is told once."""
    parts: dict[tuple[int, int, str], dict[tuple[int, int, int], Source]] = {}
    for one in claim.citations.all():
        sources = parts.setdefault((one.claim_start, one.claim_end, one.formula), {})
        place = places.get(one.fact_id) if one.fact_id else None
        sources.setdefault((one.document_id, one.start, one.end), Source(one, place))
    return tuple(
        Proof(claim.text[start:end], formula, tuple(sources.values()))
        for (start, end, formula), sources in sorted(parts.items())
    )


def _piece(stretch: Stretch, before: int) -> Piece:
    return Piece(
        stretch.text,
        tuple(before + n + 1 for n in stretch.marks),
        tuple(before + n + 1 for n in stretch.ends),
    )
