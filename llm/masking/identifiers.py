"""Numbers that a person is known by: taxes, accounts, cards, papers, the date of birth.

What has a check digit is Presidio's (``presidio``). The rest is ours: its recogniser of social
security numbers lets the well-known sample numbers pass, which people type; and its account,
passport and licence numbers are any digits, told apart by lemmas of a language model that isn't
here. Ours stand behind the word that names them, or have a form of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from llm.masking.found import Found, Kind

_BARE = r"(?<![\w$.,/-])"
_ENDS = r"(?![\w%]|[.,/-]\d)"
_IS = r"(?:[ \t]{0,4}(?:number|num|no|nos|nr|id|ids|code)\b\.?)?[ \t]{0,4}(?:is|are|was|of|to|:|#|=|-|\()?[ \t:#=(]{0,3}"
# At least four digits, and nothing that an amount has.
_VALUE = (
    r"(?P<value>(?=(?:[a-z*x]{0,4}[ -]?\d){4})[a-z0-9*](?:-?[a-z0-9*]| \d){3,24})(?![\w%]|[.,]\d)"
)

_DATE = (
    r"(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}"
    r"|(?:\d{1,2}(?:st|nd|rd|th)?[ -](?:of )?)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"[a-z]*\.?(?:[ -]\d{1,2}(?:st|nd|rd|th)?)?,?[ -]\d{2,4}|(?:19|20)\d\d)\b"
)

_FORMS: tuple[tuple[Kind, str], ...] = (
    (Kind.TAX_ID, _BARE + r"(?P<value>\d{3}(?P<gap>[-.])\d{2}(?P=gap)\d{4})" + _ENDS),
    (Kind.TAX_ID, _BARE + r"(?P<value>\d{3} \d{2} (?!(?:19|20)\d\d)\d{4})" + _ENDS),
    (
        Kind.TAX_ID,
        r"\b(?:ssns?|itins?|tins?|ein|social(?: security)?|soc(?:ial)? sec|ss ?(?=#|no|num)"
        r"|tax(?:payer)?(?: identification)? ?(?:id|number|no)|national insurance|nino)\b"
        + _IS
        + r"(?P<value>\*{0,3}[\dx*a-z](?:[ .-]?[\dx*a-z]){3,10})"
        + r"(?<=\d[\da-z])"
        + _ENDS,
    ),
    (
        Kind.ACCOUNT,
        r"\b(?:accounts?|acct|accts|acc|a/c|brokerage|checking|savings|custod(?:y|ial)|ira|401\(?k\)?"
        r"|membership|member|policy|client id|customer id)\b\.?" + _IS + _VALUE,
    ),
    (
        Kind.ACCOUNT,
        r"\b(?:routing|aba|transit|sort code|swift|bic|iban|wire(?:d)?(?: it)? to|wallet)\b" + _IS + _VALUE,
    ),
    (
        Kind.ACCOUNT,
        r"\b(?:ending(?: in| with)?|ends (?:in|with)|last (?:four|4)(?: digits)?)" + _IS
        + r"(?P<value>\d{3,6})\b(?![.,/%]\d|%)",
    ),
    (
        Kind.CARD,
        r"\b(?:cards?|visa|mastercard|amex|american express|discover|cvv|cvc)\b" + _IS
        + r"(?P<value>\d(?:[ .-]?\d){11,18})" + _ENDS,
    ),
    (Kind.CARD, r"\b(?:cvv2?|cvc)\b" + _IS + r"(?P<value>\d{3,4})\b"),
    (Kind.PASSPORT, r"\bpassports?\b" + _IS + r"(?P<value>(?=[a-z]{0,2}\d{5})[a-z0-9]{6,10})\b"),
    (
        Kind.LICENSE,
        r"\b(?:driver'?s?'?s? licen[cs]e|driving licen[cs]e|drivers? lic|dl|dln|licen[cs]e (?:no|number|#))\b\.?"
        + _IS
        + r"(?:[a-z]{2} )?" + _VALUE,
    ),
    (
        Kind.BIRTH_DATE,
        r"\b(?:dob|d\.o\.b\.?|date of birth|birth ?date|birth ?day|born|birth year|year of birth)\b"
        r"[ \t]{0,4}(?:is|was|on|in|:|=|-|\()?[ \t]{0,4}(?:on |in )?(?P<value>" + _DATE + r")",
    ),
    (Kind.WALLET, r"\b(?P<value>0x[0-9a-f]{40})\b"),
)  # fmt: skip
# Over small letters: a third faster than to ignore capitals.
_RULES = tuple((kind, re.compile(form)) for kind, form in _FORMS)
_DIGITS = re.compile(r"\d\D?\d\D?\d")
# What follows the word "account" in the news: years, quarters and dates are no account's.
_A_YEAR = re.compile(r"(?:fy|q[1-4] ?)?(?:19|20)\d\d(?:[ -](?:19|20)?\d\d)?")


def identifiers(text: str) -> Iterator[Found]:
    if not _DIGITS.search(text):
        return
    text = text.lower()
    for kind, form in _RULES:
        for match in form.finditer(text):
            value = match["value"]
            if kind is Kind.ACCOUNT and _A_YEAR.fullmatch(value):
                continue
            yield Found(*match.span("value"), kind)
