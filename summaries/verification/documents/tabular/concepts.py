"""What statements call the parts of a formula, where a label is none of the usual names.

"Purchases of property, plant and equipment (PP&E)" is capital expenditure; "Dividends paid to
shareholders" are dividends paid. One shape a concept, and words that no such label has.
"""

from __future__ import annotations

import re

_NEVER = (
    r"accumulated|deferred|deriv|per share|non-?cash|accrued|proceeds|unpaid|adjust|discontinued"
    r"|pro forma|percent|%|ratio|margin"
)
_SHAPES: dict[str, tuple[str, str]] = {
    "revenue": (r"(?:total )?(?:net )?(?:operating )?(?:revenues?|sales)(?:,? net)?$", ""),
    "cogs": (r"(?:total )?costs? of (?:goods sold|sales|revenues?)\b", "operations"),
    "operating": (
        r"(?:total )?(?:operating (?:income|profit|earnings)"
        r"|(?:income|earnings|profit)(?: \(loss\))? from operations)",
        "continuing|other|before",
    ),
    "capex": (
        r"(?:purchases?|acquisitions?|additions?|payments? (?:for|of)|expenditures? for"
        r"|investments? in|capital (?:expenditures?|spending|additions))\b"
        r"(?=.*\b(?:property|equipment|fixed assets|expenditures?|spending|additions)\b)",
        "business|acquired|lease|less",
    ),
    "receivables": (
        r"(?:total )?(?:(?:accounts|trade|customer)(?: and (?:notes|other))?"
        r" )?receivables?\b(?!.*\b(?:tax|from|due)\b)",
        "other|long-term|unbilled|noncurrent|increase|decrease|change",
    ),
    "tax": (
        r"(?:\(?(?:provision|benefit)[^a-z]*(?:for|from)?.*income taxes|income tax(?:es)?\b"
        r"|tax expense|provision for taxes)",
        "before|payable|paid|receivable|refund|other",
    ),
    "pretax": (
        r"(?:income|earnings|profit)\b.*\bbefore\b.*\btax(?:es|ation)?\b",
        "interest,? tax|ebit|equity",
    ),
    "dividends": (
        r"(?:cash )?dividends?\b.*\bpaid\b|payments? of (?:cash )?dividends"
        r"|dividends to (?:share|stock)holders",
        "noncontrolling|subsidiar|preferred",
    ),
    "fixed": (
        r"(?:net )?property\b.*\bequipment\b(?=.*\bnet\b)|net property\b.*\bequipment\b",
        "gain|loss|sale|purchase",
    ),
    "short_investments": (r"(?:short-?term investments|marketable securities)", "long|noncurrent"),
    "equity": (
        r"total (?:\w+ ){0,3}(?:(?:share|stock)(?:holders|owners)['’]? )?equity$",
        "liabilit",
    ),
    "owned": (
        r"net (?:income|earnings)\b.*\b(?:attributable|available) to (?!non)",
        "noncontrolling|non-controlling|minority",
    ),
    "diluted": (
        r"(?:diluted\b.*\b(?:earnings|income)\b.*|(?:earnings|net income)\b.*)(?=.*\bshare)"
        r"(?=.*\bdiluted)",
        "basic|shares outstanding|adjusted|number",
    ),
    "debt": (r"total (?:debt|borrowings)$", ""),
    "current_debt": (
        r"(?:short-?term (?:debt|borrowings?|obligations)|current (?:portion|maturities) of long)",
        "",
    ),
    "long_debt": (r"long-?term (?:debt|borrowings|obligations)\b", "current portion of"),
    "rnd": (r"research\b.*\b(?:development)\b", "acquired|in-process|credit"),
    "sga": (r"(?:selling|sales)\b.*\badministrative\b", ""),
}
_KNOWN = {
    concept: (
        re.compile(shape, re.IGNORECASE),
        re.compile(f"{never}|{_NEVER}" if never else _NEVER, re.IGNORECASE),
    )
    for concept, (shape, never) in _SHAPES.items()
}
_PER_SHARE = "diluted"


def is_called(concept: str, label: str) -> bool:
    """Whether a line with that label is that part."""
    known = _KNOWN.get(concept)
    if known is None or len(label) > 160:
        return False
    shape, never = known
    refused = never.search(label)
    if refused and not (concept == _PER_SHARE and refused.group().lower() == "per share"):
        return False
    return shape.match(label.strip()) is not None
