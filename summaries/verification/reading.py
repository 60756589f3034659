"""From marks to assertions: a reader that goes through a sentence once, clause by clause.

It binds by grammar over marks: what a number says depends on the words right
before and after it ("to", "from", "of", a measure, a noun of change), never on
the shape of the whole sentence. A mark that no clause accounts for is unread,
and a sentence with an unread mark is never supported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import cast

from summaries.verification.assertions import Reading
from summaries.verification.binding import bound, claims_something
from summaries.verification.clauses import Said, related
from summaries.verification.lexicon import Part
from summaries.verification.marks import Mark, Names, marks_of
from summaries.verification.numbering import change, quantity_of, read_quantity, term_of
from summaries.verification.operands import read_average, read_median, read_more, read_peers
from summaries.verification.phrases import Streak
from summaries.verification.quantities import Hedge, multiple
from summaries.verification.stream import Stream
from summaries.verification.subjects import (
    level_of,
    read_of_which,
    read_share_of,
    read_term,
    read_together,
    set_subject,
    whole_term,
)
from summaries.verification.terms import (
    Growth,
    Negated,
    Plain,
    Window,
)
from summaries.verification.whens import Earlier, QuarterBefore, When


def read(text: str, start: int, end: int, names: Names) -> Reading:
    """The reading of one sentence; ``text`` made plain before."""
    marks = marks_of(text, start, end, names)
    if not claims_something(marks):
        return Reading((), (), checkable=False)
    stream = Stream(marks)
    while (mark := stream.take()) is not None:
        _HANDLERS.get(mark.part, _leave)(stream, mark)
    stream.close()
    return bound(stream)


def _leave(stream: Stream, mark: Mark) -> None:
    """Connectives bind through the marks beside them; anything else stays unread."""


def _move(stream: Stream, mark: Mark) -> None:
    direction, factor, *hedge = cast("tuple[int, Decimal | None, *tuple[Hedge, ...]]", mark.value)
    clause = stream.clause
    if clause.move is not None and clause.has_predicate:
        clause = stream.copy()
    clause.move, clause.move_marks = direction, [mark]
    clause.moved = stream.share_beside(mark)
    if factor is not None:
        quantity = multiple(factor)
        if hedge:
            quantity = replace(quantity, hedge=hedge[0])
        stream.say(Said("by", [mark], None, quantity, direction))


def _change(stream: Stream, mark: Mark) -> None:
    """A noun of change: "an increase of 6.4%", "growth in revenue"."""
    direction = mark.value if isinstance(mark.value, int) else 0
    before, clause = stream.before(mark), stream.clause
    if stream.follows(Part.OF, Part.QUANTITY):
        stream.taken()
        number = stream.taken()
        base = before in (Part.FROM, Part.THAN)
        change(stream, [mark, number], quantity_of(number), direction, at_base=base)
    elif _qualifies(stream, mark) and clause.said:
        _qualify(stream, mark, direction)
    elif direction and clause.move is None:
        clause.move, clause.move_marks = direction, [mark]
    elif direction == 0 and stream.follows(Part.IN, Part.TERM):
        stream.taken()
        measure = stream.taken()
        term = Growth(term_of(measure))
        set_subject(stream, term, [mark, measure], before)
        level_of(stream, term, [mark, measure])


def _qualifies(stream: Stream, mark: Mark) -> bool:
    qualified = (Part.SUPERLATIVE, Part.FIRST, Part.STREAK)
    before = stream.before(mark)
    return before in qualified or (before is Part.OF and stream.before(mark, 2) is Part.STREAK)


def _qualify(stream: Stream, mark: Mark, direction: int) -> None:
    """ "the fastest growth", "its first decline", "the third straight year of growth"."""
    said = stream.clause.said[-1]
    said.marks.append(mark)
    if said.kind == "rank":
        said.wrap = "growth"
    else:
        said.direction = direction or 1


def _when(stream: Stream, mark: Mark) -> None:
    when = cast("When", mark.value)
    before, clause = stream.before(mark), stream.clause
    introduced = before in (Part.FROM, Part.SINCE, Part.THAN, Part.BETWEEN)
    if introduced or stream.than_before(mark):
        stream.set_base(when, mark, since=before is Part.SINCE)
    elif stream.relation is not None and isinstance(when, Earlier):
        stream.reasons[mark] = "whether it says when or since when is not clear"
    elif stream.last is not None and stream.last.at_base and clause.base is None:
        stream.set_base(when, mark)
    elif isinstance(when, Earlier | QuarterBefore) and clause.move is not None:
        if _in_the_year_before(mark):
            _set_now(stream, when, mark)
        elif mark.text.lower().startswith(("on ", "over ", "year")):
            stream.set_base(when, mark)
        else:
            stream.reasons[mark] = "whether it says when or since when is not clear"
    else:
        _set_now(stream, when, mark)


def _in_the_year_before(mark: Mark) -> bool:
    return mark.text.lower().startswith(("in ", "during ", "for "))


def _set_now(stream: Stream, when: When, mark: Mark) -> None:
    clause = stream.clause
    if clause.now is not None and not clause.inherits and stream.number_follows():
        # "$416.2bn in fiscal 2025, and in fiscal 2024 $391.0bn"
        clause = stream.copy()
    elif clause.now is not None and not clause.inherits:
        stream.reasons[mark] = "a second period in one statement"
        return
    if clause.is_empty and len(stream.clauses) == 1:
        stream.leading = (when, mark)
    # The opening period stays said where a clause has its own.
    clause.now, clause.now_marks, clause.inherits = when, [mark], False


def _window(stream: Stream, mark: Mark) -> None:
    window = cast("Window", mark.value)
    clause = stream.clause
    if mark.text.lower().startswith("for ") and clause.move is not None and window.years:
        # "rose for five years" says more than that it is higher than five years ago.
        stream.say(Said("run", [mark], None, None, clause.move, value=Streak(window.years)))
        return
    for said in reversed(clause.said):
        takes = said.kind in ("rank", "first") or said.wrap in ("average", "compound")
        if takes and said.window is None:
            said.window = window
            said.marks.append(mark)
            return
    clause.window, clause.window_marks = window, [mark]


def _superlative(stream: Stream, mark: Mark) -> None:
    direction, of_growth, *window = cast("tuple[int, bool, *tuple[Window, ...]]", mark.value)
    said = Said("rank", [mark], None, None, direction, wrap="growth" if of_growth else "")
    said.window = window[0] if window else None
    clause = stream.clause
    if stream.follows(Part.TERM):
        term, marks = whole_term(stream, stream.taken())
        if clause.subject is None or not related(clause.subject, term):
            set_subject(stream, term, marks, stream.before(mark))
        else:
            said.marks += marks
    stream.say(said)


def _streak(stream: Stream, mark: Mark) -> None:
    stream.say(Said("run", [mark], None, None, stream.clause.move or 0, value=mark.value))


def _first(stream: Stream, mark: Mark) -> None:
    stream.say(Said("first", [mark]))


def _sign(stream: Stream, mark: Mark) -> None:
    direction = mark.value if isinstance(mark.value, int) else 0
    stream.say(Said("sign", [mark], None, None, direction))


def _flat(stream: Stream, mark: Mark) -> None:
    stream.clause.move, stream.clause.move_marks = 0, [mark]


def _verb(stream: Stream, mark: Mark) -> None:
    if mark.value != "level":
        joined = stream.before(mark) in (Part.AND, Part.BREAK)
        if stream.clause.has_predicate and joined:
            stream.open()
    if mark.value == "turn":
        stream.clause.turned = [mark]
    stream.verb_said = True


def _used(stream: Stream, mark: Mark) -> None:
    _verb(stream, mark)
    stream.clause.outflow = stream.clause.subject == Plain("operating_cash_flow")


def _implied(stream: Stream, mark: Mark) -> None:
    key, sign = cast("tuple[str, int]", mark.value)
    clause = stream.clause
    if not clause.is_empty:
        clause = stream.open()
    clause.implied = Plain(key) if sign > 0 else Negated(Plain(key))
    stream.verb_said = True


def _compound(stream: Stream, mark: Mark) -> None:
    stream.compounds.append(mark)
    following = stream.peek()
    if following and following.part is Part.CHANGE and following.value == 0:
        stream.compounds.append(stream.taken())


def _yearly(stream: Stream, mark: Mark) -> None:
    stream.reasons[mark] = "a rate a year of what is not said"


def _cover(stream: Stream, mark: Mark) -> None:
    stream.covering = mark


def _break(stream: Stream, mark: Mark) -> None:
    if stream.clause.has_predicate:
        stream.copy()
    stream.last = None


def _name(stream: Stream, mark: Mark) -> None:
    stream.reasons[mark] = "entity"


_HANDLERS: dict[Part, Callable[[Stream, Mark], None]] = {
    Part.TERM: read_term,
    Part.QUANTITY: read_quantity,
    Part.MOVE: _move,
    Part.CHANGE: _change,
    Part.WHEN: _when,
    Part.WINDOW: _window,
    Part.SUPERLATIVE: _superlative,
    Part.STREAK: _streak,
    Part.FIRST: _first,
    Part.SIGN: _sign,
    Part.FLAT: _flat,
    Part.VERB: _verb,
    Part.USED: _used,
    Part.IMPLIED: _implied,
    Part.COMPOUND: _compound,
    Part.YEARLY: _yearly,
    Part.COVER: _cover,
    Part.MORE: read_more,
    Part.FASTER: read_more,
    Part.MEDIAN: read_median,
    Part.AVERAGE: read_average,
    Part.PEERS: read_peers,
    Part.OF_WHICH: read_of_which,
    Part.BREAK: _break,
    Part.NAME: _name,
    Part.TOGETHER: read_together,
    Part.SHARE_OF: read_share_of,
}
