"""The reported figures that a question names, each as a sentence that the verifier proves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from queries.evidence.held import Held
from queries.evidence.wanted import Wanted
from summaries.authoring.derived import SHARES_OF
from summaries.authoring.reported import NAMED, named, printed, seen_from
from summaries.measures import CATALOGUE, Difference, Item, Ratio, Sum
from summaries.periods import Period
from summaries.verification import Verdict
from summaries.verification.documents.spells import Kind
from summaries.verification.temporal import verify_dated
from summaries.writing import numbers
from summaries.writing.extractive import NotEnoughFacts, main_view
from summaries.writing.view import Figure, View

# What is told of a company where a question names no measure.
HEADLINES = ("revenue", "operating_income", "net_income", "diluted_eps", "operating_cash_flow")
_PLURAL = ("s", "equivalents")
_SINGULAR = ("loss", "goodwill", "earnings per share", "loss per share", "cash and equivalents")
HISTORY_YEARS = 5
MOST_PERIODS = 8


@dataclass(frozen=True)
class Line:
    """``says``: "net income, fiscal 2025: $112.0bn"; ``sentence``: proven, it stands alone.
    ``facts``: of the figure itself first, ``own`` of them; then of what it is compared with.
    ``bare``: the sentence without the comparison; ``at``: "in fiscal 2025"."""

    measure: str
    says: str
    sentence: str
    facts: tuple[int, ...]
    own: int
    value: Decimal
    shown: str
    at: str
    bare: str


def lines(held: Held, wanted: Wanted) -> tuple[Line, ...]:
    """One for each measure and period that the facts have; () of a company without facts."""
    sources = held.sources
    try:
        view = main_view(sources.company, sources.book, sources.benchmark, held.stock.profile)
    except NotEnoughFacts:
        return ()
    measures = wanted.measures or HEADLINES
    found = (
        line
        for measure in measures
        for at in periods(view, wanted)
        if (line := _line(held, seen_from(view, at), measure))
    )
    return tuple({line.sentence: line for line in found}.values())


def periods(view: View, wanted: Wanted) -> list[Period]:
    """Those that the question names; else the newest, with the years before where a history is
    asked for. [] where it names none that is reported."""
    book = view.book
    if named_ones := [
        one for one in wanted.spells if one.year and one.kind in (Kind.YEAR, Kind.QUARTER)
    ]:
        quarters = {(one.year, one.number) for one in named_ones if one.kind is Kind.QUARTER}
        years = {one.year for one in named_ones if one.kind is Kind.YEAR}
        found = [p for p in book.years() if book.calendar.year_number(p.end) in years]
        found += [p for p in book.quarters() if book.calendar.quarter_of(p.end) in quarters]
        return found[-MOST_PERIODS:]
    kinds = {one.kind for one in wanted.spells}
    if wanted.is_quarterly and (quarterly := book.quarters()):
        back = 4 if wanted.is_history else 1
        if Kind.QUARTER in kinds:
            numbered = {one.number for one in wanted.spells if one.kind is Kind.QUARTER}
            quarterly = [
                p for p in quarterly if (q := book.calendar.quarter_of(p.end)) and q[1] in numbered
            ]
        return quarterly[-back:]
    if not wanted.is_history or not view.is_year:
        return [view.period]
    return book.years()[-(wanted.years_back or HISTORY_YEARS) :][::-1]


def _line(held: Held, view: View, key: str) -> Line | None:
    now = view.figure(key)
    if now is None or now.value == 0 or (key not in NAMED and key not in SHARES_OF):
        return None
    shapes = (
        _ratio(view, key, now) if isinstance(CATALOGUE[key], Ratio) else _amount(view, key, now)
    )
    told = list(shapes)
    for says, sentence, figures in told:
        if _is_proven(held, sentence):
            facts = dict.fromkeys(fact for figure in figures for fact in figure.facts)
            at = view.closing if _is_balance(key) else f"in {view.label}"
            return Line(
                key, says, sentence, tuple(facts), len(now.facts), now.value,
                _shown(view, key, now), at, bare=told[-1][1],
            )  # fmt: skip
    return None


Shape = tuple[str, str, tuple[Figure, ...]]


def _amount(view: View, key: str, now: Figure) -> Iterator[Shape]:
    """The longest first: with what it was before and the change, with what it was, alone."""
    name, value = named(key, now.value)
    show = partial(printed, view, key)
    when = view.closing if _is_balance(key) else view.label
    verb, at = ("stood at", when) if _is_balance(key) else (_be(name), f"in {when}")
    told = f"{_of(view)} {name} {verb} {show(value)} {at}"
    says = f"{name}, {when}: {show(value)}"
    earlier = _before(view, key)
    if earlier is not None and named(key, earlier.value)[0] == name:
        was = show(named(key, earlier.value)[1])
        since = "a year earlier" if _is_balance(key) or not view.is_year else view.in_before
        both = f"{says}; {since}: {was}"
        change = value / abs(earlier.value) - 1
        if now.value > 0 and was != show(value):
            by = f"{'up' if change > 0 else 'down'} {numbers.percent(abs(change))}"
            yield f"{both}, {by}", f"{told}, {by} from {was} {since}.", (now, earlier)
        yield both, f"{told}, compared with {was} {since}.", (now, earlier)
    yield says, f"{told}.", (now,)


def _before(view: View, key: str) -> Figure | None:
    if not _is_balance(key):
        return view.prior(key)
    if isinstance(CATALOGUE[key], Item):
        found = view.balance_before(key)
        return found[0] if found and view.when(found[1]) == "a year earlier" else None
    return None


def _ratio(view: View, key: str, now: Figure) -> Iterator[Shape]:
    name = SHARES_OF.get(key, CATALOGUE[key].name)
    when = view.closing if _is_balance(key) else view.label
    at, to = (when if _is_balance(key) else f"in {when}"), numbers.percent(now.value)
    says = f"{name}, {when}: {to}"
    if " as a share of " in name:
        what, of = name.split(" as a share of ")
        yield says, f"{_of(view)} {what} {_be(what)} equal to {to} of {of} {at}.", (now,)
        return
    then = view.prior(key)
    if then is not None and then.value > 0 and now.value > 0:
        was, since = numbers.percent(then.value), view.in_before
        if was != to:
            way = "up" if now.value > then.value else "down"
            moved = numbers.points(now.value - then.value)
            told = f"{_of(view)} {name} was {to} {at}, {way} from {was} {since}."
            yield f"{says}; {since}: {was}, {way} {moved}", told, (now, then)
    yield says, f"{_of(view)} {name} was {to} {at}.", (now,)


def _shown(view: View, key: str, now: Figure) -> str:
    if isinstance(CATALOGUE[key], Ratio):
        return numbers.percent(now.value)
    return printed(view, key, now.value)


def _is_balance(key: str) -> bool:
    match CATALOGUE[key]:
        case Item() as item:
            return item.is_instant
        case Sum(parts=parts):
            return all(_is_balance(part) for part in parts)
        case Difference(minuend=first) | Ratio(numerator=first):
            return _is_balance(first)
    return False


def _of(view: View) -> str:
    return view.possessive


def _be(name: str) -> str:
    is_one = name.endswith(_SINGULAR) and not name.endswith("earnings per share")
    return "were" if (name.endswith(_PLURAL) and not is_one) or "earnings per" in name else "was"


def _is_proven(held: Held, sentence: str) -> bool:
    checks = verify_dated(sentence, held.sources)
    return bool(checks) and all(one.verdict is Verdict.SUPPORTED for one in checks)
