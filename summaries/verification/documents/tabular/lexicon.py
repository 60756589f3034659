"""The words that carry a claim's frame: verbs of movement, level and share."""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    UP = "up"
    DOWN = "down"
    LEVEL = "level"
    SHARE = "share"
    USED = "used"  # net cash
    PROVIDED = "provided"
    AVERAGE = "average"  # over periods
    HIGHEST = "highest"  # of its periods
    LOWEST = "lowest"


_UP = (
    "rose", "grew", "increased", "climbed", "improved", "jumped", "expanded", "advanced", "surged",
    "gained", "soared", "rallied", "widened", "strengthened", "went up", "was up",
    "were up", "is up", "are up", "was higher", "were higher", "is higher", "are higher", "has increased",
    "have increased", "has risen", "have risen", "has grown", "have grown", "was greater",
    "were greater", "moved up", "edged up", "ticked up", "was larger", "were larger", "saw an increase",
)  # fmt: skip
_DOWN = (
    "fell", "dropped", "declined", "decreased", "slid", "slipped", "shrank", "contracted", "sank",
    "plunged", "narrowed", "weakened", "eased", "tumbled", "reduced", "lowered", "deteriorated",
    "dipped", "went down", "was down", "were down", "is down", "are down", "was lower", "were lower",
    "is lower", "are lower", "has declined", "have declined", "has decreased", "have decreased",
    "has fallen", "have fallen", "was smaller", "were smaller", "was less", "were less",
    "moved down", "edged down", "ticked down", "saw a decrease",
)  # fmt: skip
_LEVEL = (
    "was", "were", "is", "are", "stood at", "amounted to", "came to", "totalled", "totaled",
    "reached", "equaled", "equalled", "came in at", "ran at", "was at", "were at", "amounts to",
    "amount to", "was equal to", "were equal to", "hit", "stands at", "sat at", "ended at",
    "finished at", "was recorded at", "were recorded at", "was reported at", "were reported at",
    "changed", "totals", "equals", "remained at", "had been",
)  # fmt: skip
_SHARE = (
    "accounted for", "made up", "represented", "constituted", "comprised", "was equal to",
    "contributed", "accounts for", "account for", "makes up", "make up", "represents", "represent",
    "formed",
)  # fmt: skip
VERBS: dict[tuple[str, ...], Verb] = {
    **{tuple(one.split()): Verb.SHARE for one in _SHARE},
    **{tuple(one.split()): Verb.LEVEL for one in _LEVEL},
    **{tuple(one.split()): Verb.UP for one in _UP},
    **{tuple(one.split()): Verb.DOWN for one in _DOWN},
    ("averaged",): Verb.AVERAGE,
    **{
        (be, *more, word): verb
        for word, verb in (("highest", Verb.HIGHEST), ("lowest", Verb.LOWEST))
        for be in ("was", "were")
        for more in ((), ("the",), ("at", "its"), ("at", "their"))
    },
    ("peaked",): Verb.HIGHEST,
    ("used", "net", "cash", "of"): Verb.USED,
    ("used", "net", "cash"): Verb.USED,
    ("used", "cash", "of"): Verb.USED,
    ("consumed", "net", "cash", "of"): Verb.USED,
    ("provided", "net", "cash", "of"): Verb.PROVIDED,
    ("provided", "net", "cash"): Verb.PROVIDED,
    ("provided", "cash", "of"): Verb.PROVIDED,
    ("generated", "net", "cash", "of"): Verb.PROVIDED,
}
LONGEST_VERB = max(map(len, VERBS))
UPS = frozenset("up higher increase increased growth rise gain improvement".split())
DOWNS = frozenset("down lower decrease decreased decline drop fall reduction".split())
REPORTED = frozenset(
    "reported recorded posted had generated recognized recognised booked made incurred suffered"
    " sustained earned achieved delivered registered showed logged spent paid".split()
)
COMPANY = frozenset("the company group we it firm corporation bank its our".split())
# Words before a base: "compared with", "versus".
BASES: tuple[tuple[str, ...], ...] = tuple(
    tuple(one.split())
    for one in (
        "compared with", "compared to", "as compared with", "as compared to", "versus", "vs",
        "against", "relative to", "than", "over", "in comparison with", "in comparison to",
        "when compared with", "when compared to", "as against",
    )
)  # fmt: skip
# Words that name nothing by themselves.
VAGUE = frozenset(
    "amount amounts value values figure figures number level company group reported recorded"
    " recognized recognised respective generated derived incurred earned came".split()
)
LOSING = frozenset(
    "loss losses used expense expenses cost costs payment payments purchase purchases repayment"
    " repayments dividend dividends paid decrease depreciation amortization amortisation"
    " provision tax taxes less outflow outflows expenditure expenditures repurchase repurchases"
    " allowance liability liabilities deduction deductions charge charges impairment debt deficit"
    " write interest accumulated treasury acquisition acquisitions distribution"
    " distributions benefit reduction discount discounts returns rebates elimination".split()
)
GAINING = frozenset(
    "income earnings profit profits gain gains margin revenue revenues ebitda provided equity"
    " assets".split()
)
