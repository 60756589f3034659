"""Makes a true sentence false, the way a careless writer would: to measure the verifier.

A corruption that could still be true by chance is not made. That is decided by
an oracle of its own (`oracle`), which knows no grammar: it asks only whether a
printed number happens to fit the other period or the other measure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from summaries.measures import CATALOGUE
from summaries.verification.oracle import MEASURE_NAMES, Oracle, numbers_in
from summaries.verification.verifier import Sources


class Corruption(StrEnum):
    DIGIT = "digit"
    SCALE = "scale"
    PERIOD = "period"
    DIRECTION = "direction"
    ENTITY = "entity"
    MEASURE = "measure"
    SIGN = "sign"
    POINTS = "points"
    SWAP = "swap"
    COUNT = "count"


@dataclass(frozen=True)
class Corrupted:
    kind: Corruption
    text: str
    before: str
    after: str


Change = tuple[int, int, str]  # start, end, and what to put there
Maker = Callable[[str, Sources, Random], Change | None]


def corrupt(sentence: str, kind: Corruption, sources: Sources, rng: Random) -> Corrupted | None:
    """The sentence with one thing in it made false; None where there is nothing of that kind."""
    change = _MAKERS[kind](sentence, sources, rng)
    if change is None:
        return None
    start, end, after = change
    text = sentence[:start] + after + sentence[end:]
    return Corrupted(kind, text, sentence[start:end], after) if text != sentence else None


_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DATE = rf"\d{{1,2}} {_MONTH} \d{{4}}|{_MONTH} \d{{1,2}}, \d{{4}}"
_YEAR = r"\b(?:19|20)\d\d\b(?![.,]\d)"
_NUMBER = re.compile(rf"(?P<skip>{_DATE}|{_YEAR}|[A-Za-z]\d+)|(?P<number>\d[\d,]*(?:\.\d+)?)")


def _numbers(sentence: str) -> list[re.Match[str]]:
    return [found for found in _NUMBER.finditer(sentence) if found["number"]]


def _digit(sentence: str, sources: Sources, rng: Random) -> Change | None:
    found = _numbers(sentence)
    if not found:
        return None
    chosen = rng.choice(found)
    places = [at for at in range(*chosen.span()) if sentence[at].isdigit()]
    at = rng.choice(places)
    leads = at == places[0] and len(places) > 1
    digits = [d for d in "0123456789" if d != sentence[at] and not (leads and d == "0")]
    after = rng.choice(digits)
    changed = sentence[:at] + after + sentence[at + 1 :]
    # A tie may be rounded either way: then the neighbour is as right.
    next_to = at == places[-1] and abs(int(after) - int(sentence[at])) == 1
    if next_to and Oracle(sources).is_tie(changed, chosen.start()):
        return None
    return at, at + 1, after


_SCALE = re.compile(r"(?<=\d)\s?(?P<scale>tn|bn|m|trillion|billion|million|thousand)\b")
_OTHER_SCALE = {
    "tn": ("bn",), "bn": ("m", "tn", ""), "m": ("bn", ""), "trillion": ("billion",),
    "billion": ("million", "trillion"), "million": ("billion",), "thousand": ("million",),
}  # fmt: skip


def _scale(sentence: str, _: Sources, rng: Random) -> Change | None:
    found = list(_SCALE.finditer(sentence))
    if not found:
        return None
    chosen = rng.choice(found)
    return *chosen.span("scale"), rng.choice(_OTHER_SCALE[chosen["scale"]])


def _period(sentence: str, sources: Sources, rng: Random) -> Change | None:
    changes = [*_other_years(sentence), *_other_lengths(sentence), *_other_months(sentence, rng)]
    rng.shuffle(changes)
    oracle = Oracle(sources)
    for start, end, after in changes:
        if not numbers_in(sentence):
            return None
        if after.isdigit() and oracle.fits_year(sentence, int(after)):
            continue
        return start, end, after
    return None


def _other_years(sentence: str) -> list[Change]:
    return [
        (*found.span(), str(int(found.group()) + step))
        for found in re.finditer(_YEAR, sentence)
        for step in (-1, 1)
    ]


_LENGTHS = {
    "quarter ended": ("year ended", "nine months ended"),
    "year ended": ("quarter ended", "six months ended"),
    "six months ended": ("quarter ended", "nine months ended"),
    "nine months ended": ("six months ended", "year ended"),
}


def _other_lengths(sentence: str) -> list[Change]:
    return [
        (*found.span(), other)
        for length, others in _LENGTHS.items()
        for found in re.finditer(length, sentence)
        for other in others
    ]


def _other_months(sentence: str, rng: Random) -> list[Change]:
    months = _MONTH.removeprefix("(?:").removesuffix(")").split("|")
    return [
        (*found.span(), rng.choice([month for month in months if month != found.group()]))
        for found in re.finditer(rf"{_MONTH}(?= \d)", sentence)
    ]


_OPPOSITES = (
    ("rose", "fell"), ("grew", "shrank"), ("increased", "decreased"), ("climbed", "dropped"),
    ("advanced", "declined"), ("widened", "narrowed"), ("improved", "weakened"),
    ("expanded", "contracted"), ("up", "down"), ("above", "below"), ("more", "less"),
    ("higher", "lower"), ("highest", "lowest"), ("largest", "smallest"), ("risen", "fallen"),
    ("grown", "shrunk"), ("increase", "decrease"), ("rise", "fall"), ("gain", "drop"),
    ("doubled", "halved"), ("faster", "slower"), ("fastest", "slowest"), ("rising", "falling"),
    ("over", "under"), ("nearly", "more than"), ("gained", "slipped"), ("raised", "cut"),
)  # fmt: skip
_ANTONYM = dict(_OPPOSITES) | {second: first for first, second in _OPPOSITES}
# "made up" has no direction.
_DIRECTED = re.compile(r"(?<!made )\b(?:" + "|".join(_ANTONYM) + r")\b")
# "over" and "under" turn a claim only before a number.
_PREPOSITIONS = {"over", "under"}


def _direction(sentence: str, _: Sources, rng: Random) -> Change | None:
    found = [
        one for one in _DIRECTED.finditer(sentence)
        if one.group() not in _PREPOSITIONS or re.match(r"\s[$\d]", sentence[one.end() :])
    ]  # fmt: skip
    if not found:
        return None
    chosen = rng.choice(found)
    return *chosen.span(), _ANTONYM[chosen.group()]


def _entity(sentence: str, sources: Sources, rng: Random) -> Change | None:
    company = sources.company
    own = sorted({company.name, company.short, company.ticker, *company.aliases}, key=len)
    for name in reversed(own):
        found = re.search(rf"\b{re.escape(name)}(?!\w)", sentence)
        others = sorted(
            other for other in sources.other_names
            if other not in own and len(other) > 3 and other[0].isupper()
        )  # fmt: skip
        if found and others:
            return *found.span(), rng.choice(others)
    return None


def _measure(sentence: str, sources: Sources, rng: Random) -> Change | None:
    found = _measures_in(sentence)
    if not found or not numbers_in(sentence):
        return None
    start, end, key = rng.choice(found)
    named = {key for _, _, key in found}
    others = [
        (other, name) for other, name in MEASURE_NAMES.items()
        if other not in named and type(CATALOGUE[other]) is type(CATALOGUE[key])
    ]  # fmt: skip
    rng.shuffle(others)
    oracle = Oracle(sources)
    for other, name in others:
        if not oracle.fits_measure(sentence, other):
            return start, end, name
    return None


def _measures_in(sentence: str) -> list[tuple[int, int, str]]:
    """The longest names first, so that "net interest income" is not taken for another."""
    taken: list[tuple[int, int, str]] = []
    for key, name in sorted(MEASURE_NAMES.items(), key=lambda pair: -len(pair[1])):
        for found in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", sentence):
            if all(found.end() <= start or found.start() >= end for start, end, _ in taken):
                taken.append((*found.span(), key))
    return taken


_SIGNED = re.compile(r"(?<![\w(-])(?P<minus>-)?(?=[$€£]\d|\d+(?:\.\d+)?%)")


def _sign(sentence: str, _: Sources, rng: Random) -> Change | None:
    found = list(_SIGNED.finditer(sentence))
    if not found:
        return None
    chosen = rng.choice(found)
    return *chosen.span(), "" if chosen["minus"] else "-"


_POINTS = re.compile(r"(?<=\d)(?:%| percentage points?| points?| bps| basis points)")


def _points(sentence: str, sources: Sources, rng: Random) -> Change | None:
    found = list(_POINTS.finditer(sentence))
    if not found:
        return None
    chosen = rng.choice(found)
    if chosen.group() == "%":
        return *chosen.span(), " percentage points"
    changed = sentence[: chosen.start()] + "%" + sentence[chosen.end() :]
    # Of a ratio near 100 %, points and percent are the same.
    if any(Oracle(sources).fits_change(changed, key) for _, _, key in _measures_in(sentence)):
        return None
    return *chosen.span(), "%"


_ALIKE = re.compile(r"(?P<money>[$€£]\d[\d,]*(?:\.\d+)?(?:tn|bn|m)?)|(?P<percent>\d+(?:\.\d+)?%)")


def _swap(sentence: str, _: Sources, rng: Random) -> Change | None:
    """Two numbers of one kind change places."""
    found = list(_ALIKE.finditer(sentence))
    pairs = [
        (one, two)
        for at, one in enumerate(found)
        for two in found[at + 1 :]
        if one.lastgroup == two.lastgroup and one.group() != two.group()
    ]
    if not pairs:
        return None
    one, two = rng.choice(pairs)
    between = sentence[one.end() : two.start()]
    return one.start(), two.end(), f"{two.group()}{between}{one.group()}"


_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_NTH = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
# Only where the number is exact: "the highest in five years" is so in four as well.
_COUNTED = re.compile(
    rf"\b(?P<word>{'|'.join(_WORDS)}) (?=(?:[a-z-]+ ){{1,5}}companies|(?:fiscal )?years (?:on|in the))"
    rf"|\b(?P<nth>{'|'.join(_NTH)}) (?=year running|consecutive|straight)"
)


def _count(sentence: str, _: Sources, rng: Random) -> Change | None:
    found = _COUNTED.search(sentence)
    if found is None:
        return None
    kind, words = ("word", _WORDS) if found["word"] else ("nth", _NTH)
    others = [word for word in words[1:] if word != found[kind]]
    return *found.span(kind), rng.choice(others)


_MAKERS: dict[Corruption, Maker] = {
    Corruption.DIGIT: _digit,
    Corruption.SCALE: _scale,
    Corruption.PERIOD: _period,
    Corruption.DIRECTION: _direction,
    Corruption.ENTITY: _entity,
    Corruption.MEASURE: _measure,
    Corruption.SIGN: _sign,
    Corruption.POINTS: _points,
    Corruption.SWAP: _swap,
    Corruption.COUNT: _count,
}
