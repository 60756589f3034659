"""What can go wrong at the door. No message quotes a prompt, an answer or a provider's body."""

from __future__ import annotations

from enum import StrEnum

from costs.tokens import Tokens


class Kind(StrEnum):
    """How a call failed; each is permanent or passes, and was billed, or not, or who knows."""

    BAD_REQUEST = "bad_request"  # 400, 404, 413, 422: our fault, the same again is no better
    UNAUTHORISED = "unauthorised"  # 401, 403
    NO_CREDIT = "no_credit"  # 402, insufficient_quota: the account is empty
    RATE_LIMITED = "rate_limited"  # 429
    OVERLOADED = "overloaded"  # 529, overloaded_error
    SERVER = "server"  # other 5xx, 408, 409
    UNREACHABLE = "unreachable"  # no connection: nothing was sent
    TIMED_OUT = "timed_out"  # sent, and no answer in time
    BROKEN = "broken"  # the answer broke off
    MALFORMED = "malformed"  # answered, but not what the wire's specification says
    REFUSED = "refused"  # the model declines to answer
    CUT = "cut"  # the answer reached its length limit
    BAD_RESULT = "bad_result"  # not the structure asked for, also after a repair

    @property
    def is_permanent(self) -> bool:
        """Whether asking the same provider again can't help."""
        return self in {
            Kind.BAD_REQUEST, Kind.UNAUTHORISED, Kind.NO_CREDIT, Kind.REFUSED, Kind.CUT,
            Kind.BAD_RESULT,
        }  # fmt: skip

    @property
    def says_provider_is_ill(self) -> bool:
        """Whether the circuit breaker counts it."""
        return self in {
            Kind.OVERLOADED, Kind.SERVER, Kind.UNREACHABLE, Kind.TIMED_OUT, Kind.BROKEN,
            Kind.MALFORMED, Kind.UNAUTHORISED, Kind.NO_CREDIT,
        }  # fmt: skip


class DoorError(Exception):
    """Anything the door raises."""


class CallFailed(DoorError):
    """One attempt at one provider failed.

    ``is_billed``: True, False, or None where only the provider knows. ``tokens``: what is known
    to have been used, an ``is_estimate`` of ours where the provider didn't say.
    """

    def __init__(
        self,
        kind: Kind,
        *,
        provider: str,
        model: str,
        status: int | None = None,
        retry_after: float | None = None,
        request_id: str = "",
        response_id: str = "",
        is_billed: bool | None = False,
        tokens: Tokens | None = None,
        is_estimate: bool = False,
    ) -> None:
        code = f" ({status})" if status else ""
        super().__init__(f"{provider} {model}: {kind.value}{code} {request_id}".strip())
        self.kind, self.provider, self.model, self.status = kind, provider, model, status
        self.retry_after, self.request_id, self.response_id = retry_after, request_id, response_id
        self.is_billed, self.tokens, self.is_estimate = is_billed, tokens, is_estimate


class NoModel(DoorError):
    """No model could answer: none is set up, all are out, or the time is over.

    ``failures``: what each attempt came to.
    """

    def __init__(self, why: str, failures: tuple[CallFailed, ...] = ()) -> None:
        told = "; ".join(str(failure) for failure in failures)
        super().__init__(f"{why} {told}".strip())
        self.failures = failures


class Waiting(DoorError):
    """The answer comes with a Message Batch: ask again, with the same key, when it has ended."""

    def __init__(self, key: str) -> None:
        super().__init__("The answer comes with a batch.")
        self.key = key
