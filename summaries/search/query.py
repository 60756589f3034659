"""What is asked, of which documents, and by whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User

from llm.embedding import Embedder
from summaries.models import Plan, Stock
from summaries.search.fusion import Ranking

# Nobody asks more; what follows in a pasted text is left out.
MOST_CHARACTERS = 4000
MOST_PASSAGES = 100

# A reader without any licence: what is free to all.
EVERYBODY: frozenset[int] = frozenset()
Reader = User | AnonymousUser | Collection[int]


@dataclass(frozen=True)
class Query:
    """``stocks``: only documents of these, and notes that speak of one of them; empty for all.

    ``kinds`` are those of Document, ``forms`` of Filing ("10-K"); ``since`` and ``until`` bound
    when the document became public, both included. ``as_of``: as it stood at that moment, nothing
    that came later. ``reader``: a user, or the keys of the plans held. ``embedder``: None for that
    of the active model.
    """

    text: str
    stocks: tuple[Stock, ...] = ()
    kinds: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    as_of: datetime | None = None
    reader: Reader = EVERYBODY
    k: int = 10
    embedder: Embedder | None = None
    ranking: Ranking = field(default_factory=Ranking)

    def __post_init__(self) -> None:
        if not 1 <= self.k <= MOST_PASSAGES:
            raise ValueError(f"k is {self.k}: ask for 1 to {MOST_PASSAGES} passages.")
        for name in ("since", "until", "as_of"):
            moment: datetime | None = getattr(self, name)
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"{name} has no time zone: say which moment is meant.")

    @property
    def is_narrow(self) -> bool:
        """Whether it names documents closely enough that all of them may be few."""
        return bool(
            self.stocks or self.kinds or self.forms or self.since or self.until or self.as_of
        )

    def words(self) -> str:
        """The text as the database can take it: no NUL, no half characters, of bounded length."""
        text = self.text.replace("\0", " ")[:MOST_CHARACTERS]
        return text.encode(errors="replace").decode().strip()

    def plans(self) -> list[int]:
        """Keys of the licences that the reader holds."""
        if isinstance(self.reader, User | AnonymousUser):
            return list(Plan.objects.held_by(self.reader).values_list("pk", flat=True))
        return list(self.reader)
