"""Text whose spaces were lost on the way from a page: "Costofsales" is "Cost of sales"."""

from __future__ import annotations

import re
from functools import lru_cache

_RUN = re.compile(r"[A-Za-z]{7,}")
_WORDS = frozenset(
    "a an and as at by for from in including net of on or other than the to with attributable"
    " income incomes loss losses earnings profit profits sales sale revenue revenues cost costs"
    " goods sold products product services service gross margin operating operations expense"
    " expenses selling general administrative research development engineering amortization"
    " depreciation depletion impairment purchased intangible intangibles assets asset current"
    " noncurrent total totals liabilities liability equity cash equivalents equivalent restricted"
    " short term long debt borrowings portion accounts account receivable receivables payable"
    " payables trade inventory inventories property plant equipment accumulated deferred taxes tax"
    " before after provision benefit interest dividends dividend paid common preferred stock share"
    " shares per basic diluted weighted average outstanding capital additional retained treasury"
    " comprehensive noncontrolling interests shareholders stockholders goodwill prepaid accrued"
    " marketable securities investments investment financing investing activities activity"
    " provided used change changes effect exchange rates rate beginning end year years ended"
    " months period purchase purchases acquisition acquisitions proceeds issuance repayment"
    " repayments repurchase repurchases expenditures spending additions payments consolidated"
    " statements statement balance sheet sheets thousand thousands million millions billion"
    " billions dollars except amounts amount data december november october september august july"
    " june may april march february january restructuring charges charge gain gains lease leases"
    " obligations obligation postretirement benefits pensions pension subsidiary companies company"
    " affiliated software content contents fiscal note customer deposits allowance doubtful"
    " continuing discontinued employee compensation stockbased based working table".split()
)
_LONGEST = max(map(len, _WORDS))


def spaced(line: str) -> str:
    """With the spaces back in runs of letters that are nothing but known words."""
    return _RUN.sub(lambda match: _split(match.group()), line)


@lru_cache(maxsize=8192)
def _split(run: str) -> str:
    low = run.lower()
    if low in _WORDS or len(run) > 120:
        return run
    # For each place, where the last word of the best reading up to it begins: longest words win.
    begins: list[int | None] = [0] + [None] * len(run)
    for end in range(1, len(run) + 1):
        begins[end] = next(
            (
                at
                for at in range(max(0, end - _LONGEST), end)
                if begins[at] is not None and low[at:end] in _WORDS
            ),
            None,
        )
    parts: list[str] = []
    last = len(run)
    while last:
        begin = begins[last]
        if begin is None:
            return run
        parts.append(run[begin:last])
        last = begin
    return " ".join(reversed(parts)) if len(parts) > 1 else run
