"""A question in its conversation: what it doesn't say is taken from what was asked before."""

from __future__ import annotations

from collections.abc import Sequence

from queries.understanding import intents
from queries.understanding.parsing import MOST_PERIODS, MOST_STOCKS, Parsed
from queries.understanding.values import (
    RUNS,
    Back,
    Before,
    Half,
    Intent,
    Last,
    Meant,
    Next,
    NineMonths,
    PeriodBefore,
    Quarter,
    ToDate,
    Trailing,
    When,
    Year,
)
from summaries.periods import Span

# Words up to which a question may be the rest of another one.
_FRAGMENT = 5
# What is asked for where a comparison or a change names no figure.
_USUAL = ("revenue", "operating_margin", "net_income", "free_cash_flow")
# The period that a report is on.
_REPORTED: dict[str, tuple[When, ...]] = {
    "10-K": (Back(0),), "10-Q": (Back(0, Span.QUARTER),),
}  # fmt: skip
_VAGUE = (Intent.OTHER, Intent.VALUE)
_OF_FIGURES = (Intent.VALUE, Intent.TREND, Intent.CHANGE, Intent.COMPARISON, Intent.RANKING)


def set_out(parsed: Parsed, chosen: Sequence[str]) -> Meant:
    """The first question of a conversation, about the ``chosen`` stocks unless it names some."""
    stocks = _joined(parsed, parsed.stocks, chosen) if parsed.stocks else tuple(chosen)
    return _meant(parsed, stocks[:MOST_STOCKS], _intent(parsed, stocks, parsed.has_figures))


def followed(parsed: Parsed, earlier: Meant, chosen: Sequence[str]) -> Meant:
    """A later question. The stocks before it are meant rather than the chosen ones where it leans
    on what was said."""
    leans = parsed.is_joined or parsed.is_pointing or parsed.words <= _FRAGMENT
    context = earlier.stocks if (leans and earlier.stocks) or not chosen else tuple(chosen)
    stocks = _joined(parsed, parsed.stocks, context) if parsed.stocks else context
    stocks = stocks[:MOST_STOCKS]
    intent = _intent(parsed, stocks, parsed.has_figures)
    if not _says_what(parsed, intent):
        return _continued(parsed, earlier, stocks)
    if leans and parsed.topic and _is_more_of(intent, earlier):
        return _meant(
            parsed, stocks, Intent.SAID, forms=parsed.forms or earlier.forms,
            kinds=parsed.kinds or earlier.kinds, periods=_periods(parsed, earlier), follows=True,
        )  # fmt: skip
    if leans and parsed.has_figures and earlier.is_of_figures:
        kept = earlier.intent if intent in _VAGUE and earlier.intent in _OF_FIGURES else intent
        return _meant(parsed, stocks, kept, periods=_periods(parsed, earlier), follows=True)
    return _meant(parsed, stocks, intent, periods=_resolved(parsed.periods, earlier), follows=leans)


def _says_what(parsed: Parsed, intent: Intent) -> bool:
    """Whether it names a figure or a topic, or asks for what needs neither."""
    if parsed.has_figures or parsed.topic:
        return True
    if intents.is_explained(parsed.text):
        return False
    return intent not in (*_VAGUE, Intent.CHANGE, Intent.TREND, Intent.COMPARISON, Intent.RANKING)


def _is_more_of(intent: Intent, earlier: Meant) -> bool:
    """Another topic in the documents asked of before."""
    return earlier.intent is Intent.SAID and intent in (Intent.OTHER, Intent.SAID)


def _continued(parsed: Parsed, earlier: Meant, stocks: tuple[str, ...]) -> Meant:
    """The question before, of other stocks or another period."""
    own = _intent(parsed, stocks, earlier.is_of_figures)
    intent = earlier.intent if own in _VAGUE else own
    periods = _periods(parsed, earlier)
    if own is Intent.TREND and not parsed.periods and not any(isinstance(o, RUNS) for o in periods):
        periods = ()
    if intent is Intent.ADVICE and not intents.is_advice(parsed.text) and parsed.periods:
        intent = Intent.VALUE
    if intent is Intent.VALUE and len(stocks) > 1:
        intent = Intent.COMPARISON
    if intent in (Intent.COMPARISON, Intent.RANKING) and len(stocks) == 1:
        intent = Intent.VALUE
    is_explained = intents.is_explained(parsed.text)
    named = tuple(word for key in earlier.measures for word in key.split("_"))
    return Meant(
        intent, stocks, earlier.measures, periods,
        earlier.topic or (named if is_explained else ()), parsed.forms or earlier.forms,
        parsed.kinds or earlier.kinds, parsed.unknown, earlier.unheld,
        parsed.as_of or earlier.as_of, earlier.most, is_explained or earlier.is_explained,
        is_follow_up=True,
    )  # fmt: skip


def _joined(parsed: Parsed, named: tuple[str, ...], context: Sequence[str]) -> tuple[str, ...]:
    """ "Compare it with MSFT" is of two."""
    if len(named) == 1 and intents.is_comparison(parsed.text):
        return tuple(dict.fromkeys((*context, *named)))
    return named


def _intent(parsed: Parsed, stocks: Sequence[str], has_figures: bool) -> Intent:
    return intents.intent_of(parsed.text, stocks=len(stocks), has_figures=has_figures)


def _meant(
    parsed: Parsed,
    stocks: Sequence[str],
    intent: Intent,
    *,
    periods: tuple[When, ...] | None = None,
    forms: tuple[str, ...] | None = None,
    kinds: tuple[str, ...] | None = None,
    follows: bool = False,
) -> Meant:
    periods = _resolved(parsed.periods, None) if periods is None else periods
    if parsed.has_figures and not periods and len(parsed.forms) == 1:
        periods = _REPORTED.get(parsed.forms[0], ())
    measures = parsed.measures
    if not parsed.has_figures and not parsed.topic:
        if intent is Intent.CHANGE or intent is Intent.TREND:
            measures = ("revenue",)
        elif intent in (Intent.COMPARISON, Intent.RANKING):
            measures = _USUAL
    intent = _fitting(intent, parsed, measures, periods, bool(stocks))
    return Meant(
        intent, tuple(stocks), measures, periods, parsed.topic,
        parsed.forms if forms is None else forms, parsed.kinds if kinds is None else kinds,
        parsed.unknown, parsed.unheld, parsed.as_of, not intents.is_least(parsed.text),
        intents.is_explained(parsed.text), is_follow_up=follows,
    )  # fmt: skip


def _fitting(
    intent: Intent,
    parsed: Parsed,
    measures: Sequence[str],
    periods: Sequence[When],
    has_stocks: bool,
) -> Intent:
    """What fits the periods, or the want of anything that is asked for."""
    if intent in (Intent.VALUE, Intent.CHANGE, Intent.TREND) and measures:
        if any(isinstance(one, Next) for one in periods):
            return Intent.ESTIMATE
        if intent is Intent.VALUE and any(isinstance(one, RUNS) for one in periods):
            return Intent.TREND
    is_bare = not parsed.topic and not parsed.has_figures and not parsed.forms
    if intent is Intent.OTHER and has_stocks and is_bare:
        return Intent.SUMMARY
    return intent


# -- periods ------------------------------------------------------------------------


def _periods(parsed: Parsed, earlier: Meant) -> tuple[When, ...]:
    """Its own, counted from those before; without any, those before."""
    return _resolved(parsed.periods, earlier) if parsed.periods else earlier.periods


def _resolved(periods: Sequence[When], earlier: Meant | None) -> tuple[When, ...]:
    """ "The year before" is counted from the period said last; alone, from the latest year."""
    found: list[When] = []
    for one in periods:
        base = found[-1] if found else earlier.periods[-1] if earlier and earlier.periods else None
        found.append(_counted(one, base))
    runs = [one for one in found if isinstance(one, RUNS)]
    if len(runs) > 1:
        # "Every year since 2020" says how far once.
        found = [one for one in found if one not in (Last(), Last(None, Span.QUARTER))] or found
    return tuple(dict.fromkeys(found))[:MOST_PERIODS]


def _counted(when: When, base: When | None) -> When:
    match when:
        case Before(years):
            return _years_before(base, years)
        case PeriodBefore():
            return _quarter_before(base)
    return when


def _years_before(base: When | None, years: int) -> When:
    match base:
        case Year(number):
            return Year(number - years)
        case Quarter(number, int(year)):
            return Quarter(number, year - years)
        case Half(number, int(year)):
            return Half(number, year - years)
        case NineMonths(int(year)):
            return NineMonths(year - years)
        case Back(steps, Span.YEAR):
            return Back(steps + years)
        case Back(steps, Span.QUARTER):
            return Back(steps + 4 * years, Span.QUARTER)
        case ToDate() | Trailing():
            return Back(years - 1)
    return Back(years)


def _quarter_before(base: When | None) -> When:
    match base:
        case Quarter(1, int(year)):
            return Quarter(4, year - 1)
        case Quarter(number, year) if number > 1:
            return Quarter(number - 1, year)
        case Back(steps, Span.QUARTER):
            return Back(steps + 1, Span.QUARTER)
    return Back(1, Span.QUARTER)
