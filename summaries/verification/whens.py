"""Period expressions: read here, resolved against a company's book in `resolving`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from summaries.periods import Span


@dataclass(frozen=True)
class Year:
    """ "fiscal 2025"."""

    number: int


@dataclass(frozen=True)
class Quarter:
    """ "the second quarter of fiscal 2025"; without a year, of the year in focus."""

    quarter: int
    year: int | None = None


@dataclass(frozen=True)
class Ended:
    """ "the six months ended 30 June 2025"."""

    span: Span
    end: date


@dataclass(frozen=True)
class Between:
    """ "the period from 4 March 2025 to 30 June 2025", of odd length."""

    start: date
    end: date


@dataclass(frozen=True)
class At:
    """ "at 27 September 2025"."""

    day: date


@dataclass(frozen=True)
class EndOf:
    """ "at the end of fiscal 2025"; without a period, of the one in focus."""

    of: When | None = None


@dataclass(frozen=True)
class Earlier:
    """ "a year earlier": the comparable period ``years`` before."""

    years: int = 1


@dataclass(frozen=True)
class QuarterBefore:
    """ "the previous quarter"."""


@dataclass(frozen=True)
class Latest:
    span: Span


@dataclass(frozen=True)
class Same:
    """ "the year", "the quarter": the period in focus, whose length it names."""

    span: Span | None


When = Year | Quarter | Ended | Between | At | EndOf | Earlier | QuarterBefore | Latest | Same

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = (
    rf"(?:(?P<d1>\d{{1,2}})\s+(?P<m1>{_MONTH})\s+(?P<y1>\d{{4}})"
    rf"|(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}}),?\s+(?P<y2>\d{{4}}))"
)
_SPANS = {
    "quarter": Span.QUARTER,
    "three months": Span.QUARTER,
    "half": Span.HALF,
    "half-year": Span.HALF,
    "half year": Span.HALF,
    "six months": Span.HALF,
    "nine months": Span.NINE_MONTHS,
    "year": Span.YEAR,
    "twelve months": Span.YEAR,
    "12 months": Span.YEAR,
    "first half": Span.HALF,
    "first nine months": Span.NINE_MONTHS,
    "first six months": Span.HALF,
}
_SPAN = (
    r"(?P<span>first\s+six\s+months|first\s+nine\s+months|first\s+half|quarter|three\s+months"
    r"|half[\s-]year|half|six\s+months|nine\s+months|year|twelve\s+months|12\s+months)"
)
_ORDINAL = r"(?P<ordinal>first|second|third|fourth|1st|2nd|3rd|4th)"
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}
# Where a four-digit number is a year and not a quantity.
_YEAR = (
    r"(?:(?:the\s+)?(?:fiscal(?:\s+year)?|financial\s+year|full[\s-]year|year)\s+'?(?P<n1>\d{4})"
    r"|FY\s?'?(?P<n2>\d{4}|\d{2})"
    r"|(?:the\s+)?(?P<n3>(?:19|20)\d\d)\s+(?:fiscal|financial)\s+year"
    r"|(?P<n4>(?:19|20)\d\d))(?![\d,]*\d|\.\d|%|\s*(?:million|billion|m|bn)\b)"
)
_LEAD = r"(?:(?:in|for|during|over|at|on|as\s+of|as\s+at|by|through)\s+)?"
_BEFORE = (
    r"(?:(?:a|one)\s+year\s+(?:earlier|before|ago|previously)|twelve\s+months\s+earlier"
    r"|(?:of\s+|in\s+)?(?:the|its)\s+(?:year\s+before|(?:previous|prior|preceding)\s+(?:fiscal\s+"
    r"|financial\s+)?year)|(?:of\s+|in\s+)?the\s+(?:fiscal\s+|financial\s+)?year\s+(?:before|earlier)"
    r"|the\s+(?:prior|previous|preceding)[\s-]year\s+(?:period|quarter|figure|level)"
    r"|the\s+year[\s-](?:ago|earlier)\s+(?:period|quarter|figure|level))"
)
_SAME_PERIOD = r"the\s+(?:same|comparable|corresponding|equivalent)\s+(?:fiscal\s+)?"
_NUMBERS = {
    word: at
    for at, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
}
NUMBER_WORD = r"(?:" + "|".join(_NUMBERS) + r"|\d{1,2})"


def number_of(word: str) -> int:
    word = word.lower()
    return _NUMBERS[word] if word in _NUMBERS else int(word)


def _rule(shape: str) -> re.Pattern[str]:
    return re.compile(_LEAD + shape + r"(?![A-Za-z-])", re.IGNORECASE)


_SPAN_DAY = _rule(
    rf"(?:the\s+|its\s+)?(?:fiscal\s+|financial\s+|full\s+)?{_SPAN}\s+(?:that\s+|which\s+)?"
    rf"(?:ended|ending|to|through|up\s+to)\s+(?:on\s+)?{_DATE}"
)
_FROM_TO = _rule(
    rf"(?:the\s+)?(?:period\s+)?from\s+{_DATE}\s+(?:to|through)\s+" + _DATE.replace("<", "<to_")
)
_SAME_EARLIER = _rule(
    rf"{_SAME_PERIOD}(?:period|quarter|half|six\s+months|nine\s+months|year)"
    rf"(?:\s+(?:of|in)?\s*{_BEFORE}|\s+last\s+year|\s+of\s+(?:the\s+)?last\s+(?:fiscal\s+)?year)"
)
_END_OF = _rule(
    r"(?:the\s+)?(?:end|close)\s+of\s+(?:(?P<none>the\s+(?:fiscal\s+|financial\s+)?"
    rf"(?:year|quarter|period|half))|(?:the\s+)?{_ORDINAL}\s+(?:fiscal\s+)?quarter"
    rf"(?:\s+of\s+{_YEAR})?|{_YEAR.replace('<n', '<e')})"
)
_YEAR_END = _rule(r"(?:the\s+)?(?:fiscal\s+)?(?:year|quarter|period)(?:'s|’s)?[\s-]end")
_QUARTER = _rule(
    rf"(?:the\s+|its\s+)?(?:{_ORDINAL}\s+(?:fiscal\s+)?quarter|Q(?P<q>[1-4]))"
    rf"(?:\s+(?:of\s+)?{_YEAR}|(?P<own>\s+of\s+the\s+(?:fiscal\s+)?year)?)"
)
_QUARTER_BEFORE = _rule(
    r"(?:the\s+)?(?:(?:previous|prior|preceding)\s+quarter|quarter\s+(?:before|earlier))"
    r"|a\s+quarter\s+(?:earlier|before|ago)"
)
_YEARS_EARLIER = _rule(rf"(?P<years>{NUMBER_WORD})\s+years\s+(?:earlier|before|ago|previously)")
_LATEST = _rule(
    r"(?:the|its)\s+(?:latest|most\s+recent|last)\s+(?:reported\s+|fiscal\s+|full\s+|financial\s+"
    rf"|completed\s+)*{_SPAN}"
)
_SAME = re.compile(
    r"(?:in|for|during|over|of|by)\s+(?:the|that|this)\s+(?:full\s+|fiscal\s+|financial\s+|same\s+)?"
    r"(?P<span>quarter|half|six\s+months|nine\s+months|year|period)(?![A-Za-z-])(?!\s+(?:ended|before))",
    re.IGNORECASE,
)
_DAY = re.compile(rf"(?:(?:at|on|as\s+of|as\s+at|by)\s+)?{_DATE}", re.IGNORECASE)
_PLAIN_YEAR = _rule(_YEAR)
_ENDED_YEAR = _rule(rf"(?:the\s+)?(?:fiscal\s+)?{_SPAN}\s+of\s+{_YEAR}")
_EARLIER = _rule(_BEFORE)


def when_at(text: str, at: int) -> tuple[When, int] | None:
    """The period expression that starts at ``at`` (its preposition included), and its end."""
    for read in _READERS:
        found = read(text, at)
        if found is not None:
            return found
    return None


def _day(found: re.Match[str], lead: str = "") -> date | None:
    form = 1 if found[f"{lead}d1"] else 2
    number, month, year = (found[f"{lead}{part}{form}"] for part in "dmy")
    at = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(month[:3].lower()))
    try:
        return date(int(year), at, int(number))
    except ValueError:
        return None


def _number(found: re.Match[str], letter: str = "n") -> int | None:
    for at in range(1, 5):
        if digits := found[f"{letter}{at}"]:
            return int(digits) if len(digits) == 4 else 2000 + int(digits)
    return None


def _span(found: re.Match[str]) -> Span:
    return _SPANS[" ".join(found["span"].lower().split())]


def _read_span_day(text: str, at: int) -> tuple[When, int] | None:
    if found := _FROM_TO.match(text, at):
        first, last = _day(found), _day(found, "to_")
        return (Between(first, last), found.end()) if first and last else None
    found = _SPAN_DAY.match(text, at)
    day = _day(found) if found else None
    return (Ended(_span(found), day), found.end()) if found and day else None


def _read_end_of(text: str, at: int) -> tuple[When, int] | None:
    if found := _END_OF.match(text, at):
        if found["none"]:
            return EndOf(), found.end()
        if found["ordinal"]:
            inner = Quarter(_ORDINALS[found["ordinal"].lower()], _number(found))
            return EndOf(inner), found.end()
        number = _number(found, "e")
        return (EndOf(Year(number)), found.end()) if number else None
    if found := _YEAR_END.match(text, at):
        return EndOf(), found.end()
    return None


def _read_quarter(text: str, at: int) -> tuple[When, int] | None:
    if found := _QUARTER.match(text, at):
        which = _ORDINALS[found["ordinal"].lower()] if found["ordinal"] else int(found["q"])
        return Quarter(which, _number(found)), found.end()
    return None


def _read_relative(text: str, at: int) -> tuple[When, int] | None:
    if found := _SAME_EARLIER.match(text, at) or _EARLIER.match(text, at):
        return Earlier(), found.end()
    if found := _YEARS_EARLIER.match(text, at):
        return Earlier(number_of(found["years"])), found.end()
    if found := _QUARTER_BEFORE.match(text, at):
        return QuarterBefore(), found.end()
    if found := _LATEST.match(text, at):
        return Latest(_span(found)), found.end()
    return None


def _read_absolute(text: str, at: int) -> tuple[When, int] | None:
    if found := _PLAIN_YEAR.match(text, at):
        number = _number(found)
        return (Year(number), found.end()) if number else None
    if found := _DAY.match(text, at):
        day = _day(found)
        return (At(day), found.end()) if day else None
    if found := _SAME.match(text, at):
        word = " ".join(found["span"].lower().split())
        return Same(None if word == "period" else _SPANS[word]), found.end()
    return None


_READERS = (_read_span_day, _read_end_of, _read_relative, _read_quarter, _read_absolute)
