"""The marks of a sentence as they are read, and the clause being built of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from summaries.verification.clauses import Clause, Said, related
from summaries.verification.lexicon import Part
from summaries.verification.marks import Mark
from summaries.verification.quantities import Kind, Quantity
from summaries.verification.terms import Growth, Term
from summaries.verification.whens import When

# Comparatives that want a "than" before the other side.
_BARE = frozenset(
    {
        "more",
        "higher",
        "greater",
        "larger",
        "wider",
        "less",
        "lower",
        "smaller",
        "narrower",
        "fewer",
    }
)


@dataclass
class Relation:
    """ "6.4% more than", before what it is more than has come."""

    direction: int
    marks: list[Mark]
    quantity: Quantity | None = None
    of_growth: bool = False
    of: Said | None = None  # the share it speaks of; None: the subject


@dataclass
class Whole:
    """ "of every dollar of revenue": what the next share is a share of."""

    term: Term
    marks: list[Mark]


@dataclass
class Stream:
    marks: list[Mark]
    at: int = 0  # of the mark after the one being handled
    clauses: list[Clause] = field(default_factory=lambda: [Clause()])
    leading: tuple[When, Mark] | None = None
    relation: Relation | None = None
    covering: Mark | None = None
    whole: Whole | None = None
    compounds: list[Mark] = field(default_factory=list)
    last: Said | None = None  # the last number said, which a following period belongs to
    verb_said: bool = False
    reasons: dict[Mark, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """ "8.3% of fiscal 2025 revenue" is read as "8.3% of revenue, fiscal 2025"."""
        marks = self.marks
        for at in range(len(marks) - 2):
            shape = tuple(mark.part for mark in marks[at : at + 3])
            if shape == (Part.OF, Part.WHEN, Part.TERM):
                marks[at + 1], marks[at + 2] = marks[at + 2], marks[at + 1]

    @property
    def clause(self) -> Clause:
        return self.clauses[-1]

    def take(self) -> Mark | None:
        if self.at >= len(self.marks):
            return None
        self.at += 1
        return self.marks[self.at - 1]

    def taken(self) -> Mark:
        """The next mark, which must be there: look with `follows` or `peek` first."""
        self.at += 1
        return self.marks[self.at - 1]

    def peek(self, ahead: int = 0) -> Mark | None:
        at = self.at + ahead
        return self.marks[at] if at < len(self.marks) else None

    def follows(self, *parts: Part) -> bool:
        """Whether the next marks are of these parts, in this order."""
        found = self.marks[self.at : self.at + len(parts)]
        return tuple(mark.part for mark in found) == parts

    def before(self, mark: Mark, back: int = 1) -> Part | None:
        at = self.marks.index(mark) - back
        return self.marks[at].part if at >= 0 else None

    def than_before(self, mark: Mark) -> bool:
        """Whether "higher than" stands right before; after "higher" alone nothing is compared."""
        at = self.marks.index(mark) - 1
        last = self.marks[at] if at >= 0 else None
        if last is None or last.part is Part.FASTER:
            return last is not None
        return last.part is Part.MORE and last.text.lower() not in _BARE

    def number_follows(self) -> bool:
        said = self.clause.has_predicate
        return said and (self.follows(Part.QUANTITY) or self.follows(Part.COMMA, Part.QUANTITY))

    # -- clauses ---------------------------------------------------------------

    def open(self) -> Clause:
        """Close the clause and begin another, which has the sentence's opening period."""
        self.close()
        clause = Clause()
        if self.leading is not None:
            when, mark = self.leading
            clause.now, clause.now_marks, clause.inherits = when, [mark], True
        self.clauses.append(clause)
        self.last, self.verb_said = None, False
        return clause

    def copy(self) -> Clause:
        """Another statement of the same subject: "fell 2.8% in 2023, then rose 2.0%"."""
        old = self.clause
        clause = self.open()
        clause.subject, clause.subject_marks = old.subject, old.subject_marks
        clause.implied, clause.outflow = old.implied, old.outflow
        return clause

    def close(self) -> None:
        self.settle()
        clause = self.clause
        if clause.operand is not None:
            self.say(Said("order", clause.operand_marks, None, direction=1, other=clause.operand))
            clause.operand = None
        self.compounds, self.whole, self.covering = [], None, None

    def settle(self) -> None:
        """A comparison whose other side is no figure compares with the period before."""
        relation, self.relation = self.relation, None
        if relation is not None:
            said = Said("by", relation.marks, None, relation.quantity, relation.direction)
            said.wrap = "growth" if relation.of_growth else ""
            self.clause.said.append(said.like(relation.of) if relation.of else said)

    def say(self, said: Said) -> None:
        self.clause.said.append(said)
        if said.kind in ("level", "by"):
            self.last = said

    def set_base(self, when: When, mark: Mark, *, since: bool = False) -> None:
        clause = self.clause
        if clause.base is not None:
            self.reasons[mark] = "a second period to compare with"
            return
        self.settle()
        clause.base, clause.base_marks, clause.since = when, [mark], since

    # -- comparisons -----------------------------------------------------------

    def share_beside(self, mark: Mark) -> Said | None:
        """The share that ", down from 2.4%" speaks of; after a verb the subject is spoken of."""
        last, following = self.last, self.peek()
        beside = last is not None and last.over is not None and not last.at_base
        if not beside or self.before(mark) is not Part.COMMA:
            return None
        if mark.part is Part.MOVE and following and isinstance(following.value, Quantity):
            # "net income of $112.0bn, or 26.9% of revenue, up 19.5%": income is up.
            return last if following.value.kind is Kind.POINTS else None
        return last

    def compare(self, term: Term, marks: list[Mark]) -> bool:
        """The other side of a comparison has come; whether it was taken as that."""
        clause = self.clause
        if self.covering is not None:
            clause.operand, clause.operand_marks = term, [self.covering, *marks]
            self.covering = None
            return True
        relation = self.relation
        if relation is None or clause.topic() is None or related(clause.topic(), term):
            return False
        self.relation = None
        other = Growth(term) if relation.of_growth else term
        self.say(
            Said(
                "order",
                [*relation.marks, *marks],
                None,
                relation.quantity,
                relation.direction,
                wrap="growth" if relation.of_growth else "",
                other=other,
            )
        )
        return True
