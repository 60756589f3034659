"""Who a text is about."""

from __future__ import annotations

from dataclasses import dataclass

from summaries.names import aliases, display_name, short_name


@dataclass(frozen=True)
class Company:
    """``aliases``: the forms under which a text may name it, longest first."""

    name: str
    ticker: str
    aliases: tuple[str, ...] = ()

    @classmethod
    def named(cls, name: str, ticker: str) -> Company:
        return cls(display_name(name), ticker, aliases(name))

    @property
    def short(self) -> str:
        return short_name(self.name)
