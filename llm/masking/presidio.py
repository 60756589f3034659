"""Presidio's recognisers of numbers with a check digit or a weak form, run without its engine.

The engine wants a language model for the words around a number; we look at those ourselves.
Importing Presidio takes one to two seconds and 90 MB (it imports spaCy), so that it waits for
the first text that has a long number in it: most questions have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from llm.masking.found import Found, Kind

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

# Eight digits, single blanks or dashes between them at most; or a wallet's address.
_MAYBE = re.compile(
    r"\d(?:[ -]?[A-Z0-9]{0,4}?\d){7}|\b(?:bc1|[13])[a-zA-HJ-NP-Z0-9]{25}", re.IGNORECASE
)
_CERTAIN = 0.5
_BEFORE = 60  # characters in which a word must stand that says what a weak number is


@dataclass(frozen=True)
class _Rule:
    recognizer: EntityRecognizer
    kind: Kind
    said: re.Pattern[str] | None = None  # what must stand before it, whatever the check digit says


def checked_numbers(text: str) -> Iterator[Found]:
    if not _MAYBE.search(text):
        return
    # Presidio reads IBANs in capitals only; the characters' places stay.
    upper = text.translate(_UPPER)
    for rule in _rules():
        asked = upper if rule.kind is Kind.IBAN else text
        recognizer = rule.recognizer
        for one in recognizer.analyze(asked, recognizer.supported_entities, None):  # type: ignore[arg-type]
            if _counts(one.start, one.score, text, rule):
                yield Found(one.start, one.end, rule.kind)


_UPPER = {ord(letter): letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"}


def _counts(start: int, score: float, text: str, rule: _Rule) -> bool:
    if rule.said is None:
        return score >= _CERTAIN
    return bool(rule.said.search(text, max(0, start - _BEFORE), start))


def _said(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


@cache
def _rules() -> tuple[_Rule, ...]:
    from presidio_analyzer.predefined_recognizers import (
        AbaRoutingRecognizer,
        CreditCardRecognizer,
        CryptoRecognizer,
        IbanRecognizer,
        UsBankRecognizer,
        UsPassportRecognizer,
    )

    return (
        _Rule(CreditCardRecognizer(), Kind.CARD),
        _Rule(IbanRecognizer(), Kind.IBAN),
        _Rule(CryptoRecognizer(), Kind.WALLET),
        # A tenth of all numbers of nine digits passes the check, so that it alone says nothing.
        _Rule(AbaRoutingRecognizer(), Kind.ACCOUNT, _said("routing|aba|transit|wire")),
        _Rule(
            UsBankRecognizer(),
            Kind.ACCOUNT,
            _said("acct|account (?:no|number|num|id)|bank account|(?:checking|savings) account"),
        ),
        _Rule(UsPassportRecognizer(), Kind.PASSPORT, _said("passports?|travel document")),
    )
