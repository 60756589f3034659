"""The states of a summary and the ways between them, each step with an audit row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from summaries.models import AuditEvent, Summary

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = Summary.State

TRANSITIONS: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.PUBLISHED, State.HELD}),
    State.HELD: frozenset({State.PUBLISHED, State.REJECTED, State.SUPERSEDED}),
    State.PUBLISHED: frozenset({State.SUPERSEDED, State.WITHDRAWN}),
    State.SUPERSEDED: frozenset(),
    State.REJECTED: frozenset(),
    State.WITHDRAWN: frozenset(),
}


class IllegalTransition(Exception):
    """The summary is not in a state that this may be done from."""


def must_be_able(summary: Summary, to: str) -> None:
    """Raises IllegalTransition where no way leads there from the summary's state."""
    if to not in TRANSITIONS[summary.state]:
        allowed = ", ".join(sorted(TRANSITIONS[summary.state])) or "nothing else"
        raise IllegalTransition(
            f"{summary} is {summary.state}; from there it can become {allowed}, not {to}."
        )


def move(
    *, summary: Summary, to: str, by: User | None = None, reason: str = "", action: str = ""
) -> None:
    """Put the summary into a state. Call it in a transaction that holds the stock's row.

    ``action``: what the audit trail calls it, where the state alone doesn't say it.
    """
    must_be_able(summary, to)
    before = summary.state
    summary.state = to
    summary.state_reason = reason[:300]
    if to == State.PUBLISHED:
        summary.published_at = timezone.now()
    summary.save(update_fields=["state", "state_reason", "published_at"])
    detail = {"reason": reason} if reason else {}
    tell(action or _VERBS[to], summary, by=by, detail=detail, from_state=before)


def tell(
    action: str,
    summary: Summary,
    *,
    by: User | None = None,
    detail: Mapping[str, Any],
    from_state: str | None = None,
) -> None:
    """The audit row of what was done to a summary. ``from_state``: None where the state stayed."""
    AuditEvent.objects.create(
        actor=by,
        action=action,
        subject_type="summary",
        subject_id=str(summary.pk),
        from_state=summary.state if from_state is None else from_state,
        to_state=summary.state,
        detail={"stock": summary.stock.ticker, "version": summary.version, **detail},
    )


_VERBS: dict[str, str] = {
    State.PUBLISHED: "publish",
    State.HELD: "hold",
    State.REJECTED: "reject",
    State.SUPERSEDED: "supersede",
    State.WITHDRAWN: "withdraw",
}
