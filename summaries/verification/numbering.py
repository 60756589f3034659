"""What a number says, by the words around it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import cast

from summaries.verification.clauses import Said, related
from summaries.verification.lexicon import Part
from summaries.verification.marks import Mark
from summaries.verification.operands import read_average, read_median
from summaries.verification.quantities import Kind, Quantity
from summaries.verification.stream import Relation, Stream
from summaries.verification.terms import Plain, Term

_RATIOS = {Kind.PERCENT, Kind.CENTS, Kind.TIMES}
_AMOUNTS = {Kind.MONEY, Kind.SHARES, Kind.PER_SHARE, Kind.COUNT}


def quantity_of(mark: Mark) -> Quantity:
    return cast("Quantity", mark.value)


def term_of(mark: Mark) -> Term:
    return cast("Term", mark.value)


def read_quantity(stream: Stream, mark: Mark) -> None:
    for rule in (_compound, _changed, _share, _of_term, _beside):
        if rule(stream, mark):
            return
    _by_preposition(stream, mark)


def _compound(stream: Stream, mark: Mark) -> bool:
    """ "a compound rate of 8.7% a year", "8.7% a year compounded"."""
    quantity = quantity_of(mark)
    if quantity.kind is not Kind.PERCENT or stream.before(mark) in (Part.FROM, Part.THAN):
        return False
    marks = [*stream.compounds, mark]
    while (following := stream.peek()) and following.part in (Part.YEARLY, Part.COMPOUND):
        marks.append(stream.taken())
    if len(marks) == 1:
        return False
    stream.compounds = []
    if stream.follows(Part.CHANGE):
        marks.append(stream.taken())
    direction = stream.clause.move or 1
    if direction < 0:
        quantity = replace(quantity, value=-quantity.value)
    said = Said("level", marks, None, quantity, stream.clause.move or 0, wrap="compound")
    stream.say(said)
    return True


def _changed(stream: Stream, mark: Mark) -> bool:
    """ "a 6.4% increase", "6.4% more than", "a 6.4% growth in revenue"."""
    following = stream.peek()
    if following is None:
        return False
    share = stream.share_beside(mark)
    quantity = quantity_of(mark)
    if quantity.kind is Kind.CENTS:
        if share is None:
            return False
        # "61.2 cents of each dollar, 1.1 cents less than": points, of a ratio.
        quantity = quantity.as_kind(Kind.POINTS)
    if following.part is Part.CHANGE:
        stream.taken()
        direction = following.value if isinstance(following.value, int) else 0
        change(stream, [mark, following], quantity, direction)
        return True
    if following.part is Part.MORE and isinstance(following.value, int):
        stream.taken()
        stream.relation = Relation(following.value, [mark, following], quantity, of=share)
        if stream.follows(Part.THAN):
            stream.taken()
        return True
    return False


def change(
    stream: Stream, marks: list[Mark], quantity: Quantity, direction: int, *, at_base: bool = False
) -> None:
    """A change by so much; growth without a direction may be below zero."""
    if direction == 0:
        stream.say(Said("level", marks, None, quantity, at_base=at_base, wrap="growth"))
    else:
        stream.say(Said("by", marks, None, quantity, direction))


def _share(stream: Stream, mark: Mark) -> bool:
    """ "46.9% of revenue", "26.9 cents of every dollar of revenue", "1.8 times equity"."""
    quantity, clause = quantity_of(mark), stream.clause
    if quantity.kind not in _RATIOS or stream.before(mark) in (Part.MOVE, Part.BY):
        return False
    if stream.whole is not None:
        whole, stream.whole = stream.whole, None
        stream.say(Said("level", [mark, *whole.marks], None, quantity, over=whole.term))
        return True
    if quantity.kind is Kind.TIMES and clause.operand is not None:
        said = Said("level", [mark, *clause.operand_marks], None, quantity, over=clause.operand)
        clause.operand = None
        stream.say(said)
        return True
    marks = _denominator(stream, quantity)
    if marks is None:
        return False
    below = term_of(marks[-1])
    said = Said("level", [mark, marks[-1]], None, quantity, over=below)
    stream.say(said)
    if stream.follows(Part.OF, Part.QUANTITY):
        stream.taken()
        number = stream.taken()
        stream.clause.said.append(Said("level", [marks[-1], number], below, quantity_of(number)))
    return True


def _denominator(stream: Stream, quantity: Quantity) -> list[Mark] | None:
    for shape in (
        (Part.OF, Part.TERM),
        (Part.OF, Part.EACH_DOLLAR, Part.TERM),
        (Part.OF, Part.EACH_DOLLAR, Part.OF, Part.TERM),
        (Part.EACH_DOLLAR, Part.TERM),
        *([(Part.TERM,)] if quantity.kind is Kind.TIMES else []),
    ):
        if stream.follows(*shape):
            return [stream.taken() for _ in shape]
    return None


def _of_term(stream: Stream, mark: Mark) -> bool:
    """ "$35.9bn of cash", "$15.4bn in dividends", "$12.7bn on capital expenditure"."""
    quantity, clause = quantity_of(mark), stream.clause
    if quantity.kind not in _AMOUNTS or stream.before(mark) in (Part.BY, Part.MOVE):
        return False
    binder = stream.peek()
    if binder is None or binder.part not in (Part.OF, Part.IN, Part.ON, Part.TO):
        return False
    measure = stream.peek(1)
    if measure is None or measure.part is not Part.TERM or binder.part is Part.TO:
        return False
    stream.taken()
    stream.taken()
    term = term_of(measure)
    if term == Plain("cash") and stream.before(mark) is Part.USED and clause.subject is None:
        # Cash that was used is no balance; what used it must be named.
        stream.reasons[mark] = "what used the cash is not said"
        return True
    if term == Plain("cash") and clause.subject == Plain("operating_cash_flow"):
        stream.say(Said("level", [mark, measure], None, quantity))
        return True
    base = stream.before(mark) in (Part.FROM, Part.THAN) and related(clause.topic(), term)
    if not base and clause.subject is not None:
        clause = stream.open()
    if clause.subject is None:
        clause.subject, clause.subject_marks = term, [measure]
    is_whole = stream.before(mark) is Part.OF and not clause.has_predicate
    stream.say(Said("level", [mark, measure], term, quantity, at_base=base))
    if is_whole:
        # "of the $416.2bn of revenue, $195.2bn was gross profit"
        stream.open()
    return True


def _beside(stream: Stream, mark: Mark) -> bool:
    """ "the 24.1% median", "its 44.1% five-year average"."""
    if stream.follows(Part.MEDIAN):
        read_median(stream, stream.taken(), mark)
        return True
    if stream.follows(Part.AVERAGE):
        read_average(stream, stream.taken(), mark)
        return True
    return False


def _by_preposition(stream: Stream, mark: Mark) -> None:
    _inherit_move(stream, mark)
    quantity, clause = quantity_of(mark), stream.clause
    before = stream.before(mark)
    gapped = clause.gapped and quantity.kind in (Kind.PERCENT, Kind.POINTS)
    if before is Part.TERM and (gapped or stream.before(mark, 2) is Part.MOVE):
        # "grew revenue 6.4%", "cut its debt $2.1bn"
        before = Part.MOVE
    match before:
        case Part.BY | Part.MOVE:
            if before is Part.BY and _by_of_order(stream, mark):
                return
            if clause.move is None:
                stream.reasons[mark] = "a change without a direction"
                return
            _by(stream, mark)
        case Part.FROM | Part.THAN:
            _at_base(stream, mark)
        case Part.AND | Part.COMMA | Part.OR | Part.BREAK:
            _listed(stream, mark)
        case Part.TO | Part.AT | Part.VERB | Part.USED | Part.IMPLIED | Part.TERM | Part.FLAT:
            _level(stream, mark)
        case Part.WHEN if stream.marks[stream.marks.index(mark) - 1] in clause.base_marks:
            # "exceeded the prior year's $391.0bn"
            _at_base(stream, mark)
        case Part.WHEN | Part.IN | Part.AS | Part.OF:
            _level(stream, mark)
        case _:
            stream.reasons[mark] = "what this number says is not clear"


def _by(stream: Stream, mark: Mark) -> None:
    clause = stream.clause
    said = Said("by", [mark, *clause.move_marks], None, quantity_of(mark), clause.move or 0)
    stream.say(said.like(clause.moved) if clause.moved is not None else said)


def _inherit_move(stream: Stream, mark: Mark) -> None:
    """ "revenue rose 6.4% and net income 19.5%": the verb is said once for both."""
    clause = stream.clause
    if len(stream.clauses) < 2 or clause.subject is None or clause.has_predicate:
        return
    earlier = stream.clauses[-2]
    if stream.verb_said or earlier.move is None or earlier.moved is not None:
        return
    if stream.before(mark) in (Part.TERM, Part.TO, Part.BY, Part.FROM):
        clause.move, clause.gapped = earlier.move, True


def _by_of_order(stream: Stream, mark: Mark) -> bool:
    """ "exceeded dividends by $80bn"."""
    said = stream.clause.said[-1] if stream.clause.said else None
    if said is None or said.kind != "order" or said.quantity is not None:
        return False
    said.quantity = quantity_of(mark)
    said.marks.append(mark)
    return True


def _level(stream: Stream, mark: Mark) -> None:
    stream.say(Said("level", [mark], _own_term(stream, mark), quantity_of(mark)))


def _own_term(stream: Stream, mark: Mark) -> Term | None:
    """The measure that a unit names by itself: "$7.46 a diluted share", "15.0bn diluted shares"."""
    kind, bare = quantity_of(mark).kind, stream.clause.topic() is None
    if bare and kind is Kind.PER_SHARE:
        return Plain("diluted_eps")
    if bare and kind is Kind.SHARES and "diluted" in mark.text:
        return Plain("diluted_shares")
    return None


def _at_base(stream: Stream, mark: Mark) -> None:
    """The earlier value, of what was said before in the same unit."""
    clause = stream.clause
    quantity = _per_share_too(stream, quantity_of(mark))
    stream.settle()
    same = clause.last_level(quantity)
    growing = (
        quantity.kind is Kind.PERCENT
        and same is None
        and any(
            said.kind == "by" and said.quantity and said.quantity.kind is Kind.PERCENT
            for said in clause.said
        )
    )
    if growing and stream.before(mark) is Part.THAN:
        # "rose 6.4%, against 2.0% a year earlier": growth beside growth.
        value = quantity if (clause.move or 1) > 0 else replace(quantity, value=-quantity.value)
        stream.say(Said("level", [mark], None, value, at_base=True, wrap="growth"))
        return
    said = Said("level", [mark], None, quantity, at_base=True)
    stream.say(said.like(same) if same is not None else said)


def _per_share_too(stream: Stream, quantity: Quantity) -> Quantity:
    """ "$7.46 a diluted share, against $6.08": the second is a share too."""
    last = stream.last.quantity if stream.last else None
    unscaled = quantity.kind is Kind.MONEY and quantity.place <= Decimal("0.01")
    if unscaled and last is not None and last.kind is Kind.PER_SHARE:
        return replace(quantity, kind=Kind.PER_SHARE)
    return quantity


def _listed(stream: Stream, mark: Mark) -> None:
    """A number after a comma, "and" or "or": the same thing in another unit, or the next year."""
    quantity, clause = quantity_of(mark), stream.clause
    last = stream.last
    if stream.before(mark) is Part.OR and last is not None and last.kind == "by":
        # "rose 19.5%, or $18.3bn"
        stream.say(Said("by", [mark], None, quantity, last.direction).like(last))
        return
    again = stream.before(mark) is Part.AND or stream.follows(Part.WHEN)
    if again and not clause.others:
        same = next(
            (
                said
                for said in reversed(clause.said)
                if said.quantity and said.quantity.kind is quantity.kind
            ),
            None,
        )
        if same is not None and same.term is None and same.kind in ("level", "by"):
            _again(stream, mark, same)
            return
    by = next((said for said in reversed(clause.said) if said.kind == "by"), None)
    if clause.others and by is not None:
        # "revenue and net income rose 6.4% and 19.5%"
        stream.say(Said("by", [mark, *clause.move_marks], None, quantity, by.direction))
        return
    if quantity.kind in (Kind.POINTS,):
        stream.reasons[mark] = "a change without a direction"
        return
    _level(stream, mark)


def _again(stream: Stream, mark: Mark, same: Said) -> None:
    """ "rose 2.0% in fiscal 2024 and 6.4% in fiscal 2025"."""
    move, move_marks = stream.clause.move, stream.clause.move_marks
    clause = stream.copy()
    direction = same.direction
    if same.kind == "by":
        clause.move, clause.move_marks = move, move_marks
    stream.say(
        Said(
            same.kind,
            [mark, *clause.move_marks],
            None,
            quantity_of(mark),
            direction,
            wrap=same.wrap,
            over=same.over,
        )
    )
