"""What stands between a question and its answer, the same for pages and API.

The order, outermost first, and why:

- ``metering`` sees all that comes of a question, refusals too, and reads no text.
- ``rate_limit`` reads who asks alone: a flood costs a step in Valkey and no work on its texts.
- ``masking`` is first of those that read what was typed: no other, no key and no log has a name.
- ``guardrails`` turns away what is no question before it is looked up, and holds what is told
  again from the cache to the same rules as what is told anew.
- ``cache`` stands before the budget: an answer that is kept costs nothing.
- ``budget`` is next to the work that it may refuse.
"""

from __future__ import annotations

from queries.chain import budget, cache, guardrails, masking, metering, rate_limit
from queries.chain.allowance import headers, standing
from queries.values import Handler, Middleware, chained

__all__ = ["CHAIN", "WARMING", "chain", "headers", "standing", "warming_chain"]

CHAIN: tuple[Middleware, ...] = (
    metering.metering,
    rate_limit.rate_limit,
    masking.masking,
    guardrails.guardrails,
    cache.cache,
    budget.budget,
)
# Nobody waits, nobody's limits count and nothing is popular by it; what is asked is masked already.
WARMING: tuple[Middleware, ...] = (guardrails.guardrails, cache.kept)


def chain(handler: Handler) -> Handler:
    """The handler behind all six."""
    return chained(CHAIN, handler)


def warming_chain(handler: Handler) -> Handler:
    """The handler as it is asked in the background, so that its answers are kept."""
    return chained(WARMING, handler)
