"""What can go wrong when vectors are made, and whether trying again can help."""

from __future__ import annotations


class EmbeddingError(Exception):
    """No vectors. ``permanent``: the same call fails again until somebody changes something."""

    permanent = True


class EmbeddingRefused(EmbeddingError):
    """The call can't be served as it stands: bad key, bad request, unknown model, no weights."""


class EmbeddingUnavailable(EmbeddingError):
    """Not now: rate limit, server error, time-out. ``retry_after`` is in seconds where known."""

    permanent = False

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class EmbeddingMalformed(EmbeddingError):
    """An answer that isn't the vectors asked for: wrong count or size, NaN, no JSON.

    Garbage in transit may be whole the next time; vectors of another size will not.
    """

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
