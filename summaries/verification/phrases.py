"""Phrases with a number word in them: runs of years, streaks, averages, a sector's companies."""

from __future__ import annotations

import re
from dataclasses import dataclass

from summaries.verification.lexicon import Part
from summaries.verification.terms import Window
from summaries.verification.whens import NUMBER_WORD, number_of


@dataclass(frozen=True)
class Streak:
    """``years`` None: since a year named next. ``exact``: "for the third year running"."""

    years: int | None
    exact: bool = False


@dataclass(frozen=True)
class Peers:
    """ "the nine information technology companies covered here"; None where not said."""

    count: int | None
    sector: str | None


_ORDINALS = {
    word: at
    for at, word in enumerate(
        "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
        " thirteenth fourteenth fifteenth".split()
    )
}
_N = rf"(?P<n>{NUMBER_WORD})"
_ORD = r"(?P<o>" + "|".join(_ORDINALS) + r")"
_FISCAL = r"(?:fiscal\s+|financial\s+|full\s+|reported\s+|completed\s+)*"
_PAST = r"(?:the\s+|its\s+)?(?:past|last|latest|most\s+recent)\s+"
_RECORD = (
    r"(?:on\s+record|in\s+the\s+(?:data|record|records)|on\s+file|of\s+(?:data|record|records)"
    r"|shown|held|recorded|covered|in\s+our\s+data|we\s+hold)"
)


def _rule(shape: str) -> re.Pattern[str]:
    return re.compile(shape + r"(?![\w-])", re.IGNORECASE)


_EACH = _rule(
    rf"(?:in\s+|during\s+)?(?:each\s+(?:year\s+)?of|every\s+(?:fiscal\s+)?year\s+(?:of|in|for|over))\s+"
    rf"(?:the\s+|its\s+)?(?:(?:past|last|latest|most\s+recent)\s+)?{_N}\s+{_FISCAL}years"
)
_EACH_SINCE = _rule(r"(?:in\s+)?(?:each|every)\s+(?:fiscal\s+)?year(?=\s+since\b)")
_NTH = _rule(
    rf"(?:for\s+)?(?:the|its|a|their)\s+{_ORD}\s+(?:(?:consecutive|straight|successive)\s+"
    rf"(?:{_FISCAL}year(?:ly)?|annual)?|{_FISCAL}year\s+(?:running|in\s+a\s+row|in\s+succession))"
)
_RUN = _rule(
    rf"(?:for\s+|in\s+)?{_N}\s+(?:(?:consecutive|straight|successive)\s+{_FISCAL}years"
    rf"|{_FISCAL}years\s+(?:running|in\s+a\s+row|in\s+succession))"
)
_WINDOW = _rule(
    rf"(?P<prep>over|in|during|of|among|across|for|within|through|these|those)?\s*(?:at\s+least\s+)?"
    rf"(?:all\s+)?(?:{_PAST}|the\s+|its\s+)?{_N}[\s-]+{_FISCAL}years?'?(?:\s+(?P<record>{_RECORD}))?"
    r"(?:\s+here)?"
)
# A record of what the sources hold; "on record" alone would be of all time.
_RECORDED = _rule(
    rf"(?:in\s+the\s+{_FISCAL}years\s+)?(?:(?:{_RECORD})\s+here|in\s+(?:the|our)\s+data|we\s+hold)"
)
_AVERAGE = _rule(rf"(?:(?:its|the|a)\s+)?(?:own\s+)?{_N}-year\s+(?:average|mean)")
_HIGH = _rule(rf"(?:(?:its|the|a)\s+)?{_N}-year\s+(?P<side>high|low|peak)")
_PEERS = _rule(
    rf"(?:of|for|among|across|in|at|between)\s+(?:the\s+|its\s+|all\s+)*(?:{_N}\s+)?"
    r"(?P<sector>(?:[A-Za-z&,-]+\s+){0,5}?)(?:companies|peers|stocks|members|names)"
    r"(?:\s+(?:we\s+cover|covered|in\s+the\s+sector|of\s+the\s+sector))?(?:\s+here)?"
)
_SECTOR = _rule(r"(?:of|for|in)\s+(?:its|the)\s+sector")
_STARTS = frozenset(
    "in during each every for the its a their over of among across within through on these those"
    " at between shown recorded own".split()
)


def phrase_at(text: str, at: int, word: str) -> tuple[Part, object, int] | None:
    """The phrase that starts at ``at`` with ``word`` (lower case), and where it ends."""
    if word not in _STARTS and not word.isdigit() and not re.match(_N, word):
        return None
    for read in (_streak, _average, _window, _peers):
        if found := read(text, at):
            return found
    return None


def _streak(text: str, at: int) -> tuple[Part, object, int] | None:
    if found := _EACH.match(text, at):
        return Part.STREAK, Streak(number_of(found["n"])), found.end()
    if found := _EACH_SINCE.match(text, at):
        return Part.STREAK, Streak(None), found.end()
    if found := _NTH.match(text, at):
        return Part.STREAK, Streak(_ORDINALS[found["o"].lower()], exact=True), found.end()
    if found := _RUN.match(text, at):
        return Part.STREAK, Streak(number_of(found["n"])), found.end()
    return None


def _average(text: str, at: int) -> tuple[Part, object, int] | None:
    if found := _AVERAGE.match(text, at):
        return Part.AVERAGE, Window(number_of(found["n"])), found.end()
    if found := _HIGH.match(text, at):
        sign = -1 if found["side"].lower() == "low" else 1
        return Part.SUPERLATIVE, (sign, False, Window(number_of(found["n"]))), found.end()
    return None


def _window(text: str, at: int) -> tuple[Part, object, int] | None:
    if found := _WINDOW.match(text, at):
        window = Window(number_of(found["n"]), on_record=bool(found["record"]))
        return Part.WINDOW, window, found.end()
    if found := _RECORDED.match(text, at):
        return Part.WINDOW, Window(on_record=True), found.end()
    return None


def _peers(text: str, at: int) -> tuple[Part, object, int] | None:
    if found := _PEERS.match(text, at):
        count = number_of(found["n"]) if found["n"] else None
        sector = " ".join(found["sector"].lower().split()) or None
        return Part.PEERS, Peers(count, sector), found.end()
    if found := _SECTOR.match(text, at):
        return Part.PEERS, Peers(None, None), found.end()
    return None
