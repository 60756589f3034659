"""The periods that a question names."""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from queries.understanding.values import (
    Back,
    Before,
    Half,
    Last,
    Next,
    NineMonths,
    PeriodBefore,
    Quarter,
    Since,
    Through,
    ToDate,
    Trailing,
    When,
    Year,
)
from summaries.periods import Span

MOST_YEARS = 30
_NUMBERS = {
    word: at
    for at, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen".split()
    )
} | {"couple of": 2, "few": 3, "several": 5, "twenty": 20}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_Y4 = r"(?:19[89]\d|20[0-6]\d)"
# A year is no amount: "$2020", "2020%", "2,020", "2020 million".
_YEAR = rf"(?<![$€£,.\d])(?:(?:fiscal|financial|fy|calendar|cy|year|full[- ]year)\s?'?)?({_Y4})(?![\d%]|[.,]\d|\s?(?:million|billion|bn|m\b|shares))"
_N = r"(\d{1,2}|" + "|".join(_NUMBERS) + r")"
_PAST = r"(?:last|past|previous|prior|preceding|latest|recent|most recent|trailing)"
_FISCAL = r"(?:fiscal |financial |full |reported |completed |calendar )?"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3,
             "4th": 4, "final": 4}  # fmt: skip
_ORDINAL = "(" + "|".join(_ORDINALS) + ")"
_OF_YEAR = rf"(?:,? (?:of |in )?(?:the )?(?:(?:fiscal|financial|fy)(?: year)? ?'?)?({_Y4}))?"


@dataclass(frozen=True)
class Spell:
    """A period said from ``start`` to ``end`` of the text."""

    start: int
    end: int
    when: When


# One character for one, unlike str.lower(): places stay.
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
Maker = Callable[[re.Match[str]], When | None]


def number_of(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


def _last(found: re.Match[str]) -> When | None:
    count, unit = number_of(found[1]), found[2]
    if unit.startswith("month"):
        return _months(count)
    span = Span.QUARTER if unit.startswith("quarter") else Span.YEAR
    return Last(min(count, MOST_YEARS), span) if count > 1 else Back(0, span)


def _months(count: int) -> When | None:
    spans = {3: Span.QUARTER, 6: Span.HALF, 9: Span.NINE_MONTHS}
    return Trailing() if count == 12 else Back(0, spans[count]) if count in spans else None


def _through(found: re.Match[str]) -> When:
    first, last = sorted((int(found[1]), _full(found[2])))
    return Through(first, last)


def _full(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _optional(digits: str | None) -> int | None:
    return _full(digits) if digits else None


def _quarter(found: re.Match[str]) -> When:
    return Quarter(int(found[1]), _optional(found[2]))


def _named_quarter(found: re.Match[str]) -> When:
    return Quarter(_ORDINALS[found[1]], _optional(found[2]))


def _rule(shape: str, make: Maker) -> tuple[re.Pattern[str], Maker]:
    return re.compile(rf"(?<![\w$]){shape}(?!\w)"), make


# What is found earlier in the list keeps its characters.
_RULES: tuple[tuple[re.Pattern[str], Maker], ...] = (
    _rule(r"(?:(?:the )?(?:trailing|last|past) (?:twelve|12)[- ]months?|ttm|ltm)", lambda _: Trailing()),
    _rule(rf"(?:the )?{_PAST} {_N} {_FISCAL}(years?|quarters?|months?)", _last),
    _rule(rf"(?:over|for|in|during|through) (?:the )?{_N} {_FISCAL}(years|quarters)(?! (?:ago|back|before|earlier|time))", _last),
    _rule(rf"(?:the )?(?:{_PAST} )?decade", lambda _: Last(10)),
    _rule(rf"{_N}[- ](?:year|yr) (?:trend|history|record|view|average|growth|cagr)", lambda m: Last(max(2, number_of(m[1])))),
    _rule(rf"(?:from |between )?(?:fiscal |fy ?)?({_Y4}) ?(?:to|and|through|until|till|-|–|—) ?(?:fiscal |fy ?)?({_Y4}|\d\d(?=\D|$))", lambda m: _through(m) if _is_run(m) else None),
    _rule(rf"(?:ever )?since (?:the )?(?:end of )?(?:fiscal |fy ?|year )?({_Y4})", lambda m: Since(int(m[1]))),
    _rule(rf"from (?:fiscal |fy ?)?({_Y4}) (?:on|onwards?|to (?:now|date|today))", lambda m: Since(int(m[1]))),
    _rule(rf"q([1-4])[- ]?(?:of )?(?:fiscal |fy ?)?'?’?({_Y4}|\d\d)?", _quarter),
    _rule(r"([1-4])q ?'?’?(\d{4}|\d\d)?", _quarter),
    _rule(rf"({_Y4})[- ]?q([1-4])", lambda m: Quarter(int(m[2]), int(m[1]))),
    _rule(rf"(?:the )?{_ORDINAL} (?:fiscal )?quarter{_OF_YEAR}", _named_quarter),
    _rule(rf"h([12]) ?(?:of )?(?:fiscal |fy ?)?'?({_Y4}|\d\d)?", lambda m: Half(int(m[1]), _optional(m[2]))),
    _rule(rf"(?:the )?(first|second) (?:half|six months){_OF_YEAR}", lambda m: Half(_ORDINALS[m[1]], _optional(m[2]))),
    _rule(rf"(?:the )?first nine months{_OF_YEAR}", lambda m: NineMonths(_optional(m[1]))),
    _rule(r"(?:the )?(?:same|comparable|corresponding) (?:quarter|period|half) (?:of |in )?(?:the )?(?:last|previous|prior|year before|a year (?:ago|before|earlier))(?: year)?", lambda _: Before()),
    _rule(r"(?:the )?(?:quarter before|(?:previous|prior|preceding) quarter)(?: (?:that|last))?", lambda _: PeriodBefore()),
    _rule(rf"{_N} years? (?:ago|back)", lambda m: Back(number_of(m[1]))),
    _rule(rf"{_N} years? (?:before|earlier)(?: that)?", lambda m: Before(number_of(m[1]))),
    _rule(r"(?:in |of |for |from )?(?:the |a |one )?(?:year (?:before|earlier|prior|previous)(?: (?:that|last))?|(?:previous|prior|preceding) (?:fiscal |financial )?year(?:'s)?)", lambda _: Before()),
    _rule(r"a year ago", lambda _: Back(1)),
    _rule(r"(?:next|coming|following|upcoming) (?:fiscal |financial )?(year|quarter)", lambda m: Next(Span.QUARTER if m[1] == "quarter" else Span.YEAR)),
    _rule(r"(?:(?:the )?(?:current|this) (?:fiscal |financial )?year|so far|year[- ]to[- ]date|ytd)(?: so far)?", lambda _: ToDate()),
    _rule(r"(?:the )?(?:last|latest|past|most recent|newest|current|this) (?:reported |fiscal |completed )?(?:quarter|quarterly (?:results|report))(?:'s)?", lambda _: Back(0, Span.QUARTER)),
    _rule(r"(?:the )?(?:last|latest|past|most recent|newest) (?:reported |full |completed )?(?:fiscal |financial |calendar )?(?:year|annual (?:report|results))(?:'s)?", lambda _: Back(0)),
    _rule(r"(?:over time|over the years|historical(?:ly)?|history|(?:each|every|by) year|year by year|annually|long[- ]term|through the years|in recent years|recent years)", lambda _: Last()),
    _rule(r"(?:each|every|by) quarter|quarter by quarter|quarterly", lambda _: Last(None, Span.QUARTER)),
    _rule(r"fy ?'?’?(\d\d)", lambda m: Year(_full(m[1]))),
    (re.compile(rf"(?<!\w){_YEAR}(?!\w)"), lambda m: Year(int(m[1]))),
    _rule(r"['’](\d\d)(?!\d)", lambda m: Year(_full(m[1]))),
)  # fmt: skip
_DATE = (
    rf"(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)? (?P<m1>{_MONTH}),? (?P<y1>{_Y4})"
    rf"|(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y2>{_Y4})"
    rf"|(?P<y3>{_Y4})-(?P<n3>\d\d)-(?P<d3>\d\d))"
)
_AS_OF = re.compile(
    rf"\b(?:as (?:of|at|on)|as (?:it )?(?:was )?known (?:on|at|by)|known (?:on|at|by)|as it stood (?:on|at)"
    rf"|at|on|by) (?:the )?{_DATE}"
)


def _is_run(found: re.Match[str]) -> bool:
    """Two years with "and" between them are two years, unless "between" says otherwise."""
    is_between = found[0].startswith("between")
    return is_between or " and " not in found[0]


def whens_of(text: str) -> list[Spell]:
    """In the order said."""
    found: list[Spell] = []
    taken = bytearray(len(text))
    low = text.translate(_LOWER)
    for pattern, make in _RULES:
        for match in pattern.finditer(low):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            when = make(match)
            if when is not None:
                found.append(Spell(start, end, when))
                taken[start:end] = b"\1" * (end - start)
    return sorted(found, key=lambda one: one.start)


def as_of(text: str) -> tuple[date, int, int] | None:
    """The day as of which an answer is wanted, and where it is said."""
    found = _AS_OF.search(text.translate(_LOWER))
    day = _day(found) if found else None
    return (day, *found.span()) if found and day else None


def _day(found: re.Match[str]) -> date | None:
    form = next(n for n in (1, 2, 3) if found[f"y{n}"])
    month = int(found["n3"]) if form == 3 else _MONTHS.index(found[f"m{form}"][:3]) + 1
    try:
        return date(int(found[f"y{form}"]), month, int(found[f"d{form}"]))
    except ValueError:
        return None
