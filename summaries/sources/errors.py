"""What can go wrong with a source; ``permanent`` says whether asking again can help."""

from __future__ import annotations


class SourceError(Exception):
    """``source``: edgar, bluematrix, factset. ``retry_after``: seconds, where the source says."""

    permanent = False

    def __init__(self, message: str, *, source: str = "", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.source = source
        self.retry_after = retry_after


class Unavailable(SourceError):
    """Away, slow, cut off in the middle or overloaded: the same request may work later."""


class Blocked(SourceError):
    """The source asks everyone here to stop for ``retry_after`` seconds."""


class Missing(SourceError):
    """The source says that it doesn't have this."""

    permanent = True


class Refused(SourceError):
    """Wrong or missing credentials, no licence, a request that the source doesn't understand."""

    permanent = True


class Malformed(SourceError):
    """The reply isn't in the source's format. The message says where it goes wrong."""

    permanent = True
