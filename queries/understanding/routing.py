"""How deep to look: the cheapest depth that can answer."""

from __future__ import annotations

import re

from queries.understanding.values import Intent, Meant
from queries.values import Depth

# Facts and rows answer these by themselves.
_DIRECT = frozenset({
    Intent.VALUE, Intent.TREND, Intent.CHANGE, Intent.COMPARISON, Intent.RANKING, Intent.NEWS,
    Intent.SUMMARY, Intent.RATING, Intent.ESTIMATE, Intent.PRICE, Intent.ADVICE,
})  # fmt: skip
_LONG = 400  # characters: more is a question of several parts
_QUOTED_TOPIC = 4  # words of a topic that passages may answer as they stand
_ACROSS = re.compile(
    r"\b(?:contradict\w*|consistent|inconsistent|reconcile|agree(?:s|d)? with|disagree\w*|differ(?:s|ed)?\b"
    r"|square with|line up with|both the .{1,40} and the|across (?:filings|documents|sources|the)"
    r"|(?:previous|prior) (?:10-?k|annual report|filing)s?|changed? (?:since|from|between|in) .{0,30}"
    r"(?:10-?k|filing|report)|pros and cons|bull (?:case|and bear)|bear case|scenario|step by step"
    r"|in depth|in detail|thorough\w*|deep dive|analy[sz]e)",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"\b(?:say|says|said|mention\w*|disclose\w*|state[sd]?|wr[io]te)\b", re.IGNORECASE
)


def route(meant: Meant, question: str) -> Depth:
    """Quick where facts, rows or a quotation answer; deep where several documents or sources have
    to be held together; else standard."""
    shape = question[:4_000]
    if meant.intent is Intent.ADVICE:
        return Depth.QUICK
    if _ACROSS.search(shape) or _is_across(meant):
        return Depth.DEEP
    if question.count("?") > 2 or len(question) > _LONG:
        return Depth.DEEP if meant.stocks else Depth.STANDARD
    if meant.intent in _DIRECT:
        return _direct(meant)
    is_quotable = bool(meant.stocks) and 0 < len(meant.topic) <= _QUOTED_TOPIC
    if meant.intent is Intent.SAID and is_quotable and _is_quoted(meant, shape):
        return Depth.QUICK
    return Depth.STANDARD


def _is_quoted(meant: Meant, shape: str) -> bool:
    is_same_again = meant.is_follow_up and bool(meant.kinds) and not meant.is_explained
    return is_same_again or _SAYING.search(shape) is not None


def _direct(meant: Meant) -> Depth:
    """Of what rows hold, unless a reason is asked as well, or a figure of a part of the company,
    which no row has."""
    if meant.is_explained or (meant.measures and meant.topic):
        return Depth.STANDARD
    is_of_rows = meant.is_of_figures or meant.intent in (
        Intent.NEWS, Intent.SUMMARY, Intent.RATING, Intent.ESTIMATE, Intent.PRICE,
    )  # fmt: skip
    return Depth.QUICK if is_of_rows else Depth.STANDARD


def _is_across(meant: Meant) -> bool:
    """Documents of several companies, or of several sources."""
    is_of_documents = meant.intent in (Intent.SAID, Intent.OTHER, Intent.COMPARISON, Intent.CHANGE)
    if (meant.is_of_figures and not meant.is_explained) or not is_of_documents:
        return False
    return len(meant.stocks) > 1 or len(meant.kinds) > 1
