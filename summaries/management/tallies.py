"""What a command says of the lines it read, beside its output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from django.core.management.base import CommandError

from summaries.verification.documents.rows import Malformed

T = TypeVar("T")


class Written(Protocol):
    def write(self, msg: str = "") -> None: ...


class Tally:
    """``things``: what the rows are, in the plural: "claims". ``verdicts``: to be counted up."""

    def __init__(self, things: str, told: Written) -> None:
        self.things = things
        self.verdicts: Counter[str] = Counter()
        self._told = told
        self._skipped = 0

    def sound(self, rows: Iterable[tuple[int, T | Malformed]]) -> Iterator[T]:
        """The rows that could be read; the others are named."""
        for number, row in rows:
            if isinstance(row, Malformed):
                self._skipped += 1
                self._told.write(f"Line {number} is skipped: {row}.")
            else:
                yield row

    def close(self) -> None:
        """Raises CommandError where there were lines, and none could be read."""
        counted = ", ".join(f"{count:,} {name}" for name, count in self.verdicts.most_common())
        skipped = f"; {self._skipped:,} lines skipped" if self._skipped else ""
        self._told.write(f"{self.verdicts.total():,} {self.things}: {counted or 'none'}{skipped}.")
        if self._skipped and not self.verdicts:
            raise CommandError(f"No line of the {self.things} could be read.")
