"""What reviewers do beside publication: approve a text, and say that a finding was wrong.

A false alarm is a label for the next verifier. It opens nothing: whether a text may go out, the
verifier of today says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from summaries.actions.publication import (
    NotDone,
    approvals_needed,
    locked,
    must_be_publishable,
    put_out,
    reason_of,
)
from summaries.actions.states import tell
from summaries.models import Approval, Citation, Finding, LabelledCase, Plan, Summary

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class AlreadyApproved(NotDone):
    """A second person must approve the text, not the same one again."""


class AlreadyMarked(NotDone):
    """Somebody has said so of this finding."""


@transaction.atomic
def approve(*, summary: Summary, by: User, reason: str = "", seen: str | None = None) -> bool:
    """Store a person's approval of a held text; it is published with the last that it takes.

    Whether it went out. Raises Stale, IllegalTransition, NotPublishable and AlreadyApproved.
    """
    held = locked(summary, seen)
    must_be_publishable(held)
    why = reason_of(reason) if reason.strip() else ""
    _, is_new = Approval.objects.get_or_create(summary=held, by=by, defaults={"reason": why})
    is_enough = held.approvals.count() >= approvals_needed()
    if not is_new and not is_enough:
        raise AlreadyApproved(
            f"You have approved {held} already: somebody else must approve it now."
        )
    if is_new:
        tell("approve", held, by=by, detail={"reason": why} if why else {})
    if is_enough:
        put_out(held, by=by, reason=why)
    return is_enough


@transaction.atomic
def mark_false_alarm(
    *, finding: Finding, reason: str, by: User, seen: str | None = None
) -> LabelledCase:
    """Keep the claim as a labelled case: the reviewer says that it is right, the finding wrong.

    Raises NoReason, Stale and AlreadyMarked.
    """
    claim = finding.claim
    summary, why = locked(claim.summary, seen), reason_of(reason)
    if known := LabelledCase.objects.filter(finding_row=finding).select_related("by").first():
        raise AlreadyMarked(f"{known.by} has marked this finding as a false alarm before.")
    case = LabelledCase.objects.create(
        summary=summary, claim_row=claim, finding_row=finding, ticker=summary.stock.ticker,
        writer=summary.writer, tier=claim.tier, claim=claim.text, verdict=claim.verdict,
        label=LabelledCase.Label.SUPPORTED, code=finding.code, finding=finding.reason,
        evidence=[_evidence(one) for one in claim.citations.select_related("document")],
        reason=why, by=by,
    )  # fmt: skip
    case.plans.set(Plan.objects.filter(documents__citations__claim__summary=summary).distinct())
    where = {"tier": claim.tier, "sentence": claim.position + 1, "finding": finding.code}
    tell("mark a false alarm", summary, by=by, detail={**where, "reason": why})
    return case


def _evidence(citation: Citation) -> dict[str, Any]:
    return {
        "citation": citation.pk, "document": citation.document_id,
        "title": citation.document.title, "start": citation.start, "end": citation.end,
        "quote": citation.quote, "fact": citation.fact_id, "formula": citation.formula,
    }  # fmt: skip
