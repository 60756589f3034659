"""The page where a text is checked: what was pasted, and the text with its claims marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.contrib.auth.models import User

from summaries.marking import Kind, Marked, MarkedClaim, mark
from summaries.models import Stock
from summaries.models.texts import Verdict
from summaries.pages.marks import Piece
from summaries.verification import Level

_WORST_FIRST = (
    Verdict.CONTRADICTED, Verdict.NOT_FOUND, Verdict.NOT_CHECKABLE, Verdict.SUPPORTED,
)  # fmt: skip
_MEANING = {
    Level.LOW: "nothing speaks against it",
    Level.MEDIUM: "somebody should read it",
    Level.HIGH: "don’t rely on it",
    Level.CRITICAL: "don’t send it out like this",
}
_KINDS = {
    Kind.FIGURE: "figure", Kind.QUALITATIVE: "statement", Kind.FORWARD: "about the future",
    Kind.OPINION: "opinion", Kind.NONE: "no claim",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What was put into the form; ``problems``: why it can't be checked."""

    ticker: str
    text: str
    stock: Stock | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A claim beside the text. ``number`` counts from 1; ``pieces``: the sentence, what the reasons
    speak of marked."""

    number: int
    claim: MarkedClaim
    pieces: tuple[Piece, ...]

    @property
    def kind(self) -> str:
        return _KINDS[self.claim.kind]

    @property
    def is_claim(self) -> bool:
        return self.claim.kind is not Kind.NONE

    @property
    def percent(self) -> int:
        return round(self.claim.risk * 100)


@dataclass(frozen=True)
class Part:
    """A stretch of the pasted text: a sentence, or what stands between two."""

    text: str
    line: Line | None = None


@dataclass(frozen=True)
class Checked:
    marked: Marked
    parts: tuple[Part, ...]
    lines: tuple[Line, ...]
    verdicts: tuple[tuple[Verdict, int], ...]

    @property
    def percent(self) -> int:
        return round(self.marked.risk * 100)

    @property
    def meaning(self) -> str:
        return _MEANING[self.marked.level]


def asked(ticker: str, text: str) -> Asked:
    ticker = ticker.strip()
    # A form sends each line's end as two characters.
    text = text.replace("\r\n", "\n").replace("\0", "")
    stock = Stock.objects.filter(ticker=ticker.upper()).first() if ticker else None
    return Asked(ticker, text, stock, tuple(_problems(ticker, text, stock)))


def _problems(ticker: str, text: str, stock: Stock | None) -> Iterable[str]:
    if not ticker:
        yield "Say which stock the text is about: write its ticker, as AAPL."
    elif stock is None:
        yield f"We don’t know a stock {ticker[:24]}. Write its ticker, as AAPL."
    if not text.strip():
        yield "There is no text. Paste what is to be checked."
    elif len(text) > settings.CHECK_CHARACTERS:
        most = settings.CHECK_CHARACTERS
        yield f"The text has {len(text):,} characters. Check at most {most:,} at a time."


def too_many(question: Asked) -> Asked:
    return replace(
        question, problems=("That were many texts in a short time. Wait a minute, then go on.",)
    )


def checked(question: Asked, reader: User) -> Checked:
    """``question``: one without problems. Raises ValueError for another."""
    if question.stock is None:
        raise ValueError("Only a question without problems can be answered.")
    marked = mark(question.text, stock=question.stock, reader=reader)
    lines = tuple(_line(number, one) for number, one in enumerate(marked.claims, 1))
    counts = Counter(one.claim.verdict.value for one in lines if one.is_claim)
    verdicts = tuple((one, counts[one.value]) for one in _WORST_FIRST if counts[one.value])
    return Checked(marked, tuple(_parts(question.text, lines)), lines, verdicts)


def _line(number: int, claim: MarkedClaim) -> Line:
    spans = sorted(
        (one.start - claim.start, one.end - claim.start)
        for one in claim.reasons
        if claim.start <= one.start < one.end <= claim.end
        and one.end - one.start < claim.end - claim.start
    )
    pieces: list[Piece] = []
    at = 0
    for start, end in spans:
        if start < at:
            continue
        pieces += [Piece(claim.text[at:start]), Piece(claim.text[start:end], is_marked=True)]
        at = end
    pieces.append(Piece(claim.text[at:]))
    return Line(number, claim, tuple(one for one in pieces if one.text))


def _parts(text: str, lines: Iterable[Line]) -> Iterable[Part]:
    at = 0
    for line in lines:
        if line.claim.start > at:
            yield Part(text[at : line.claim.start])
        yield Part(line.claim.text, line)
        at = line.claim.end
    if at < len(text):
        yield Part(text[at:])
