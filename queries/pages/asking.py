"""A form's fields as what is asked, or what is wrong with them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from queries.actions.asking import MOST_STOCKS
from queries.values import Depth
from summaries.models import Stock
from summaries.models.stocks import NEW_YORK
from summaries.pages.moments import NotAMoment, moment

_BETWEEN = re.compile(r"[\s,;]+")
DEPTHS = (
    ("", "As the question needs"),
    (Depth.QUICK.value, "Quick: figures and quotes, at once"),
    (Depth.STANDARD.value, "Standard: search, then an answer"),
    (Depth.DEEP.value, "Deep: sources held against each other"),
)


@dataclass(frozen=True)
class Form:
    """As typed. ``problems`` are for the reader; with any of them nothing is asked."""

    question: str = ""
    stocks: str = ""
    depth: str = ""
    as_of: str = ""
    conversation: str = ""
    problems: tuple[str, ...] = ()

    @property
    def tickers(self) -> tuple[str, ...]:
        return tuple(one.upper() for one in _BETWEEN.split(self.stocks) if one)

    @property
    def chosen_depth(self) -> Depth | None:
        return Depth(self.depth) if self.depth else None

    @property
    def moment(self) -> datetime | None:
        return moment(self.as_of) if self.as_of else None

    @property
    def conversation_id(self) -> UUID | None:
        return UUID(self.conversation) if self.conversation else None


def form_of(given: Mapping[str, str]) -> Form:
    names = ("question", "stocks", "depth", "as_of", "conversation")
    said = [_typed(given.get(name, "")) for name in names]
    form = Form(said[0], said[1], said[2], said[3], said[4])
    problems = tuple(_problems(form))
    if not _is_id(form.conversation):
        form = replace(form, conversation="")
    return replace(form, problems=problems)


def _typed(text: str) -> str:
    """A browser counts a line's end as one character and sends two; NUL is nobody's text."""
    return text.replace("\r\n", "\n").replace("\0", "").strip()


def once(form: Form, key: str) -> str:
    """The key that the form asks under: sent twice it is asked once, while another question from
    the same page, as after going back, is another."""
    told = (key, form.question, form.tickers, form.depth, form.as_of, form.conversation)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest() if key else ""


def day_of(as_of: datetime | None) -> str:
    """The day that means this moment; empty where none does."""
    day = as_of.astimezone(NEW_YORK).date().isoformat() if as_of else ""
    return day if day and moment(day) == as_of else ""


def _problems(form: Form) -> Iterator[str]:
    if not form.question:
        yield "The question is empty. Write what you want to know."
    if len(form.tickers) > MOST_STOCKS:
        yield f"{len(form.tickers)} stocks were chosen. Choose at most {MOST_STOCKS}."
        return
    known = set(Stock.objects.filter(ticker__in=form.tickers).values_list("ticker", flat=True))
    if unknown := [one[:24] for one in form.tickers if one not in known]:
        yield f"We hold no stock {', '.join(unknown)}. Choose others, or none."
    if form.depth and form.depth not in dict(DEPTHS):
        yield "There is no such depth. Choose one of the list."
    if form.as_of:
        try:
            moment(form.as_of)
        except NotAMoment as error:
            yield str(error)
    if form.conversation and not _is_id(form.conversation):
        yield "There is no such conversation. What you ask now begins a new one."


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
