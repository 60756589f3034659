"""Periods and days that a text names: fiscal and calendar years, quarters, halves, days.

"2019", "FY2019", "fiscal 2019", "Q1 FY'22", "1Q20", "the third quarter of 2021", "December 31,
2018", "Dec. 2018", "the year ended June 25, 2017", "last year", "sequentially".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from summaries.verification.documents.seeds import SHORT, Seeds, any_of, found, kept_up_to
from summaries.verification.documents.wording import lower


class Kind(StrEnum):
    YEAR = "year"
    QUARTER = "quarter"
    HALF = "half"
    MONTHS = "months"  # three, six, nine or twelve months; ``count`` says how many
    DAY = "day"
    MONTH = "month"
    # By the document's own period:
    PRIOR_YEAR = "prior_year"  # "last year", "a year ago", "year over year"
    PRIOR_QUARTER = "prior_quarter"  # "sequentially", "last quarter"
    THIS_YEAR = "this_year"
    THIS_QUARTER = "this_quarter"
    NEXT_YEAR = "next_year"
    NEXT_QUARTER = "next_quarter"
    FULL_YEAR = "full_year"  # "the full year", "fy", without a number


@dataclass(frozen=True)
class Spell:
    """A mention. ``year`` of four digits; ``number``: of the quarter or half; ``month``, ``day`` of
    a day or month; ``count`` of months. 0 where not said."""

    start: int
    end: int
    text: str
    kind: Kind
    year: int = 0
    number: int = 0
    month: int = 0
    day: int = 0
    count: int = 0
    is_fiscal: bool = False


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:19|20)\d\d"
_SHORT = rf"(?:{_YEAR}|['’‘]?\d\d)"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3,
             "4th": 4, "final": 4}  # fmt: skip
_ORDINAL = "|".join(_ORDINALS)
_COUNTS = {"three": 3, "six": 6, "nine": 9, "twelve": 12, "3": 3, "6": 6, "9": 9, "12": 12}
_FISCAL = r"(?:fiscal(?:\s+year)?|financial\s+year|fy|full[\s-]year|calendar(?:\s+year)?|years?|cy)"
_FISCAL_NAME = re.compile(r"fiscal|financial|fy")
# Of a text in lower case, as is all that looks for them.
_RULES: tuple[tuple[str, str], ...] = (
    ("quarter", rf"(?:the\s+)?(?:{_FISCAL}\s?(?P<qy0>{_SHORT})\s+)?(?:(?P<qo>{_ORDINAL})[\s-]+(?:fiscal\s+)?"
     rf"(?:quarters?|qtrs?)|q(?P<qn>[1-4])|(?P<qm>[1-4])q)(?:(?:\s*,?\s*(?:of|in|for)?\s*(?:the\s+)?"
     rf"(?:{_FISCAL}\s*)?|[\s-]*)(?P<qy>{_YEAR}|fy\s?['’‘]?\d\d(?!\d)|['’‘]\d\d(?!\d)|(?<=q)\d\d(?!\d)|(?<=q\d[\s-])\d\d(?!\d|%|,\d|\.\d)))?"),
    ("half", rf"(?:the\s+)?(?:(?P<ho>first|second|1st|2nd)[\s-]+half|h(?P<hn>[12])|(?P<hm>[12])h)(?:\s*(?:of|in)?\s*(?:the\s+)?(?:{_FISCAL}\s*)?(?P<hy>{_YEAR}|['’‘]\d\d(?!\d)))?"),
    ("day", rf"(?:(?P<d1>\d{{1,2}})\s+(?P<m1>{_MONTH}),?\s+(?P<y1>{_YEAR})|(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,?\s*(?P<y2>{_YEAR}))?(?!\d|,\d|\.\d|\s?%)"
     r"|(?P<m3>\d{1,2})/(?P<d3>\d{1,2})/(?P<y3>\d{4}|\d\d))"),
    ("month", rf"(?P<m4>{_MONTH})\s*,?\s+(?:of\s+)?(?P<y4>{_YEAR})"),
    ("months", r"(?:the\s+)?(?:first\s+|last\s+)?(?P<count>three|six|nine|twelve|3|6|9|12)[\s-]+months?(?:\s+(?:period|period\s+)?(?:ended|ending))?"),
    ("yearof", rf"(?:the\s+)?(?P<fy>{_FISCAL})[\s-]*(?:ended\s+|ending\s+|end\s+)?['’‘]?(?P<n1>{_YEAR}|(?<=fy)\d\d(?!\d)|(?<=fy['’‘])\d\d(?!\d)|(?<=fy\s)\d\d(?!\d|%|,\d|\.\d)|(?<=['’‘])\d\d(?!\d))(?!\d|,\d|\.\d|%)"),
    ("yearfiscal", rf"(?P<n2>{_YEAR})\s+(?:fiscal|financial)\s+year"),
    ("year", rf"(?P<n3>{_YEAR})(?P<n4>e\b)?(?![\d%]|,\d|\.\d|\s*(?:million|billion|thousand|bn|shares)\b)"),
    ("prior_quarter", r"(?:compared\s+(?:to|with)\s+)?(?:the\s+)?(?:prior|previous|preceding|last)\s+(?:sequential\s+)?quarter|sequential(?:ly)?(?:\s+quarter)?|quarter[\s-](?:over|on)[\s-]quarter|qoq|q/q|from\s+the\s+(?:prior|previous)\s+quarter"),
    ("prior_year", r"(?:the\s+)?(?:same|comparable|corresponding|comparative)\s+(?:period|quarter|months|time)?\s*(?:of\s+|in\s+|from\s+)?(?:the\s+)?(?:last|prior|previous|a)\s+year(?:\s+ago)?(?:['’]s)?(?:\s+(?:period|quarter))?"
     r"|(?:the\s+)?(?:prior|previous|preceding|last)[\s-](?:fiscal\s+)?year(?:['’]s)?(?:[\s-](?:period|quarter|first\s+quarter|second\s+quarter|third\s+quarter|fourth\s+quarter))?"
     r"|(?:a|one)\s+year\s+(?:ago|earlier|before)(?:\s+(?:period|quarter))?|(?:the\s+)?year[\s-](?:ago|earlier)(?:\s+(?:period|quarter))?|year[\s-](?:over|on|to)[\s-]year|yoy|y/y|y-o-y"),
    ("next_quarter", r"(?:the\s+)?(?:next|coming|upcoming)\s+quarter"),
    ("next_year", r"(?:the\s+)?(?:next|coming|upcoming)\s+(?:fiscal\s+)?year"),
    ("full_year", r"(?:the\s+)?(?:full|entire|whole)[\s-](?:fiscal[\s-])?year|\bfy\b|full[\s-]year|\bannual(?:ly)?\b"),
    ("this_quarter", r"(?:(?:this|the|current|reported|latest)\s+){1,4}(?:fiscal\s+)?(?:quarter|qtr)|qtrly|quarterly|qtr\b|in\s+quarter"),
    ("this_year", r"(?:(?:this|the|current)\s+){1,4}(?:fiscal\s+)?year\b|year[\s-]to[\s-]date"),
)  # fmt: skip
_RULE = re.compile(
    r"(?<![\w$€£])(?:" + "|".join(f"(?P<{name}>{shape})" for name, shape in _RULES) + r")(?![a-z])"
)


# What the rules begin with, or their first word after "the".
_FIRST = any_of(
    "fisc fin firs fourt fy full cale year cy seco thi thr q1 q2 q3 q4 quar qtr qoq q/q h1 h2 six"
    " nin twel last lat prio prev prec same compara corr next comi upco enti whol curr reported"
    " the".split()
)
_ALONE = any_of(
    "jan feb mar apr may jun jul aug sep oct nov dec compared sequ from annual yo y/y y-o".split()
)
_SEEDS = Seeds(
    r"\w$€£",
    rf"(?:the\s+(?:{_FIRST}|\d)|{_FIRST}|{_ALONE}|(?:a|one)\s+y|in\s+q|(?:19|20)\d"
    r"|\d\d?(?:\s+[jfmasond]|/\d|[\s-]+m)|[1-4](?:[qh]|st|nd|rd|th))",
)


def spells_of(text: str) -> list[Spell]:
    """Every period and day that a text names, by place."""
    return list(_spells(text))


@kept_up_to(SHORT)
def _spells(text: str) -> tuple[Spell, ...]:
    return tuple(_read(text, match) for match in found(_SEEDS, _RULE, lower(text)))


def year_of(said: str) -> int:
    """ "2019", "'19", "FY19"."""
    digits = re.sub(r"\D", "", said)
    if len(digits) == 4:
        return int(digits)
    short = int(digits)
    return 2000 + short if short < 70 else 1900 + short


def _read(whole: str, match: re.Match[str]) -> Spell:
    """``match``: in ``whole`` as lowered."""
    name = str(match.lastgroup)  # the rule's: of groups within groups the outermost ends last
    start, end = match.span()
    text = whole[start:end]
    fiscal = _FISCAL_NAME.search(match.group()) is not None
    match name:
        case "quarter":
            said = match["qy"] or match["qy0"]
            number = _ORDINALS[match["qo"]] if match["qo"] else int(match["qn"] or match["qm"])
            year = year_of(said) if said else 0
            return Spell(start, end, text, Kind.QUARTER, year, number, is_fiscal=fiscal)
        case "half":
            which = match["ho"] or match["hn"] or match["hm"]
            number = _ORDINALS.get(which) or int(which)
            year = year_of(match["hy"]) if match["hy"] else 0
            return Spell(start, end, text, Kind.HALF, year, number, is_fiscal=fiscal)
        case "day":
            printed = match["y1"] or match["y2"] or match["y3"]
            day = int(match["d1"] or match["d2"] or match["d3"])
            month = int(match["m3"]) if match["m3"] else _month(match["m1"] or match["m2"])
            return Spell(
                start, end, text, Kind.DAY, year_of(printed) if printed else 0, month=month, day=day
            )
        case "month":
            return Spell(start, end, text, Kind.MONTH, int(match["y4"]), month=_month(match["m4"]))
        case "months":
            return Spell(start, end, text, Kind.MONTHS, count=_COUNTS[match["count"]])
        case "yearof" | "yearfiscal" | "year":
            said = match["n1"] or match["n2"] or match["n3"]
            return Spell(start, end, text, Kind.YEAR, year_of(said), is_fiscal=fiscal)
    return Spell(start, end, text, Kind(name))


def _month(said: str) -> int:
    return _MONTHS.index(said[:3]) + 1
