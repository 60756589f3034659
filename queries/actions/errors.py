"""Why something can't be done with a question or conversation; each says what to do."""

from __future__ import annotations


class QueryError(Exception):
    """The message is for the reader."""


class NotAskable(QueryError):
    """The question can't be taken as it is."""


class KeyReused(QueryError):
    """Another question was asked under the same idempotency key."""

    def __init__(self) -> None:
        super().__init__(
            "Another question was asked under this Idempotency-Key. Send a new key with a new "
            "question, and the same one only to send the same question again."
        )


class NotThere(QueryError):
    """There is none, or none that this account may know of."""


class NotYours(QueryError):
    """It can be read, but only its owner may do that."""


class NotNow(QueryError):
    """Its state doesn't allow it."""
