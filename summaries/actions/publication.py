"""A reviewer's decisions: publish what was held, reject it, or withdraw what is on the page.

What a source contradicts, or does not say, nobody can publish.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from summaries.actions.rereading import FailingClaim, reverify
from summaries.actions.states import move
from summaries.models import Stock, Summary
from summaries.models.texts import SummaryQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = Summary.State


class NotPublishable(Exception):
    """The text says what the sources don't; ``failing`` names each claim."""

    def __init__(self, failing: list[FailingClaim]) -> None:
        self.failing = failing
        first = failing[0]
        super().__init__(
            f"{len(failing)} claims are not supported, the first in the {first.tier} text: "
            f"{first.reason} Reject it; the next batch writes it anew when its facts change."
        )


@transaction.atomic
def publish(*, summary: Summary, by: User | None = None, reason: str = "") -> Summary:
    """Publish a held summary after reading it again. Raises NotPublishable, IllegalTransition."""
    held = _locked(summary)
    if failing := [one for one in reverify(held) if one.veto]:
        raise NotPublishable(failing)
    supersede_held(summary=held, by=by)
    supersede_published(summary=held, by=by)
    move(summary=held, to=State.PUBLISHED, by=by, reason=reason)
    return held


@transaction.atomic
def reject(*, summary: Summary, reason: str, by: User | None = None) -> Summary:
    held = _locked(summary)
    move(summary=held, to=State.REJECTED, by=by, reason=reason)
    return held


@transaction.atomic
def withdraw(*, summary: Summary, reason: str, by: User | None = None) -> Summary:
    """Take a published summary off the page; the batch doesn't write the same text again."""
    published = _locked(summary)
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


def _locked(summary: Summary) -> Summary:
    """The summary as it is now, with its stock's row locked against other writers."""
    Stock.objects.select_for_update(no_key=True).get(pk=summary.stock_id)
    return Summary.objects.select_related("stock").get(pk=summary.pk)
