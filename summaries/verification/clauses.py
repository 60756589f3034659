"""A clause under construction: what has been said of its subject, before it is bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from summaries.verification.assertions import (
    Assertion,
    Compared,
    Equal,
    Firsted,
    Moved,
    Ordered,
    Ran,
    Ranked,
    Signed,
)
from summaries.verification.marks import Mark
from summaries.verification.phrases import Peers, Streak
from summaries.verification.quantities import Kind, Quantity
from summaries.verification.terms import (
    Average,
    Compound,
    Growth,
    Median,
    Negated,
    Quotient,
    Term,
    Window,
    per_share,
    root,
    simplified,
)
from summaries.verification.whens import When

Wrap = Literal["growth", "median", "average", "compound", "negated", ""]
_RATIOS = {Kind.PERCENT, Kind.CENTS, Kind.TIMES}


@dataclass
class Said:
    """A number or word of the clause whose term may still be to come (None: the subject)."""

    kind: Literal["level", "by", "order", "rank", "run", "first", "sign", "peers"]
    marks: list[Mark]
    term: Term | None = None
    quantity: Quantity | None = None
    direction: int = 0
    at_base: bool = False
    wrap: Wrap = ""
    over: Term | None = None  # denominator
    other: Term | None = None  # right-hand side of a comparison
    window: Window | None = None
    value: object = None
    when: When | None = None  # its own, before the clause's

    def like(self, other: Said) -> Said:
        """The same of what ``other`` is said of: its share, growth or average."""
        self.term, self.over, self.wrap, self.window = (
            other.term,
            other.over,
            other.wrap,
            other.window,
        )
        return self


@dataclass
class Clause:
    subject: Term | None = None
    subject_marks: list[Mark] = field(default_factory=list)
    others: list[tuple[Term, Mark]] = field(default_factory=list)
    implied: Term | None = None
    now: When | None = None
    now_marks: list[Mark] = field(default_factory=list)
    inherits: bool = False  # ``now`` is the sentence's opening period, which a clause may replace
    base: When | None = None
    base_marks: list[Mark] = field(default_factory=list)
    move: int | None = None
    move_marks: list[Mark] = field(default_factory=list)
    window: Window | None = None
    window_marks: list[Mark] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    outflow: bool = False
    gapped: bool = False  # the move was said in the clause before
    turned: list[Mark] = field(default_factory=list)
    moved: Said | None = None  # the share that moved; None: the subject
    since: bool = False  # the base was introduced by "since"
    operand: Term | None = None  # of "covered"
    operand_marks: list[Mark] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.said or self.subject or self.move is not None or self.implied)

    @property
    def has_predicate(self) -> bool:
        return bool(self.said) or self.move is not None

    def topic(self) -> Term | None:
        term = self.subject or self.implied
        return Negated(term) if term is not None and self.outflow else term

    def last_level(self, quantity: Quantity) -> Said | None:
        """The last level of the same kind: what a number compared with it is a value of."""
        return next(
            (
                said
                for said in reversed(self.said)
                if said.kind == "level"
                and not said.at_base
                and said.quantity
                and said.quantity.kind is quantity.kind
            ),
            None,
        )

    def term_of(self, said: Said) -> Term | None:
        term = said.term if said.term is not None else self.topic()
        if term is None:
            return None
        if said.over is not None:
            term = simplified(Quotient(term, said.over))
        match said.wrap:
            case "growth":
                term = term if isinstance(term, Growth) else Growth(term)
            case "median":
                term = Median(term)
            case "average":
                term = Average(term, said.window or self.window or Window())
            case "compound":
                term = Compound(term, said.window or self._span() or Window())
        if said.quantity is not None and said.quantity.kind is Kind.PER_SHARE:
            return per_share(term)
        return term

    def _span(self) -> Window | None:
        if self.window is not None:
            return self.window
        return Window(since=self.base) if self.base is not None else None

    def _since(self) -> Window | None:
        return Window(since=self.base) if self.since else None

    def bind(self) -> list[Assertion]:
        """The clause's assertions; a word that found no term makes none and stays unread."""
        bound: list[Assertion] = []
        for term, said in self._resolved():
            made = self._bound(term, said)
            if made is not None:
                bound.append(made)
        return bound + self._moves() + self._turns()

    def _resolved(self) -> list[tuple[Term, Said]]:
        subjects = [self.topic(), *(term for term, _ in self.others)]
        free = [s for s in self.said if s.term is None and s.kind in ("level", "by")]
        if len(subjects) > 1 and free:
            if len(free) != len(subjects):
                return []
            for term, said in zip(subjects, free, strict=True):
                said.term = term
        return [(term, said) for said in self.said if (term := self.term_of(said)) is not None]

    def _bound(self, term: Term, said: Said) -> Assertion | None:
        marks = (*said.marks, *self._context(said))
        when = said.when or self.now
        window = said.window or self.window or self._since() or Window()
        match said.kind:
            case "level" if said.quantity:
                return Equal(marks, term, said.quantity, when, self.base, said.at_base)
            case "by":
                over = None if self._is_history() else self.window
                return Moved(marks, term, said.direction, said.quantity, when, self.base, over)
            case "order" if said.other is not None:
                return Ordered(marks, term, said.other, said.direction, said.quantity, when)
            case "rank":
                return Ranked(marks, term, said.direction, window, when)
            case "first":
                direction = said.direction or self.move
                return Firsted(marks, term, direction, window, when) if direction else None
            case "sign":
                turned, base = bool(self.turned), self.base
                return Signed(marks, term, said.direction, when, base, turned)
            case "run":
                return self._run(marks, term, said)
            case "peers" if isinstance(said.value, Peers) and self._has_median():
                return Compared(marks, term, said.value.count, said.value.sector, when)
        return None

    def _is_history(self) -> bool:
        """Whether a run of years in the clause is what an extreme or an average is taken over."""
        return any(_takes_window(said) for said in self.said)

    def _has_median(self) -> bool:
        said = (term for one in self.said for term in (one.term, one.other))
        return any(isinstance(term, Median) for term in (self.subject, *said))

    def _run(self, marks: tuple[Mark, ...], term: Term, said: Said) -> Assertion | None:
        streak, direction = said.value, said.direction or self.move
        if isinstance(term, Growth):
            # "the third consecutive year of revenue growth"
            term, direction = term.of, direction or 1
        if not isinstance(streak, Streak) or not direction:
            return None
        since = self.base if streak.years is None else None
        return Ran(marks, term, direction, streak.years, since, streak.exact, self.now)

    def _context(self, said: Said) -> list[Mark]:
        """The marks that a statement leans on: its subject, and the periods it uses."""
        marks = list(self.subject_marks) if said.term is None else []
        marks += [mark for term, mark in self.others if said.term == term]
        marks += self.subject_marks if self.others else []
        marks += self.now_marks
        marks += self._period_marks(said)
        if said.kind in ("by", "run") or said.wrap == "compound":
            marks += self.move_marks if said.direction == self.move else []
        return marks

    def _period_marks(self, said: Said) -> list[Mark]:
        if _takes_window(said):
            if said.window is not None:
                return []
            if self.window is not None:
                return self.window_marks
            return self.base_marks if self.since or said.wrap == "compound" else []
        if said.kind == "run":
            streak = said.value
            return self.base_marks if isinstance(streak, Streak) and streak.years is None else []
        if said.kind == "by":
            return [*self.base_marks, *([] if self._is_history() else self.window_marks)]
        return self.base_marks if said.at_base or (said.kind == "sign" and self.turned) else []

    def _turns(self) -> list[Assertion]:
        """ "swung to a loss of $36m": and there was none before."""
        if not self.turned or any(said.kind == "sign" for said in self.said):
            return []
        for said in self.said:
            term = self.term_of(said)
            if said.kind == "level" and not said.at_base and term is not None:
                marks = (*self.turned, *said.marks)
                return [Signed(marks, term, 1, self.now, self.base, turned=True)]
        return []

    def _moves(self) -> list[Assertion]:
        """A direction without its own number still is an assertion."""
        told = [
            s
            for s in self.said
            # "grew faster than in 2024" compares growth, and says besides that it grew.
            if (s.kind in ("by", "run") and s.wrap != "growth") or s.wrap == "compound"
        ]
        if self.move is None or any(s.direction == self.move for s in told):
            return []
        topic = self.term_of(self.moved) if self.moved else self.topic()
        if topic is None:
            return []
        marks = (*self.move_marks, *self.subject_marks, *self.now_marks, *self.base_marks)
        marks += tuple(mark for _, mark in self.others)
        marks += () if self._is_history() else tuple(self.window_marks)
        over = None if self._is_history() else self.window
        return [
            Moved(marks, term, self.move, None, self.now, self.base, over)
            for term in (topic, *(term for term, _ in self.others))
        ]


def related(one: Term | None, other: Term | None) -> bool:
    return one is not None and root(one) == root(other)


def _takes_window(said: Said) -> bool:
    return said.kind in ("rank", "first") or said.wrap in ("average", "compound")
