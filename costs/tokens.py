"""How much of a model a call used: the classes that providers price apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tokens:
    """Numbers of tokens, none counted in two places.

    ``input``: read anew; ``cache_write``, ``cache_write_1h``: read and put into the provider's
    cache for five minutes or an hour; ``cache_read``: found there; ``output``: written,
    thinking included; ``thinking``: how many of ``output`` were thinking.
    """

    input: int = 0
    cache_write: int = 0
    cache_write_1h: int = 0
    cache_read: int = 0
    output: int = 0
    thinking: int = 0

    def __post_init__(self) -> None:
        if min(self.input, self.cache_write, self.cache_write_1h, self.cache_read) < 0:
            raise ValueError("A number of tokens can't be negative.")
        if not 0 <= self.thinking <= self.output:
            raise ValueError("Thinking tokens are a part of the output tokens.")

    @property
    def prompt(self) -> int:
        """The whole prompt, which decides the price band."""
        return self.input + self.cache_write + self.cache_write_1h + self.cache_read

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(
            self.input + other.input,
            self.cache_write + other.cache_write,
            self.cache_write_1h + other.cache_write_1h,
            self.cache_read + other.cache_read,
            self.output + other.output,
            self.thinking + other.thinking,
        )
