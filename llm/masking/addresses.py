"""Where somebody lives: a house number with a street, a post-office box, a town with its ZIP code.

Presidio leaves addresses to a language model, which isn't here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from llm.masking.found import Found, Kind

_STREET = (
    r"Street|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Pl|Terrace|Ter"
    r"|Circle|Cir|Parkway|Pkwy|Highway|Hwy|Square|Sq|Trail|Trl|Alley|Loop|Crescent|Cres|Close|Plaza"
    r"|Turnpike|Row|Mews|Broadway"
)
_LONG = r"street|avenue|road|boulevard|blvd|lane|drive|parkway|terrace"
_STATES = (
    r"A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]"
    r"|T[NX]|UT|V[AT]|W[AIVY]|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware"
    r"|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland"
    r"|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire"
    r"|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania"
    r"|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington"
    r"|West Virginia|Wisconsin|Wyoming"
)
_NAME = r"(?:[A-Z][\w'.-]{0,20}|\d{1,3}(?:st|nd|rd|th))"
_TOWN = r"[A-Z][a-z'.-]{1,15}(?: [A-Z][a-z'.-]{1,15}){0,2}"
_FLAT = r"(?:,? ?(?:Apt|Apartment|Suite|Ste|Unit|Floor|Fl|Room|Rm|#)\.? ?#?\w{1,6})?"
_REST = rf"{_FLAT}(?:[ ,\n]{{1,3}}{_TOWN})?(?:,? (?:{_STATES})\b)?(?:,? \d{{5}}(?:-\d{{4}})?\b)?"
_HOUSE = r"(?<![\w$.,/#€£-])\d{1,6}(?:[A-Za-z]|-\d{1,5}| 1/2)?,? "

_ADDRESS = re.compile(
    rf"{_HOUSE}(?:(?:[NSEW]|North|South|East|West|NE|NW|SE|SW)\.? )?"
    rf"(?:{_NAME} ){{1,4}}?(?:{_STREET})\b\.?(?: (?:NE|NW|SE|SW|[NSEW])\b)?{_REST}"
    rf"|{_HOUSE}Broadway\b{_REST}"
)
_SMALL_ADDRESS = re.compile(
    rf"{_HOUSE}(?:(?!of|in|the|and|or|to|on|at|for|down|percent|million|billion)[a-z'.-]{{2,15}} ){{1,2}}"
    rf"(?:{_LONG})\b(?:,? [a-z]{{3,15}}\b(?=[.,]|$))?",
    re.IGNORECASE,
)
_BOX = re.compile(rf"\bP\.? ?O\.? ?Box \d{{1,8}}{_REST}", re.IGNORECASE)
_ZIP = re.compile(rf"\b{_TOWN},? (?:{_STATES}),? \d{{5}}(?:-\d{{4}})?\b")
_ZIP_SAID = re.compile(
    r"\b(?:zip|zip ?code|postal code|postcode)\b[ :#]{0,3}(?:is )?(\d{5}(?:-\d{4})?)\b",
    re.IGNORECASE,
)

# "By 2024 State Street Corp", "3 Wall Street analysts": no house number, and nobody's home.
_FIRM = re.compile(
    r"(?:\d{4} )?(?:\d+ )?(?:Wall|Main|State|High|Bay|Fleet|Broad) Street(?='s|,? (?:Corp|Capital|Bank|Global"
    r"|Advisors|Research|and Co|analyst|estimate|firm|bank|consensus|expect|research|strateg|broker|econom"
    r"|trader|forecast|target|investor))",
    re.IGNORECASE,
)
# "since 2019 Madison Square Garden": a year and no house, where a word of time stands before it.
_YEAR = re.compile(r"(?:19|20)\d\d\b")
_TIME = re.compile(
    r"\b(?:in|by|since|fiscal|fy|year|during|until|before|after|from|to|and|for|of|vs\.?|q[1-4]|[a-z]+ \d\d?,) ?$",
    re.IGNORECASE,
)
_WORTH_IT = re.compile(r"\d")


def addresses(text: str) -> Iterator[Found]:
    if not _WORTH_IT.search(text):
        return
    for form, confidence in ((_ADDRESS, 0.85), (_SMALL_ADDRESS, 0.7)):
        for match in form.finditer(text):
            if not (_FIRM.match(text, match.start()) or _is_time(text, match.start())):
                yield Found(*match.span(), Kind.ADDRESS, confidence=confidence)
    for form in (_BOX, _ZIP):
        yield from (Found(*match.span(), Kind.ADDRESS) for match in form.finditer(text))
    yield from (Found(*match.span(1), Kind.ADDRESS) for match in _ZIP_SAID.finditer(text))


def _is_time(text: str, place: int) -> bool:
    return bool(_YEAR.match(text, place) and _TIME.search(text, max(0, place - 15), place))
