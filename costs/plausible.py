"""Whether what a provider says it used can be true of a call. Pure."""

from __future__ import annotations

from costs.tokens import Tokens

# What a column holds.
MOST = 2**31 - 1
# An estimate is off by a third, not by this; below the floor no estimate says anything.
TIMES = 20
FLOOR = 10_000


def plausible(said: Tokens | None, *, estimated: int, most_output: int, is_free: bool) -> bool:
    """``estimated``: our count of the prompt, 0 where there was none. ``most_output``: what the
    call could write at most, or more. ``is_free``: a call without a price may count nothing."""
    if said is None or max(said.prompt, said.output) > MOST:
        return False
    if estimated == 0 or is_free:
        return True
    return 0 < said.prompt <= _limit(estimated) and said.output <= _limit(most_output)


def believed(said: Tokens | None, *, estimated: int, most_output: int) -> Tokens:
    """What to book until the invoice comes: our prompt, and the output where that may be true."""
    output = said.output if said is not None and said.output <= _limit(most_output) else 0
    return Tokens(
        input=min(estimated, MOST),
        output=min(output, MOST),
        thinking=min(said.thinking, output, MOST) if said is not None else 0,
    )


def _limit(expected: int) -> int:
    return TIMES * expected + FLOOR
