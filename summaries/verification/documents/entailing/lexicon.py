"""Words as they compare when a claim says it otherwise than its source.

A *term* is a word's meaning as far as words can tell: its stem cut short, so that "impaired" and
"impairment" agree, or the one name of words that say the same.
"""

from __future__ import annotations

import re
from functools import lru_cache

from summaries.verification.documents.quoting.lexicon import FALLING, GROUPS, RISING, WEAK
from summaries.verification.documents.words import STOP, stem

_KEPT = 6  # letters of a stem
UP, DOWN = "<up>", "<down>"
_MORE_UP = "upward exceed surge surged soar boost boosted enhance enhanced strengthen widen accelerate doubled".split()  # fmt: skip
_MORE_DOWN = (
    "downward weaken weakened shrink shrank plunge deteriorate deterioration slow slowed erode"
    " narrowed halved worsening lowering".split()
)
_UP = RISING | frozenset(map(stem, _MORE_UP))
_DOWN = (FALLING - {stem("loss")}) | frozenset(map(stem, _MORE_DOWN))
_MORE_GROUPS = (
    "utilize use leverage", "capex expenditure spending", "headquarter office located", "lawsuit litigation legal proceeding",
    "ceo chief executive", "cfo chief financial", "receivable owed", "subsidiary unit", "hire employ recruit",
    "rely reliance depend dependence dependency", "vulnerable susceptible exposure exposed", "permit allow enable",
    "require need necessitate", "affect impact influence", "restrict limit constrain", "regain restore",
    "evaluate assess evaluation assessment", "repay repayment retire redeem redemption", "settle settlement",
    "raise raised proceeds", "buyback repurchase", "staff employee workforce personnel", "manufacture produce production",
    "cover coverage", "authorize approve approval authorization", "terminate cancel end", "ownership own owned",
    "supplier vendor", "drug medicine therapy", "volatility volatile fluctuation fluctuate", "big large substantial significant",
)  # fmt: skip
_NAMED: dict[str, str] = {}
for _group in (*GROUPS, *_MORE_GROUPS):
    _stems = [stem(word) for word in _group.split()]
    _name = next((_NAMED[one] for one in _stems if one in _NAMED), "=" + _stems[0])
    for _one in _stems:
        _NAMED.setdefault(_one, _name)

# Words of how something is told, which no source need have.
_TELLING = frozenset(
    map(
        stem,
        "based information provided calculate calculated calculation calculating formula follow"
        " following given answer question context statement statements document documents data detail"
        " details figure figures value values amount divide divided multiply subtract subtracting add"
        " adding step steps therefore thus hence according find determine determined question equal"
        " equals result results would rounded round rounding decimal place places number numbers line"
        " item items section specific specifically example summary summarize analysis let's first"
        " second next finally above below shown show shows indicate indicates mention mentioned state"
        " states stated one two three four i'm note noted key yes sure happy help however usd million"
        " millions billion billions thousand thousands dollar dollars percentage percent basis points"
        " january february march april june july august september october november december inc"
        " corp co ltd llc plc chang change changed combined exactly precisely"
        " respectively approximately year years quarter months month day days fiscal".split(),
    )
)
_NUMBERED = re.compile(r"\d")
SWEEPING = frozenset(
    "solely only entirely exclusively always never guarantee guarantees guaranteed strictly every"
    " fully completely minimal purely immediately eliminate eliminates eliminating immune unrelated"
    " irrelevant independent independently regardless unaffected unlimited unchanged stable wholly"
    " totally perfectly predominantly straightforward unrestricted consistently automatically"
    " permanently unnecessary negating flawless seamless straightforwardly undisputed".split()
)
DENYING = frozenset(
    "not no never neither nor without none cannot fail failed fails lack lacked lacks didn't doesn't"
    " wasn't isn't weren't unable nothing zero nil non un".split()
)
_OPPOSITES = (
    ("junior subordinated", "senior"), ("short-term current", "long-term noncurrent"), ("asset", "liability"),
    ("gain", "loss"), ("income profit", "loss"), ("before", "after"), ("above over exceeds", "below under"),
    ("maximum", "minimum"), ("buy purchase purchased acquired acquire acquisition", "sell sold sale divest divested"),
    ("effective", "ineffective"), ("strong robust healthy", "weak poor"), ("favorable positive positively", "unfavorable adverse negative negatively"),
    ("internal", "external"), ("partial partially", "full fully"), ("domestic", "international foreign"),
    ("fixed", "variable floating"), ("secured", "unsecured"), ("basic", "diluted"), ("receivable", "payable"),
    ("provided", "used"), ("inflow", "outflow"), ("approve approved granted", "reject rejected denied"),
    ("open opened opening", "close closed closing closure"), ("expand expanded expansion", "contract contraction reduce"),
    ("include including", "exclude excluding"), ("borrower", "lender"), ("lessee", "lessor"), ("buyer", "seller"),
    ("shareholder", "lender"), ("largest most", "smallest least"), ("improve improved improvement", "deteriorate worsened deterioration"),
    ("gross", "net"), ("surplus", "deficit"), ("issue issued issuance", "redeem redeemed repurchase repurchased"),
    ("voluntary", "involuntary"), ("direct directly", "indirect indirectly"), ("public", "private"), ("first", "last"),
    ("dependent reliant", "independent"), ("material", "immaterial"), ("certain", "uncertain"), ("common", "preferred"),
    ("employer", "employee"), ("debit", "credit"), ("premium", "discount"), ("higher", "lower"), ("early", "late"),
    ("passive", "active"), ("speculative speculation", "hedging"), ("unilaterally", "jointly"), ("monthly", "annual annually quarterly"),
    ("quarterly", "annual annually"), ("north", "south"), ("east", "west"), ("retired", "appointed"), ("up", "down"),
)  # fmt: skip
OPPOSITES: dict[str, frozenset[str]] = {}
for _left, _right in _OPPOSITES:
    for _ones, _others in ((_left, _right), (_right, _left)):
        for _word in _ones.split():
            OPPOSITES[_word] = OPPOSITES.get(_word, frozenset()) | frozenset(_others.split())


@lru_cache(maxsize=65_536)
def term(word: str) -> str:
    """Of a word in lower case; "" of one that says nothing by itself."""
    if word in STOP:
        return ""
    made = stem(word)
    if made in _UP:
        return UP
    if made in _DOWN:
        return DOWN
    if made in WEAK or made in _TELLING or len(made) < 2:
        return ""
    return _NAMED.get(made) or made[:_KEPT]
