"""A reviewer's decisions: publish what was held, reject it, or withdraw what is on the page.

What a source contradicts, or does not say, nobody can publish; with FA_REVIEW_TWO_PEOPLE nobody
can alone.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from summaries.actions.rereading import FailingClaim, reverify
from summaries.actions.states import move, must_be_able
from summaries.models import Stock, Summary
from summaries.models.texts import SummaryQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = Summary.State
MOST_REASON = 300


class NotDone(Exception):
    """What a reviewer asked for was not done, and nothing was changed; the message says why."""


class Stale(NotDone):
    """The text is no longer the one that the reviewer was shown."""


class NoReason(NotDone):
    """A decision against a text says why, in so many words as the trail keeps."""


class NotApproved(NotDone):
    """Two different people must approve a text before it goes out."""


class NotPublishable(Exception):
    """The text says what the sources don't; ``failing`` names each claim."""

    def __init__(self, failing: list[FailingClaim]) -> None:
        self.failing = failing
        first, n = failing[0], len(failing)
        super().__init__(
            f"{n} {'claim is' if n == 1 else 'claims are'} not supported, the first in the "
            f"{first.tier} text: {first.reason.rstrip('.')}. Ask for a rewrite, or reject it: the "
            "next batch writes it anew when its facts change."
        )


@transaction.atomic
def publish(*, summary: Summary, by: User | None = None, reason: str = "") -> Summary:
    """Publish a held summary after reading it again.

    Raises NotPublishable, IllegalTransition, and NotApproved where two people must approve it.
    """
    held = locked(summary)
    must_be_publishable(held)
    if settings.REVIEW_TWO_PEOPLE and held.approvals.count() < approvals_needed():
        raise NotApproved(
            f"{held} was not approved by two people, as FA_REVIEW_TWO_PEOPLE demands. "
            "Let each approve it."
        )
    put_out(held, by=by, reason=reason)
    return held


def approvals_needed() -> int:
    return 2 if settings.REVIEW_TWO_PEOPLE else 1


def must_be_publishable(held: Summary) -> None:
    """Raises IllegalTransition where it isn't held, NotPublishable where a claim doesn't hold."""
    must_be_able(held, State.PUBLISHED)
    if failing := [one for one in reverify(held) if one.veto]:
        raise NotPublishable(failing)


def put_out(held: Summary, *, by: User | None, reason: str) -> None:
    """In a transaction that holds the stock's row, of a text that may be published."""
    supersede_held(summary=held, by=by)
    supersede_published(summary=held, by=by)
    move(summary=held, to=State.PUBLISHED, by=by, reason=reason)


@transaction.atomic
def reject(
    *, summary: Summary, reason: str, by: User | None = None, seen: str | None = None
) -> Summary:
    """Raises NoReason, Stale and IllegalTransition."""
    held = locked(summary, seen)
    move(summary=held, to=State.REJECTED, by=by, reason=reason_of(reason))
    return held


@transaction.atomic
def withdraw(*, summary: Summary, reason: str, by: User | None = None) -> Summary:
    """Take a published summary off the page; the batch doesn't write the same text again."""
    published = locked(summary)
    move(summary=published, to=State.WITHDRAWN, by=by, reason=reason)
    return published


def supersede_published(*, summary: Summary, by: User | None = None) -> None:
    """What is on the page makes room for this summary."""
    _supersede(Summary.objects.published(), summary, by)


def supersede_held(*, summary: Summary, by: User | None = None) -> None:
    """Older texts leave the review queue: publishing one would put old figures over new."""
    _supersede(Summary.objects.held().filter(version__lt=summary.version), summary, by)


def _supersede(summaries: SummaryQuerySet, summary: Summary, by: User | None) -> None:
    for other in summaries.filter(stock=summary.stock_id).select_related("stock"):
        move(summary=other, to=State.SUPERSEDED, by=by, reason=f"Version {summary.version}.")


def locked(summary: Summary, seen: str | None = None) -> Summary:
    """The summary as it is now, with its stock's row locked against other writers.

    ``seen``: the fingerprint of what the reviewer was shown. Raises Stale where it has changed.
    """
    Stock.objects.select_for_update(no_key=True).get(pk=summary.stock_id)
    now = Summary.objects.select_related("stock").get(pk=summary.pk)
    if seen is not None and seen != fingerprint(now):
        raise Stale(
            f"{now} has changed since you opened it: it is now {now.get_state_display()}. "
            "Nothing was done; look at it again."
        )
    return now


def fingerprint(summary: Summary) -> str:
    """Of the state and the text with its verdicts: what a decision is about."""
    claims = summary.claims.order_by("tier", "position")
    told = [summary.state, *claims.values_list("tier", "position", "text", "verdict")]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def reason_of(words: str) -> str:
    """Raises NoReason where there is none, or more than is kept."""
    reason = " ".join(words.split())
    if not reason:
        raise NoReason("Nothing was done: say why, in a few words.")
    if len(reason) > MOST_REASON:
        raise NoReason(
            f"Nothing was done: the reason has {len(reason)} characters; say it in {MOST_REASON}."
        )
    return reason
