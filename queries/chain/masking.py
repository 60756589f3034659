"""Personal data out of a question before anything else sees it, and back into what is told.

Conservative: what is found with less confidence than LEAST stays as it is, for a name that was an
executive's is missed by search. It is hidden all the same from a model: the door (llm/outgoing.py)
masks what a person typed once more, whatever the confidence.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from llm.masking import Vault, mask
from queries.chain.opening import opened
from queries.chain.restoring import Restorer
from queries.chain.tracing import traced
from queries.values import Asked, Event, Exchange, Handler
from summaries.models import Stock

LEAST = 0.8
NAMES_SECONDS = 600


@traced
def masking(asked: Asked, handler: Handler) -> Iterator[Event]:
    vault = Vault()
    hidden = hide(asked, vault, company_names())
    restorer = Restorer(vault)
    with opened(handler, hidden) as events:
        for event in events:
            yield from restorer.restored(event) if len(vault) else (event,)


def hide(asked: Asked, vault: Vault, companies: frozenset[str]) -> Asked:
    """With placeholders in the question and the conversation before it; the vault has the rest.

    The question goes first: its placeholders don't depend on what was said before."""

    def hidden(text: str) -> str:
        return mask(text, vault, allow=companies, least=LEAST)

    question = hidden(asked.question)
    before = tuple(
        Exchange(hidden(one.question), hidden(one.answer), one.stocks) for one in asked.before
    )
    return replace(asked, question=question, before=before)


def company_names() -> frozenset[str]:
    """Of our stocks, looked up anew every ten minutes: "John Deere" is nobody's name in a question
    about it."""
    return names_of(int(time.monotonic() // NAMES_SECONDS))


@lru_cache(maxsize=1)  # the same set each time: the masking keeps what it made of it
def names_of(_period: int) -> frozenset[str]:
    return frozenset(Stock.objects.values_list("name", flat=True))
