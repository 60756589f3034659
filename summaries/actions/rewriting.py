"""Sending a held text back: it is rejected, and written anew with what was wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from summaries.actions.publication import NotDone, State, locked, reason_of
from summaries.actions.states import move, must_be_able
from summaries.authoring import Fault, Feedback, models_write
from summaries.models import Claim, Rewrite, Stock, Summary
from summaries.models.texts import Verdict
from summaries.tiers import Tier

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class RewritesSpent(NotDone):
    """The text was sent back as often as FA_REWRITES_AT_MOST allows."""


class SameAgain(NotDone):
    """Whoever writes it would write the very same text."""


@transaction.atomic
def ask_rewrite(*, summary: Summary, reason: str, by: User, seen: str | None = None) -> Rewrite:
    """Reject a held text and mark it to be written anew; the next batch over its stock does it.

    Raises NoReason, Stale, IllegalTransition, RewritesSpent and SameAgain.
    """
    held, why = locked(summary, seen), reason_of(reason)
    must_be_able(held, State.REJECTED)
    before, most = rewrites(held.stock, held.inputs_hash).count(), settings.REWRITES_AT_MOST
    if before >= most:
        raise RewritesSpent(
            f"{held} can't be sent back again: FA_REWRITES_AT_MOST allows {most} "
            f"rewrite{'' if most == 1 else 's'} from the same facts, and {before} "
            f"{'was' if before == 1 else 'were'} asked for. Approve or reject it."
        )
    if not models_write() and not _faults(held):
        raise SameAgain(
            f"{held} has no sentence that fails, and without a model the same sentences would be "
            "written again. Approve or reject it."
        )
    move(summary=held, to=State.REJECTED, by=by, reason=why, action="ask for a rewrite")
    return Rewrite.objects.create(summary=held, by=by, reason=why)


def rewrites(stock: Stock, inputs_hash: str) -> QuerySet[Rewrite]:
    """All that were asked for of texts that rest on the same inputs."""
    return Rewrite.objects.filter(summary__stock=stock, summary__inputs_hash=inputs_hash)


def is_sent_back(summary: Summary) -> bool:
    return Rewrite.objects.filter(summary=summary).exists()


def feedback(stock: Stock, inputs_hash: str) -> Feedback | None:
    """What the newest text on these inputs was sent back for; None where it wasn't."""
    newest = stock.summaries.filter(inputs_hash=inputs_hash).order_by("-version").first()
    asked = list(rewrites(stock, inputs_hash).order_by("summary__version"))
    if newest is None or not asked or asked[-1].summary_id != newest.pk:
        return None
    # A sentence that was faulted two texts ago is no better now.
    faults = {fault.text: fault for one in asked for fault in _faults(one.summary)}
    return Feedback(len(asked), asked[-1].reason, tuple(faults.values()))


def _faults(summary: Summary) -> list[Fault]:
    claims = summary.claims.exclude(verdict=Verdict.SUPPORTED).prefetch_related("findings")
    order = [tier.value for tier in Tier]
    return [
        Fault(claim.text, _reasons(claim))
        for claim in sorted(claims, key=lambda one: (order.index(one.tier), one.position))
    ]


def _reasons(claim: Claim) -> tuple[str, ...]:
    told = tuple(dict.fromkeys(finding.reason for finding in claim.findings.all()))
    return told or (f"The verifier finds it {claim.get_verdict_display()}.",)
