"""What a reader says of an answer: as kept, or as just typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from queries.models import Feedback

_AMOUNT = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.\d{1,9})?", re.ASCII)
_WORDS = {True: "yes", False: "no", None: ""}


class NotAnAmount(ValueError):
    """The message says how to write one."""


@dataclass(frozen=True)
class Opinion:
    """The fields of the form. ``problem``: why it wasn't kept."""

    accurate: str = ""
    worth: str = ""
    comment: str = ""
    problem: str = ""
    is_kept: bool = False
    is_just_given: bool = False

    @property
    def is_accurate(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.accurate)

    @property
    def worth_usd(self) -> Decimal | None:
        """Raises NotAnAmount."""
        text = self.worth.removeprefix("$").strip()
        if text and not _AMOUNT.fullmatch(text):
            raise NotAnAmount("Write what it was worth as 25 or 1,250.50, in USD.")
        return Decimal(text.replace(",", "")) if text else None


SILENT = Opinion()


def typed(given: Mapping[str, str]) -> Opinion:
    names = ("accurate", "worth", "comment")
    accurate, worth, comment = (given.get(name, "").strip() for name in names)
    return Opinion(accurate, worth, comment)


def kept(feedback: Feedback | None) -> Opinion:
    if feedback is None:
        return SILENT
    worth = "" if feedback.worth_usd is None else str(feedback.worth_usd)
    return Opinion(_WORDS[feedback.is_accurate], worth, feedback.comment, is_kept=True)
