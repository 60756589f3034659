"""Where somebody can be reached: e-mail, telephone, IP address, an address with a password in it.

None of Presidio's recognisers fits here. Its e-mail recogniser asks the network for the list of
public suffixes; its telephone recogniser takes 4 ms a region for 500 characters and reads dates
as numbers; its IP recogniser alone takes a tenth of our time, for what ``ipaddress`` knows.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from llm.masking.found import Found, Kind

_URL = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/@:]*:[^\s/@]+@[^\s<>\"']+", re.IGNORECASE)

# The look-behind lets an address begin at its first character only: no quadratic search.
_LOCAL = r"(?<![\w.!#$%&'*+/=?^{|}~-])[\w.!#$%&'*+/=?^{|}~-]++"
_EMAIL = re.compile(
    _LOCAL + r"(?:@|\s?[\[({<]\s?at\s?[\])}>]\s?)[\w-]+"
    r"(?:(?:\.|\s?[\[({<]\s?dot\s?[\])}>]\s?)[\w-]+)+"
    r"|\b[\w.+-]+ at (?:gmail|yahoo|outlook|hotmail|icloud|aol|proton|protonmail) dot com\b",
    re.IGNORECASE,
)
_EMAIL_SIGN = re.compile(r"@|\bat\b", re.IGNORECASE)

# Three, three and four digits in groups; or a country's code and its digits.
_NO_NUMBER_BEFORE = r"(?<![\w$.,/+-])(?<![$€£(] )"
_PHONE = re.compile(
    _NO_NUMBER_BEFORE + r"(?:"
    r"(?:\+?1[ .-]{0,2})?(?:\([2-9]\d{2}\)[ .-]{0,2}|[2-9]\d{2}[ .-])\d{3}[ .-]\d{4}"
    r"|\+[1-9](?:[ ().-]{0,2}\d){7,14}"
    r"|1-8\d\d-[A-Z0-9-]{7,10}"
    r"|0\d{2,4}[ -]\d{3,4}[ -]\d{3,4}"
    r")(?![\w%]|[.,-]\d)(?:,?[ ]{0,2}(?:x|ext\.?|extension)[ ]{0,2}\d{1,6}\b)?",
    re.IGNORECASE,
)
_PHONE_SAID = re.compile(
    r"\b(?:phone|telephone|tel|cell|mobile|fax|call(?:ed)?(?: (?:me|him|her|them|us))?|text(?:ed)?"
    r"|whatsapp|reach(?:ed)?(?: (?:me|him|her|them|us))?|dial|ring)\b"
    r"(?: (?:number|no|nr|back|up|is|at|on|was|:|#))*[.:# ]{0,3}"
    r"(?P<number>\+?\(?\d(?:[ ().-]{0,2}\d){6,14})(?![\w%]|[.,]\d)",
    re.IGNORECASE,
)

_IP = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|(?=[0-9a-f:.]*:[0-9a-f:.]*:)[0-9a-f:.]{3,45})(?!\w|\.\d)",
    re.IGNORECASE,
)
# An exhibit's number, or a program's version.
_NUMBERED = re.compile(
    r"\b(?:exhibit|item|section|note|version|v|rule|form)s?\.? ?$", re.IGNORECASE
)


def contacts(text: str) -> Iterator[Found]:
    if "://" in text:
        yield from (Found(*match.span(), Kind.URL) for match in _URL.finditer(text))
    if _EMAIL_SIGN.search(text):
        yield from (Found(*_trimmed(match), Kind.EMAIL) for match in _EMAIL.finditer(text))
    yield from _phones(text)
    yield from _ip_addresses(text)


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    """Without the stop that ends the sentence, and what stands before the address."""
    start, end = match.span()
    held = match[0]
    return start + len(held) - len(held.lstrip("'*.=/")), end


def _phones(text: str) -> Iterator[Found]:
    for match in _PHONE.finditer(text):
        # Three columns of a table, the last of them a year.
        if not re.fullmatch(r"\d{3} \d{3} (?:19|20)\d\d", match[0]):
            yield Found(*match.span(), Kind.PHONE)
    for match in _PHONE_SAID.finditer(text):
        yield Found(*match.span("number"), Kind.PHONE)


def _ip_addresses(text: str) -> Iterator[Found]:
    for match in _IP.finditer(text):
        try:
            ipaddress.ip_address(match[0].rstrip("."))
        except ValueError:
            continue
        if not _NUMBERED.search(text, max(0, match.start() - 12), match.start()):
            yield Found(match.start(), match.start() + len(match[0].rstrip(".")), Kind.IP)
