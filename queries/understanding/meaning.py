"""A question, and the conversation before it, as what is meant. Pure, and linear in its length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from queries.understanding.following import followed, set_out
from queries.understanding.listings import Register
from queries.understanding.parsing import MOST_STOCKS, Parsed, parse, whole_topic
from queries.understanding.values import Intent, Meant
from queries.values import Exchange

MOST_BEFORE = 8  # exchanges that a follow-up may lean on


def understand(
    question: str,
    register: Register,
    *,
    chosen: Sequence[str] = (),
    before: Sequence[Exchange] = (),
) -> Meant:
    """``chosen``: tickers that the asker chose beside the question. ``before``: the conversation,
    oldest first: what a follow-up doesn't say is taken from there. Never raises."""
    earlier: Meant | None = None
    for one in before[-MOST_BEFORE:]:
        earlier = _one(one.question, register, _known(one.stocks, register), earlier)
    return _one(question, register, _known(chosen, register), earlier)


def _one(
    question: str, register: Register, chosen: tuple[str, ...], earlier: Meant | None
) -> Meant:
    parsed = parse(question, register)
    meant = followed(parsed, earlier, chosen) if earlier else set_out(parsed, chosen)
    return _of_documents(meant, parsed, register)


def _of_documents(meant: Meant, parsed: Parsed, register: Register) -> Meant:
    """What documents say is looked for by all the words, a figure's name among them."""
    if meant.intent is not Intent.SAID or (meant.is_follow_up and not parsed.topic):
        return meant
    return replace(meant, topic=whole_topic(parsed, register), measures=())


def _known(tickers: Sequence[str], register: Register) -> tuple[str, ...]:
    known = (one.upper() for one in tickers)
    return tuple(dict.fromkeys(one for one in known if one in register))[:MOST_STOCKS]
