"""What follows a clause's verb: figures and periods, each in the role its preposition gives it.

"by 5%", "to $105 million in 2019", "from $100 million in 2018", "compared with 2018", "between 2018
and 2019", "of total assets".
"""

from __future__ import annotations

from collections.abc import Sequence

from summaries.verification.documents.figures import Unit
from summaries.verification.documents.tabular.clauses import Draft, Unread
from summaries.verification.documents.tabular.lexicon import BASES, DOWNS, UPS, Verb
from summaries.verification.documents.tabular.periods import Period
from summaries.verification.documents.tabular.tokens import YEAR_BEFORE, Sort, Token

ARTICLES = frozenset("a an the".split())
JOINS = frozenset("and while but whereas".split())
_THROUGH = ("through", "-", "–", "—")
_LEADS_ON = frozenset("from over between to through".split())  # to a period after the whole
_TAILS = frozenset(", and between from to through over - – —".split())


def modifiers(tokens: list[Token], at: int, made: Draft) -> int:
    """Figures and periods with their prepositions, until something else; returns where."""
    role = ""
    while at < len(tokens):
        one = tokens[at]
        if one.sort is Sort.MARK and one.norm == "," and _continues(tokens, at + 1):
            at += 1
            continue
        if one.norm == "and" and _continues(tokens, at + 1):
            at, role = _added(tokens, at + 1, made, role)
            continue
        step = _modifier(tokens, at, made, role)
        if step is None:
            return at
        at, role = step
    return at


def _continues(tokens: list[Token], at: int) -> bool:
    """Whether what follows a comma or "and" still belongs to the clause."""
    if at >= len(tokens):
        return False
    one = tokens[at]
    if one.sort in (Sort.FIGURE, Sort.PERIOD):
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        return not (
            one.sort is Sort.PERIOD
            and following is not None
            and following.sort is Sort.WORD
            and not _prefixed(tokens, at + 1)
        )
    return _prefixed(tokens, at)


def _prefixed(tokens: list[Token], at: int) -> bool:
    length = _base_at(tokens, at)
    begin = at + (length or 1)
    norm = tokens[at].norm
    if not length and norm in ("and", "or"):
        return begin < len(tokens) and tokens[begin].sort in (Sort.FIGURE, Sort.PERIOD)
    if not length and norm not in ("to", "from", "by", "between", "up", "down", "or", "at", "of"):
        return False
    if norm in ("up", "down") and begin < len(tokens) and tokens[begin].norm in ("from", "by"):
        begin += 1
    if begin < len(tokens) and tokens[begin].norm in ARTICLES:
        begin += 1
    return begin < len(tokens) and tokens[begin].sort in (Sort.FIGURE, Sort.PERIOD)


_BASE_LEADS = frozenset(phrase[0] for phrase in BASES)


def _base_at(tokens: list[Token], at: int) -> int:
    if at < len(tokens) and tokens[at].norm not in _BASE_LEADS:
        return 0
    for phrase in BASES:
        if tuple(one.norm for one in tokens[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def _added(tokens: list[Token], at: int, made: Draft, role: str) -> tuple[int, str]:
    """ "and $5 million in 2018", "and 2018"."""
    one = tokens[at]
    if one.period is not None:
        made.now.append(dated(one))
        return at + 1, role
    if one.figure is not None and role in ("level", "dated", "") and made.levels:
        made.levels.append(one.figure)
        return at + 1, "level"
    step = _modifier(tokens, at, made, role)
    if step is None or one.figure is not None:
        raise Unread
    return step


def _modifier(tokens: list[Token], at: int, made: Draft, role: str) -> tuple[int, str] | None:
    one = tokens[at]
    if one.norm in ("up", "down", "higher", "lower") and one.sort is Sort.WORD:
        return _turned(tokens, at, made)
    if one.norm == "between" and one.sort is Sort.WORD:
        return _between(tokens, at, made)
    length = _base_at(tokens, at)
    prefix = (
        "base" if length else one.norm if one.norm in ("to", "from", "by", "at", "of", "or") else ""
    )
    begin = at + (length or (1 if prefix else 0))
    if compound := _compound_at(tokens, at):
        prefix, begin = "compound", at + compound
    if one.norm in _THROUGH and made.now:
        prefix, begin = one.norm, at + 1
    if begin < len(tokens) and prefix and tokens[begin].norm in ARTICLES:
        begin += 1
    if begin >= len(tokens):
        return None
    target = tokens[begin]
    if target.figure is not None:
        return begin + 1, _place_figure(tokens, begin, made, prefix, role)
    if target.period == YEAR_BEFORE:
        return begin + 1, "based"
    if target.period is not None:
        return begin + 1, _place_period(target, made, prefix, role)
    return _whole(tokens, at, made) if one.norm == "of" and _is_share(made) else None


def _is_share(made: Draft) -> bool:
    """Whether a whole may follow: "made up 5% of rent", "was 5% of rent"."""
    if made.shares:
        return True
    is_level = made.verb in (Verb.LEVEL, Verb.AVERAGE)
    return is_level and bool(made.levels) and made.levels[-1].unit is Unit.PERCENT


def _compound_at(tokens: list[Token], at: int) -> int:
    """How long "at a compound annual growth rate of" is, at its place."""
    if tokens[at].norm != "at":
        return 0
    named = [one.norm for one in tokens[at + 1 : at + 8]]
    upto = next((on for on, norm in enumerate(named) if norm == "of"), 0)
    said = {*named[:upto]} - {"a", "an", "annual", "annualized", "average", "growth", "of"}
    return upto + 2 if said in ({"compound", "rate"}, {"cagr"}) else 0


def _place_figure(tokens: list[Token], at: int, made: Draft, prefix: str, role: str) -> str:
    figure = tokens[at].figure
    if figure is None:
        raise Unread
    if prefix in ("from", "base"):
        if made.start is not None:
            raise Unread
        made.start = figure
        return "start"
    if prefix == "to":
        if not moves(made):
            raise Unread
        made.levels.append(figure)
        return "level"
    if prefix == "or":
        if role not in ("change", "level"):
            raise Unread
        (made.changes if role == "change" else made.levels).append(figure)
        return role
    if made.verb is Verb.SHARE:
        made.shares.append(figure)
        return "share"
    if moves(made):
        if prefix not in ("", "by", "of", "compound") or made.changes:
            raise Unread
        made.changes.append(figure)
        made.is_compound = prefix == "compound"
        return "change"
    if prefix not in ("", "at") or (made.levels and prefix):
        raise Unread
    made.levels.append(figure)
    return "level"


def _place_period(token: Token, made: Draft, prefix: str, role: str) -> str:
    period = dated(token)
    if prefix in ("from", "base") or role == "start":
        if made.base is not None and made.base != period:
            raise Unread
        made.base = period
        return "based"
    if prefix not in ("", "to", *_THROUGH):
        raise Unread
    made.is_range = bool(prefix) and len(made.now) == 1 and made.base is None
    made.now.append(period)
    return "dated"


def _turned(tokens: list[Token], at: int, made: Draft) -> tuple[int, str] | None:
    """ ", up 5% from $3 million in 2018": the level moved so."""
    if made.verb is not Verb.LEVEL or at + 1 >= len(tokens):
        return None
    is_up = tokens[at].norm in UPS
    if not is_up and tokens[at].norm not in DOWNS:
        return None
    made.verb = Verb.UP if is_up else Verb.DOWN
    following = tokens[at + 1]
    if following.figure is not None:
        made.changes.append(following.figure)
        return at + 2, "change"
    return at + 1, "turned"


def _between(tokens: list[Token], at: int, made: Draft) -> tuple[int, str] | None:
    """ "between 2018 and 2019"."""
    if at + 3 >= len(tokens) + 0 or tokens[at + 2].norm not in ("and", "to"):
        return None
    one, other = tokens[at + 1], tokens[at + 3]
    if one.period is None or other.period is None:
        return None
    first, last = sorted((dated(one), dated(other)))
    made.base = first
    made.now.append(last)
    return at + 4, "dated"


def _whole(tokens: list[Token], at: int, made: Draft) -> tuple[int, str] | None:
    """ "of total assets", up to the period or the end."""
    upto = at + 1
    while (upto < len(tokens) and tokens[upto].sort is Sort.WORD) or (
        upto < len(tokens) and tokens[upto].sort is Sort.MARK and not _ends(tokens, upto)
    ):
        upto += 1
    while upto > at + 1 and tokens[upto - 1].norm in _LEADS_ON:
        upto -= 1
    words, _ = split(tokens[at + 1 : upto])
    if not words or made.whole:
        return None
    made.whole = words
    return upto, "whole"


def _ends(tokens: list[Token], at: int) -> bool:
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return tokens[at].norm in (",", ";") and (
        following is None or following.sort is Sort.PERIOD or following.norm in JOINS
    )


def dated(token: Token) -> Period:
    if token.period is None or token.period.year <= 0:
        raise Unread
    return token.period


def split(tokens: Sequence[Token]) -> tuple[tuple[Token, ...], list[Period]]:
    """An item's words, and the periods named among them."""
    periods = [dated(one) for one in tokens if one.sort is Sort.PERIOD]
    words = [one for one in tokens if one.sort is not Sort.PERIOD]
    while words and (words[0].norm in ARTICLES or words[0].norm == ","):
        words = words[1:]
    while words and words[-1].norm in _TAILS:
        words = words[:-1]
    return tuple(words), periods


def moves(clause: Draft) -> bool:
    return clause.verb in (Verb.UP, Verb.DOWN)


def ranges(tokens: Sequence[Token]) -> bool:
    """Whether two periods are the ends of a row: "between 2017 and 2019", "2017-2019"."""
    ends = [at for at, one in enumerate(tokens) if one.sort is Sort.PERIOD]
    if len(ends) != 2:
        return False
    between = [one.norm for one in tokens[ends[0] + 1 : ends[1]]]
    before = tokens[ends[0] - 1].norm if ends[0] else ""
    return between in (["-"], ["–"], ["—"], ["to"], ["through"]) or (
        between == ["and"] and before == "between"
    )
