"""Shapes of the few words between a figure and what it's of, or what it's compared with.

Every shape is anchored at the figure's side and bounded, so that none backtracks over a page;
and is of a text in lower case.
"""

from __future__ import annotations

import re

from summaries.verification.documents.prose import lexicon

YEAR_ENDED = re.compile(r"\byear[\s-]+end(?:ed|ing|s)?\s*(?:on\s+)?$")
PLUS = re.compile(
    r"\s*,?\s*(?:(?:to|through|and)\s+(?:a\s+|about\s+|approximately\s+|up\s+to\s+)*|[-–—,]\s*)$"
)
RANGE_LEAD = re.compile(r"\b(?:between|range|ranging|from)\b[^.;]{0,60}$")
BREAK = re.compile(
    r"[,;:]|\b(?:and|but|was|were|is|are|increased|decreased|grew|rose|fell|declined|to|which"
    r"|while|we|driven|totaled|exceeded|reached|came|contributed|drove|added|due|improved)\b"
)
OF_MEASURE = re.compile(
    r"\s*(?:(?:per|a)\s+(?:diluted\s+|common\s+)?share\s+)?(?:(?:in|of|for)\s+)?(?:(?:total|our|the|net|gross|adjusted|consolidated|non-gaap|gaap"
    r"|organic|core|diluted|full[\s-]year|quarterly|annual|record|reported|year[\s-]over[\s-]year"
    r"|increase|decrease|growth|decline|improvement|reduction|gain|rise|drop|in|of|company|overall"
    r"|higher|lower|segment|incremental|additional|comparable|expected)\s+)*$"
)
OVER = re.compile(r"\s+to(?:\s+(?:a|an|the|about|approximately|record|nearly|almost))*\s*$")  # fmt: skip
OF = re.compile(r"\s*of\b")
FORMER = re.compile(
    r"\b(?:previous(?:ly)?|prior|original|initial|earlier)\s+(?:[\w-]+\s+){0,4}?(?:guidance|estimates?"
    r"|outlook|range|expectations?|forecast|projections?|target)\b[^,;.]{0,40}$"
)
KEPT = re.compile(r"\b(?:maintain|reaffirm|reiterat|affirm|confirm|unchanged|remain|consistent)")
SUBORDINATE = re.compile(
    r"\b(?:driven\s+by|due\s+to|reflecting|despite|because\s+of|excluding|including|supported\s+by"
    r"|offset\s+by|led\s+by|net\s+of|given|benefiting\s+from|helped\s+by)\s+(?:[\w-]+\s+){0,5}$"
)
AFTER_ASIDE = re.compile(r"[\w\s-]{0,60}(?:,|\b(?:was|were|is|are|be)\b)")
FROM = re.compile(r"(?<!range )(?<!ranges )(?<!ranging )(?<!ranged )\bfrom\s*(?:about\s+)?$")
RESPECTIVELY = re.compile(r"\brespectively\b")
ONLY_AND = re.compile(r"[\s,]*and\s+(?:[a-z-]+\s+){0,2}$")
SMALL = re.compile(
    r"(?:[\s'’]|(?:the|an?|our|its|that|s|of|in|for|from|about|approximately|last|prior|previous"
    r"|same|adjusted|non|gaap|-|reported|diluted|record|restated|period|year|quarter|ago|time|high"
    r"|earlier|pro|forma|revised|original|initial|loss|level|levels|midpoint|guidance|guide|range)"
    r"(?![a-z]))*$"
)
OR_CHANGE = re.compile(
    r"\s*,?\s*or\s+(?:about\s+|approximately\s+)?[\d.]+\s?(?:%|percent)\s*(?:year[\s-]over[\s-]year\s+)?"
    r"(?:(?P<up>higher|above|more|better)|(?P<down>lower|below|less))\b"
)
VERBS = (
    r"(?:was|were|is|are|increased|decreased|grew|rose|fell|declined|improved|totaled|came|ended"
    r"|contributed|drove|added)"
)
NEW_SUBJECT = re.compile(
    r"(?:[,;]|\b(?:and|but|while|with|as|because|where)\b)\s+(?:and\s+)?(?:our\s+|the\s+)?"
    r"(?!(?:we|it|this|that|which|they|is|was|were|are|has|had|have|on|in|for|at|by|to|of|from|up"
    r"|down|excluding|including|after|before|compared|versus|a|an|adjusted|net|or|as|growing"
    rf"|reflecting|driven|over|not|also|now|when|if|total|sequentially|{VERBS})\b)"
    rf"(?:[a-z][\w'&-]*\s+){{1,5}}?{VERBS}\b"
)
NEVER_PER_SHARE = lexicon.RATIOS | {"revenue", "backlog", "bookings", "orders"}
OVER_YEAR = re.compile(r"over|/|yoy|qoq|sequential|-to-|y-o")
JOINED = re.compile(
    r"\s*(?:per\s+(?:\w+\s+){0,2}share\s*)?(?:(?:in|for|during|of|the|from)\b\s*)*$"
)
LINK = re.compile(r"\b(?:was|were|of|had)\b")
BEFORE_NARROWING = re.compile(r"\s*(?:on\s+an?\s+|in\s+)?$")
OF_YEAR = re.compile(r"\s*(?:of|in|for)\s*$")
IN = re.compile(r"(?:\b(?:in|for|during|of|this)\s*|^\s*)$")
APART = re.compile(r"[,;]|\band\b")
ASIDE = re.compile(
    r"[,;]\s*(?:assum|reflect|includ|driven|with|which|as\b|due|despite|compar|an?\s|up\b|down\b"
    r"|represent|versus|but|though|although|led|thanks|mainly|primarily|partially)"
)
LOST = re.compile(r"\b(?:loss(?:es)?|lost|negative|minus|used)\b")
SHARE = r"(?:(?:per|a)\s+(?:\w+\s+){0,3}?share\b)?"
ON_BASIS = re.compile(rf"\s*{SHARE}[\s,]*(?:(?:for|in|during)\s+)?on\s+an?\s+$")
JOINED_BASIS = re.compile(rf"\s*{SHARE}[\s,(]*(?:(?:for|in|during|and|when|which)\s+)*$")
LAST_WORD = re.compile(r"[\w-]+(?:[,.;]|$|\s+(?:and|compared|versus|which|in|for)\b)")
BY = re.compile(r"\bby\s+(?:an?\s+|additional\s+|about\s+|approximately\s+|another\s+)*$")  # fmt: skip
OR = re.compile(r"\s*\)?,?\s*or\s+[^,;]{0,40}$")
AND = re.compile(r"[\w\s]{0,20}\band\s+(?:an?\s+|adjusted\s+|diluted\s+|loss\s+of\s+)*$")  # fmt: skip


OWNERS = re.compile(
    r"(?:\s+from\s+continuing\s+operations|\s+(?:attributable|available)\s+to\s+(?:[\w.&']+\s+){0,4}?"
    r"(?:stock|share)holders?)?"
)
SHARE_OF = re.compile(r"(?:percent|percentage|%|portion|share)\s+of\s+(?:our\s+|the\s+|total\s+)*$")
