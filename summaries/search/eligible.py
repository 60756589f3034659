"""Which documents a question may look into, as SQL: one condition for every arm and count.

Licence, version and withdrawal are read from the document itself, never from a copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from summaries.search.query import Query

# Readable, public at the moment, and the version that was the newest then.
_READABLE = (
    "(document.plan_id IS NULL OR document.plan_id = ANY(%(plans)s::bigint[]))"
    " AND document.withdrawn_at IS NULL AND document.public_at <= %(at)s"
    " AND (document.is_current OR indexed.until > %(at)s)"
)
_JOIN = "JOIN summaries_indexeddocument AS indexed ON indexed.document_id = document.id"
# A note is found for every company that it speaks of.
_OF_STOCKS = (
    "SELECT id FROM summaries_document WHERE stock_id = ANY(%(stocks)s) UNION"
    " SELECT note.document_id FROM summaries_researchissuer AS issuer"
    " JOIN summaries_researchnote AS note ON note.id = issuer.note_id"
    " WHERE issuer.stock_id = ANY(%(stocks)s)"
)


@dataclass(frozen=True)
class Eligible:
    """SQL that joins and conditions ``document`` and ``indexed``, and its parameters."""

    condition: str
    parameters: dict[str, Any]
    of_stocks: bool

    def joined_to(self, column: str) -> str:
        """Joins for rows of a table whose ``column`` names the document."""
        return f"JOIN summaries_document AS document ON document.id = {column} {_JOIN}"

    def documents(self) -> str:
        """A query of ``id`` and ``chunks`` of all eligible documents."""
        source = (
            f"({_OF_STOCKS}) AS named JOIN summaries_document AS document ON document.id = named.id"
            if self.of_stocks
            else "summaries_document AS document"
        )
        return (
            f"SELECT document.id, indexed.chunks FROM {source} {_JOIN}"  # noqa: S608
            f" WHERE {self.condition}"
        )


def eligible(query: Query, plans: list[int], now: datetime) -> Eligible:
    conditions = [_READABLE]
    parameters: dict[str, Any] = {"plans": plans, "at": query.as_of or now}
    if query.stocks:
        parameters["stocks"] = [stock.pk for stock in query.stocks]
    if query.kinds:
        conditions.append("document.kind = ANY(%(kinds)s)")
        parameters["kinds"] = list(query.kinds)
    if query.forms:
        conditions.append(
            "document.filing_id IN (SELECT id FROM summaries_filing WHERE form = ANY(%(forms)s))"
            if query.stocks
            else "EXISTS (SELECT 1 FROM summaries_filing AS filing"
            " WHERE filing.id = document.filing_id AND filing.form = ANY(%(forms)s))"
        )
        parameters["forms"] = list(query.forms)
    if query.since:
        conditions.append("document.public_at >= %(since)s")
        parameters["since"] = query.since
    if query.until:
        conditions.append("document.public_at <= %(until)s")
        parameters["until"] = query.until
    return Eligible(" AND ".join(conditions), parameters, bool(query.stocks))
