"""Measures as they come up in a clause: its subject, the other side, or the whole of a share."""

from __future__ import annotations

from summaries.verification.clauses import Said, related
from summaries.verification.lexicon import Part
from summaries.verification.marks import Mark
from summaries.verification.numbering import quantity_of, term_of
from summaries.verification.stream import Stream, Whole
from summaries.verification.terms import Growth, Quotient, Term, Total, simplified

# What may be said before its subject: "a 6.4% increase in revenue".
_OPEN = ("level", "by", "order", "rank", "run", "first")


def read_term(stream: Stream, mark: Mark) -> None:
    before = stream.before(mark)
    if stream.clause.is_empty and (
        before is Part.EACH_DOLLAR or (before is Part.OF and stream.before(mark, 2) is None)
    ):
        stream.whole = Whole(term_of(mark), [mark])
        return
    term, marks = whole_term(stream, mark)
    clause = stream.clause
    if before is Part.BY and (stream.relation is not None or stream.covering is not None):
        stream.reasons[mark] = "which of the two is the greater is not clear"
    elif stream.compare(term, marks):
        level_of(stream, term, marks)
    elif before in (Part.FROM, Part.THAN) and related(clause.topic(), term):
        level_of(stream, term, marks, at_base=True)
    elif before is Part.THAN and not stream.follows(Part.OF, Part.QUANTITY):
        stream.reasons[mark] = "it is set beside something, but how they compare is not said"
    else:
        set_subject(stream, term, marks, before)
        level_of(stream, term, marks)


def whole_term(stream: Stream, mark: Mark) -> tuple[Term, list[Mark]]:
    """The measure with what belongs to it: "revenue growth", "X as a share of Y"."""
    term, marks = term_of(mark), [mark]
    following = stream.peek()
    if following and following.part is Part.CHANGE and following.value == 0:
        marks.append(stream.taken())
        return Growth(term), marks
    if stream.follows(Part.SHARE_OF, Part.TERM):
        stream.taken()
        marks.append(stream.taken())
        return simplified(Quotient(term, term_of(marks[-1]))), marks
    return term, marks


def set_subject(stream: Stream, term: Term, marks: list[Mark], before: Part | None) -> None:
    clause = stream.clause
    listed = before in (Part.AND, Part.COMMA) and clause.subject is not None
    if listed and not clause.has_predicate and not stream.verb_said:
        clause.others.append((term, marks[0]))
        return
    told = clause.implied is not None and clause.has_predicate
    open_change = (
        clause.subject is None
        and not told
        and (
            clause.move is not None or any(s.term is None and s.kind in _OPEN for s in clause.said)
        )
    )
    if clause.subject is not None or (clause.has_predicate and not open_change):
        clause = stream.open()
    clause.subject, clause.subject_marks = term, marks


def level_of(stream: Stream, term: Term, marks: list[Mark], *, at_base: bool = False) -> None:
    """ "net income of $112.0bn"."""
    if stream.follows(Part.OF, Part.QUANTITY):
        stream.taken()
        number = stream.taken()
        stream.say(Said("level", [*marks, number], term, quantity_of(number), at_base=at_base))


def read_together(stream: Stream, mark: Mark) -> None:
    """ "dividends and buybacks together": their sum."""
    clause = stream.clause
    if clause.subject is None or not clause.others:
        return
    clause.subject_marks += [mark, *(one for _, one in clause.others)]
    clause.subject = Total((clause.subject, *(term for term, _ in clause.others)))
    clause.others = []


def read_share_of(stream: Stream, mark: Mark) -> None:
    """ "as a share of revenue", before or after what is a share of it."""
    if not stream.follows(Part.TERM):
        stream.reasons[mark] = "a share of what is not said"
        return
    below, clause = stream.taken(), stream.clause
    if clause.subject is None:
        stream.whole = Whole(term_of(below), [below])
        return
    clause.subject = simplified(Quotient(clause.subject, term_of(below)))
    clause.subject_marks = [*clause.subject_marks, below]


def read_of_which(stream: Stream, mark: Mark) -> None:
    term, marks = stream.clause.subject, stream.clause.subject_marks
    stream.open()
    if term is not None:
        stream.whole = Whole(term, marks)
