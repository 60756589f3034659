"""The other side of a comparison: a median, an average, another figure."""

from __future__ import annotations

from typing import cast

from summaries.verification.clauses import Said
from summaries.verification.lexicon import Part
from summaries.verification.marks import Mark
from summaries.verification.quantities import Quantity
from summaries.verification.stream import Relation, Stream
from summaries.verification.terms import Average, Growth, Median, Term, Window


def read_more(stream: Stream, mark: Mark) -> None:
    """ "above", "higher than", "faster than": the other side comes next."""
    direction = mark.value if isinstance(mark.value, int) else 0
    if mark.text.lower() == "over" and stream.clause.has_predicate:
        return  # "up 6.4% over the year before" says no more than "from"
    stream.settle()
    if isinstance(topic := stream.clause.subject, Median):
        # "the median is 24.1%, and the company is above it at 32.0%"
        own = stream.open()
        own.subject, own.subject_marks = topic.of, []
        stream.say(Said("order", [mark], None, direction=direction, other=topic))
        return
    stream.relation = Relation(direction, [mark], of_growth=mark.part is Part.FASTER)
    if stream.follows(Part.THAN):
        stream.taken()


def read_median(stream: Stream, mark: Mark, number: Mark | None = None) -> None:
    """ "the sector median of 24.1%", "the median operating margin is 24.1%"."""
    if number is None and stream.follows(Part.TERM):
        measure = stream.taken()
        term = cast("Term", measure.value)
        marks = [mark, measure]
        if stream.follows(Part.CHANGE):
            marks.append(stream.taken())
            term = Growth(term)
        clause = stream.clause if stream.clause.subject is None else stream.open()
        clause.subject, clause.subject_marks = Median(term), marks
        if stream.follows(Part.OF, Part.QUANTITY):
            stream.taken()
            _value(stream, marks, stream.taken(), None)
        return
    _operand(stream, [mark], number, "median")


def read_average(stream: Stream, mark: Mark, number: Mark | None = None) -> None:
    """ "its five-year average of 44.1%", "averaged 44.1% over the past five years"."""
    if stream.follows(Part.OF, Part.QUANTITY, Part.YEARLY):
        # "grew by an average of 8.7% a year"
        stream.taken()
        stream.compounds.append(mark)
        return
    window = mark.value if isinstance(mark.value, Window) else None
    if stream.relation is None and number is None and stream.follows(Part.QUANTITY):
        said = Said("level", [mark, taken := stream.taken()], None, _quantity(taken))
        said.wrap, said.window = "average", window
        stream.say(said)
        return
    _operand(stream, [mark], number, "average", window)


def _quantity(mark: Mark) -> Quantity:
    return cast("Quantity", mark.value)


def _value(stream: Stream, marks: list[Mark], number: Mark, window: Window | None) -> None:
    stream.say(Said("level", [*marks, number], None, _quantity(number), window=window))


def _operand(
    stream: Stream, marks: list[Mark], number: Mark | None, wrap: str, window: Window | None = None
) -> None:
    if number is None and stream.follows(Part.OF, Part.QUANTITY):
        stream.taken()
        number = stream.taken()
    if window is None and stream.follows(Part.WINDOW):
        taken = stream.taken()
        marks, window = [*marks, taken], cast("Window", taken.value)
    clause = stream.clause
    topic = clause.topic()
    if topic is None:
        stream.reasons[marks[0]] = f"the {wrap} of what is not said"
        return
    right: Term = Median(topic) if wrap == "median" else Average(topic, window or Window())
    if number is not None and stream.relation is None:
        first = min(number, marks[0], key=lambda mark: mark.start)
        if stream.before(first) is Part.VERB:
            # "the margin is the 24.1% median" says that it is 24.1% too.
            stream.say(Said("level", [number], None, _quantity(number)))
    if number is not None:
        stream.say(Said("level", [*marks, number], right, _quantity(number)))
    relation, stream.relation = stream.relation, None
    if relation is not None:
        stream.say(
            Said(
                "order",
                [*relation.marks, *marks],
                None,
                relation.quantity,
                relation.direction,
                other=right,
            )
        )
    elif number is None:
        stream.reasons[marks[0]] = f"nothing is said of the {wrap}"


def read_peers(stream: Stream, mark: Mark) -> None:
    stream.say(Said("peers", [mark], value=mark.value))
