"""Owning a query while it is answered.

Invariant: what comes of a query is written in one transaction that also ends it under its token.
Who has lost the token writes nothing. Leases run on the database's clock.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from queries.models import Query
from queries.models.conversations import MOST_ATTEMPTS

GIVEN_UP = (
    "It was begun several times and never came to an end. Ask it again, or ask for less at once."
)


class ClaimLost(Exception):
    """The lease ran out and somebody else took the query over."""


@dataclass(frozen=True)
class Claimed:
    """A query that is ours while the token stands."""

    query: Query
    token: UUID

    def end(self, **values: Any) -> None:
        """Close it with its new values, its state among them; ``query`` has them too, of use once
        the transaction is over. Raises ClaimLost."""
        values |= {"claim_token": None, "lease_until": None, "finished_at": timezone.now()}
        self._change(**values)
        for name, value in values.items():
            setattr(self.query, name, value)

    def release(self) -> None:
        """Give it back to be begun again. Raises ClaimLost."""
        self._change(state=Query.State.ASKED, claim_token=None, lease_until=None)

    def _change(self, **values: Any) -> None:
        mine = Query.objects.filter(
            pk=self.query.pk, claim_token=self.token, state=Query.State.RUNNING
        )
        if mine.update(**values) != 1:
            raise ClaimLost(f"Query {self.query.pk} is no longer ours.")


def claim(query_id: UUID) -> Claimed | None:
    """Take the query, or None where it has ended, is taken, or was taken too often."""
    values = taken_values()
    rows = Query.objects.claimable().filter(pk=query_id, attempts__lt=MOST_ATTEMPTS)
    if rows.update(**values | {"attempts": F("attempts") + 1}) != 1:
        return None
    row = Query.objects.select_related("user", "conversation").get(pk=query_id)
    return Claimed(row, values["claim_token"])


def taken_values() -> dict[str, Any]:
    """What makes a new row somebody's from the start."""
    return {
        "state": Query.State.RUNNING,
        "claim_token": uuid4(),
        "lease_until": _lease_end(),
        "attempts": 1,
    }


def renew(tokens: Collection[UUID]) -> set[UUID]:
    """Keep the queries for another lease; the tokens that still stand."""
    mine = Query.objects.filter(claim_token__in=tokens, state=Query.State.RUNNING)
    mine.update(lease_until=_lease_end())
    return {one for one in mine.values_list("claim_token", flat=True) if one}


def give_up_exhausted() -> int:
    """Fail what ended its worker each time it was begun; how many there were."""
    return Query.objects.exhausted().update(
        state=Query.State.FAILED,
        claim_token=None,
        lease_until=None,
        finished_at=timezone.now(),
        code="failed",
        message=GIVEN_UP,
    )


def _lease_end() -> Any:
    return Now() + timedelta(seconds=settings.QUERY_LEASE_SECONDS)
