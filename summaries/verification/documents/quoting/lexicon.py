"""Words of a paraphrase: those that say little, those that say the same, and directions; stems."""

from __future__ import annotations

from summaries.verification.documents.words import stem


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, words.split()))


WEAK = _stems(
    "company report reported record recorded reflect reflecting experience experienced achieve"
    " include including contribute lead result demonstrate reach reaching represent attribute"
    " drive driven primarily mainly due despite while also specifically simultaneously amount"
    " approximately compared comparison period time year fiscal end ended same addition additional"
    " significant significantly notable notably substantial substantially overall various certain"
    " resulting leading following use using during about around through within between per"
    " respectively additionally furthermore however because since after before held hold"
    " maintain maintaining face facing amid amidst have having recognize continue undergo underwent"
    " like yet even involve involving leverage adjust manage robust strategic focus aim simultaneous"
    " address particularly along part upon further overall total totaling amounting carry incur"
    " incurred effort notably major key impact impacting provide support highlight remain"
)
RISING = _stems(
    "increase increased higher rise rose risen grew grow growth gain improve improved improvement"
    " expand expansion"
)
FALLING = _stems(
    "decrease decreased lower fall fell fallen decline declined drop dropped loss reduce reduced"
    " reduction worsen"
)
GROUPS = (
    "revenue sales", "profit income earnings", "cost expense", "increase higher rise rose grew grow growth"
    " improve improved improvement expand expansion gain",
    "decrease lower fall fell decline drop reduce reduction", "purchase acquire acquisition buy bought",
    "sell sold sale divest divestiture disposal", "pay paid payment", "borrowing debt loan",
    "shareholder stockholder", "issue issuance offer offering", "employee workforce personnel",
    "client customer", "agreement contract", "interest stake", "finish complete completion",
    "forecast expect expectation anticipate project", "impairment write-down", "dividend distribution",
    "firm company", "begin began start commence", "quarter months", "year fiscal annual",
)  # fmt: skip
SAME: dict[str, frozenset[str]] = {}
for _group in GROUPS:
    _members = _stems(_group)
    for _one in _members:
        SAME[_one] = SAME.get(_one, frozenset()) | _members
