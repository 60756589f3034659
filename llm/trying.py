"""One attempt at a whole answer."""

from __future__ import annotations

from costs.errors import Unpriced
from llm import attempts, spans
from llm.calling import Call, Step
from llm.errors import CallFailed
from llm.limits import Busy
from llm.providers import setup
from llm.values import Reply


def tried(call: Call, step: Step) -> Reply | None:
    """None: it came to nothing, and ``call.ended`` says how. Raises OverBudget."""
    provider = setup.provider(step.rung.provider)
    try:
        attempt = call.begin(step)
    except (Busy, Unpriced) as error:
        call.passed_over(error)
        return None
    with spans.of(call, attempt, is_stream=False) as span:
        try:
            answer = provider.send(attempt.request)
        except CallFailed as failure:
            call.failed(attempt, failure)
            span.failed(failure.kind.value)
            return None
        except BaseException as error:
            attempts.broken_off(attempt, error)
            raise
        spans.finished(span, answer)
    return call.answered(attempt, answer)
